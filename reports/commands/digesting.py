"""One mail a day that gathers what can wait, for who chose so."""

from __future__ import annotations

import logging
from logging import ERROR, WARNING
from typing import TYPE_CHECKING

from django.db import transaction

from reports.commands.notifying import note_failure, send_rows
from reports.models import MailPreference
from reports.queries import gathered_for
from tender.calendar import AMSTERDAM, amsterdam_day

if TYPE_CHECKING:
    from datetime import datetime

HOUR = 7
"""From this hour of the morning, by the clocks of Amsterdam, the mail of the day goes."""
log = logging.getLogger(__name__)


def send_digests(at: datetime) -> int:
    """Send everybody's mail of the day who has not had it yet; returns how many went. One that fails is tried again by the next sweep."""
    if at.astimezone(AMSTERDAM).hour < HOUR:
        return 0
    today = amsterdam_day(at)
    due = MailPreference.objects.filter(digest=True, user__is_active=True).exclude(digested_on=today)
    return sum(send_digest(pk, at) for pk in due.filter(pk__in=gathered_for().values("user__mail_preference")).values_list("pk", flat=True))


def send_digest(pk: int, at: datetime) -> bool:
    """Send one person the mail of the day, unless they had it; says whether it went."""
    rows: list[int] = []
    try:
        with transaction.atomic():
            choice = MailPreference.objects.select_for_update().get(pk=pk)  # two sweeps at once: the second finds the day noted
            waiting = gathered_for(choice.user_id).select_for_update(of=("self",)).select_related("user").order_by("pk")
            gathered = list(waiting) if choice.digested_on != amsterdam_day(at) else []
            if not gathered:
                return False
            rows = [row.pk for row in gathered]
            send_rows(gathered)
            choice.digested_on = amsterdam_day(at)
            choice.save(update_fields=["digested_on"])
    except Exception as failure:
        expected = isinstance(failure, OSError)
        log.log(WARNING if expected else ERROR, "the mail of the day of %s waits: %s", pk, type(failure).__name__, exc_info=not expected)
        note_failure(rows, failure)
        return False
    return True
