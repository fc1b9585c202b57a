"""The nodes our flows are made of: they wait for arrows, or do a job. None of them has a page of viewflow's own."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import nodes
from viewflow.workflow.activation import Activation
from viewflow.workflow.base import Edge, Node
from viewflow.workflow.context import context
from viewflow.workflow.nodes.boundary import TimerBoundary, TimerBoundaryActivation
from viewflow.workflow.nodes.job import AbstractJob, AbstractJobActivation
from viewflow.workflow.signals import task_failed, task_finished
from viewflow.workflow.status import STATUS

from tender.clock import database_now
from workflows.labels import LABELS
from workflows.tasks import send_job

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from tender.models import User

    Case = Any
    Roles = str | Callable[[Case], str]

MOMENT: ContextVar[datetime | None] = ContextVar("moment", default=None)


@contextmanager
def moment(at: datetime) -> Iterator[None]:
    """The moment of which the tasks that begin and end now are stamped: the event's, not the machine's."""
    token = MOMENT.set(at)
    try:
        yield
    finally:
        MOMENT.reset(token)


def now() -> datetime:
    """The moment of the event that is being followed; where there is none, the database's clock."""
    return MOMENT.get() or database_now()


# ── what went wrong, without what it was about ────────────────────────────────────────────────────────────────
def name_of(failure: BaseException) -> str:
    """What may be written down of a failure: its kind. Its message and its frames may hold personal data."""
    return type(failure).__name__[:200]


@contextmanager
def guard(activation: Any) -> Iterator[None]:
    """In place of viewflow's guard, which stores the traceback and every local variable of the frame that failed."""
    try:
        yield
    except Exception as failure:
        if context.propagate_exception:
            raise
        put_down(activation, failure)


def put_down(activation: Any, failure: BaseException) -> None:
    """Set a task to ERROR, with the kind of failure and how often it was tried."""
    task = activation.task
    task.data = {**(task.data or {}), "error": name_of(failure), "tries": (task.data or {}).get("tries", 0) + 1}
    task.finished = now()
    task.status = STATUS.ERROR
    task.save()
    task_failed.send(sender=activation.flow_class, process=activation.process, task=task)


Activation.exception_guard = guard


# ── waiting for an arrow ──────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do while a node waits: which arrow of which case, whose, and by when."""

    noun: str
    key: int
    arrow: str
    role: str = ""
    user_id: int | None = None
    deadline: date | None = None


class WaitActivation(Activation):
    """A task that waits until its arrow has been taken."""

    @classmethod
    def create(cls, flow_task: Any, prev_activation: Any, token: Any, data: Any = None, seed: Any = None) -> Any:
        """Begin to wait."""
        activation = super().create(flow_task, prev_activation, token, data=data, seed=seed)
        activation.task.created = now()
        activation.task.save(update_fields=["created"])
        return activation

    @Activation.status.super()
    def activate(self) -> None:
        """Wait."""

    @Activation.status.transition(source=STATUS.NEW, target=STATUS.STARTED)
    def take(self, *, kind: str, actor: User, at: datetime) -> None:
        """The arrow was taken: the task is its actor's."""
        task = self.task
        task.data = {**(task.data or {}), "kind": kind}
        task.owner, task.assigned, task.started = actor, at, at

    @Activation.status.transition(source=STATUS.STARTED, target=STATUS.DONE)
    def complete(self) -> None:
        """Done, at the moment of the arrow."""
        self.task.finished = self.task.started
        self.task.save()
        task_finished.send(sender=self.flow_class, process=self.process, task=self.task)

    @Activation.status.transition(source=STATUS.STARTED)
    def execute(self) -> None:
        """Done; whoever is next waits."""
        self.complete()
        self.activate_next()

    @Activation.status.super()
    def create_next(self) -> Iterator[Any]:
        """Where this arrow leads."""
        yield self.flow_task.targets[self.task.data["kind"]]._create(self, self.task.token)  # noqa: SLF001  viewflow's own hook

    @Activation.status.transition(source=STATUS.NEW, target=STATUS.CANCELED)
    def cancel(self) -> None:
        """No longer waited for."""
        self.task.finished = now()
        self.task.save()


def clock_face(scale: float) -> str:
    """A timer as BPMN draws it, in shapes that take all their colours from a style sheet."""
    face = '<circle class="event" cx="25" cy="25" r="25"/><circle class="event" cx="25" cy="25" r="20"/>'
    return f'<g transform="scale({scale})">{face}<path class="event-marker" d="M25,11 L25,25 L35,25"/></g>'


class Wait(Node):
    """Waits for arrows that others take: the round, the clock, another process."""

    activation_class = WaitActivation
    task_type = "WAIT"
    shape = nodes.Handle.shape
    bpmn_element = "receiveTask"
    again = False
    """Whether an arrow leads back here, so that each one is a task of its own."""

    def __init__(self, title: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.arrows: dict[str, Any] = {}
        self.targets: dict[str, Any] = {}
        if title is not None:
            self.Annotation(title=title)

    def On(self, *kinds: str, to: Any) -> Wait:  # noqa: N802  as viewflow's own Next and OnTimeout
        """Lead on to ``to`` once one of these arrows (with their nouns) was taken."""
        self.arrows = {**self.arrows, **dict.fromkeys(kinds, to)}
        return self

    def Warns(self, by: Callable[[Case], datetime | None]) -> Wait:  # noqa: N802
        """Warn the officer at an instant read from the case (None: never), and wait on."""
        return self._with(Term(by).Annotation(title=_("Warn: the term runs out")))

    def Ends(self, by: Callable[[Case], datetime | None], to: Any) -> Wait:  # noqa: N802
        """Wait no longer at an instant read from the case (None: wait on), but go on to ``to``."""
        return self._with(Term(by, interrupting=True).Annotation(title=_("The term is over")).Next(to))

    def _with(self, term: Any) -> Wait:
        self._boundary_specs = [*self._boundary_specs, ("term", term)]  # type: ignore[has-type]
        return self

    def _resolve(self, instance: Any) -> None:
        super()._resolve(instance)
        self.targets = {kind: this.resolve(instance, to) for kind, to in self.arrows.items()}
        self.again = any(target is self for target in self.targets.values()) or self.again

    def _outgoing(self) -> Iterator[Edge]:
        led: dict[Any, list[Any]] = {}
        for kind, target in self.targets.items():
            led.setdefault(target, []).extend([LABELS[kind]] if kind in LABELS else [])
        for target, words in led.items():
            if target is not self:
                label = format_lazy(" / ".join(["{}"] * len(words)), *words) if words and len(led) > 1 else None
                yield Edge(src=self, dst=target, edge_class="next", label=label)

    def todos(self, case: Case) -> list[Todo]:  # noqa: ARG002
        """Nobody of ours has anything to do while this waits."""
        return []


class Turn(Wait):
    """Waits for an arrow that people take. Named after it; ``role`` says whose turn it is."""

    task_type = "HUMAN"
    shape = nodes.View.shape
    bpmn_element = "userTask"

    def __init__(
        self, kind: str, *, role: Roles = "", by: Callable[[Case], date | None] | None = None,
        todos: Callable[[Case], list[Todo]] | None = None, again: bool = False, title: Any = None,
    ) -> None:  # fmt: skip
        super().__init__(title=title or LABELS.get(kind))
        self.kind, self.role, self.by, self.listed, self.again = kind, role, by, todos, again

    def todos(self, case: Case) -> list[Todo]:
        """What people have to do while this waits: one thing for the role, unless the flow lists them."""
        if self.listed is not None:
            return self.listed(case)
        noun, arrow = self.kind.split(".")
        role = self.role(case) if callable(self.role) else self.role
        return [Todo(noun, case.pk, arrow, role, deadline=self.by(case) if self.by else None)]


class ByClock(Wait):
    """Waits for an arrow of the clock."""

    shape = {"width": 50, "height": 50, "svg": clock_face(1)}
    bpmn_element = "intermediateCatchEvent"

    def bpmn_content(self) -> str:
        """As BPMN says it: a timer."""
        return "<bpmn:timerEventDefinition/>"


# ── a term that runs out while a node waits ───────────────────────────────────────────────────────────────────
class TermActivation(TimerBoundaryActivation):
    """Due at an instant that the case knows, which may move."""

    @Activation.status.transition(source=STATUS.NEW, target=STATUS.SCHEDULED)
    def activate(self) -> None:
        """Note when; nothing is due where there is no term."""
        self.task.created, self.task.scheduled = now(), self.flow_task.by(self.process.case)
        self.task.save()

    @Activation.status.transition(source=STATUS.STARTED)
    def execute(self) -> None:
        """Fire, at the moment of the tick: warn, or go on; then see to the inboxes."""
        with moment(datetime.fromisoformat(self.task.data["at"])):
            super().execute.original()
            self.flow_class.instance.term_over(self)


class Term(TimerBoundary):
    """A term at the border of a waiting task; fired by `workflows.tasks.fire_timers` with the tick's own moment."""

    activation_class = TermActivation
    shape = {"width": 36, "height": 36, "svg": clock_face(0.72)}

    def __init__(self, by: Callable[[Case], datetime | None], *, interrupting: bool = False) -> None:
        super().__init__(None, delay=None, interrupting=interrupting)
        self.by = by

    def bpmn_content(self) -> str:
        """As BPMN says it: a timer."""
        return "<bpmn:timerEventDefinition/>"


# ── a job ─────────────────────────────────────────────────────────────────────────────────────────────────────
class JobActivation(AbstractJobActivation):
    """A task for the workers: sent after commit, run at least once."""

    def schedule(self) -> None:
        """Note when it was sent, and send it once that is committed."""
        self.task.scheduled, self.task.finished = database_now(), None
        self.task.save()
        task = self.task
        transaction.on_commit(lambda: send_job(task))

    @Activation.status.transition(source=STATUS.NEW, target=STATUS.SCHEDULED)
    def activate(self) -> None:
        """Send it to the workers."""
        self.schedule()

    @Activation.status.transition(source=STATUS.STARTED)
    def execute(self) -> None:
        """Done; whoever is next waits, and finds it in the inbox."""
        super().execute.original()
        self.flow_class.instance.job_done(self)

    @Activation.status.transition(source=STATUS.ERROR, target=STATUS.SCHEDULED)
    def retry(self) -> None:
        """Send it again after a failure."""
        self.task.external_task_id = str(uuid.uuid4())
        self.schedule()

    @Activation.status.transition(source=STATUS.STARTED, target=STATUS.ERROR)
    def error(self, failure: Exception) -> None:
        """Write down what kind of failure it was, and nothing of what it was about."""
        put_down(self, failure)

    @Activation.status.transition(source=[STATUS.NEW, STATUS.SCHEDULED, STATUS.STARTED, STATUS.ERROR], target=STATUS.CANCELED)
    def cancel(self) -> None:
        """No longer needed; a worker that still runs it finds that out when it wants to say it is done."""
        self.task.finished = now()
        self.task.save()


class Job(AbstractJob):
    """Does something that takes time, outside every lock. ``func`` gets the activation and must not mind running twice."""

    activation_class = JobActivation
    shape = {**AbstractJob.shape, "svg": AbstractJob.shape["svg"].replace("task-label", "task-marker")}

    def __init__(self, func: Any, *, title: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.func = func
        if title is not None:
            self.Annotation(title=title)

    def _resolve(self, instance: Any) -> None:
        super()._resolve(instance)
        self.func = this.resolve(instance, self.func)
