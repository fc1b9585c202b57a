"""``manage.py export KIND --format xlsx|csv --out FILE``: the house's records as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from reports.exports.columns import Scope
from reports.exports.kinds import NotAvailable, write
from tender.models import Call


class Command(BaseCommand):
    help = "Write an export: workbook, applications, scores, decisions, ledger or register."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to export, how, where to, and which part."""
        parser.add_argument("kind")
        parser.add_argument("--format", default="xlsx", dest="form")
        parser.add_argument("--out", required=True, type=Path)
        parser.add_argument("--call", default="", help="only this call, by its reference")
        parser.add_argument("--year", type=int, default=None, help="only the calls of this year")
        parser.add_argument("--language", default="nl", choices=["nl", "en"])

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write it, and say how much it was."""
        scope = Scope(options["call"], options["year"])
        if scope.call and not Call.objects.filter(reference=scope.call).exists():
            raise CommandError(f"There is no call {scope.call}.")
        try:
            with override(options["language"]):
                rows = write(options["kind"], options["form"], scope, options["out"])
        except NotAvailable as why:
            raise CommandError(str(why)) from why
        except OSError as why:
            raise CommandError(f"Cannot write {options['out']}: {why.strerror}") from why
        self.stdout.write(f"{options['out']}: {rows} rows")
