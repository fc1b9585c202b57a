"""When: one dossier on its way through the stages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scoring.rules import sheets_in
from tender.calendar import amsterdam_day
from tender.enums import DecisionState, GrantState, StageState
from tender.models import Recovery
from tender.rules import dossier_of, takes_at
from tender.schemes.definition import Intake

if TYPE_CHECKING:
    from collections.abc import Callable

    from tender.models import Application
    from tender.step import Step


def decision_says(kind: str) -> Callable[[Application, Step], bool]:
    """A published decision of this kind carries the arrow."""

    def carried(application: Application, step: Step) -> bool:
        decision: int = step.data.get("decision", 0)
        return application.decisions.filter(pk=decision, kind=kind, state=DecisionState.PUBLISHED).exists()

    carried.__doc__ = "This follows from a published decision only."
    return carried


def next_stage_takes(application: Application, step: Step) -> bool:
    """The next stage does not take applications yet."""
    following = application.stage.next
    if following is None:
        return False
    return takes_at(following, step.at) or step.data.get("personal_until") is not None


def reserve_expired(application: Application, step: Step) -> bool:
    """The place on the reserve list is still valid, or a new decision on it is under way."""
    if application.decisions.open().exists():
        return False
    return application.reserve_until is not None and amsterdam_day(step.at) > application.reserve_until


def no_open_decision(case: Any, step: Step) -> bool:
    """There is an open decision on this application already."""
    dossier = dossier_of(case)
    return dossier is None or not dossier.decisions.open().exists()


def nothing_due(application: Application, step: Step) -> bool:
    """A grant of this dossier is not finished yet, or money is still to come back."""
    over = [GrantState.LAPSED, GrantState.WITHDRAWN, GrantState.CLOSED]
    if Recovery.objects.open().filter(grant__application=application).exists():
        return False
    return not application.grants.exclude(state__in=over).exists()


def is_judged_in_turn(application: Application, step: Step) -> bool:
    """The round as a whole moves this."""
    return application.rules.intake != Intake.CONTINUOUS or sheets_in(application, step)


def round_takes_it(application: Application, step: Step) -> bool:
    """This round is being ranked and decided on without this application: wait until it is published."""
    return application.stage.state not in {StageState.MEETING, StageState.RANKED, StageState.DECIDING}
