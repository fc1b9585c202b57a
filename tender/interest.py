"""Default interest (Awb 4:97–4:99; BW 6:119, first and second paragraph). Pure and exact: days and amounts in, euros out.

A debt is in default from the day after its last day to pay; interest runs up to and with the day on which it is paid. The rate is that of
the day (`interest.toml`), over the actual days of the year; after each full year the interest of that year bears interest too. Under
€20 none is owed (4:98, second paragraph). What is paid goes to the oldest part of the debt first; the interest is fixed at the end, in a
decision of its own (4:99), because only then it is known whether it comes to those €20.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from tender.calendar import add_months

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DATA = Path(__file__).with_suffix(".toml")
LEAST = Decimal(20)
"""Below this no interest is owed (Awb 4:98, second paragraph)."""
CENT = Decimal("0.01")
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Part:
    """So many euros, on or before a day: of a debt, or of what was paid of it."""

    day: date
    amount: Decimal


@lru_cache(maxsize=1)
def rates() -> tuple[tuple[date, Fraction], ...]:
    """The rates by the day they hold from, the oldest first, as a part of one."""
    read = tomllib.loads(DATA.read_text())["rates"]
    return tuple(sorted((each["since"], Fraction(each["percent"]) / 100) for each in read))


def rate_on(day: date) -> Fraction:
    """The rate of a day; ``ValueError`` for one of before the table begins."""
    found = [rate for since, rate in rates() if since <= day]
    if not found:
        raise ValueError(f"no statutory interest is known for {day}")
    return found[-1]


def overdue(debt: Sequence[Part], paid: Iterable[Part]) -> list[tuple[date, date, Fraction]]:
    """The pieces of a debt that were paid too late or not at all: last day to pay, the day it was paid (`date.max`: not yet), euros."""
    lines = sorted(debt, key=lambda part: part.day)
    left = [Fraction(part.amount) for part in lines]
    found: list[tuple[date, date, Fraction]] = []
    for payment in sorted(paid, key=lambda part: part.day):
        rest = Fraction(payment.amount)
        for number, line in enumerate(lines):
            taken = min(rest, left[number])
            if taken:
                found.append((line.day, payment.day, taken))
                left[number] -= taken
                rest -= taken
    found += [(line.day, date.max, still) for line, still in zip(lines, left, strict=True) if still]
    return [piece for piece in found if piece[1] > piece[0]]


def on_piece(due: date, until: date, amount: Fraction) -> Fraction:
    """The interest on one piece from the day after ``due`` up to and with ``until``, compounded after each full year."""
    base, grown, first, years = amount, Fraction(0), due + ONE_DAY, 0
    while first <= until:
        years += 1
        last = min(add_months(due, 12 * years), until)
        year = sum((base * rate_on(day) / days_in(day.year) for day in days(first, last)), start=Fraction(0))
        base, grown, first = base + year, grown + year, last + ONE_DAY
    return grown


def days(first: date, last: date) -> Iterable[date]:
    """Every day from the first up to and with the last."""
    return (first + number * ONE_DAY for number in range((last - first).days + 1))


def days_in(year: int) -> int:
    """How many days a year has."""
    return (date(year + 1, 1, 1) - date(year, 1, 1)).days


def run(debt: Sequence[Part], paid: Iterable[Part], until: date) -> Decimal:
    """The interest that ran on a debt up to and with a day, in euros and cents; not yet looked at whether it comes to the least."""
    whole = sum((on_piece(due, min(when, until), amount) for due, when, amount in overdue(debt, paid)), start=Fraction(0))
    exact = Decimal(whole.numerator) / Decimal(whole.denominator)
    return exact.quantize(CENT, ROUND_HALF_UP)


def owed(interest: Decimal) -> Decimal:
    """What of it is owed: nothing while it is less than the least."""
    return interest if interest >= LEAST else Decimal("0.00")
