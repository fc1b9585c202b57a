"""Where flow and machine disagree, the machine is right."""

import pytest
from django.core.management import call_command
from viewflow.workflow.models import Task

from tests.factories import dossier, score, screen, submitted
from tests.workflows.flows.looking import deliver, process_of, waits, work
from workflows.commands.proposing import propose_in_turn
from workflows.flows.repairing import catch_up, repair
from workflows.models import CaseProcess, Event, Outbox, WorkItem


@pytest.fixture
def case(fund):
    made = submitted(fund.call, at=fund.at)
    screen(made, fund.house, fund.at)
    deliver()
    return made


def test_nothing_to_do_changes_nothing(fund, case):
    before = list(Task.objects.order_by("pk").values_list("pk", "status"))
    assert repair(fund.at).righted == 0
    assert list(Task.objects.order_by("pk").values_list("pk", "status")) == before


def test_a_process_that_waits_at_the_wrong_place(fund, case):
    task = Task.objects.get(process=process_of("application", case.pk), flow_task_type="HUMAN", status="NEW")
    Task.objects.filter(pk=task.pk).update(status="CANCELED")
    done = repair(fund.at)
    assert done.righted == 1
    assert waits("application", case.pk) == ["assign"]
    assert work(application=case) == [("pitch.book", "editor"), ("scoresheet.assign", "officer")]


def test_a_process_that_was_lost(fund, case):
    CaseProcess.objects.filter(noun="application", key=case.pk).delete()
    assert work(application=case) == []
    repair(fund.at)
    assert waits("application", case.pk) == ["assign"]
    assert work(application=case) == [("pitch.book", "editor"), ("scoresheet.assign", "officer")]


def test_a_process_that_ended_too_soon(fund, case):
    process = process_of("application", case.pk)
    Task.objects.filter(process=process, status="NEW").update(status="CANCELED")
    CaseProcess.objects.filter(pk=process.pk).update(status="DONE", finished=fund.at)
    repair(fund.at)
    assert waits("application", case.pk) == ["assign"]
    assert process_of("application", case.pk).finished is None


def test_a_process_that_does_not_know_it_is_over(fund, case):
    from tests.factories.rounds import perform
    from workflows.models import ApplicationMachine

    perform(ApplicationMachine, "withdraw", pk=case.pk, actor=case.applicant, at=fund.at)
    Outbox.objects.all().delete()
    repair(fund.at)
    assert waits("application", case.pk) == []
    assert process_of("application", case.pk).status == "CANCELED"


def test_two_tasks_where_one_should_be(fund, case):
    from workflows.flows.base import begin

    begin(process_of("application", case.pk), "assign")
    assert waits("application", case.pk) == ["assign", "assign"]
    repair(fund.at)
    assert waits("application", case.pk) == ["assign"]


def test_an_inbox_that_says_something_else(fund, case):
    WorkItem.objects.filter(application=case).update(role="reader", deadline=None)
    repair(fund.at)
    assert work(application=case) == [("pitch.book", "editor"), ("scoresheet.assign", "officer")]
    assert WorkItem.objects.get(application=case, noun="scoresheet").deadline is not None


def test_a_deadline_that_moved(fund, case):
    item = WorkItem.objects.get(application=case, noun="scoresheet")
    before = item.deadline
    WorkItem.objects.filter(pk=item.pk).update(deadline=None)
    repair(fund.at)
    assert WorkItem.objects.get(pk=item.pk).deadline == before


def test_everything_at_once_without_any_event_delivered(fund):
    """The queue was lost altogether: the cases alone say whose turn it is."""
    case = submitted(fund.call, at=fund.at)
    screen(case, fund.house, fund.at)
    for assessor in fund.house.assessors:
        score(case, assessor, fund.at, officer=fund.house.officer)
    decision = propose_in_turn(pk=case.pk, actor=fund.house.officer, at=fund.at)
    Outbox.objects.all().delete()
    repair(fund.at)
    assert waits("application", case.pk) == ["decided"]
    assert waits("decision", decision.pk) == ["submit_for_check"]
    assert process_of("decision", decision.pk).seen == Event.objects.filter(chain__startswith="dossier:").latest("seq").seq


def test_one_case_now(fund):
    case = dossier(fund.call, at=fund.at)
    assert catch_up("application", case.pk, at=fund.at) > 0
    assert waits("application", case.pk) == ["submit"]
    assert catch_up("application", case.pk, at=fund.at) == 0


def test_the_command_says_what_it_did(fund, case, capsys):
    CaseProcess.objects.all().delete()
    call_command("flows", "repair")
    assert "put 2 right" in capsys.readouterr().out
