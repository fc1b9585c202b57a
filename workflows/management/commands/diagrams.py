from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from workflows.diagrams import documents

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    help = "Write the state diagrams and the BPMN of the flows into docs/; with --check, only say whether they are up to date."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """`diagrams [--check]`."""
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file is stale")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Write, or compare."""
        stale = []
        for name, text in documents().items():
            path = settings.BASE_DIR / name
            if path.exists() and path.read_text() == text:
                continue
            stale.append(name)
            if not options["check"]:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
        if options["check"] and stale:
            raise CommandError(f"stale: {', '.join(stale)}; run `manage.py diagrams`")
        self.stdout.write("up to date" if not stale else f"wrote {', '.join(stale)}")
