"""What a selection says: frozen records, in money (``Decimal`` euros) and in exact scores (0..100)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

NOTHING: Final = Decimal("0.00")


class Standing(StrEnum):
    """What the selection makes of one proposal."""

    SELECTED = "selected"
    RESERVE = "reserve"
    BELOW_FLOOR = "below_floor"
    BEYOND_CUT = "beyond_cut"
    OVER_CEILING = "over_ceiling"
    LOTTERY_LOST = "lottery_lost"
    NOT_RANKABLE = "not_rankable"


class Tie(StrEnum):
    """What parted the last that came in from the first that did not."""

    NONE = "none"  # the score alone, or nobody was left out
    CRITERION = "criterion"  # equal totals, parted by a tie-break criterion
    ALL_IN = "all_in"  # everybody tied with the last one aimed at came in
    LOTTERY = "lottery"


@dataclass(frozen=True, slots=True)
class Money:
    """What there is to divide: what each asks (by reference), the ceiling, and whether the amounts are flat."""

    amounts: Mapping[str, Decimal]
    ceiling: Decimal | None
    flat: bool = False


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A floor that was not met: ``total``, ``passes`` or the key of a criterion; its value, and what is required."""

    floor: str
    value: Fraction
    required: Decimal


@dataclass(frozen=True, slots=True)
class Place:
    """What became of one proposal.

    ``ground`` is why it was not selected, also where it stands on the reserve list or lost a lottery: below_floor,
    beyond_cut, over_ceiling or not_rankable; None for the selected. ``granted`` is at most ``asked``; ``partial``
    where it is less. ``reserve`` is the place on the reserve list, from 1.
    """

    reference: str
    rank: int | None
    order: int | None
    standing: Standing
    ground: Standing | None
    asked: Decimal
    granted: Decimal = NOTHING
    partial: bool = False
    reserve: int | None = None
    shortfalls: tuple[Shortfall, ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """The line through the order, in figures.

    ``ranked`` proposals had a place, ``eligible`` of them met every floor, ``inside`` of these fell within the number
    aimed at or fixed, ``selected`` got in. ``rank`` and ``line`` are the rank and the total of the last selected.
    ``ceiling_rank`` is the rank at which the ceiling was reached: of the first proposal that left nothing over, or
    could not have all it asked.
    """

    ranked: int
    eligible: int
    inside: int
    selected: int
    rank: int | None
    line: Fraction | None
    tie: Tie
    ceiling: Decimal | None
    used: Decimal
    ceiling_rank: int | None


@dataclass(frozen=True, slots=True)
class Draw:
    """A lottery that made a difference: the proposals that share ``rank``, in the order drawn."""

    rank: int
    order: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The selection: every proposal in order (not rankable last), the cut, and the lotteries that made a difference."""

    places: tuple[Place, ...]
    cut: Cut
    draws: tuple[Draw, ...]

    def selected(self) -> tuple[Place, ...]:
        """Who got in, best first."""
        return tuple(place for place in self.places if place.standing is Standing.SELECTED)

    def reserves(self) -> tuple[Place, ...]:
        """The reserve list, first place first."""
        return tuple(place for place in self.places if place.standing is Standing.RESERVE)

    def place(self, reference: str) -> Place:
        """What became of ``reference``; ``KeyError`` where it took no part."""
        for place in self.places:
            if place.reference == reference:
                return place
        raise KeyError(reference)
