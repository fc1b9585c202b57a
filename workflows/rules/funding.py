"""When: where the ceiling of a stage comes from."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tender.enums import SourceKind

if TYPE_CHECKING:
    from tender.models import Stage
    from tender.step import Step

CENT = Decimal("0.01")
YEARS_AHEAD = 10
KEYS = {"source", "name", "kind", "year", "amount"}


def lines(step: Step) -> list[dict[str, Any]]:
    """What the plan says of where the money comes from; nothing where it leaves it to the house."""
    return list(step.data.get("funding", []))


def whole(line: dict[str, Any], first: int) -> bool:
    """Whether one line says all it must: who, since when, and an amount of whole cents above zero."""
    if set(line) != KEYS or not line["source"] or line["kind"] not in SourceKind.values:
        return False
    amount = line["amount"]
    cents = isinstance(amount, Decimal) and amount.is_finite() and amount > 0 and amount == amount.quantize(CENT)
    return cents and isinstance(line["year"], int) and first <= line["year"] <= first + YEARS_AHEAD


def funding_complete(stage: Stage, step: Step) -> bool:
    """Say of each source of money its name, its kind, a budget year from the year of the call on, and an amount above zero in whole cents."""
    return all(whole(line, stage.call.year) for line in lines(step))


def funding_named_once(stage: Stage, step: Step) -> bool:
    """Name each source of money once per budget year; add the amounts up instead."""
    named = [(line.get("source"), line.get("year")) for line in lines(step)]
    return len(named) == len(set(named))


def funding_adds_up(stage: Stage, step: Step) -> bool:
    """The amounts of the sources must add up to the ceiling, to the cent."""
    amounts = [line["amount"] for line in lines(step) if isinstance(line.get("amount"), Decimal) and line["amount"].is_finite()]
    return not lines(step) or sum(amounts, start=Decimal(0)) == step.data["ceiling"]
