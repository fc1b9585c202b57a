"""A round under a method that corrects for who judged: frozen, told to the house, told in the letter."""

from decimal import Decimal

import pytest
from django.urls import reverse

from scoring.commands.freezing import recomputes
from tender.models import Decision
from tests.factories.cast import cast
from tests.factories.rounds import close, decide_round, declare, deliver, open_call, publish, score, submitted, variant
from tests.reading import text_of
from workflows.commands import perform
from workflows.commands.assigning import assign_round
from workflows.models import ApplicationMachine, Letter, StageMachine

pytestmark = [pytest.mark.django_db, pytest.mark.prints]
WITHOUT_SCORE = (
    ("kreeg {score} van de 100 punten en staat", "staat"),
    ("scored {score} out of 100 and stands", "stands"),
)
MARKS = {"A": 5, "B": 4, "C": Decimal("3.5")}


class Judged:
    """Three hubs that every juror judges; the last juror gives a point less than the others."""

    def __init__(self, method, *, scored=True):
        everybody = cast()
        self.house = house = everybody.house
        changed = [('method = "weighted_mean"', f"method = {method}"), *(() if scored else WITHOUT_SCORE)]
        game = open_call(variant("hub_support", *changed), house=house, ceiling=Decimal(400000))
        stage, years = game.stage(), {game.stage().rules.form.years: "2"}
        self.cases = {name: submitted(game.call, at=game.at, case=everybody.dossier(game.call, at=game.at), **years) for name in MARKS}
        at = close(stage)
        ticked = {check.key: True for check in stage.rules.checklist}
        for case in self.cases.values():
            perform(ApplicationMachine, "find_eligible", pk=case.pk, actor=house.officer, at=at, checklist=ticked)
            declare(case, *house.jurors, at=at)
        assign_round(stage=stage, actor=house.officer, at=at)
        perform(StageMachine, "start_scoring", pk=stage.pk, actor=house.officer, at=at)
        for name, case in self.cases.items():
            for place, sheet in enumerate(case.sheets.order_by("juror_id")):
                score(case, sheet.juror, at, mark=MARKS[name] - (place % 2) * Decimal("0.5"))
        perform(StageMachine, "ask_rank", pk=stage.pk, actor=house.secretary, at=at)
        perform(StageMachine, "rank", pk=stage.pk, actor=house.chair, at=at)
        self.game, self.at, self.ranking = game, at, game.stage().rankings.get()

    def page(self, client):
        """What the officer reads of the ranking, in English."""
        client.force_login(self.house.officer)
        stage = self.game.stage()
        client.cookies["django_language"] = "en"
        return client.get(reverse("workflows:ranking", args=[stage.call.reference, stage.key])).content.decode()

    def letter(self):
        """The letter to the best."""
        decide_round(self.game.stage(), self.house, self.at)
        deliver()
        decision = Decision.objects.get(application=self.cases["A"], stage=self.game.stage())
        return text_of(Letter.objects.get(decision=decision))


def test_an_order_beside_the_totals_is_shown_with_both_and_told_without_a_score(client):
    it = Judged('"expected_rank"', scored=False)
    lines = list(it.ranking.placings.order_by("order"))
    assert [line.application for line in lines] == list(it.cases.values())
    assert (it.ranking.cut["unfit"], recomputes(it.ranking)) == (None, True)
    assert [line.facts["score"] for line in lines] == [None] * 3
    assert Decimal(lines[0].facts["merit"]) > Decimal(lines[1].facts["merit"]) > Decimal(lines[2].facts["merit"])
    assert lines[0].total > lines[1].total > lines[2].total
    page = it.page(client)
    assert "We work out which place each proposal may expect" in page
    assert "Score of the method" in page
    assert "score of the last selected" not in page
    letter = it.letter()
    assert "Uw rang" in letter
    assert "Wij berekenen welke plaats elk voorstel mag verwachten" in letter
    assert "van 100" not in letter


def test_where_the_method_does_not_fit_the_mean_decides_and_the_page_says_why(client):
    it = Judged('"z_score"', scored=False)
    assert (it.ranking.cut["unfit"], recomputes(it.ranking)) == ("few_sheets", True)
    assert [line.facts["score"] for line in it.ranking.placings.all()] == [
        str(line.total.quantize(Decimal("0.01"))) for line in it.ranking.placings.all()
    ]
    page = it.page(client)
    assert "A juror judged fewer than five proposals." in page
    assert "So the average score decided, as the rules said beforehand." in page
    assert "Score of the method" not in page
    letter = it.letter()
    assert "Daarom besliste de gemiddelde score" in letter
    assert "van 100" in letter


def test_a_trimmed_mean_is_a_total_like_another(client):
    it = Judged('"trimmed_mean"\ntrim = 0.2')
    assert recomputes(it.ranking)
    page = it.page(client)
    assert "the highest and the lowest scores on each point are left out" in page
    assert "score of the last selected" in page
    letter = it.letter()
    assert "tellen op elk punt de hoogste en de laagste scores niet mee" in letter
    assert "van 100" in letter


def test_the_plain_mean_needs_no_explanation(client):
    assert "How the order was made" not in Judged('"weighted_mean"').page(client)
    assert publish("hub_support").definition.stages[0].selection.trim is None
