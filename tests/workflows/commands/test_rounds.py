"""What a round does to its cases where they do not all go the same way."""

from datetime import timedelta

import pytest

from scoring.models import Scoresheet
from tender.models import Application, Stage
from tests.factories import assign, close, decide_round, declare, open_call, publish, score, screen, submitted
from workflows.commands import perform
from workflows.commands.assigning import assign_round, propose_assignment
from workflows.commands.clockwork import tick
from workflows.models import ApplicationMachine, ScoresheetMachine, StageMachine

pytestmark = pytest.mark.django_db


def take(name, game, actor, at, **data):
    perform(StageMachine, name, pk=game.stage().pk, actor=actor, at=at, **data)


def test_who_withdraws_between_ranking_and_proposal_gets_no_decision_and_who_is_admitted_late_starts_at_once():
    """The next stage is open by the time this one is published."""
    game = open_call(publish("crossover"))
    house = game.house
    left, kept = cases = [submitted(game.call, at=game.at) for _ in range(2)]
    at = game.stage(2).opens_at
    tick(at)
    assert [stage.state for stage in Stage.objects.order_by("number")[:2]] == ["closed", "open"]
    for case in cases:
        screen(case, house, at)
        declare(case, *house.jurors, at=at)
    assign_round(stage=game.stage(), actor=house.officer, at=at)
    take("start_scoring", game, house.officer, at)
    for sheet in Scoresheet.objects.select_related("application", "juror"):
        score(sheet.application, sheet.juror, at)
    take("ask_rank", game, house.secretary, at)
    take("rank", game, house.chair, at)
    perform(ApplicationMachine, "withdraw", pk=left.pk, actor=left.applicant, at=at)
    decide_round(game.stage(), house, at)
    assert list(game.stage().decisions.values_list("application", "kind")) == [(kept.pk, "admit")]
    assert list(Application.objects.order_by("pk").values_list("state", "stage__number")) == [("withdrawn", 1), ("draft", 2)]


def test_a_reopened_sheet_is_open_to_its_juror_again():
    game = open_call(publish("hub_support"))
    house = game.house
    case = submitted(game.call, at=game.at)
    at = close(game.stage())
    screen(case, house, at)
    declare(case, *house.jurors, at=at)
    sheet, *_others = assign(case, house.jurors[2:5], house, at)
    take("start_scoring", game, house.officer, at)
    score(case, sheet.juror, at)
    assert Scoresheet.objects.get(pk=sheet.pk).sealed_at == at
    event = perform(ScoresheetMachine, "reopen", pk=sheet.pk, actor=house.chair, at=at, reason="De verkeerde rubriek.")
    again = Scoresheet.objects.get(pk=sheet.pk)
    assert (again.state, again.sealed_at, event.data["reason"]) == ("started", None, "De verkeerde rubriek.")
    assert again.marks.exists(), "what was given stands, to be mended"
    later = at + timedelta(days=1)
    perform(ScoresheetMachine, "seal", pk=sheet.pk, actor=sheet.juror, at=later)
    assert Scoresheet.objects.get(pk=sheet.pk).sealed_at == later


def test_a_year_without_an_open_case_is_wound_up():
    game = open_call(publish("minifund"))
    at = game.stage().closes_at + timedelta(minutes=5)
    tick(at)
    assert game.stage().state == "finished"


def test_a_stage_that_nobody_judges_needs_no_assignment():
    game = open_call(publish("crossover"))
    proposal = propose_assignment(game.stage(3), at=game.at)
    assert (proposal.people, proposal.added, proposal.problems) == ([], set(), [])
    assert assign_round(stage=game.stage(3), actor=game.house.officer, at=game.at) == []
