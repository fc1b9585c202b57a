"""Default interest: vectors that were worked out by hand."""

from datetime import date
from decimal import Decimal

import pytest

from tender import interest
from tender.interest import Part

DUE = date(2026, 3, 31)
"""In 2026, at 4 % over 365 days."""


def debt(*rows):
    return [Part(day, Decimal(amount)) for day, amount in rows]


@pytest.mark.parametrize(
    ("owes", "paid", "until", "runs"),
    [
        # Nothing before the term, nor on its last day.
        (debt((DUE, 10000)), [], date(2026, 3, 31), "0.00"),
        (debt((DUE, 10000)), [], date(2026, 1, 1), "0.00"),
        # One day: 10,000 × 0.04 / 365 = 1.0958…
        (debt((DUE, 10000)), [], date(2026, 4, 1), "1.10"),
        # Thirty days: 40,000 × 0.04 × 30 / 365 = 131.5068…
        (debt((DUE, 40000)), [], date(2026, 4, 30), "131.51"),
        # Paid on the last day: nothing, however long we look afterwards.
        (debt((DUE, 10000)), debt((DUE, 10000)), date(2027, 3, 31), "0.00"),
        # Half paid after ten days: 10,000 × 0.04 × 10 / 365 + 5,000 × 0.04 × 20 / 365 = 10.9589 + 10.9589 = 21.9178…
        (debt((DUE, 10000)), debt((date(2026, 4, 10), 5000)), date(2026, 4, 30), "21.92"),
        # A full year, then a day on the sum with its interest: 10,000 × 0.04 = 400; 10,400 × 0.04 / 365 = 1.1397…
        (debt((DUE, 10000)), [], date(2027, 3, 31), "400.00"),
        (debt((DUE, 10000)), [], date(2027, 4, 1), "401.14"),
        # Two rates: 30 November 2025 at 6 % for 31 days, then 4 % for 31 days: 10,000 × 31 × (0.06 + 0.04) / 365 = 84.9315…
        (debt((date(2025, 11, 30), 10000)), [], date(2026, 1, 31), "84.93"),
        # A leap year has 366 days: 36,600 × 0.07 × 29 / 366 = 203.00
        (debt((date(2024, 1, 31), 36600)), [], date(2024, 2, 29), "203.00"),
        # A plan: the first part in time, the second thirty days late, the third not due yet: 40,000 × 0.04 × 30 / 365.
        (
            debt((DUE, 20000), (date(2026, 4, 30), 40000), (date(2026, 8, 31), 30000)),
            debt((DUE, 20000), (date(2026, 5, 30), 40000)),
            date(2026, 7, 1),
            "131.51",
        ),
        # What is paid goes to the oldest part first.
        (debt((date(2026, 4, 30), 100), (DUE, 100)), debt((date(2026, 4, 30), 100)), date(2026, 4, 30), "0.33"),
    ],
)
def test_interest_runs_from_the_day_after_the_term(owes, paid, until, runs):
    assert interest.run(owes, paid, until) == Decimal(runs)


def test_under_twenty_euros_nothing_is_owed():
    assert interest.owed(Decimal("19.99")) == 0
    assert interest.owed(Decimal("20.00")) == Decimal("20.00")


def test_the_rates_are_a_table_that_begins_somewhere():
    assert [(since.isoformat(), int(rate * 100)) for since, rate in interest.rates()] == [
        ("2015-01-01", 2), ("2023-01-01", 4), ("2023-07-01", 6), ("2024-01-01", 7), ("2025-01-01", 6), ("2026-01-01", 4),
    ]  # fmt: skip
    with pytest.raises(ValueError, match="no statutory interest is known"):
        interest.rate_on(date(2014, 12, 31))
