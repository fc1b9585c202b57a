"""A grant: payments and reports beside each other, then the settlement."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tender.enums import DecisionKind
from tender.models import Grant
from tests.factories import assign, close, decide, decide_round, fill_report, open_call, pay, publish, score, screen, submitted
from tests.factories.rounds import declare
from tests.workflows.flows.looking import came_by, deliver, process_of, waits, work
from workflows.commands import perform
from workflows.commands.clockwork import tick
from workflows.commands.proposing import propose_for
from workflows.flows.taking import take_step
from workflows.models import GrantMachine, InstalmentMachine, StageMachine
from workflows.queries import inbox


@pytest.fixture
def game(db):
    """A call in one stage, whose grants are accepted, reported on and settled."""
    return open_call(publish("hub_support"), ceiling=Decimal("400000.00"))


@pytest.fixture
def grant(game):
    """What the one applicant got."""
    people, stage, case = game.house, game.stage(1), submitted(game.call, at=game.at)
    at = close(stage)
    screen(case, people, at)
    declare(case, *people.jurors, at=at)
    assign(case, people.jurors[:3], people, at)
    perform(StageMachine, "start_scoring", pk=stage.pk, actor=people.officer, at=at)
    for juror in people.jurors[:3]:
        score(case, juror, at)
    perform(StageMachine, "ask_rank", pk=stage.pk, actor=people.secretary, at=at)
    perform(StageMachine, "rank", pk=stage.pk, actor=people.chair, at=at)
    decide_round(game.stage(1), people, at)
    return Grant.objects.get(stage=stage)


def accepted(grant, at):
    take_step(GrantMachine, "accept", pk=grant.pk, actor=grant.application.applicant, at=at)
    deliver()


def given(grant):
    return grant.decision.published_at


def test_each_link_of_a_long_chain_had_its_turn(grant):
    assert came_by("decision", grant.decision_id) == [
        "begin", "submit_for_check", "chain", "approve", "chain", "approve", "chain", "sign",
    ]  # fmt: skip


def test_the_party_accepts_and_everything_runs(grant):
    assert work(noun="grant", key=grant.pk) == [("grant.accept", "signer")]
    accepted(grant, given(grant))
    assert waits("grant", grant.pk) == ["account", "pay", "report"]


def test_to_the_settlement_and_the_end(game, grant):
    people, at = game.house, given(grant)
    accepted(grant, at)
    pay(grant, people, at)
    tick(at + timedelta(days=3 * 366))
    pay(grant, people, at)
    for report in grant.reports.order_by("due_on"):
        fill_report(report, people, at)
        pay(grant, people, at)
    deliver()
    assert "settle" in waits("grant", grant.pk)
    assert ("decision.propose", "officer") in work(process=process_of("grant", grant.pk))
    decision = propose_for(
        pk=grant.application_id, kind=DecisionKind.SETTLE, ground="", reasons="", actor=people.officer, at=at, amount=grant.amount
    )
    deliver()
    assert "settling" in waits("grant", grant.pk)
    decide(decision, people, at)
    pay(grant, people, at)
    deliver()
    assert waits("grant", grant.pk) == []
    assert came_by("grant", grant.pk)[-1] == "closed"
    assert process_of("grant", grant.pk).status == "DONE"


def test_three_pairs_of_hands_on_a_payment(game, grant):
    people, at = game.house, given(grant)
    accepted(grant, at)
    part = grant.instalments.filter(state="due").earliest("pk")
    about = {"noun": "instalment", "key": part.pk}
    assert work(**about) == [("instalment.approve", "officer")]
    take_step(InstalmentMachine, "approve", pk=part.pk, actor=people.officer, at=at)
    assert work(**about) == [("instalment.order", "controller")]
    assert inbox(people.controller).filter(**about).exists()
    people.officer.staff_roles.create(role="controller")
    both = type(people.officer).objects.get(pk=people.officer.pk)
    assert not inbox(both).filter(**about).exists(), "who approved it does not release it"
    take_step(InstalmentMachine, "order", pk=part.pk, actor=people.controller, at=at)
    assert work(**about) == [("instalment.pay", "controller")]
    take_step(InstalmentMachine, "send_back", pk=part.pk, actor=people.controller, at=at, reason="Rekening gesloten.")
    assert work(**about) == [("instalment.approve", "officer")]


def test_to_suspend_is_asked_and_done_by_two(game, grant):
    people, at = game.house, given(grant)
    accepted(grant, at)
    until = (at + timedelta(days=30)).date()
    data = {"until": until, "reason": "Wij wachten op uitleg."}
    take_step(GrantMachine, "ask_suspend", pk=grant.pk, actor=people.officer, at=at, **data)
    assert ("grant.suspend", "controller") in work(noun="grant", key=grant.pk)
    take_step(GrantMachine, "suspend", pk=grant.pk, actor=people.controller, at=at, **data)
    assert work(noun="grant", key=grant.pk) == []


def test_not_accepted_in_time(grant):
    tick(grant.accept_until)
    deliver()
    assert process_of("grant", grant.pk).status in {"CANCELED", "DONE"}
    assert came_by("grant", grant.pk)[-1] == "lapsed"
    assert waits("grant", grant.pk) == []
