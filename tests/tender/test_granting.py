"""Which payments and reports a grant has, given how many years it lasts."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tender.commands.granting import reports_of, shares
from tender.schemes.loader import read

PLAN = read((Path(__file__).parent / "schemes" / "whole.toml").read_text()).stage("plan").grant


@pytest.mark.parametrize(
    ("years", "parts"),
    [
        (4, {"first": "500.00", "third": "300.00", "middle": "100.00", "last": "100.00"}),
        (3, {"first": "500.00", "third": "300.00", "middle": "100.00", "last": "100.00"}),
        (2, {"first": "800.00", "middle": "100.00", "last": "100.00"}),
    ],
)
def test_what_falls_after_the_end_goes_to_the_years_that_remain(years, parts):
    assert {term.key: str(part) for term, part in shares(PLAN, Decimal(1000), years)} == parts


@given(st.decimals("0.01", "1e9", places=2), st.integers(2, 4))
def test_payments_add_up_to_the_cent(amount, years):
    parts = [part for _term, part in shares(PLAN, amount, years)]
    assert sum(parts) == amount
    assert all(part >= 0 and part.as_tuple().exponent == -2 for part in parts)


def test_the_final_report_is_asked_at_the_end_of_the_grant():
    assert [(term.key, month) for term, month in reports_of(PLAN, 2)] == [("half", 12), ("end", 24)]
    assert [(term.key, month) for term, month in reports_of(PLAN, 4)] == [("half", 12), ("end", 48)]
