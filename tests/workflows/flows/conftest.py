from decimal import Decimal

import pytest

from tests.factories import open_call, publish
from tests.workflows.flows.looking import deliver


@pytest.fixture
def fund(db):
    """A small fund that is open all year."""
    game = open_call(publish("minifund"), ceiling=Decimal("20000.00"))
    deliver()
    return game


@pytest.fixture
def tender(db):
    """A call in three stages with a jury, whose first stage is open."""
    game = open_call(publish("crossover"), ceiling=Decimal("400000.00"))
    deliver()
    return game
