"""The deadlines of somebody's own dossiers for a calendar: the reference and what is due, and nothing else of the dossier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from tender.calendar import amsterdam_day
from tender.dates import absolute
from tender.enums import ApplicationState as A
from tender.enums import DecisionState, GrantState
from tender.ical import Entry, sequence_of
from tender.models import Decision
from workflows.agenda import my_applications, to_write_now

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from django.db.models import QuerySet

    from tender.models import User

DECIDING = (A.SUBMITTED, A.INCOMPLETE, A.ELIGIBLE, A.IN_REVIEW, A.RANKED)
RUNNING = (GrantState.ACTIVE, GrantState.SUSPENDED, GrantState.SETTLED)


def with_dates(user: User) -> QuerySet[Any]:
    """The dossiers on whose side somebody stands, with all that their dates are read from."""
    published = Decision.objects.filter(state=DecisionState.PUBLISHED).exclude(objection_until=None)
    return my_applications(user).prefetch_related(Prefetch("decisions", published, to_attr="made_known"))


def dates_of_dossier(application: Any, at: datetime) -> Iterator[Entry]:
    """The dates that count now in a dossier of `with_dates`."""
    here = f"dossier-{application.reference}-{application.stage.key}"
    for uid, words, moment in (*_of_the_form(application, here), *_of_the_grants(application, at)):
        if moment is not None:
            url = absolute(reverse("workflows:dossier", args=[application.reference]))
            summary = words % {"reference": application.reference}
            yield Entry(uid, summary, moment, at, sequence=sequence_of(moment), url=url)


def _of_the_form(application: Any, here: str) -> Iterator[tuple[str, str, datetime | date | None]]:
    if application.state == A.DRAFT:
        yield f"{here}-hand-in", _("%(reference)s: last moment to hand in"), application.personal_until or application.stage.closes_at
    if application.state == A.INCOMPLETE:
        yield f"{here}-mend", _("%(reference)s: last moment to mend what is missing"), application.repair_until
    if application.state in DECIDING:
        yield f"{here}-decision", _("%(reference)s: last day for our decision"), application.decide_by
    if application.state == A.RESERVED:
        yield f"{here}-reserve", _("%(reference)s: the place on the reserve list ends"), application.reserve_until
    for decision in application.made_known:
        yield f"decision-{decision.pk}-objection", _("%(reference)s: last day to object"), decision.objection_until


def _of_the_grants(application: Any, at: datetime) -> Iterator[tuple[str, str, datetime | date | None]]:
    for grant in application.all_grants:
        if grant.state == GrantState.OFFERED:
            yield f"grant-{grant.pk}-accept", _("%(reference)s: last moment to accept the grant"), grant.accept_until
        if grant.state in RUNNING:
            for report in to_write_now(grant.to_write, amsterdam_day(at)):
                yield f"report-{report.pk}", _("%(reference)s: a report is due"), report.due_on
