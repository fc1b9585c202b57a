"""The pressure cooker: one window, a flat amount, rank order until the next amount no longer fits, and a report that stays due."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from scoring.commands.freezing import recomputes
from tender.enums import ApplicationState as A
from tender.enums import DecisionState, GrantState, StageState
from tender.models import Application, Grant
from tender.schemes.answers import gaps
from tests.factories import assign, close, decide_round, deliver, dossier, fill_report, open_call, pay, publish, score, screen, submitted
from tests.factories.answers import PARTNERS
from tests.journeys.telling import assert_sound, balances, kinds, letter, pots, states
from workflows.commands import Refused, perform
from workflows.commands.clockwork import tick
from workflows.models import StageMachine

pytestmark = [pytest.mark.django_db, pytest.mark.prints]

MARKS = {"best": ("5", "5"), "level": ("4", "4"), "equal": ("3.5", "4.5"), "fair": ("3.5", "3.5"), "weak": ("2", "3")}
"""What the officer and the second reader give: two plans end level on the total and on every criterion."""


@pytest.fixture
def game():
    """€ 25,000: two workshops of € 10,000, and a rest that is no workshop."""
    return open_call(publish("pressure_cooker"), ceiling=Decimal(25000))


def no_place_to_be(game):
    """A lead without a hub, festival or school among the partners reads what is missing, and cannot hand in."""
    case = dossier(game.call, at=game.at)
    nowhere = [row for row in PARTNERS if row["sector"] not in {"hub", "festival", "education"}] + [{**PARTNERS[1], "name": "Zorg Assen"}]
    with pytest.raises(Refused, match="The form has gaps"):
        submitted(game.call, case=case, at=game.at, partners=nowhere)
    case.refresh_from_db()
    rules = case.rules
    (gap,) = gaps(rules.form, {**case.draft, "partners": nowhere}, rules.consortium)
    with translation.override("en"):
        assert (gap.field, str(gap.message)) == (
            "partners", "Among the partners there must be at least one from: creative hub, festival, education.",
        )  # fmt: skip
    return case


def judged(game, cases):
    """Officer and second reader score; the second reader fixes the ranking that the officer asked for."""
    house, stage = game.house, game.stage()
    at = close(stage)
    for case in cases.values():
        screen(case, house, at)
        assign(case, [house.officer, house.reader], house, at)
    perform(StageMachine, "start_scoring", pk=stage.pk, actor=house.officer, at=at)
    for name, case in cases.items():
        for assessor, mark in zip((house.officer, house.reader), MARKS[name], strict=True):
            score(case, assessor, at, mark=mark)
    perform(StageMachine, "ask_rank", pk=stage.pk, actor=house.officer, at=at)
    perform(StageMachine, "rank", pk=stage.pk, actor=house.reader, at=at)
    assert recomputes(game.stage().rankings.get())
    return at


def test_from_open_call_to_closed_workshop(game):
    house = game.house
    left_out = no_place_to_be(game)
    cases = {name: submitted(game.call, at=game.at) for name in MARKS}
    assert balances(game.stage()) == pots(free=25000)

    at = judged(game, cases)
    left_out.refresh_from_db()
    assert left_out.state == A.LAPSED
    perform(StageMachine, "propose", pk=game.stage().pk, actor=house.officer, at=at)
    assert balances(game.stage()) == pots(free=5000, reserved=20000)
    decide_round(game.stage(), house, at)
    assert states(game.call) == ["awarded"] * 2 + ["lapsed"] + ["refused"] * 3
    assert balances(game.stage()) == pots(free=5000, committed=20000)
    letters_say_why(game, cases)

    for grant in Grant.objects.filter(stage=game.stage()).order_by("pk"):
        assert (grant.state, grant.settled_amount, grant.reports.get().state) == (GrantState.SETTLED, Decimal(10000), "asked")
        pay(grant, house, at)
        grant.refresh_from_db()
        assert grant.state == GrantState.SETTLED, "paid, but the report is still due"
    assert balances(game.stage()) == pots(free=5000, paid=20000)

    at += timedelta(weeks=7)
    tick(at)
    assert game.stage().state == StageState.FINISHED
    assert set(game.stage().decisions.values_list("state", flat=True)) == {DecisionState.FINAL}
    told = Grant.objects.get(application=cases["best"])
    fill_report(told.reports.get(), house, at)
    told.refresh_from_db()
    assert told.state == GrantState.CLOSED
    assert Application.objects.get(pk=cases["best"].pk).state == A.CLOSED
    assert states(game.call) == ["awarded", "closed", "lapsed"] + ["refused"] * 3, "the other report is still due"
    deliver()
    assert_sound()


def letters_say_why(game, cases):
    """Rank, minimum and ceiling, each with its own figures; who lost the lottery reads that lots were drawn."""
    assert kinds(game.call) == {"receipt": 5, "award": 2, "refusal_rank": 1, "refusal_ceiling": 1, "refusal_minimum": 1}
    won, lost = sorted(("level", "equal"), key=lambda name: Application.objects.get(pk=cases[name].pk).state)
    assert game.stage().rankings.get().cut["tie"] == "lottery"
    best = letter(cases["best"], "award")
    assert "Uw plan kreeg 100 van de 100 punten en staat op plaats 1 van 5. U krijgt € 10.000,00." in best
    assert "Verslag van één bladzijde" in best
    assert "Twee beoordelaars hebben los van elkaar uw aanvraag gelezen en punten gegeven." in best
    assert "Bijlage: opmerkingen bij uw aanvraag Vraag en bereik Sterk." in best
    assert "kreeg 80 van de 100 punten en staat op plaats 2 van 5" in letter(cases[won], "award")
    drawn = letter(cases[lost], "refusal_rank")
    assert "Met een score van 80 staat u op rang 2 van 5. Wij kozen de eerste 2." in drawn
    assert "Daarom is er geloot." in drawn
    over = letter(cases["fair"], "refusal_ceiling")
    assert "een score van 70 en staat op rang 4 van 5. Het subsidieplafond van € 25.000,00 is bereikt bij rang 2." in over
    assert "Het bedrag per werkplaats is vast; een deel ervan kunnen wij niet geven." in over
    weak = letter(cases["weak"], "refusal_minimum")
    assert "Op het totaal scoorde u 50; vereist is 60." in weak
    assert all("Creative Council" not in text for text in (best, drawn, over, weak)), "no panel judged, so none is named"
