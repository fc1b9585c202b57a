"""By which class a grant is accounted for, to the cent at the borders."""

from datetime import date
from decimal import Decimal

import pytest

from tender.framework import borders_on, class_of
from tender.schemes.definition import ClassBorders

DAY = date(2026, 5, 1)


@pytest.mark.parametrize(
    ("amount", "kind"),
    [("0.01", "lump_sum"), ("24999.99", "lump_sum"), ("25000.00", "activity"), ("124999.99", "activity"), ("125000.00", "cost")],
)
def test_a_grant_falls_in_its_class(amount, kind):
    assert class_of(Decimal(amount), DAY) == kind


def test_a_scheme_may_set_its_own_borders():
    own = ClassBorders(activity=Decimal(10000), cost=Decimal(20000))
    assert [class_of(Decimal(each), DAY, own) for each in ("9999.99", "10000", "19999.99", "20000")] == [
        "lump_sum", "activity", "activity", "cost",
    ]  # fmt: skip


def test_before_the_first_version_its_borders_hold():
    assert borders_on(date(1999, 1, 1)) == borders_on(date(2010, 1, 1))
