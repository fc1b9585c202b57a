"""A decision through its chain: each link its turn, nobody two turns."""

import pytest

from tender.clock import GRACE
from tender.enums import Role
from tests.factories import score, screen, submitted
from tests.factories.people import person
from tests.factories.rounds import declare
from tests.workflows.flows.looking import came_by, deliver, process_of, waits, work
from workflows.commands import perform
from workflows.commands.clockwork import tick
from workflows.commands.proposing import propose_for, propose_in_turn
from workflows.flows.following import follow
from workflows.flows.taking import take_step
from workflows.models import DecisionMachine, Event, Outbox
from workflows.queries import inbox


@pytest.fixture
def decision(fund):
    case = submitted(fund.call, at=fund.at)
    screen(case, fund.house, fund.at)
    for assessor in fund.house.assessors:
        score(case, assessor, fund.at, officer=fund.house.officer)
    made = propose_in_turn(pk=case.pk, actor=fund.house.officer, at=fund.at)
    deliver()
    return made


def test_desk_signature_letter_publication(fund, decision):
    house, at = fund.house, fund.at
    assert work(noun="decision", key=decision.pk) == [("decision.submit_for_check", "officer")]
    take_step(DecisionMachine, "submit_for_check", pk=decision.pk, actor=house.officer, at=at)
    assert work(noun="decision", key=decision.pk) == [("decision.sign", "signatory")]
    take_step(DecisionMachine, "sign", pk=decision.pk, actor=house.signatory, at=at)
    assert waits("decision", decision.pk) == ["letter"]
    assert work(noun="decision", key=decision.pk) == []
    deliver()
    assert waits("decision", decision.pk) == ["letter"], "the job itself has still to find that out"
    take_step(DecisionMachine, "publish", pk=decision.pk, actor=house.signatory, at=at)
    assert waits("decision", decision.pk) == ["become_final"]
    assert process_of("decision", decision.pk).finished is None


def test_the_task_is_its_actors(fund, decision):
    take_step(DecisionMachine, "submit_for_check", pk=decision.pk, actor=fund.house.officer, at=fund.at)
    task = process_of("decision", decision.pk).task_set.get(status="DONE", flow_task_type="HUMAN")
    assert (task.owner, task.started, task.finished) == (fund.house.officer, fund.at, fund.at)


def test_send_back_rewinds(fund, decision):
    house, at = fund.house, fund.at
    take_step(DecisionMachine, "submit_for_check", pk=decision.pk, actor=house.officer, at=at)
    take_step(DecisionMachine, "send_back", pk=decision.pk, actor=house.signatory, at=at, reason="Bedrag klopt niet.")
    assert work(noun="decision", key=decision.pk) == [("decision.submit_for_check", "officer")]
    assert came_by("decision", decision.pk) == ["begin", "submit_for_check", "chain", "sign"]
    take_step(DecisionMachine, "submit_for_check", pk=decision.pk, actor=house.officer, at=at)
    assert work(noun="decision", key=decision.pk) == [("decision.sign", "signatory")]


def test_sent_back_after_the_signature_calls_the_letter_off(fund, decision):
    house, at = fund.house, fund.at
    take_step(DecisionMachine, "submit_for_check", pk=decision.pk, actor=house.officer, at=at)
    take_step(DecisionMachine, "sign", pk=decision.pk, actor=house.signatory, at=at)
    take_step(DecisionMachine, "send_back", pk=decision.pk, actor=house.signatory, at=at, reason="Toch niet.")
    assert waits("decision", decision.pk) == ["submit_for_check"]


def test_following_twice_is_following_once(fund, decision):
    event = take_step(DecisionMachine, "submit_for_check", pk=decision.pk, actor=fund.house.officer, at=fund.at)
    before = list(process_of("decision", decision.pk).task_set.order_by("pk").values_list("pk", "status"))
    follow(event)
    deliver()
    assert list(process_of("decision", decision.pk).task_set.order_by("pk").values_list("pk", "status")) == before


def test_events_in_the_wrong_order_lead_to_the_same_place(fund, decision):
    house, at = fund.house, fund.at
    perform(DecisionMachine, "submit_for_check", pk=decision.pk, actor=house.officer, at=at)
    perform(DecisionMachine, "send_back", pk=decision.pk, actor=house.signatory, at=at, reason="Nee.")
    for event in Event.objects.filter(noun="decision", key=decision.pk).order_by("-seq"):
        follow(event)
    assert waits("decision", decision.pk) == ["submit_for_check"]


def test_who_drew_it_up_does_not_sign_it(fund, decision):
    house, at = fund.house, fund.at
    both = person("both", Role.OFFICER, Role.SIGNATORY)
    declare(decision.application, both, at=at, part=Role.OFFICER)
    perform(DecisionMachine, "edit", pk=decision.pk, actor=both, at=at, amount=decision.amount, reasons="Duidelijker.")
    take_step(DecisionMachine, "submit_for_check", pk=decision.pk, actor=house.officer, at=at)
    assert [item.kind for item in inbox(house.signatory) if item.noun == "decision"] == ["decision.sign"]
    assert [item.kind for item in inbox(both) if item.noun == "decision"] == []


def test_a_broken_flow_stops_nobody(fund, decision, monkeypatch, caplog):
    def breaks(event):
        raise RuntimeError(event.kind)

    monkeypatch.setattr("workflows.flows.taking.follow", breaks)
    take_step(DecisionMachine, "submit_for_check", pk=decision.pk, actor=fund.house.officer, at=fund.at)
    assert "could not follow decision.submit_for_check" in caplog.text
    assert waits("decision", decision.pk) == ["submit_for_check"]
    assert Outbox.objects.filter(done_at=None, handler__endswith="follow_flows").exists()
    deliver()
    assert waits("decision", decision.pk) == ["sign"]


def test_a_departure_on_a_condition_has_the_party_heard_first(fund, decision):
    why = "De jaarrekening laat zien dat de organisatie geen starter meer is."
    said = {"kind": "refuse", "ground": "condition", "amount": 0, "departure": why}
    assert work(noun="decision", key=decision.pk) == [("decision.submit_for_check", "officer")]
    take_step(DecisionMachine, "depart", pk=decision.pk, actor=fund.house.officer, at=fund.at, **said)
    assert work(noun="decision", key=decision.pk) == [("decision.announce_intent", "officer")]


def test_the_party_is_heard_first(fund):
    """Announce; then it is the party's turn; then the desk's again, which hands on."""
    house, at = fund.house, fund.at
    case = submitted(fund.call, at=at)
    declare(case, house.officer, at=at)
    made = propose_for(pk=case.pk, kind="ineligible", ground="condition", reasons="Geen starter.", actor=house.officer, at=at)
    deliver()
    assert work(noun="decision", key=made.pk) == [("decision.announce_intent", "officer")]
    take_step(DecisionMachine, "announce_intent", pk=made.pk, actor=house.officer, at=at)
    assert work(noun="decision", key=made.pk) == [("decision.respond", "signer")]
    until = DecisionMachine.objects.get(pk=made.pk).respond_until
    over = until + GRACE
    tick(over)
    deliver()
    assert work(noun="decision", key=made.pk) == [("decision.submit_for_check", "officer")]
    assert came_by("decision", made.pk) == ["begin", "submit_for_check", "respond"]
    take_step(DecisionMachine, "submit_for_check", pk=made.pk, actor=house.officer, at=over)
    assert work(noun="decision", key=made.pk) == [("decision.sign", "signatory")]
