"""The letter job: run at least once, sent after commit, and silent about whom it failed over."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from viewflow.workflow.models import Task

from tender.clock import database_now
from tests.factories import score, screen, submitted
from tests.workflows.flows.looking import deliver, waits, work
from workflows import outbox, tasks
from workflows.commands.proposing import propose_in_turn
from workflows.flows.taking import take_step
from workflows.models import DecisionMachine, Outbox
from workflows.outbox import HANDLERS
from workflows.tasks import KILLED, LOST, TRIES, resend_stale_jobs, run_job, sweep


@pytest.fixture
def signed(fund):
    case = submitted(fund.call, at=fund.at)
    screen(case, fund.house, fund.at)
    for assessor in fund.house.assessors:
        score(case, assessor, fund.at, officer=fund.house.officer)
    decision = propose_in_turn(pk=case.pk, actor=fund.house.officer, at=fund.at)
    deliver()
    take_step(DecisionMachine, "submit_for_check", pk=decision.pk, actor=fund.house.officer, at=fund.at)
    take_step(DecisionMachine, "sign", pk=decision.pk, actor=fund.house.signatory, at=fund.at)
    return decision


@pytest.fixture
def sent(monkeypatch):
    """What was handed to the workers."""
    handed = []
    monkeypatch.setattr(run_job, "apply_async", lambda **how: handed.append(how["kwargs"]["ref"]))
    return handed


def job():
    return Task.objects.get(flow_task_type="JOB")


def ref():
    return job().flow_task.activation_class(job()).ref()


def break_the_press(monkeypatch, failure):
    """Nothing that follows from a signature works."""

    def fails(event):
        raise failure

    for name in HANDLERS["decision.sign"]:
        monkeypatch.setitem(HANDLERS["decision.sign"], name, fails)


def test_it_is_sent_once_the_signature_is_committed(fund, sent, django_capture_on_commit_callbacks):
    case = submitted(fund.call, at=fund.at)
    screen(case, fund.house, fund.at)
    for assessor in fund.house.assessors:
        score(case, assessor, fund.at, officer=fund.house.officer)
    decision = propose_in_turn(pk=case.pk, actor=fund.house.officer, at=fund.at)
    deliver()
    take_step(DecisionMachine, "submit_for_check", pk=decision.pk, actor=fund.house.officer, at=fund.at)
    with django_capture_on_commit_callbacks(execute=True):
        take_step(DecisionMachine, "sign", pk=decision.pk, actor=fund.house.signatory, at=fund.at)
        assert sent == []
    assert sent == [ref()]


def test_it_prints_the_letter_and_opens_publication(signed):
    run_job(ref=ref())
    assert job().status == "DONE"
    assert signed.letters.count() == 1
    assert waits("decision", signed.pk) == ["publish"]
    assert work(noun="decision", key=signed.pk) == [("decision.publish", "signatory")]


def test_a_second_delivery_does_no_harm(signed):
    run_job(ref=ref())
    rows = Task.objects.count(), signed.letters.count()
    run_job(ref=ref())
    assert (Task.objects.count(), signed.letters.count()) == rows


def test_called_off_while_it_ran(signed, fund):
    reference = ref()
    take_step(DecisionMachine, "send_back", pk=signed.pk, actor=fund.house.signatory, at=fund.at, reason="Toch niet.")
    run_job(ref=reference)
    assert job().status == "CANCELED"
    assert waits("decision", signed.pk) == ["submit_for_check"]


def test_a_failure_is_written_down_without_what_it_was_about(signed, monkeypatch):
    break_the_press(monkeypatch, RuntimeError("Fenna de Jong, NL91ABNA0417164300"))
    run_job(ref=ref())
    failed = job()
    assert failed.status == "ERROR"
    assert failed.data == {"error": "RuntimeError", "tries": 1}
    assert waits("decision", signed.pk) == ["letter"]


def test_a_press_that_says_it_printed_but_did_not_is_a_failure(signed, monkeypatch):
    for name in HANDLERS["decision.sign"]:
        monkeypatch.setitem(HANDLERS["decision.sign"], name, lambda event: None)
    run_job(ref=ref())
    assert job().data["error"] == "LetterMissing"


def test_nothing_that_fails_in_a_flow_leaks(signed, monkeypatch):
    """What comes after the job breaks: viewflow's own guard would store the frame with all that is in it."""
    secret = "Fenna de Jong"

    def breaks(case):
        raise ValueError(secret, case)

    monkeypatch.setattr("workflows.flows.decision.with_the_round", breaks)
    run_job(ref=ref())
    kept = json.dumps(list(Task.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert "locals" not in kept
    assert "traceback" not in kept
    assert Task.objects.get(status="ERROR").data["error"] == "ValueError"


def test_the_sweep_tries_again_a_few_times(signed, monkeypatch, sent, django_capture_on_commit_callbacks):
    break_the_press(monkeypatch, RuntimeError("no paper"))
    for tries in range(1, TRIES + 1):
        run_job(ref=ref())
        assert job().data["tries"] == tries
        with django_capture_on_commit_callbacks(execute=True):
            resend_stale_jobs(database_now() + LOST + timedelta(seconds=1))
    assert len(sent) == TRIES - 1
    assert job().status == "ERROR"


def test_the_sweep_mends_what_was_broken(signed, monkeypatch, sent):
    with monkeypatch.context() as broken:
        break_the_press(broken, RuntimeError("no paper"))
        run_job(ref=ref())
    resend_stale_jobs(database_now() + LOST + timedelta(seconds=1))
    run_job(ref=ref())
    assert waits("decision", signed.pk) == ["publish"]


def test_a_lost_job_is_sent_again_once(signed, sent):
    at = database_now()
    assert resend_stale_jobs(at) == 0
    assert resend_stale_jobs(at + LOST + timedelta(seconds=1)) == 1
    assert resend_stale_jobs(at + LOST + timedelta(seconds=1)) == 0
    assert sent == [ref()]


def test_a_job_whose_worker_was_killed_is_sent_again(signed, sent):
    task = job()
    with task.activation() as activation:
        activation.start()
    at = database_now()
    assert resend_stale_jobs(at + LOST + timedelta(seconds=1)) == 0
    assert resend_stale_jobs(at + KILLED + timedelta(seconds=1)) == 1
    run_job(ref=ref())
    assert waits("decision", signed.pk) == ["publish"]


def test_a_broker_that_is_down_is_no_loss(signed, monkeypatch, caplog):
    def unreachable(**how):
        raise run_job.OperationalError

    monkeypatch.setattr(run_job, "apply_async", unreachable)
    assert resend_stale_jobs(database_now() + LOST + timedelta(seconds=1)) == 1
    assert "waits for the sweep" in caplog.text


def test_the_sweep_of_the_outbox_sends_only_what_is_old(signed, monkeypatch, sent):
    handed = []
    monkeypatch.setattr(outbox, "send", handed.append)
    old, new = Outbox.objects.filter(done_at=None).order_by("pk")[:2]
    Outbox.objects.update(queued_at=database_now())
    Outbox.objects.filter(pk=old.pk).update(queued_at=database_now() - timedelta(minutes=2))
    sweep()
    assert handed == [old.pk]
    assert new.pk not in handed


def test_the_command_says_what_it_did(signed, capsys):
    call_command("outbox", "sweep")
    out = capsys.readouterr().out
    assert "failed 0" in out
    assert "still waiting 0" in out
    assert outbox.waiting() == []


def test_tick_takes_arrows_and_fires_timers_at_one_moment(db, monkeypatch):
    moments = []
    monkeypatch.setattr(tasks.clockwork, "tick", lambda *, at: moments.append(at))
    monkeypatch.setattr(tasks, "fire_timers", moments.append)
    tasks.tick()
    assert len(moments) == 2
    assert moments[0] == moments[1]
