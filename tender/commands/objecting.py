"""What is written when a party objects, and when it is decided on that: terms, and what the application gets anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tender.calendar import amsterdam_day, objection_deadline, posted_in_time, reconsideration_deadline, suspension_days
from tender.enums import ApplicationState, DecisionKind, Follows, ObjectionOutcome, Role, Route

if TYPE_CHECKING:
    from datetime import date, datetime

    from tender.models import Application, Objection
    from tender.step import Facts, Step


def receive(objection: Objection, step: Step, *, route: Route) -> Facts:
    """Keep what came in, whether that was in time (Awb 6:7 to 6:9), and until when we decide (7:10)."""
    today = amsterdam_day(step.at)
    objection.route, objection.by, objection.filed_at = route, step.actor, step.at
    objection.received_on = step.data.get("received_on") or today
    objection.posted_on = step.data.get("posted_on")
    last = objection.decision.objection_until or today
    objection.in_time = within_term(objection)
    objection.grounds, objection.late_because = step.data["grounds"], step.data.get("late_because", "")
    set_term(objection)
    return {
        "decision": objection.decision_id, "route": route, "received_on": objection.received_on, "posted_on": objection.posted_on,
        "last_day": last, "in_time": objection.in_time, "decide_by": objection.decide_by, "grounds": objection.grounds,
    }  # fmt: skip


def within_term(objection: Objection) -> bool:
    """Whether an objection came by the last day, as the term stands now; where none was named, it did."""
    last, received = objection.decision.objection_until, objection.received_on
    return last is None or posted_in_time(last, posted=objection.posted_on or received, received=received)


def set_term(objection: Objection) -> None:
    """The last day to decide on an objection: counted from the end of the term for objecting, and for what came after that from receipt."""
    start = max(objection.decision.objection_until or objection.received_on, objection.received_on)
    if objection.in_time:
        start = objection.decision.objection_until or objection.received_on
    objection.decide_by = reconsideration_deadline(
        start, committee=objection.decision.stage.rules.terms.objection_committee, postponed_weeks=objection.postponed_weeks,
        suspended_days=objection.suspended_days,
    )  # fmt: skip


def stand_still(objection: Objection, *, ended: date) -> None:
    """Count in the days for which the term stood still while something was missing (Awb 7:10, second paragraph)."""
    objection.suspended_days += suspension_days(cast("date", objection.repair_asked_on), ended)  # it was asked, else nothing stands still
    set_term(objection)


def decide_on(objection: Objection, step: Step) -> Facts:
    """Keep what is decided, and until when the party can go to the court about it."""
    objection.outcome, objection.reasons = step.data["outcome"], step.data["reasons"]
    objection.inadmissible = step.data.get("inadmissible", "") if objection.outcome == ObjectionOutcome.INADMISSIBLE else ""
    objection.follows = (step.data.get("follows") or "") if objection.outcome == ObjectionOutcome.FOUNDED else ""
    objection.decided_by, objection.decided_at = step.actor, step.at
    objection.appeal_until = objection_deadline(amsterdam_day(step.at))
    names = ("outcome", "inadmissible", "follows", "reasons", "advised", "appeal_until")
    return {**{name: getattr(objection, name) for name in names}, "signed_as": step.role_among(Role.SIGNATORY, Role.HEAD)}


def ways_on(objection: Objection) -> tuple[Follows, ...]:
    """What a founded objection can lead to, by what was decided and where the application is now.

    Where money was given already, or a grant was settled, it is put right in the grant: nothing is taken back by ranking again.
    """
    decision, application = objection.decision, objection.application
    if application.stage_id != decision.stage_id:
        return (Follows.OTHERWISE,)
    if decision.kind in {DecisionKind.SET_ASIDE, DecisionKind.INELIGIBLE} and application.state in TURNED_AWAY:
        return (Follows.REVIEW,)
    if decision.kind in {DecisionKind.REFUSE, DecisionKind.RESERVE} and application.state in NOT_CHOSEN:
        return (Follows.RANK, Follows.REVIEW)
    return (Follows.OTHERWISE,)


TURNED_AWAY = (ApplicationState.SET_ASIDE, ApplicationState.INELIGIBLE)
NOT_CHOSEN = (ApplicationState.REFUSED, ApplicationState.RESERVED)


def bring_back(application: Application, objection: Objection, *, at: datetime) -> Facts:
    """The application waits for a decision again, by the last day to decide on the objection."""
    application.reconsider_by = application.decide_by = max(objection.decide_by, amsterdam_day(at))
    application.postponed_to, application.postponed_after, application.postponed_because = None, 0, ""
    application.gaps, application.repair_asked_at, application.repair_until = [], None, None
    application.reserve_place = application.reserve_until = None
    return {"objection": objection.pk, "decide_by": application.decide_by}
