"""Marks: on one's own open sheet only, and only what the rubric has; else nothing is kept."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from scoring.commands.marking import save_marks
from scoring.models import Mark, Scoresheet
from scoring.queries import question_keys
from tests.factories import assign, open_call, publish, screen, submitted
from tests.factories.rounds import declare
from tests.workflows.machines.walking import snapshot
from workflows.commands import perform
from workflows.models import ScoresheetMachine

pytestmark = pytest.mark.django_db


class Judging:
    """An application of a stage that is open all year, with a sheet that is started."""

    def __init__(self):
        self.game = open_call(publish("minifund"))
        self.at, house = self.game.at, self.game.house
        case = submitted(self.game.call, at=self.at)
        screen(case, house, self.at)
        declare(case, *house.assessors, at=self.at)
        self.sheet, _other = assign(case, house.assessors, house, self.at)
        self.juror, self.other = house.assessors
        self.take("start")
        self.questions = question_keys(self.game.stage())

    def take(self, name):
        perform(ScoresheetMachine, name, pk=self.sheet.pk, actor=self.juror, at=self.at)

    def save(self, actor=None, **marks):
        given = {key: {"value": value, "comment": "Waarom."} for key, value in marks.items()}
        save_marks(pk=self.sheet.pk, actor=actor or self.juror, at=self.at, marks=given, comment="Al met al goed.")

    def refused(self, why, match=None, actor=None, **marks):
        """Nothing is kept of what was given, not even what was right; and nothing else moved."""
        before = kept(), snapshot()
        with pytest.raises(why, match=match):
            self.save(actor, **marks)
        assert (kept(), snapshot()) == before


def kept():
    return list(Mark.objects.order_by("pk").values()), list(Scoresheet.objects.order_by("pk").values())


def test_nobody_marks_on_anothers_sheet_or_on_one_that_is_not_open():
    it = Judging()
    every = dict.fromkeys(it.questions, Decimal(1))
    for stranger in (it.other, it.game.house.officer, it.game.house.auditor):
        it.refused(PermissionDenied, actor=stranger, **every)
    it.save(**every)
    it.take("seal")
    it.refused(PermissionDenied, **dict.fromkeys(it.questions, Decimal(0)))


def test_a_mark_is_on_the_scale_and_answers_a_question_of_the_form():
    it = Judging()
    first, *_rest = it.questions
    for off in (Decimal(2), Decimal(-1), Decimal("0.5")):
        it.refused(ValidationError, "van 0 tot en met 1", **{it.questions[-1]: off})
    it.refused(ValidationError, "geen vraag “invented”", **{first: Decimal(1), "invented": Decimal(1)})
    it.save(**{first: Decimal(1)})
    assert list(Mark.objects.values_list("question", "value", "comment")) == [(first, Decimal(1), "Waarom.")]
    assert Scoresheet.objects.get(pk=it.sheet.pk).comment == "Al met al goed."
