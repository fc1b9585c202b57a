"""Which decision an outcome of a selection asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

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

OUTCOMES = {
    "selected": gettext_lazy("selected"),
    "reserve": gettext_lazy("on the reserve list"),
    "below_floor": gettext_lazy("below the minimum"),
    "beyond_cut": gettext_lazy("below the line"),
    "over_ceiling": gettext_lazy("beyond the ceiling"),
    "lottery_lost": gettext_lazy("lost the lottery"),
    "not_rankable": gettext_lazy("cannot be ranked"),
}
"""What each outcome of a selection is called."""


def kind_of(outcome: str, stage: Stage) -> tuple[DecisionKind, Ground]:
    """Which decision an outcome asks for: those selected go on to the next stage, or are awarded at the last."""
    if outcome == "selected":
        return (DecisionKind.ADMIT if stage.rules.then else DecisionKind.AWARD), Ground.NONE
    if outcome == "reserve":
        return DecisionKind.RESERVE, Ground.CEILING
    return DecisionKind.REFUSE, GROUNDS[outcome]
