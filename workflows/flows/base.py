"""A flow: whose turn it is on one case. It follows the machine; where the two disagree, the machine is right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from viewflow.workflow.activation import Activation
from viewflow.workflow.base import Flow
from viewflow.workflow.lock import select_for_update_lock
from viewflow.workflow.models import Task
from viewflow.workflow.status import PROCESS, STATUS

from tender.enums import Role
from workflows.models import CaseProcess, WorkItem
from workflows.nodes import Term, Todo, Wait, now

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from workflows.models import Event

OVER = (STATUS.DONE, STATUS.CANCELED, STATUS.REVIVED)
WAITING = ("HUMAN", "WAIT", "JOB")


class CaseFlow(Flow):
    """What our flows share: the process knows its case, and can always be put where the case is."""

    process_class = CaseProcess
    lock_impl = select_for_update_lock
    noun: ClassVar[str]
    fell: ClassVar[frozenset[str]] = frozenset()
    """The states of the case in which the process was broken off, not finished."""

    @classmethod
    def place(cls, case: Any, at: datetime) -> frozenset[str]:
        """The nodes that ought to be waiting, by what the case says of itself at ``at``; none where it is over."""
        raise NotImplementedError

    def job_done(self, activation: Any) -> None:
        """A job is done: put in the inboxes whose turn it is now."""
        refresh(activation.process, activation.process.case)

    def opened(self, activation: Any, *, case: Any, seen: int, at: datetime) -> Any:
        """A new process for a case."""
        process = activation.process
        process.noun, process.key, process.seen, process.created = case.noun, case.pk, seen, at
        process.stage_id = case.pk if case.noun == "stage" else case.stage_id
        process.application_id = {"stage": None, "application": case.pk}.get(case.noun, getattr(case, "application_id", None))
        activation.task.created = activation.task.started = at
        return process

    def term_over(self, activation: Any) -> None:
        """A term ran out: warn, where the flow waits on; and put in the inboxes whose turn it is now."""
        if not activation.flow_task._interrupting:  # noqa: SLF001  viewflow's name for it
            escalate(activation)
        refresh(activation.process, activation.process.case)


def escalate(activation: Any) -> None:
    """Show what waits to the officer beside those whose turn it is; to the head where it is the officer's own turn."""
    for item in WorkItem.objects.filter(task__in=activation.task.previous.all(), escalated=False):
        WorkItem.objects.get_or_create(
            process_id=item.process_id, task_id=item.task_id, noun=item.noun, key=item.key, arrow=item.arrow, user=None,
            role=Role.HEAD if item.role == Role.OFFICER else Role.OFFICER, escalated=True,
            defaults={"application_id": item.application_id, "stage_id": item.stage_id, "deadline": item.deadline, "since": now()},
        )  # fmt: skip


# ── moving ────────────────────────────────────────────────────────────────────────────────────────────────────
def open_tasks(process: CaseProcess) -> list[Any]:
    """The tasks of a process that are not over, timers among them."""
    tasks = list(Task.objects.filter(process=process).exclude(status__in=OVER).order_by("pk"))
    for task in tasks:
        task.process = process
    return tasks


def walk(process: CaseProcess, tasks: Iterable[Any], event: Event, wanted: frozenset[str]) -> bool:
    """Do the task that waits for this event's arrow, in the name of who took it; says whether there was one."""
    if event.noun == process.noun and event.key != process.key:
        return False
    for task in tasks:
        node = task.flow_task
        if isinstance(node, Wait) and event.kind in node.targets and (node.again or node.name not in wanted):
            activation = node.activation_class(task)
            activation.process.replayed = event
            activation.take(kind=event.kind, actor=event.actor, at=event.at)
            activation.execute()
            return True
    return False


def put_right(process: CaseProcess, tasks: list[Any], wanted: frozenset[str], *, fell: bool) -> int:  # noqa: C901
    """Let exactly the wanted nodes wait: call off the others, begin what is missing. Returns how many had to be."""
    waiting: dict[str, Any] = {}
    surplus = []
    for task in tasks:
        name = task.flow_task.name
        if task.flow_task_type not in WAITING:
            continue
        if name in wanted and name not in waiting:
            waiting[name] = task
        else:
            surplus.append(task)
    for task in surplus:
        call_off(task, tasks)
    missing = sorted(wanted - set(waiting))
    if missing or (not wanted and process.finished is None):
        give_status(process, going=bool(wanted), fell=fell)
    for name in missing:
        begin(process, name)
    if not wanted:
        for task in tasks:
            call_off(task, [])
    return len(surplus) + len(missing)


def give_status(process: CaseProcess, *, going: bool, fell: bool) -> None:
    """Open a process again, or end it."""
    over = PROCESS.CANCELED if fell else PROCESS.DONE
    process.status, process.finished = (PROCESS.NEW, None) if going else (over, now())
    process.save()


def call_off(task: Any, among: list[Any]) -> None:
    """Cancel a task and the warnings at its border."""
    cancel = task.flow_task.activation_class(task).cancel
    if cancel.can_proceed():
        cancel()
    if among:
        hung_on = set(Task.objects.filter(previous=task).values_list("pk", flat=True))
        for other in among:
            if other.pk in hung_on and isinstance(other.flow_task, Term):
                call_off(other, [])


def begin(process: CaseProcess, name: str) -> None:
    """Let a node wait that the flow did not come to by itself."""
    last = Task.objects.filter(process=process).order_by("pk").last()
    last.process = process
    before = last.flow_task.activation_class(last)
    Activation._activate_next(before, {process.flow_class.instance.node(name)._create(before, last.token)})  # noqa: SLF001


# ── what there is to do ───────────────────────────────────────────────────────────────────────────────────────
def refresh(process: CaseProcess, case: Any) -> None:  # noqa: C901
    """Make the open work of a process what its waiting nodes ask, and the timers due when the case's terms now say."""
    tasks = open_tasks(process)
    asked: dict[tuple[Any, ...], tuple[Any, Todo]] = {}
    for task in tasks:
        node = task.flow_task
        if isinstance(node, Wait):
            asked |= {address(task.pk, todo): (task, todo) for todo in node.todos(case)}
        elif isinstance(node, Term) and task.scheduled != (due := node.by(case)):
            Task.objects.filter(pk=task.pk).update(scheduled=due)
    there = {}
    alive = {task.pk for task in tasks}
    gone = []
    for item in WorkItem.objects.filter(process=process):
        key = (item.task_id, item.noun, item.key, item.arrow, item.role, item.user_id)
        if item.task_id not in alive or (not item.escalated and key not in asked):
            gone.append(item.pk)
        elif not item.escalated:
            there[key] = item
    WorkItem.objects.filter(pk__in=gone).delete()
    write(process, {key: pair for key, pair in asked.items() if key not in there})
    for key, item in there.items():
        if item.deadline != asked[key][1].deadline:
            WorkItem.objects.filter(pk=item.pk).update(deadline=asked[key][1].deadline)


def address(task_id: int, todo: Todo) -> tuple[Any, ...]:
    """What makes one thing to do the same as another."""
    return (task_id, todo.noun, todo.key, todo.arrow, todo.role, todo.user_id)


def write(process: CaseProcess, new: dict[tuple[Any, ...], tuple[Any, Todo]]) -> None:
    """Put new work in the inboxes."""
    WorkItem.objects.bulk_create(
        WorkItem(
            process=process, task=task, noun=todo.noun, key=todo.key, arrow=todo.arrow, role=todo.role, user_id=todo.user_id,
            application_id=process.application_id, stage_id=process.stage_id, deadline=todo.deadline, since=now(),
        )
        for task, todo in new.values()
    )  # fmt: skip
