"""The mail that something waits in the portal: one row per event and person, sent after commit."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import override

from tender.clock import database_now
from workflows.models import Event, Notification

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.functional import Promise

    from tender.models import User

SUBJECT_LENGTH = 200
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
    """Note who is to hear of ``event``, and mail them once this is committed. Who was noted before is left alone."""
    made = []
    for user in users:
        row, new = Notification.objects.get_or_create(event=event, user=user, defaults={"subject": notice.in_language(user.language)})
        if new:
            made.append(row)
            transaction.on_commit(partial(send_quietly, row.pk), robust=True)
    return made


def send_quietly(notification_id: int) -> bool:
    """Send one mail; a mail server that is down leaves it for `send_waiting`. Says whether it is sent."""
    try:
        return send(notification_id)
    except OSError as failure:  # every failure of smtplib is one
        log.warning("mail of notification %s waits: %s", notification_id, type(failure).__name__)
        return False


@transaction.atomic
def send(notification_id: int) -> bool:
    """Send one mail unless it was sent before."""
    row = Notification.objects.select_for_update(of=("self",)).select_related("user").filter(pk=notification_id, sent_at=None).first()
    if row is None or not row.user.is_active:
        return False
    message(row).send()
    row.sent_at = database_now()
    row.save(update_fields=["sent_at"])
    return True


def message(row: Notification) -> EmailMultiAlternatives:
    """The mail: that something waits, and where; nothing of the dossier itself beside its reference."""
    context = {"name": row.user.name, "subject": row.subject, "url": settings.SITE_URL}
    with override(row.user.language):
        text = render_to_string("reports/mail/waiting.txt", context)
        page = render_to_string("reports/mail/waiting.html", {**context, "language": row.user.language})
    mail = EmailMultiAlternatives(row.subject, text, to=[row.user.email])
    mail.attach_alternative(page, "text/html")
    return mail


def send_waiting() -> tuple[int, int]:
    """Send what a mail server that was down, or a killed worker, left: (sent, still waiting)."""
    rows = Notification.objects.filter(sent_at=None, user__is_active=True).order_by("pk").values_list("pk", flat=True)
    sent = [send_quietly(pk) for pk in list(rows)]
    return sum(sent), len(sent) - sum(sent)
