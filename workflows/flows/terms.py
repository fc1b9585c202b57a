"""By when: the days and instants that flows read from their cases."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Min

from tender.calendar import AMSTERDAM, amsterdam_day
from tender.enums import AFTER_AWARD
from tender.enums import ApplicationState as A
from tender.schemes.definition import Intake
from workflows.rules import deadlines

if TYPE_CHECKING:
    from tender.models import Application, Decision, Grant, Stage

UNDECIDED = (A.SUBMITTED, A.INCOMPLETE, A.ELIGIBLE, A.IN_REVIEW, A.RANKED)
STATUTORY_AHEAD, PROMISE_AHEAD = timedelta(days=14), timedelta(days=2)
"""How long before a statutory term, or one we only promised, its warning goes out."""


promised, decide_by = deadlines.promised, deadlines.decide_by
"""What was promised and what the law says, as the rules read it too."""


def decide_soon(application: Application) -> datetime | None:
    """When to warn that the term for deciding runs out."""
    ahead = PROMISE_AHEAD if promised(application) else STATUTORY_AHEAD
    day = decide_by(application)
    return morning(day - ahead) if day else None


def morning(day: date) -> datetime:
    """Nine o'clock in Amsterdam."""
    return datetime.combine(day, time(9), tzinfo=AMSTERDAM)


def hand_in_by(application: Application) -> date | None:
    """The last day to hand in: the window's, or the personal one's where that is later."""
    instants = [at for at in (application.stage.closes_at, application.personal_until) if at is not None]
    return amsterdam_day(max(instants)) if instants else None


def repair_by(application: Application) -> date | None:
    """The last day to complete."""
    return amsterdam_day(application.repair_until) if application.repair_until else None


def repair_over(application: Application) -> datetime | None:
    """The instant at which the term for completing is over."""
    return application.repair_until


def opens_on(stage: Stage) -> date:
    """The day on which a stage opens: by then it must have been announced."""
    return amsterdam_day(stage.opens_at)


def round_by(stage: Stage) -> date | None:
    """By when the first of the round's decisions is due."""
    return stage.applications.filter(state__in=UNDECIDED).aggregate(first=Min("decide_by"))["first"]


def round_soon(stage: Stage) -> datetime | None:
    """When to warn that the round's term runs out."""
    if stage.rules.intake == Intake.CONTINUOUS:
        return None
    day = round_by(stage)
    return morning(day - STATUTORY_AHEAD) if day else None


def decision_by(decision: Decision) -> date | None:
    """By when a decision is due; what is about a grant that was given has no term of its own here."""
    return None if decision.kind in AFTER_AWARD else decide_by(decision.application)


def decision_soon(decision: Decision) -> datetime | None:
    """When to warn that a decision is still on a desk."""
    return None if decision.kind in AFTER_AWARD else decide_soon(decision.application)


def respond_by(decision: Decision) -> date | None:
    """The last day to respond to what we intend."""
    return amsterdam_day(decision.respond_until) if decision.respond_until else None


def accept_by(grant: Grant) -> date | None:
    """The last day to accept a grant."""
    return amsterdam_day(grant.accept_until) if grant.accept_until else None
