"""``manage.py scheme check FILE.toml`` and ``manage.py scheme load FILE.toml``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from tender.clock import database_now
from tender.commands.schemes import publish_scheme
from tender.schemes.loader import SchemeFaults, read

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    """Look at a scheme, or publish it."""

    help = "Checks a scheme (every fault as FILE: path: what is wrong), or publishes it as a new version."
    requires_system_checks = ()  # reading a text file asks nothing of the rest of the house

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do, and with which files."""
        parser.add_argument("what", choices=["check", "load"], help="check: only look; load: publish a version")
        parser.add_argument("files", nargs="+", metavar="FILE.toml")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Take every file, also after a bad one; the exit code is 1 if any was bad."""
        action = self.check_file if options["what"] == "check" else self.load_file
        bad = [name for name in options["files"] if not self._tried(action, name)]
        if bad:
            raise CommandError(f"not good: {', '.join(bad)}", returncode=1)

    def check_file(self, name: str, source: str) -> str:
        """Read the scheme and say what it holds."""
        scheme = read(source)
        return f"{name}: good: {scheme.key}, {len(scheme.stages)} stage(s)"

    def load_file(self, name: str, source: str) -> str:
        """Publish the scheme, and say which version it is."""
        at = database_now()
        version = publish_scheme(source=source, at=at)
        said = "published" if version.published_at == at else "unchanged"
        return f"{name}: {said}: {version}"

    def _tried(self, action: Any, name: str) -> bool:
        try:
            self.stdout.write(action(name, Path(name).read_text(encoding="utf-8-sig")))
        except SchemeFaults as fault:
            for each in fault.faults:
                self.stdout.write(f"{name}: {each}")
        except (OSError, UnicodeDecodeError) as fault:
            self.stdout.write(f"{name}: file: cannot be read: {fault}")
        else:
            return True
        return False
