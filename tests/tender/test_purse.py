"""What is left, told honestly: nothing of what is still being decided in a window, and nothing that was not made known."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils.translation import override

from tender.purse import in_short, purses
from tender.queries import Pots
from tender.schemes.definition import Intake

DECIDING = Pots(free=Decimal(40), reserved=Decimal(60))
GIVEN = Pots(free=Decimal(40), reserved=Decimal(10), granted=Decimal(50))


def stage(state, intake=Intake.WINDOW, ceiling=100, pk=1):
    """As much of a stage as its money is read from."""
    return SimpleNamespace(
        pk=pk, number=pk, label="Trap", state=state, ceiling=Decimal(ceiling), rules=SimpleNamespace(intake=intake), closes_at=None
    )


@pytest.mark.parametrize(
    ("state", "intake", "pots", "told"),
    [
        ("open", Intake.WINDOW, DECIDING, ("to_divide", 0, 0)),
        ("deciding", Intake.WINDOW, DECIDING, ("to_divide", 0, 0)),
        ("published", Intake.WINDOW, GIVEN, ("divided", 50, 0)),
        ("open", Intake.CONTINUOUS, GIVEN, ("all_year", 50, 10)),
    ],
)
def test_what_the_public_may_know_of_the_money(state, intake, pots, told):
    (purse,) = purses([stage(state, intake)], {1: pots})
    assert (purse.kind, purse.granted, purse.reserved) == told


def test_the_money_of_a_call_in_a_few_words():
    with override("en"):
        assert in_short([stage("open", Intake.CONTINUOUS)], {1: GIVEN}) == "€40.00 left of €100.00"
        assert in_short([stage("open"), stage("planned", pk=2)], {1: DECIDING}) == "€200.00 to divide"
        assert in_short([stage("published"), stage("published", ceiling=0, pk=2)], {1: GIVEN}) == "€100.00 in all"
        assert in_short([stage("open", ceiling=0)], {}) == ""
