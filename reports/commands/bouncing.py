"""Note what came back: on the mails themselves, so that somebody can send on paper what must arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from reports.bounces import NoReport
from tender.enums import Bounce
from tender.models import Consent, Invitation
from workflows.models import Notification

if TYPE_CHECKING:
    from datetime import datetime

    from reports.bounces import Report


@transaction.atomic
def note_bounce(report: Report, *, at: datetime) -> Bounce | None:
    """Note a report on everything its mail was about; a second time, or a milder one after, changes nothing. Says how it came back.

    Raises `NoReport` for a mail that we did not send.
    """
    rows = list(Notification.objects.select_for_update().filter(mail_id=report.mail_id))
    if not note_on_links(report, at=at) and not rows:
        raise NoReport("not of a mail of ours")
    if report.bounce is None:
        return None
    for row in rows:
        if row.bounce not in {report.bounce, Bounce.HARD}:
            row.bounce, row.bounced_at, row.bounce_note = report.bounce, at, report.note
            row.save(update_fields=["bounce", "bounced_at", "bounce_note"])
    return report.bounce


def note_on_links(report: Report, *, at: datetime) -> bool:
    """Note on an invitation or a question to a partner that its mail came back for good. Says whether the mail was one of those."""
    known = False
    for found in (Invitation.objects.filter(mail_id=report.mail_id), Consent.objects.filter(mail_id=report.mail_id)):
        known = known or found.exists()
        if report.bounce == Bounce.HARD:
            found.filter(undelivered_at=None).update(undelivered_at=at)
    return known
