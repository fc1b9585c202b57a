"""What a mail server reports of a mail that it could not deliver (RFC 3464): pure reading, of letters that anybody may have written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message
from email.policy import compat32
from itertools import islice
from typing import TYPE_CHECKING
from uuid import UUID

from tender.enums import Bounce

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES = 512 * 1024
"""A report quotes a mail of ours, which is small. What is larger is not read."""
MOST_PARTS = 40
"""A report has three parts. What has more than this is no report."""
NOTE = 200
MAIL_ID = re.compile(r"[<+]([0-9a-f]{32})@")
"""As we write it in the Message-ID and in the address to which a mail comes back."""
ADDRESSED = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")
STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
FULL = ("2", "2")
"""A mailbox that is full: reported as for good, but the address works (RFC 3463)."""


@dataclass(frozen=True, slots=True)
class Report:
    """What came of one mail of ours: which, and whether it came back for good, for now, or not at all (yet)."""

    mail_id: UUID
    bounce: Bounce | None
    note: str


class NoReport(Exception):
    """This is no report of a mail server that we can read, or not of a mail of ours; the reason is for whoever runs the command."""


def read_report(raw: bytes) -> Report:
    """The report in a mail. Raises `NoReport` for anything else, however it is made."""
    if len(raw) > MOST_BYTES:
        raise NoReport("too large")
    try:
        return _read(message_from_bytes(raw, policy=compat32))
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as broken:
        # Whoever can send us mail can send us anything: what stdlib's `email` stumbles over is no report.
        raise NoReport(f"cannot be read ({type(broken).__name__})") from broken


def _read(mail: Message) -> Report:
    parts = list(islice(mail.walk(), MOST_PARTS + 1))
    if len(parts) > MOST_PARTS:
        raise NoReport("too many parts")
    fields = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    if mail.get_content_type() != "multipart/report" or not fields:
        raise NoReport("no delivery report")
    mail_id = next(_ids(mail, parts), None)
    if mail_id is None:
        raise NoReport("not of a mail of ours")
    recipients = [group for field in fields for group in _groups(field) if group.get("Action")]
    if not recipients:
        raise NoReport("says nothing of any address")
    return max((_said(mail_id, group) for group in recipients), key=lambda report: [None, Bounce.SOFT, Bounce.HARD].index(report.bounce))


def _groups(part: Message) -> list[Message]:
    """The blocks of a delivery status: one of the mail, then one per address. `email` reads each as a message of its own."""
    content = part.get_payload()
    return [block for block in content if isinstance(block, Message)] if isinstance(content, list) else []


def _ids(mail: Message, parts: list[Message]) -> Iterator[UUID]:
    """By which of our marks a report can be matched: the address it was sent to, or the Message-ID of the mail that it quotes."""
    headers = [str(value) for name in ADDRESSED for value in mail.get_all(name, [])]
    headers += [str(value) for part in parts[1:] for value in part.get_all("Message-ID", [])]
    for part in parts:
        if part.get_content_type() == "text/rfc822-headers":
            text = part.get_payload(decode=True)
            found = re.search(rb"^message-id:\s*(\S+)", text if isinstance(text, bytes) else b"", re.IGNORECASE | re.MULTILINE)
            headers += [found[1].decode("ascii", "replace")] if found else []
    for value in headers:
        yield from (UUID(hex=found) for found in MAIL_ID.findall(value))


def _said(mail_id: UUID, group: Message) -> Report:
    """Failed with 5.x.x: for good, unless the mailbox is only full. Failed with 4.x.x: given up this time. Anything else: not come back."""
    status = STATUS.search(str(group.get("Status", "")))
    why = " ".join(str(group.get("Diagnostic-Code", "")).split())
    note = re.sub(r"\S+@\S+", "…", " ".join(filter(None, (status[0] if status else "", why))))[:NOTE]
    if str(group["Action"]).strip().lower() != "failed":
        return Report(mail_id, None, note)
    for_good = status is not None and status[1] == "5" and status.groups()[1:] != FULL
    return Report(mail_id, Bounce.HARD if for_good else Bounce.SOFT, note)
