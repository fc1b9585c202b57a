"""By which class a grant is accounted for. Pure: a day and an amount in, a class out; the borders are data (`framework.toml`)."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from tender.enums import AccountClass
from tender.schemes.definition import ClassBorders

if TYPE_CHECKING:
    from datetime import date

DATA = Path(__file__).with_suffix(".toml")


@lru_cache
def versions() -> tuple[tuple[date, ClassBorders], ...]:
    """The borders and since when they hold, the latest first."""
    rows = tomllib.loads(DATA.read_text(encoding="utf-8"))["versions"]
    found = [(row["since"], ClassBorders(activity=Decimal(row["activity"]), cost=Decimal(row["cost"]))) for row in rows]
    return tuple(sorted(found, key=lambda version: version[0], reverse=True))


def borders_on(day: date) -> ClassBorders:
    """The borders that hold on a day; before the first version, those of the first."""
    return next((borders for since, borders in versions() if since <= day), versions()[-1][1])


def class_of(amount: Decimal, day: date, own: ClassBorders | None = None) -> AccountClass:
    """How a grant of this amount, given on this day, is accounted for; ``own``: the borders of the scheme, where it has some."""
    borders = own or borders_on(day)
    if amount >= borders.cost:
        return AccountClass.COST
    return AccountClass.ACTIVITY if amount >= borders.activity else AccountClass.LUMP_SUM
