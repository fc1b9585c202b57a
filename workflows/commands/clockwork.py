"""What the clock does by itself: each arrow whose instant has come, one transaction per case."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from tender.calendar import amsterdam_day
from tender.canonical import plain
from tender.clock import GRACE
from tender.enums import ApplicationState as A
from tender.enums import DecisionState, GrantState, InstalmentState, ObjectionState, PitchState, ReportState, StageState, StandInState
from tender.models import Application, Decision, Grant, Instalment, Objection, Pitch, ProgressReport, Stage, StandIn, User
from tender.rules import last_of
from tender.schemes.definition import WARNED_AT_MOST, Intake
from workflows.commands.door import Refused, perform
from workflows.machines.application import RUNNING_TERM
from workflows.models import (
    ApplicationMachine,
    DecisionMachine,
    Event,
    GrantMachine,
    InstalmentMachine,
    ObjectionMachine,
    PitchMachine,
    ReportMachine,
    StageMachine,
    StandInMachine,
)
from workflows.rules.grants import REMIND_BEFORE, RUNS
from workflows.rules.lateness import WARNED, warned_now
from workflows.rules.pitching import REMIND_AHEAD
from workflows.rules.reminding import CAME, HORIZON, known_before, moment_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

log = logging.getLogger(__name__)


def due(at: datetime) -> Iterator[tuple[type[Any], str, int]]:
    """Every arrow of the clock whose instant has come at ``at``: machine, arrow, case."""
    day = amsterdam_day(at)
    for pk in Stage.objects.filter(state=StageState.PLANNED, opens_at__lte=at).values_list("pk", flat=True):
        yield StageMachine, "open", pk
    yield from due_at_closing(at)
    for pk in Stage.objects.filter(state=StageState.DECIDING, publish_at__lte=at).values_list("pk", flat=True):
        yield StageMachine, "publish", pk
        yield StageMachine, "lapse_moment", pk
    for pk in Application.objects.filter(state=A.RESERVED, reserve_until__lt=day).values_list("pk", flat=True):
        yield ApplicationMachine, "expire", pk
    yield from due_objections(day)
    yield from due_decisions(at)
    yield from due_grants(at)
    paying = Instalment.objects.filter(state=InstalmentState.PLANNED, due_on__lte=day, grant__state=GrantState.ACTIVE)
    for pk in paying.values_list("pk", flat=True):
        yield InstalmentMachine, "fall_due", pk
    yield from due_reports(day)
    yield from due_pitches(at)
    yield from due_reminders(at)
    yield from due_warnings(at)
    yield from due_standing_in(day)


def due_grants(at: datetime) -> Iterator[tuple[type[Any], str, int]]:
    """The grants that were not accepted in time, and those whose days without payment are over."""
    for pk in Grant.objects.filter(state=GrantState.OFFERED, accept_until__lte=at).values_list("pk", flat=True):
        yield GrantMachine, "lapse", pk
    resting = Grant.objects.filter(state=GrantState.SUSPENDED, suspended_until__lt=amsterdam_day(at))
    for pk in resting.values_list("pk", flat=True):
        yield GrantMachine, "run_out", pk


def due_standing_in(day: date) -> Iterator[tuple[type[Any], str, int]]:
    """Who begins to stand in for a colleague today, and whose days are over."""
    for pk in StandIn.objects.filter(state=StandInState.PLANNED, since__lte=day).values_list("pk", flat=True):
        yield StandInMachine, "begin", pk
    for pk in StandIn.objects.filter(state=StandInState.RUNNING, until__lt=day).values_list("pk", flat=True):
        yield StandInMachine, "end", pk


def due_decisions(at: datetime) -> Iterator[tuple[type[Any], str, int]]:
    """The decisions whose term for responding (once the grace is over), or for objecting, is over."""
    published = Decision.objects.filter(state=DecisionState.PUBLISHED, objection_until__lt=amsterdam_day(at))
    for pk in published.values_list("pk", flat=True):
        yield DecisionMachine, "become_final", pk
    for pk in Decision.objects.filter(state=DecisionState.HEARING, respond_until__lte=at - GRACE).values_list("pk", flat=True):
        yield DecisionMachine, "let_term_pass", pk


def due_objections(day: date) -> Iterator[tuple[type[Any], str, int]]:
    """The objections whose term for completing, or after which the term for going to the court, is over."""
    for pk in Objection.objects.filter(state=ObjectionState.INCOMPLETE, repair_until__lt=day).values_list("pk", flat=True):
        yield ObjectionMachine, "let_term_pass", pk
    decided = Objection.objects.filter(state__in=[ObjectionState.INADMISSIBLE, ObjectionState.UNFOUNDED], appeal_until__lt=day)
    for pk in decided.values_list("pk", flat=True):
        yield ObjectionMachine, "close", pk


def due_reports(day: date) -> Iterator[tuple[type[Any], str, int]]:
    """The reports of which the grantee is to be reminded, once each."""
    reminded = Event.objects.filter(kind="report.remind").values("key")
    soon = ProgressReport.objects.filter(state__in=[ReportState.ASKED, ReportState.DRAFT], due_on__lte=day + REMIND_BEFORE)
    for pk in soon.filter(grant__state__in=RUNS).exclude(pk__in=reminded).values_list("pk", flat=True):
        yield ReportMachine, "remind", pk
    for report in late_reports(day):
        yield ReportMachine, "note_late", report.pk


def late_reports(day: date) -> list[ProgressReport]:
    """The reports that did not come in time, of which that was not noted yet for their last day."""
    noted = {(event.key, event.data["last"]) for event in Event.objects.filter(kind="report.note_late").only("key", "data")}
    late = Q(state__in=[ReportState.ASKED, ReportState.DRAFT], due_on__lt=day) | Q(state=ReportState.INCOMPLETE, complete_by__lt=day)
    found = ProgressReport.objects.filter(late, grant__state__in=RUNS).order_by("pk")
    return [report for report in found if (report.pk, (report.complete_by or report.due_on).isoformat()) not in noted]


def due_pitches(at: datetime) -> Iterator[tuple[type[Any], str, int]]:
    """The pitches of the day that begins now, of which their makers are to be reminded, once for each moment they booked."""
    soon = Pitch.objects.filter(state=PitchState.BOOKED, reminded_at=None, slot__starts_at__gt=at, slot__starts_at__lte=at + REMIND_AHEAD)
    for pk in soon.values_list("pk", flat=True):
        yield PitchMachine, "remind", pk


def due_reminders(at: datetime) -> Iterator[tuple[type[Any], str, int]]:
    """The dossiers of which the applicant is to be reminded that nothing is handed in yet: once per closing and moment.

    As many queries for ten thousand drafts as for one; what the rules of the step would refuse is left out here already, as far as it shows.
    """
    since = at - HORIZON - timedelta(days=1)
    told = {(event.key, event.data["until"], event.data["days"]) for event in Event.objects.filter(kind="application.remind", at__gte=since)}
    came = dict(Event.objects.filter(kind__in=CAME, at__gte=since).order_by("at").values_list("key", "at"))
    longer = dict(Event.objects.filter(kind="stage.extend", at__gte=since).order_by("at").values_list("key", "at"))
    open_now = Q(state=A.DRAFT, personal_until__gt=at) | Q(state=A.DRAFT, stage__state=StageState.OPEN, stage__closes_at__gt=at)
    rows = Application.objects.filter(open_now | Q(state=A.INCOMPLETE, repair_until__gt=at)).values_list(
        "pk", "stage", "state", "repair_until", "personal_until", "stage__closes_at"
    )
    for pk, stage, state, repair, personal, closes in rows.order_by("pk"):
        until = repair if state == A.INCOMPLETE else last_of(personal, closes, after=at)
        days = moment_of(until, at)
        known = last_of(came.get(pk), longer.get(stage), after=since)
        if until is not None and days is not None and known_before(known, until, days) and (pk, plain(until), days) not in told:
            yield ApplicationMachine, "remind", pk


def due_warnings(at: datetime) -> Iterator[tuple[type[Any], str, int]]:
    """The dossiers whose last day to decide is near or over, and of which somebody does not know that: once per day, officer and head.

    Two queries, however many there are; the scheme says how near is near, within `WARNED_AT_MOST` days.
    """
    near = Application.objects.filter(state__in=RUNNING_TERM, decide_by__lte=amsterdam_day(at) + timedelta(days=WARNED_AT_MOST))
    cases = list(near.select_related("stage__call__version").defer("draft", "summary", "checklist").order_by("pk"))
    said = Event.objects.filter(kind=WARNED, key__in=near.values("pk"))
    told = {(event.key, event.data["until"], event.data["role"]) for event in said}
    for case in cases:
        waiting = (role for role in warned_now(case, at) if (case.pk, plain(case.decide_by), role) not in told)
        yield from ((ApplicationMachine, "warn", case.pk) for _role in waiting)


def due_at_closing(at: datetime) -> Iterator[tuple[type[Any], str, int]]:
    """Stages that close, and what closing does to drafts, once the grace is over; stages whose terms are over."""
    for stage in Stage.objects.filter(state__in=[StageState.OPEN, StageState.PAUSED], closes_at__lte=at - GRACE):
        yield StageMachine, "wind_up" if stage.rules.intake == Intake.CONTINUOUS else "close", stage.pk
    drafts = Application.objects.filter(state=A.DRAFT, stage__closes_at__lte=at - GRACE)
    for pk in drafts.values_list("pk", flat=True):
        yield ApplicationMachine, "lapse", pk
    for pk in Stage.objects.filter(state=StageState.PUBLISHED).values_list("pk", flat=True):
        yield StageMachine, "finish", pk


def tick(at: datetime) -> int:
    """Take every arrow that is due; returns how many were taken. One that is refused waits for the next tick, and one that fails is
    written down and stops no other."""
    clock, taken = User.objects.clock(), 0
    for machine, name, pk in list(due(at)):
        try:
            perform(machine, name, pk=pk, actor=clock, at=at)
        except Refused:
            log.debug("%s %s %s is not due", machine.noun, pk, name)
        except Exception:
            log.exception("%s %s %s failed", machine.noun, pk, name)
        else:
            taken += 1
    return taken
