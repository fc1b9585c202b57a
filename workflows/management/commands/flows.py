from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand

from tender.clock import database_now
from workflows.flows.repairing import repair

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    help = "repair: derive whose turn it is from the cases themselves, wherever a process or an inbox says something else."

    def add_arguments(self, parser: CommandParser) -> None:
        """`flows repair`."""
        parser.add_argument("action", choices=["repair"])

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Put every flow where its case is, and say how many were not."""
        done = repair(database_now())
        self.stdout.write(f"looked at {done.looked_at} cases, put {done.righted} right")
