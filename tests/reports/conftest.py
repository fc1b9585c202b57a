from datetime import timedelta
from decimal import Decimal

import pytest

from tests.factories import declare, open_call, publish, score, screen, submitted
from workflows.commands.proposing import propose_in_turn


class Case:
    """A dossier that was assessed, with its house and its moment."""

    def __init__(self, game, *, day=1, language="nl", mark=None, **said):
        self.game, self.house = game, game.house
        self.at = game.at + timedelta(days=day)
        form = game.stage().rules.form
        self.application = submitted(game.call, at=self.at, **{form.amount: "5000", **said})
        type(self.application).objects.filter(pk=self.application.pk).update(language=language)
        self.mark = mark

    def assess(self):
        screen(self.application, self.house, self.at)
        for assessor in self.house.assessors:
            score(self.application, assessor, self.at, mark=self.mark, officer=self.house.officer)
        return self

    def propose(self):
        return propose_in_turn(pk=self.application.pk, actor=self.house.officer, at=self.at)

    def let_in(self, *people):
        declare(self.application, *people, at=self.at)
        return self


@pytest.fixture
def minifund(db):
    return open_call(publish("minifund"), ceiling=Decimal("100000.00"))


@pytest.fixture
def assessed(minifund):
    return Case(minifund).assess()
