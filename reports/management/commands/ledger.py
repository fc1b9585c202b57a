"""``manage.py ledger verify``: the ledger's lines, balances and transactions, and the trail replayed, one against the other."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import override

from reports.balancing import check_ledger


class Command(BaseCommand):
    help = "Check that the ledger adds up, and that the audit trail, replayed, gives the same balances."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do."""
        parser.add_argument("action", choices=["verify"])

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Check, say what was found; the exit code is 1 where something is wrong."""
        with override("en"):
            found = check_ledger()
        for fault in found.faults:
            self.stdout.write(f"BROKEN {fault}")
        said = "hold" if found.holds else f"checked, {len(found.faults)} faults"
        self.stdout.write(f"{found.lines} lines of {found.events} events in {found.pots} pots {said}")
        if not found.holds:
            sys.exit(1)
