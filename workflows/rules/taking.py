"""When: money is taken from a grant, by a lower settlement, a withdrawal or a change to the party's disadvantage."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from tender.calendar import add_months, amsterdam_day
from tender.commands.granting import spoken_for
from tender.enums import AFTER_AWARD, TAKES, DecisionKind, DecisionState, GrantState, InstalmentState
from tender.models import Grant
from tender.taking import REASONABLE_WEEKS, WITH_A_TERM, YEARS, grounds_of, is_settled

if TYPE_CHECKING:
    from tender.models import Decision
    from tender.step import Step

TAKEN_FROM = (GrantState.ACTIVE, GrantState.SUSPENDED, GrantState.ACCOUNTED, GrantState.SETTLED, GrantState.CLOSED)
"""The states in which a grant can be withdrawn or lowered."""


def grant_of(decision: Decision) -> Grant | None:
    """The grant that a decision is about."""
    return Grant.objects.filter(application=decision.application, stage=decision.stage).first()


def kind_of(decision: Decision, step: Step) -> str:
    """What is decided: as it is proposed, or as it stands."""
    return str(step.data.get("kind", decision.kind))


def amount_of(decision: Decision, step: Step) -> Decimal:
    """The amount: as it is proposed, or as it stands."""
    return Decimal(step.data.get("amount", decision.amount))


def said_of(decision: Decision, step: Step, name: str) -> str:
    """A fact of the decision: as it is proposed or changed, or as it stands."""
    new = step.data.get(name, step.data.get("facts", {}).get(name))
    return str(new if new is not None else decision.facts.get(name, "") or "")


def comes_to(grant: Grant) -> Decimal:
    """What a grant comes to as it stands."""
    return Decimal(grant.settled_amount if grant.settled_amount is not None else grant.amount)


def takes_less(decision: Decision, step: Step) -> bool:
    """Of a withdrawn grant at most what was paid is kept; a lowered one comes to less than now, not nothing. A settlement: for five years."""
    kind, amount = kind_of(decision, step), amount_of(decision, step)
    if kind not in TAKES:
        return True
    grant = grant_of(decision)
    if grant is None or grant.state not in TAKEN_FROM or too_late(grant, step):
        return False
    if kind == DecisionKind.LOWER:
        return 0 < amount < comes_to(grant)
    return 0 <= amount <= spoken_for(grant) and amount < comes_to(grant)


def too_late(grant: Grant, step: Step) -> bool:
    """Whether the settlement was made known more than five years ago (Awb 4:49, third paragraph)."""
    if not is_settled(grant):
        return False
    known = [DecisionState.PUBLISHED, DecisionState.FINAL]
    settling = grant.application.decisions.filter(stage=grant.stage_id, kind=DecisionKind.SETTLE, state__in=known).first() or grant.decision
    made_known = settling.published_at
    return made_known is not None and amsterdam_day(step.at) > add_months(amsterdam_day(made_known), 12 * YEARS)


def lowering_grounded(decision: Decision, step: Step) -> bool:
    """Less than was given rests on a ground of the law: name one that fits, give the reasons, and weigh what it means for the party."""
    kind = kind_of(decision, step)
    grant = grant_of(decision) if kind in AFTER_AWARD else None
    if grant is None or (kind == DecisionKind.SETTLE and amount_of(decision, step) >= grant.amount):
        return True
    ground, reasons = step.data.get("ground", decision.ground), step.data.get("reasons", decision.reasons)
    settled = is_settled(grant) and kind != DecisionKind.SETTLE
    return ground in grounds_of(kind, settled=settled) and bool(reasons.strip() and said_of(decision, step, "weighing").strip())


def term_is_reasonable(decision: Decision, step: Step) -> bool:
    """A new last day lies within the period. Where nobody is to blame for the ground it is needed, and at least thirteen weeks on."""
    kind, ground = kind_of(decision, step), step.data.get("ground", decision.ground)
    if kind != DecisionKind.LOWER:
        return True
    grant, said = grant_of(decision), said_of(decision, step, "ends_on")
    if grant is None or not said:
        return ground not in WITH_A_TERM
    first = amsterdam_day(step.at) + timedelta(weeks=REASONABLE_WEEKS if ground in WITH_A_TERM else 0)
    return first <= date.fromisoformat(said) <= grant.ends_on


def none_on_its_way(decision: Decision, step: Step) -> bool:
    """A payment is approved, or at the bank: wait until it is paid or came back, and then take from the grant."""
    kind = kind_of(decision, step)
    grant = grant_of(decision) if kind in AFTER_AWARD else None
    if grant is None or (kind == DecisionKind.SETTLE and amount_of(decision, step) >= spoken_for(grant)):
        return True
    return not grant.instalments.filter(state__in=[InstalmentState.APPROVED, InstalmentState.ORDERED]).exists()
