"""What is left of the money, told honestly: by what kind of stage it is, and no further than what was made known."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tender.enums import StageState
from tender.queries import Pots, all_year, entrance
from tender.templatetags.drietrap import euro

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tender.models import Stage

ALL_YEAR, TO_DIVIDE, DIVIDED = "all_year", "to_divide", "divided"
MADE_KNOWN = (StageState.PUBLISHED, StageState.FINISHED)


@dataclass(frozen=True, slots=True)
class Purse:
    """The money of one stage as the public may know it."""

    label: str
    kind: str
    ceiling: Decimal
    granted: Decimal | None = Decimal(0)
    """None where it may not be told."""
    reserved: Decimal = Decimal(0)


def purses(stages: list[Stage], money: Mapping[int, Pots], hidden: frozenset[int] = frozenset()) -> list[Purse]:
    """The purse of every stage that gives money. In a ``hidden`` one so few natural persons got some, that the sum would tell how much."""
    return [purse(stage, money.get(stage.pk, Pots(free=stage.ceiling)), stage.pk in hidden) for stage in stages if stage.ceiling]


def purse(stage: Stage, pots: Pots, hidden: bool = False) -> Purse:  # noqa: FBT001, FBT002  where the sum may not be told
    """A stage that is open all year gives while it runs, so what is spoken for is told too. A window gives nothing before all is decided
    at once, and until it is published nobody hears what is being decided. How much is left of one that is open all year is told in any case:
    whoever applies has to know."""
    if all_year(stage):
        return Purse(stage.label, ALL_YEAR, stage.ceiling, pots.granted, pots.reserved)
    if stage.state in MADE_KNOWN:
        return Purse(stage.label, DIVIDED, stage.ceiling, None if hidden else pots.granted)
    return Purse(stage.label, TO_DIVIDE, stage.ceiling)


def in_short(stages: list[Stage], money: Mapping[int, Pots]) -> str:
    """The money of a call in a few words, for a list: what is left at its entrance if that is open all year, else what there is in all. What
    was given of it stands with the results, where that may be told."""
    first = entrance(stages)
    if all_year(first):
        left = money.get(first.pk, Pots(free=first.ceiling)).free
        return _("%(left)s left of %(ceiling)s") % {"left": euro(left), "ceiling": euro(first.ceiling)}
    there = purses(stages, money)
    ceiling = sum((each.ceiling for each in there), Decimal(0))
    if not ceiling:
        return ""
    if any(each.kind == TO_DIVIDE for each in there):
        return _("%(ceiling)s to divide") % {"ceiling": euro(ceiling)}
    return _("%(ceiling)s in all") % {"ceiling": euro(ceiling)}
