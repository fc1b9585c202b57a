"""State aid, reckoned. Pure: days and amounts in, a balance out; the thresholds are data (`state_aid.toml`), by the day they hold.

The day that counts is the day the right to the aid arises: with us, the day on which the decision is made known.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from tender.calendar import add_months

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

MONTHS = 36
NOTHING = Decimal(0)
DATA = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True, slots=True)
class Instrument:
    """A regulation under which aid is given: from which day, up to and including which, and how much per undertaking (euros)."""

    key: str
    regulation: str
    article: str
    since: date
    until: date | None = None
    threshold: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Aid:
    """So many euros of aid, to which the right arose on a day."""

    day: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Balance:
    """What an undertaking had, what is on its way to it, what it would get, and how much it may have; in euros."""

    threshold: Decimal
    prior: Decimal
    pending: Decimal
    new: Decimal

    @property
    def together(self) -> Decimal:
        """All of it."""
        return self.prior + self.pending + self.new

    @property
    def available(self) -> Decimal:
        """What can still be given beside what there is already, never below zero."""
        return max(self.threshold - self.prior - self.pending, NOTHING)

    @property
    def fits(self) -> bool:
        """Whether the new aid can be given. Where it cannot, none of it is covered, not even a part."""
        return self.new <= NOTHING or self.together <= self.threshold


@lru_cache
def instruments() -> tuple[Instrument, ...]:
    """Every version of every instrument."""
    rows = tomllib.loads(DATA.read_text(encoding="utf-8"))["instruments"]
    return tuple(Instrument(**{**row, "threshold": Decimal(row["threshold"]) if "threshold" in row else None}) for row in rows)


def in_force(key: str, day: date) -> Instrument | None:
    """The version of an instrument that holds on a day; None where none does."""
    return next((each for each in instruments() if each.key == key and each.since <= day and (each.until is None or day <= each.until)), None)


def counts(given: date, day: date) -> bool:
    """Whether what was given on one day counts on another: in the three years up to and including it."""
    return add_months(day, -MONTHS) < given <= day


def prior_of(known: Iterable[Aid], declared: Iterable[Aid], day: date) -> Decimal:
    """What an undertaking had in the three years up to and including ``day``, in euros.

    ``known``: aid of which the day is known. ``declared``: a total that the party declared on a day, over the three years before it,
    so with what is known of then in it. Whichever is more counts, with what is known of after the declaration beside it.
    """
    counted = [aid for aid in known if counts(aid.day, day)]
    totals = [sum((aid.amount for aid in counted), start=NOTHING)]
    for said in declared:
        if counts(said.day, day):
            before = sum((aid.amount for aid in counted if aid.day <= said.day), start=NOTHING)
            totals.append(totals[0] - before + max(before, said.amount))
    return max(totals)


def weigh(
    instrument: Instrument, *, known: Iterable[Aid], declared: Iterable[Aid], pending: Decimal, new: Decimal, day: date
) -> Balance | None:
    """The balance of an undertaking on a day; None under an instrument without a threshold of its own."""
    if instrument.threshold is None:
        return None
    return Balance(instrument.threshold, prior_of(known, declared, day), pending, new)
