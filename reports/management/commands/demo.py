"""``manage.py demo [--serve|--no-serve]``: play the story on this database, and leave letters and a workbook to look at."""

from __future__ import annotations

import os
import sys
from argparse import BooleanOptionalAction
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils.translation import override
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from fixtures.story import play
from tender.clock import database_now
from tender.enums import Account
from tender.models import Application, Call, LedgerEntry
from workflows.models import Event, Letter

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """The story, with progress, and what came of it."""

    help = "Plays the demo story, prints what happened, and serves the result."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether the doors open afterwards."""
        parser.add_argument("--serve", action=BooleanOptionalAction, default=True)

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Play, tell, print, serve."""
        console = Console()
        with Progress(
            TextColumn("{task.description:<40}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
        ) as progress:
            self.tell(progress)
        with override("en"):
            self.say_what_happened(console)
        self.leave_to_look_at(console)
        if options["serve"]:
            root = Path(settings.BASE_DIR)
            os.execv(sys.executable, [sys.executable, str(root / "bin" / "serve.py")])  # noqa: S606

    def tell(self, progress: Progress) -> None:
        """Each chapter is a line with its own bar."""
        lines: list[Any] = []

        def start(title: str, steps: int) -> None:
            finish()
            lines.append(progress.add_task(title, total=steps))

        def advance(steps: int) -> None:
            progress.update(lines[-1], advance=steps)

        def finish() -> None:
            if lines:
                progress.update(lines[-1], completed=progress.tasks[lines[-1]].total)

        play(database_now(), start, advance)
        finish()

    def say_what_happened(self, console: Console) -> None:
        """Per call how its dossiers ended, and where its money is."""
        table = Table(title="What happened", title_justify="left")
        for head in ("call", "dossiers", "free", "committed", "paid"):
            table.add_column(head, justify="right" if head in {"free", "committed", "paid"} else "left", overflow="fold")
        for call in Call.objects.order_by("year", "reference"):
            states = Counter(str(a.get_state_display()) for a in Application.objects.filter(call=call))
            pots = [
                f"{sum(LedgerEntry.objects.balance(stage, kind) for stage in call.stages.all()):,.2f}"
                for kind in (Account.FREE, Account.COMMITTED, Account.PAID)
            ]
            table.add_row(call.reference, ", ".join(f"{n} {state}" for state, n in sorted(states.items())), *pots)
        console.print(table)
        console.print(f"{Application.objects.count()} dossiers, {Event.objects.count()} events, {Letter.objects.count()} letters.")

    def leave_to_look_at(self, console: Console) -> None:
        """One letter of each kind, and the auditor's workbook, as files with names people can read."""
        shelf = Path(settings.MEDIA_ROOT).parent / "to-look-at"
        shelf.mkdir(parents=True, exist_ok=True)
        seen = set()
        for letter in Letter.objects.select_related("application").order_by("pk"):
            if letter.kind not in seen:
                seen.add(letter.kind)
                with letter.file.open("rb") as file:
                    (shelf / f"{letter.application.reference}-{letter.kind}.pdf").write_bytes(file.read())
        call_command("export", "workbook", "--format", "xlsx", "--out", str(shelf / "workbook.xlsx"), verbosity=0)
        console.print(f"To look at: {len(seen)} letters and a workbook in {shelf}")
