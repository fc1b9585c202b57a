"""The verdict of assessors on one application is the method's own count."""

import pytest

from scoring.verdict import passes
from tender.models import Application
from tests.factories import open_call, publish, score, screen, submitted

pytestmark = pytest.mark.django_db


def judged(*marks):
    game = open_call(publish("minifund"))
    case = submitted(game.call, at=game.at)
    screen(case, game.house, game.at)
    for juror, mark in zip(game.house.assessors, marks, strict=False):
        score(case, juror, game.at, mark=mark, officer=game.house.officer)
    return Application.objects.get(pk=case.pk)


@pytest.mark.parametrize(("marks", "count", "passed"), [((1, 1), 2, True), ((1, 0), 1, False), ((0,), 0, False), ((), 0, False)])
def test_the_passes_that_are_needed(marks, count, passed):
    verdict = passes(judged(*marks))
    assert (verdict.passes, verdict.passed) == (count, passed)
    assert bool(verdict.criteria) is (0 in marks)
