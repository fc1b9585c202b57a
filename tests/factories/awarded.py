"""Grants, through the jury and the chain."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tender.models import Grant
from tests.factories.cast import Cast, cast
from tests.factories.laying import laid_down
from tests.factories.rounds import START, Round, close, decide_round, declare, open_call, publish, score, submitted
from workflows.commands import perform
from workflows.commands.assigning import assign_round
from workflows.models import ApplicationMachine, StageMachine


@dataclass
class Awarded:
    """A round of a jury with two grants offered, and the moment."""

    cast: Cast
    game: Round
    at: datetime

    def take(self, machine, name, case, who, **data):
        perform(machine, name, pk=case.pk, actor=self.cast[who], at=self.at, **data)

    @property
    def grants(self):
        return list(Grant.objects.order_by("pk"))


@laid_down
def award(number, *, version=None, at=START, **said):
    """So many grants (of this version of a scheme), each through the jury and the chain; ``said`` answers the form."""
    everybody = cast()
    house = everybody.house
    game = open_call(version or publish("hub_support"), house=house, at=at, ceiling=Decimal(400000))
    stage = game.stage()
    said = {stage.rules.form.years: "2", **said}
    cases = [submitted(game.call, at=game.at, case=everybody.dossier(game.call, at=game.at), **said) for _ in range(number)]
    at = close(stage)
    ticked = {check.key: True for check in stage.rules.checklist}
    for case in cases:
        perform(ApplicationMachine, "find_eligible", pk=case.pk, actor=house.officer, at=at, checklist=ticked)
        declare(case, *house.jurors, at=at)
    assign_round(stage=stage, actor=house.officer, at=at)
    perform(StageMachine, "start_scoring", pk=stage.pk, actor=house.officer, at=at)
    for case in cases:
        for sheet in case.sheets.all():
            score(case, sheet.juror, at)
    perform(StageMachine, "ask_rank", pk=stage.pk, actor=house.secretary, at=at)
    perform(StageMachine, "rank", pk=stage.pk, actor=house.chair, at=at)
    decide_round(game.stage(), house, at)
    return Awarded(everybody, game, at)
