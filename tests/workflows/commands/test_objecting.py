"""What a founded objection brings back, and the new decision: where nothing was judged yet, and where applications are weighed in turn."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from tender.commands.objecting import ways_on
from tender.enums import AdviceState, Follows, Role
from tender.enums import ApplicationState as A
from tender.models import Application, Decision, Objection
from tests.factories import decide, declare, open_call, person, publish, score, screen, submitted
from tests.factories.objecting import Published, decided, filed, published
from tests.factories.rounds import assign
from tests.workflows.refusals.saying import refused_new
from workflows.commands import Refused, perform
from workflows.commands.objecting import ADVICE_FIRST, lacks_advice, propose_anew
from workflows.commands.proposing import propose_in_turn
from workflows.models import ApplicationMachine, DecisionMachine, StageMachine
from workflows.rerunning import rerun_of

pytestmark = pytest.mark.django_db


def test_what_was_not_processed_is_judged_after_all():
    made = published(set_aside=True)
    case, house = made.case("gone"), made.house
    assert case.state == A.SET_ASIDE
    objection = filed(made, name="gone")
    assert ways_on(Objection.objects.get(pk=objection.pk)) == (Follows.REVIEW,)
    at = decided(made, objection, made.at + timedelta(days=8), "founded", follows="review")
    case = made.case("gone")
    assert (case.state, case.gaps, case.repair_until) == (A.SUBMITTED, [], None)
    ticked = {check.key: True for check in case.rules.checklist}
    perform(ApplicationMachine, "find_eligible", pk=case.pk, actor=house.officer, at=at, checklist=ticked)
    two = [person("reader", Role.READER), person("reader", Role.READER)]
    declare(case, *two, at=at)
    assign(case, two, house, at)
    for assessor in two:
        score(case, assessor, at, mark=3)
    assert made.case("gone").state == A.RANKED
    of = {"application": made.case("gone"), "stage": made.game.stage()}
    for rule in ("ranked_since", "follows_ranking"):
        refused_new(rule, DecisionMachine, "propose", of, house.officer, at, kind="refuse", ground="rank", amount=0)
    with pytest.raises(Refused):
        propose_anew(pk=case.pk, actor=house.officer, at=at)
    assert made.case("gone").decisions.open().count() == 0


def test_in_a_fund_that_is_open_all_year_it_comes_in_turn():
    game = open_call(publish("minifund"), ceiling=Decimal(20_000))
    house, at = game.house, game.at + timedelta(days=1)
    case = submitted(game.call, at=at)
    screen(case, house, at)
    for assessor in house.assessors:
        score(case, assessor, at, mark=0, officer=house.officer)
    decide(propose_in_turn(pk=case.pk, actor=house.officer, at=at), house, at)
    assert Application.objects.get(pk=case.pk).state == A.REFUSED
    handler, decider = person("handler", Role.OBJECTION_HANDLER), person("decider", Role.SIGNATORY)
    declare(case, handler, decider, at=at)
    made = Published(game, {"weak": case}, handler, decider, at)
    objection = filed(made)
    at = decided(made, objection, at + timedelta(days=8), "founded", follows="review")
    assert rerun_of(Objection.objects.get(pk=objection.pk), decider) is None
    case = made.case()
    ticked = {check.key: True for check in case.rules.checklist}
    perform(ApplicationMachine, "find_eligible", pk=case.pk, actor=house.officer, at=at, checklist=ticked)
    two = [person("assessor", Role.ASSESSOR), person("assessor", Role.ASSESSOR)]
    for assessor in two:
        score(case, assessor, at, officer=house.officer)
    new = propose_anew(pk=case.pk, actor=house.officer, at=at)
    assert (new.kind, new.supersedes) == ("award", made.decision())
    house.signatory = decider
    decide(new, house, at)
    assert made.case().state == A.AWARDED
    assert Decision.objects.get(pk=made.decision().pk).state == "superseded"


def test_what_has_gone_on_is_put_right_in_the_grant():
    decision = SimpleNamespace(stage_id=1, kind="refuse")
    moved = SimpleNamespace(decision=decision, application=SimpleNamespace(stage_id=2, state=A.DRAFT))
    assert ways_on(moved) == (Follows.OTHERWISE,)
    given = SimpleNamespace(decision=SimpleNamespace(stage_id=1, kind="award"), application=SimpleNamespace(stage_id=1, state=A.AWARDED))
    assert ways_on(given) == (Follows.OTHERWISE,)


def test_a_panel_that_meets_signs_its_advice_first():
    meets, apart = (SimpleNamespace(rules=SimpleNamespace(meeting=meeting)) for meeting in (True, False))
    signed, drafted = SimpleNamespace(state=AdviceState.SIGNED), SimpleNamespace(state=AdviceState.DRAFTED)
    assert [lacks_advice(meets, advice) for advice in (None, drafted, signed)] == [True, True, False]
    assert lacks_advice(apart, None) is False


def test_the_advice_is_signed_before_a_new_decision_is_drafted(monkeypatch):
    made = published()
    decided(made, filed(made), made.at + timedelta(days=8), "founded", follows="rank")
    at, stage = made.at + timedelta(days=10), made.game.stage()
    perform(StageMachine, "ask_rerank", pk=stage.pk, actor=made.house.officer, at=at, reason="Bezwaar gegrond.")
    perform(StageMachine, "rerank", pk=stage.pk, actor=made.house.head, at=at, reason="Bezwaar gegrond.")
    monkeypatch.setattr("workflows.commands.objecting.lacks_advice", lambda stage, advice: True)
    with pytest.raises(Refused, match=str(ADVICE_FIRST)):
        propose_anew(pk=made.case().pk, actor=made.house.officer, at=at)
