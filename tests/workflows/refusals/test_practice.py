"""What stops a form on a practice proposal."""

import pytest

from tender.enums import StageState
from tender.models import Stage
from tests.factories import open_call, variant
from tests.factories.practice import PRACTICE, begin, fill
from tests.workflows.refusals.saying import refused, refused_new
from workflows.models import PracticeMachine

pytestmark = pytest.mark.django_db


def test_once_on_a_proposal_that_there_is():
    game = open_call(variant("hub_support", PRACTICE))
    juror, of = game.house.jurors[0], {"stage": game.stage(), "juror": game.house.jurors[0]}
    refused_new("is_practice", PracticeMachine, "begin", {**of, "practice": "den"}, juror, game.at)
    begin(game.stage(), juror, game.at)
    refused_new("not_begun_before", PracticeMachine, "begin", {**of, "practice": "hub"}, juror, game.at)


def test_a_form_is_whole_before_it_is_in():
    game = open_call(variant("hub_support", PRACTICE))
    sheet, juror = begin(game.stage(), game.house.jurors[0], game.at), game.house.jurors[0]
    refused("is_complete", PracticeMachine, "seal", sheet, juror, game.at)
    fill(sheet, game.at, "5", remark=" ")
    refused("extremes_explained", PracticeMachine, "seal", sheet, juror, game.at)


def test_practising_ends_when_the_panel_meets():
    game = open_call(variant("hub_support", PRACTICE))
    stage, juror = game.stage(), game.house.jurors[0]
    sheet = begin(stage, juror, game.at)
    fill(sheet, game.at)
    Stage.objects.filter(pk=stage.pk).update(state=StageState.MEETING)
    refused("practice_goes_on", PracticeMachine, "seal", sheet, juror, game.at)
    late = {"stage": Stage.objects.get(pk=stage.pk), "juror": game.house.jurors[3], "practice": "hub"}
    refused_new("practice_goes_on", PracticeMachine, "begin", late, game.house.jurors[3], game.at)
