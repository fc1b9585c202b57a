"""What waits, for whom, and how a process came there."""

from viewflow.workflow.models import Task

from workflows.flows.base import WAITING, open_tasks
from workflows.models import CaseProcess, WorkItem
from workflows.outbox import sweep

QUIET = ("CANCELED",)


def process_of(noun, pk):
    """The newest process of a case."""
    return CaseProcess.objects.filter(noun=noun, key=pk).order_by("pk").last()


def waits(noun, pk):
    """The names of the nodes that wait in the processes of a case."""
    return sorted(
        task.flow_task.name
        for process in CaseProcess.objects.filter(noun=noun, key=pk)
        for task in open_tasks(process)
        if task.flow_task_type in WAITING
    )


def came_by(noun, pk):
    """The nodes that the newest process of a case has done, in order; nothing called off, no warnings."""
    tasks = Task.objects.filter(process=process_of(noun, pk), status="DONE").order_by("pk")
    return [task.flow_task.name for task in tasks]


def work(**about):
    """The open work, as (arrow with its noun, whose)."""
    rows = WorkItem.objects.filter(process__finished=None, **about).select_related("user")
    return sorted((row.kind, row.role or row.user.name) for row in rows)


def deliver():
    """Deliver everything; nothing may fail."""
    _, failed = sweep()
    assert failed == 0
