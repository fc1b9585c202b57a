"""When: a decision that departs from the ranking, or from the assessors' verdict, that it rests on (Awb 3:50)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tender.enums import DecisionKind, Ground
from workflows.outcomes import kind_of

if TYPE_CHECKING:
    from tender.models import Decision
    from tender.step import Step

LEAST_WORDS = 40
"""How many characters the reasons of a departure have at least."""
MOST_WORDS = 4000


def rests_on_ranking(decision: Decision) -> bool:
    """Whether a frozen ranking says what is decided, and which amount."""
    return hasattr(decision, "basis")


def rests_on_advice(decision: Decision, step: Step) -> bool:
    """This decision rests on no ranking and on no verdict: there is no advice to depart from."""
    return rests_on_ranking(decision) or bool(decision.facts.get("passes_needed"))


def departs(decision: Decision, step: Step) -> bool:
    """This is what was advised, or is proposed: choose another outcome or amount. To follow the advice again, drop this and propose anew."""
    now: dict[str, Any] = {"kind": decision.kind, "ground": decision.ground, "amount": decision.amount}
    asked, advised = {**now, **step.data}, decision.advised or now
    if not decision.departure and all(asked[name] == now[name] for name in ("kind", "ground", "amount")):
        return False  # also where that is not what was advised: what state-aid law does not cover is refused without a departure
    other_amount = rests_on_ranking(decision) and Decimal(asked["amount"]) != Decimal(advised["amount"])
    return other_amount or any(asked[name] != advised[name] for name in ("kind", "ground"))


def departure_explained(decision: Decision, step: Step) -> bool:
    """Say in at least 40 characters, and in at most 4,000, why this departs from the advice: the party reads it in its letter."""
    return LEAST_WORDS <= len(str(step.data.get("departure", "")).strip()) <= MOST_WORDS


def departure_fits(decision: Decision, step: Step) -> bool:
    """This cannot take the place of the advice: give, put on the reserve list if the scheme has one, or refuse on a condition."""
    # Who was advised for the reserve list can also be refused on the ceiling: its letter has the figures of that. A refusal by rank or on
    # a minimum would name figures that say otherwise.
    kind, ground = step.data.get("kind"), step.data.get("ground", "")
    if kind == DecisionKind.REFUSE:
        was_reserve = (decision.advised.get("kind") or decision.kind) == DecisionKind.RESERVE
        return ground == Ground.CONDITION or (ground == Ground.CEILING and was_reserve)
    if kind == DecisionKind.RESERVE:
        return not ground and decision.stage.rules.selection.reserve is not None and rests_on_ranking(decision)
    return not ground and kind == kind_of("selected", decision.stage)[0]


def keeps_amount(decision: Decision, step: Step) -> bool:
    """The ranking gives this amount. To give another, depart from the advice, with reasons."""
    return not rests_on_ranking(decision) or bool(decision.departure) or step.data.get("amount", decision.amount) == decision.amount
