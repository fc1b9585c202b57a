"""``manage.py bounces [--mbox FILE | --maildir FOLDER]``: read what mail servers report of mail that did not arrive.

Without an option one mail is read from standard input, as a mail server hands it to a program.
"""

from __future__ import annotations

import mailbox
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.bounces import MOST_BYTES, NoReport, read_report
from reports.commands.bouncing import note_bounce
from tender.clock import database_now
from tender.enums import Bounce

if TYPE_CHECKING:
    from collections.abc import Iterator

    Box = mailbox.mbox | mailbox.Maildir

SAID = {Bounce.HARD: "came back for good", Bounce.SOFT: "came back this time", None: "still on its way, or arrived"}


class Command(BaseCommand):
    help = "Read reports of mail that could not be delivered, and note them on what was sent."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the reports are."""
        where = parser.add_mutually_exclusive_group()
        where.add_argument("--mbox", help="a mailbox in one file")
        where.add_argument("--maildir", help="a mailbox in a folder with cur, new and tmp")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Read each, note what it says, and say how many of what there were. The mailbox is left as it was: reading twice does no harm."""
        counted: Counter[str] = Counter()
        for raw in mails(*(Path(name) if name else None for name in (options["mbox"], options["maildir"]))):
            try:
                bounce = note_bounce(read_report(raw), at=database_now())
            except NoReport as reason:
                counted[f"passed over: {reason}"] += 1
            else:
                counted[
                    "came back for good" if bounce == "hard" else "came back this time" if bounce else "still on its way, or arrived"
                ] += 1
        for what, number in sorted(counted.items()):
            self.stdout.write(f"{number} {what}")
        if not counted:
            self.stdout.write("nothing to read")


def mails(mbox: Path | None, maildir: Path | None) -> Iterator[bytes]:
    """Every mail in the mailbox, or the one from standard input; of one that is too large only so much that it shows."""
    if mbox is None and maildir is None:
        yield sys.stdin.buffer.read(MOST_BYTES + 1)
        return
    with closing(in_file(mbox) if mbox is not None else in_folder(maildir or Path())) as box:
        for key in box.iterkeys():
            with box.get_file(key) as file:
                yield file.read(MOST_BYTES + 1)


def in_file(path: Path) -> Box:
    """The mailbox in a file, if there is one."""
    if not path.is_file():
        raise CommandError(f"There is no file {path}.")
    return mailbox.mbox(path, create=False)


def in_folder(path: Path) -> Box:
    """The mailbox in a folder, if it is one."""
    if not (path / "cur").is_dir() or not (path / "new").is_dir():
        raise CommandError(f"{path} is no maildir: it has no folders cur and new.")
    return mailbox.Maildir(path, create=False)
