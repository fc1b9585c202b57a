"""When: reminding an applicant of what is not handed in yet."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tender.canonical import plain
from tender.rules import closing

if TYPE_CHECKING:
    from datetime import datetime

    from tender.models import Application
    from tender.step import Step

MOMENTS = (7, 1)
"""How many days before closing a reminder goes."""
HORIZON = timedelta(days=max(MOMENTS))
CAME = ("application.open", "application.start_next", "application.request_completion")
"""From when somebody knows of a term: they were told of it then, so no reminder whose moment was before that."""


def moment_of(until: datetime | None, at: datetime) -> int | None:
    """Of which moment a reminder would be now: the last one that has come, in days before ``until``."""
    if until is None or at >= until:
        return None
    return min((days for days in MOMENTS if at >= until - timedelta(days=days)), default=None)


def known_before(known: datetime | None, until: datetime, days: int) -> bool:
    """Whether somebody who heard of a term at ``known`` did so before the moment of the reminder."""
    return known is None or known < until - timedelta(days=days)


def reminder_due(application: Application, step: Step) -> bool:
    """No reminder is due now: it is too early, nothing can be handed in any more, or the term was told only after the reminder's moment."""
    from workflows.models import Event

    until = closing(application, step.at)
    days = moment_of(until, step.at)
    if until is None or days is None:
        return False
    own = Event.objects.filter(noun="application", key=application.pk, kind__in=CAME)
    longer = Event.objects.filter(noun="stage", key=application.stage_id, kind="stage.extend")
    known = max((event.at for event in (*own, *longer)), default=None)
    return known_before(known, until, days)


def not_reminded_yet(application: Application, step: Step) -> bool:
    """The applicant was reminded at this moment before."""
    from workflows.models import Event

    until = closing(application, step.at)
    sent = Event.objects.filter(noun="application", key=application.pk, kind="application.remind")
    return not sent.filter(data__until=plain(until), data__days=moment_of(until, step.at)).exists()
