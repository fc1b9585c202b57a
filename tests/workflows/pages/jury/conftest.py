"""A round of a panel: to declare on, being scored, in its meeting."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tender.clock import database_now
from tests.factories import assign, close, declare, open_call, publish, score, screen, submitted
from tests.workflows.pages.jury.room import TITLES
from workflows.commands import perform
from workflows.models import StageMachine


@pytest.fixture
def game():
    """A round with a panel, closed and screened: three hubs on which the panel has to declare."""
    made = open_call(publish("hub_support"), at=database_now() - timedelta(days=45), ceiling=Decimal("400000.00"))
    made.cases = [submitted(made.call, at=made.at, **{made.stage().rules.form.title: title}) for title in TITLES]
    made.at = close(made.stage())
    for case in made.cases:
        screen(case, made.house, made.at)
    return made


@pytest.fixture
def scoring(game):
    """The same round being scored: three members have every sheet."""
    house = game.house
    for case in game.cases:
        declare(case, *house.jurors, at=game.at)
        assign(case, house.jurors[:3], house, game.at)
    perform(StageMachine, "start_scoring", pk=game.stage().pk, actor=house.officer, at=game.at)
    return game


@pytest.fixture
def meeting(scoring):
    """The same round in its meeting: the first hub divides the panel, the others do not."""
    marks = {0: ("1", "5", "3"), 1: ("4", "4", "4.5"), 2: ("2", "2.5", "2")}
    for number, case in enumerate(scoring.cases):
        for juror, mark in zip(scoring.house.jurors[:3], marks[number], strict=True):
            score(case, juror, scoring.at, mark=mark)
    perform(
        StageMachine,
        "convene",
        pk=scoring.stage().pk,
        actor=scoring.house.chair,
        at=scoring.at,
        present=[juror.pk for juror in scoring.house.jurors],
    )
    return scoring
