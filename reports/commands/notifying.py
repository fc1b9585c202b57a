"""The mail that something waits in the portal: one row per event and person, sent after commit."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial
from logging import ERROR, WARNING
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from typing import TYPE_CHECKING, Any

from django.core.mail import get_connection
from django.db import transaction
from django.db.models import F
from django.utils.translation import override

from reports.mails import kind_of, mail_of
from reports.models import MailPreference
from reports.queries import comes_back, waiting_mail
from tender.clock import database_now
from tender.enums import MAY_BE_OFF, Bounce
from workflows.models import Event, Notification

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.utils.functional import Promise

    from tender.models import User

SUBJECT_LENGTH = 200
PERMANENT = 500
"""From here on a mail server says that trying again is of no use (RFC 5321)."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notice:
    """What a mail says: a subject and one sentence, translated when it is sent, and the words that go into them."""

    subject: str | Promise
    words: dict[str, str]

    def in_language(self, language: str) -> str:
        """The subject in the reader's language."""
        with override(language):
            return (str(self.subject) % self.words)[:SUBJECT_LENGTH]


def notify(*, event: Event, users: Iterable[User], notice: Notice) -> list[Notification]:
    """Note who is to hear of ``event``, and mail them once this is committed: not who was noted before, or does not want it."""
    made, kind = [], kind_of(event.kind)
    for user in users:
        choice = MailPreference.objects.filter(user=user).first() or MailPreference(user=user)
        if not choice.wants(kind) or (kind in MAY_BE_OFF and comes_back(user, choice)):
            continue
        said = {"subject": notice.in_language(user.language), "kind": kind}
        row, new = Notification.objects.get_or_create(event=event, user=user, defaults=said)
        if new:
            made.append(row)
            if not choice.gathers(kind):
                transaction.on_commit(partial(send_quietly, row.pk), robust=True)
    return made


def send_quietly(notification_id: int, connection: Any = None) -> bool:
    """Send one mail; a mail server that is down leaves it for `send_waiting`, with the reason. Says whether it is sent."""
    try:
        return send(notification_id, connection)
    except Exception as failure:
        expected = isinstance(failure, OSError)  # every failure of smtplib is one
        log.log(WARNING if expected else ERROR, "mail %s waits: %s", notification_id, type(failure).__name__, exc_info=not expected)
        note_failure([notification_id], failure)
        return False


@transaction.atomic
def send(notification_id: int, connection: Any = None) -> bool:
    """Send one mail unless it was sent before."""
    row = Notification.objects.select_for_update(of=("self",)).select_related("user").filter(pk=notification_id, sent_at=None).first()
    if row is None or not row.user.is_active:
        return False
    send_rows([row], connection)
    return True


def send_rows(rows: Sequence[Notification], connection: Any = None) -> None:
    """Send one mail about these rows of one person, and note when, to which address, and as which mail. The caller holds their lock."""
    mail = mail_of(rows)
    mail.connection = connection
    mail.send()
    for row in rows:
        row.sent_at, row.attempts, row.failure = database_now(), row.attempts + 1, ""
        row.save(update_fields=["sent_at", "attempts", "failure", "mail_id", "address"])


def note_failure(ids: Sequence[int], failure: Exception) -> None:
    """Note why an attempt failed; an address that the mail server refuses for good is one that bounced."""
    rows = Notification.objects.filter(pk__in=ids, sent_at=None)
    rows.update(attempts=F("attempts") + 1, failure=reason_of(failure))
    if refused_for_good(failure):
        for row in rows.select_related("user"):
            row.bounce, row.bounced_at, row.address, row.bounce_note = Bounce.HARD, database_now(), row.user.email, row.failure
            row.save(update_fields=["bounce", "bounced_at", "address", "bounce_note"])


def reason_of(failure: Exception) -> str:
    """What failed, and what the mail server answered; never an address, nor what was in the mail."""
    code = failure.smtp_code if isinstance(failure, SMTPResponseException) else max(codes(failure), default="")
    return f"{type(failure).__name__} {code}".strip()


def codes(failure: Exception) -> list[int]:
    """What the mail server answered about each address."""
    return [code for code, _text in failure.recipients.values()] if isinstance(failure, SMTPRecipientsRefused) else []


def refused_for_good(failure: Exception) -> bool:
    """Whether the mail server knows the address not to work."""
    answers = codes(failure)
    return bool(answers) and min(answers) >= PERMANENT


def send_waiting() -> tuple[int, int]:
    """Send what a mail server that was down, or a killed worker, left: (sent, still waiting). A server that is down is asked once."""
    ids = list(waiting_mail().values_list("pk", flat=True))
    sent = 0
    if not ids:
        return 0, 0
    connection = get_connection()
    for index, pk in enumerate(ids):
        try:
            connection.open()
        except OSError as down:
            log.warning("%s mails wait: %s", len(ids) - index, type(down).__name__)
            note_failure(ids[index:], down)
            break
        if send_quietly(pk, connection):
            sent += 1
        else:
            connection.close()  # after a failure a server may answer nothing more on this connection
    connection.close()
    return sent, len(ids) - sent
