"""Which decision an outcome of a selection asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tender.enums import DecisionKind, Ground

if TYPE_CHECKING:
    from tender.models import Stage

GROUNDS = {
    "below_floor": Ground.MINIMUM,
    "not_rankable": Ground.MINIMUM,
    "beyond_cut": Ground.RANK,
    "lottery_lost": Ground.RANK,
    "over_ceiling": Ground.CEILING,
}
"""Which outcome of a selection is which ground of refusal."""


def kind_of(outcome: str, stage: Stage) -> tuple[DecisionKind, Ground]:
    """Which decision an outcome asks for: those selected go on to the next stage, or are awarded at the last."""
    if outcome == "selected":
        return (DecisionKind.ADMIT if stage.rules.then else DecisionKind.AWARD), Ground.NONE
    if outcome == "reserve":
        return DecisionKind.RESERVE, Ground.CEILING
    return DecisionKind.REFUSE, GROUNDS[outcome]
