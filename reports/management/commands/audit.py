"""``manage.py audit verify [--dossier REF]``: recompute the trail, and name the first broken event of every chain."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from reports.queries import verify


class Command(BaseCommand):
    help = "Recompute the audit trail."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do, and for which dossier."""
        parser.add_argument("action", choices=["verify"])
        parser.add_argument("--dossier", help="only this dossier, by its reference")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Check, say what was found; the exit code is 1 where a chain breaks."""
        dossier = options["dossier"]
        with override("en"):
            verdict = verify(f"dossier:{dossier}" if dossier else None)
        if dossier and not verdict.events:
            raise CommandError(f"There is no trail of {dossier}.")
        for each in verdict.breaks:
            self.stdout.write(f"BROKEN {each}")
        said = "hold" if verdict.holds else f"checked, {len(verdict.breaks)} broken"
        self.stdout.write(f"{verdict.events} events in {verdict.chains} chains {said}")
        if not verdict.holds:
            sys.exit(1)
