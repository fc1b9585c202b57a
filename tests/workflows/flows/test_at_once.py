"""Flows on real connections: one process per case, steps and followers beside each other, and no deadlock."""

import pytest

from tests.factories import dossier, open_call, publish, score, screen, submitted
from tests.workflows.flows.looking import deliver, waits, work
from tests.workflows.together import together
from workflows.commands import Refused, perform
from workflows.commands.proposing import propose_in_turn
from workflows.flows.following import follow
from workflows.flows.repairing import catch_up
from workflows.flows.taking import take_step
from workflows.models import CaseProcess, DecisionMachine, Event
from workflows.tasks import fire_timers, run_job

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def game():
    return open_call(publish("minifund"))


@pytest.fixture
def decision(game):
    case = submitted(game.call, at=game.at)
    screen(case, game.house, game.at)
    for assessor in game.house.assessors:
        score(case, assessor, game.at, officer=game.house.officer)
    made = propose_in_turn(pk=case.pk, actor=game.house.officer, at=game.at)
    deliver()
    return made


def failures(given):
    return [one for one in given if isinstance(one, Exception) and not isinstance(one, Refused)]


@pytest.mark.parametrize("attempt", range(3))
def test_two_workers_begin_one_process(game, attempt):
    case = dossier(game.call, at=game.at)
    submitted(game.call, at=game.at, case=case)
    events = list(Event.objects.filter(noun="application", key=case.pk))
    given = together(*[lambda event=event: follow(event) for event in [*events, *events]])
    assert failures(given) == []
    assert CaseProcess.objects.filter(noun="application", key=case.pk).count() == 1
    assert waits("application", case.pk) == ["intake"]


@pytest.mark.parametrize("attempt", range(3))
def test_two_people_take_the_same_step(game, decision, attempt):
    officer, at = game.house.officer, game.at
    step = lambda: take_step(DecisionMachine, "submit_for_check", pk=decision.pk, actor=officer, at=at)  # noqa: E731
    given = together(step, step, step)
    assert sum(isinstance(one, Event) for one in given) == 1
    assert failures(given) == []
    assert waits("decision", decision.pk) == ["sign"]
    assert work(noun="decision", key=decision.pk) == [("decision.sign", "signatory")]


@pytest.mark.parametrize("attempt", range(3))
def test_a_step_and_its_follower_a_repair_and_a_timer(game, decision, attempt):
    """Everything that locks a process, beside a person who takes a step in the same dossier."""
    event = perform(DecisionMachine, "submit_for_check", pk=decision.pk, actor=game.house.officer, at=game.at)
    given = together(
        lambda: take_step(DecisionMachine, "sign", pk=decision.pk, actor=game.house.signatory, at=game.at),
        lambda: follow(event),
        lambda: catch_up("decision", decision.pk, at=game.at),
        lambda: catch_up("application", decision.application_id, at=game.at),
        lambda: fire_timers(game.at.replace(year=game.at.year + 1)),
    )
    assert failures(given) == []
    assert waits("decision", decision.pk) == ["letter"]


def test_a_job_delivered_twice_at_once_prints_one_letter(game, decision):
    take_step(DecisionMachine, "submit_for_check", pk=decision.pk, actor=game.house.officer, at=game.at)
    take_step(DecisionMachine, "sign", pk=decision.pk, actor=game.house.signatory, at=game.at)
    task = CaseProcess.objects.get(noun="decision", key=decision.pk).task_set.get(flow_task_type="JOB")
    ref = task.flow_task.activation_class(task).ref()
    assert failures(together(lambda: run_job(ref=ref), lambda: run_job(ref=ref))) == []
    assert decision.letters.count() == 1
    assert waits("decision", decision.pk) == ["publish"]
