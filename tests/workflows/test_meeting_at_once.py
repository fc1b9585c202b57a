"""A meeting of nine, all at once on real connections: no mark is lost, and no change is made on what nobody saw."""

from decimal import Decimal
from random import Random

import pytest
from django.db.models import Max

from scoring.commands.freezing import gather, recomputes
from scoring.models import Mark, MarkChange, Scoresheet
from scoring.side_by_side import side_by_side
from tests.factories import assign, declare, open_call, score, screen, submitted, variant
from tests.factories.rounds import close
from tests.workflows.together import together
from workflows.commands import Refused, perform
from workflows.models import Event, ScoresheetMachine, StageMachine

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
MEETS = ('assess = "jury"', 'assess = "jury"\nmeeting = true')
ROUNDS = 12


def test_nine_jurors_change_marks_at_once_and_none_is_lost():
    game = open_call(variant("hub_support", MEETS))
    house, stage = game.house, game.stage()
    cases = [submitted(game.call, at=game.at) for _ in range(3)]
    at = close(stage)
    for case in cases:
        screen(case, house, at)
        declare(case, *house.jurors, at=at)
        assign(case, house.jurors, house, at)
    perform(StageMachine, "start_scoring", pk=stage.pk, actor=house.officer, at=at)
    for case in cases:
        for juror in house.jurors:
            score(case, juror, at, mark="3")
    present = [juror.pk for juror in house.jurors]
    perform(StageMachine, "convene", pk=stage.pk, actor=house.chair, at=at, present=present)

    def juror_at_work(juror, tab):
        """Change own marks one after the other, each on what was read just before; what another tab did first is refused."""

        def work():
            random, done, stale = Random(juror.pk * 10 + tab), 0, 0
            for _ in range(ROUNDS):
                sheet = random.choice(list(Scoresheet.objects.filter(juror=juror).order_by("pk")))
                mark = random.choice(list(sheet.marks.annotate(last=Max("changes")).order_by("pk")))
                value = random.choice([step for step in map(Decimal, ("1", "2", "4", "5")) if step != mark.value])
                said = {"question": mark.question, "before": mark.value, "last": mark.last, "value": value, "reason": f"tab {tab}"}
                try:
                    perform(ScoresheetMachine, "amend", pk=sheet.pk, actor=juror, at=at, **said)
                    done += 1
                except Refused:
                    stale += 1
            return done, stale

        return work

    def secretary_at_work():
        for case in cases * 3:
            perform(
                StageMachine, "discuss", pk=stage.pk, actor=house.secretary, at=at, application=case.pk, present=present, note="Besproken."
            )
        return len(cases) * 3, 0

    def reader():
        for _ in range(ROUNDS):
            assert len(side_by_side(stage, cases)) == len(cases)
        return 0, 0

    jobs = [juror_at_work(juror, 1) for juror in house.jurors] + [juror_at_work(house.jurors[0], 2)]
    given = together(*jobs, secretary_at_work, reader)
    assert [one for one in given if isinstance(one, Exception)] == []
    done = sum(changed for changed, _stale in given[: len(jobs)])
    stale = sum(refused for _changed, refused in given[: len(jobs)])
    assert done + stale == ROUNDS * len(jobs)
    assert MarkChange.objects.count() == Event.objects.filter(kind="scoresheet.amend").count() == done
    assert Event.objects.filter(kind="stage.discuss").count() == len(cases) * 3
    for mark in Mark.objects.prefetch_related("changes"):
        chain = sorted(mark.changes.all(), key=lambda change: change.pk)
        values = [Decimal(3), *(change.after for change in chain)]
        assert [change.before for change in chain] == values[:-1], "every change starts from what was there"
        assert mark.value == values[-1]
    # What freezes is what the events say, mark by mark.
    told = {(sheet.pk, question): "3.00" for sheet in Scoresheet.objects.all() for question in sheet.marks.values_list("question", flat=True)}
    for event in Event.objects.filter(kind="scoresheet.amend").order_by("chain", "seq"):
        assert Decimal(told[event.key, event.data["question"]]) == Decimal(event.data["before"])
        told[event.key, event.data["question"]] = event.data["after"]
    frozen = sorted(Decimal(value) for _ref, _juror, _question, value in gather(stage, again=False)["marks"])
    assert frozen == sorted(Decimal(value) for value in told.values())
    for name, actor, said in (("minute", house.secretary, {"minutes": "Alles is besproken."}), ("sign_minutes", house.chair, {}),
                              ("ask_rank", house.secretary, {}), ("rank", house.chair, {})):  # fmt: skip
        perform(StageMachine, name, pk=stage.pk, actor=actor, at=at, **said)
    ranking = game.stage().rankings.get()
    assert sorted(Decimal(value) for _ref, _juror, _question, value in ranking.inputs["marks"]) == frozen
    assert recomputes(ranking)
