"""The deadlines of somebody's own dossiers, whom they hear, and the terms of the house, for a calendar: the reference and what is due."""

from __future__ import annotations

from dataclasses import replace
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
from workflows.due import OURS, all_due
from workflows.pitching import entries, heard_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

    from django.db.models import QuerySet

    from tender.models import Pitch, User

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
    yield from _of_the_pitches([pitch for pitch in application.to_present if pitch.stage_id == application.stage_id], at)


def dates_of_hearing(user: User, at: datetime) -> Iterator[Entry]:
    """When this person hears whom, from now on; of a dossier on which they have not declared yet, or have an interest in, nothing."""
    found = [each for each in heard_by(user).filter(slot__starts_at__gt=at) if each.clear]  # type: ignore[attr-defined]
    for pitch, entry in zip(found, _of_the_pitches(found, at), strict=True):
        summary = _("Pitch %(reference)s") % {"reference": pitch.application.reference}
        yield replace(entry, summary=summary, url=absolute(reverse("workflows:pitches")))


def dates_of_terms(user: User, at: datetime) -> Iterator[Entry]:
    """What we ourselves have to do by when, in the dossiers that somebody of the house reads."""
    for row in all_due(user, at):
        if row.kind in OURS:
            reference, own = row.application.reference, f"-{row.day}" if row.kind in {"pay", "objection"} else ""
            summary = _("%(reference)s: %(what)s at the latest") % {"reference": reference, "what": row.what}
            url = absolute(reverse("workflows:dossier", args=[reference]))
            yield Entry(f"term-{reference}-{row.kind}{own}", summary, row.day, at, sequence=sequence_of(row.day), text=row.article, url=url)


def _of_the_pitches(pitches: Iterable[Pitch], at: datetime) -> Iterator[Entry]:
    """The moments as the file of the pitch tells them, under the same name there; one that fell takes itself out of the calendar.

    Without the address of a video call: that is told on our pages, to who signs in.
    """
    moments = [pitch for pitch in pitches if pitch.slot is not None]
    for pitch, entry in zip(moments, entries(moments, at=at, named=False), strict=True):
        yield replace(entry, place=pitch.slot.place if pitch.slot is not None else "", text="")


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
