"""A round that was ranked, in one window with assessors."""

from decimal import Decimal

from tests.factories import assign, close, declare, open_call, publish, score, screen, submitted
from workflows.commands import perform
from workflows.models import StageMachine


def ranked_round():
    """Three applications of a window, scored by two assessors and ranked; returns the stage."""
    game = open_call(publish("pressure_cooker"), ceiling=Decimal("10000.00"))
    house, stage = game.house, game.stage()
    cases = [submitted(game.call, at=game.at) for _ in range(3)]
    at = close(stage)
    for case in cases:
        screen(case, house, at)
        declare(case, *house.assessors, at=at, part="assessor")
        assign(case, house.assessors, house, at)
    perform(StageMachine, "start_scoring", pk=stage.pk, actor=house.officer, at=at)
    highest = stage.rules.rubric.maximum
    for number, case in enumerate(cases):
        for assessor in house.assessors:
            score(case, assessor, at, mark=highest if number < 2 else stage.rules.rubric.minimum)
    perform(StageMachine, "ask_rank", pk=stage.pk, actor=house.officer, at=at)
    perform(StageMachine, "rank", pk=stage.pk, actor=house.reader, at=at)
    return game.stage()
