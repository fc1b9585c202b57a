from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand

from tender.clock import database_now
from workflows import outbox, tasks

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    help = "sweep: deliver what a lost broker or a killed worker left behind, here and now, and print how much that was."

    def add_arguments(self, parser: CommandParser) -> None:
        """`outbox sweep`."""
        parser.add_argument("action", choices=["sweep"])

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Deliver, send the flows' jobs again, and say what came of it."""
        delivered, failed = outbox.sweep()
        resent = tasks.resend_stale_jobs(database_now())
        self.stdout.write(f"delivered {delivered}, failed {failed}, jobs sent again {resent}, still waiting {len(outbox.waiting())}")
