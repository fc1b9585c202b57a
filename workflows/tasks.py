"""What the workers do beside delivering: the clock's tick, the sweep, and the jobs of the flows."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from celery import shared_task
from django.db import transaction
from django.db.models import Q
from viewflow.workflow.exceptions import FlowLockFailed
from viewflow.workflow.fields import import_flow_by_ref
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from tender.clock import database_now
from workflows import outbox
from workflows.commands import clockwork

if TYPE_CHECKING:
    from datetime import datetime

LOST = timedelta(minutes=2)
"""A job that was sent this long ago and did not begin is sent again: the broker may have lost it."""
KILLED = timedelta(minutes=11)
"""A job that began this long ago and did not end is sent again: longer than `CELERY_TASK_TIME_LIMIT` lets any run."""
TRIES = 5
log = logging.getLogger(__name__)


# ── the clock ─────────────────────────────────────────────────────────────────────────────────────────────────
@shared_task
def tick() -> None:
    """Take every arrow whose instant has come, and fire the flows' timers, all at one moment of the database's clock."""
    at = database_now()
    clockwork.tick(at=at)
    fire_timers(at)


def fire_timers(at: datetime) -> int:
    """Fire every timer that is due at ``at``; returns how many. (viewflow's own dispatcher reads the clock of the machine it runs on.)"""
    due = Task.objects.filter(flow_task_type="TIMER", status=STATUS.SCHEDULED, scheduled__lte=at).order_by("scheduled", "pk")
    return sum(fire(task, at) for task in due)


def fire(task: Any, at: datetime) -> bool:
    """Fire one timer under its process's lock, unless another did or it was called off; one that fails holds up no other."""
    try:
        with transaction.atomic(), task.activation() as activation:
            if not activation.start.can_proceed():
                return False
            activation.task.data = {**activation.task.data, "at": at.isoformat()}
            activation.start()
            activation.execute()
    except FlowLockFailed:
        log.info("timer %s is locked; the next tick comes by", task.pk)
        return False
    except Exception:
        log.exception("timer %s failed", task.pk)
        return False
    return True


# ── the jobs ──────────────────────────────────────────────────────────────────────────────────────────────────
@shared_task(acks_late=True)
def run_job(*, ref: str) -> None:
    """Run the job of one task; one that is done or was called off is left alone, so a second delivery does no harm."""
    label, _, task_id = ref.rsplit("/", 2)
    flow_class = import_flow_by_ref(label)
    task = flow_class.task_class._default_manager.get(pk=task_id)  # noqa: SLF001  viewflow's own way to its rows
    if (activation := take(task, "start")) is None:
        return
    try:
        activation.flow_task.func(activation)  # outside the lock: a job may take its time
    except Exception as failure:  # noqa: BLE001  whatever it was, it is written down in the task
        log.warning("job %s failed: %s", task.pk, type(failure).__name__)
        take(task, "error", failure)
    else:
        take(task, "execute")


def take(task: Any, name: str, *args: Any) -> Any:
    """Take one step of a job's life under its process's lock; None where it is not open."""
    with task.activation() as activation:
        step = getattr(activation, name)
        if not step.can_proceed():
            return None
        step(*args)
        return activation


def send_job(task: Any) -> None:
    """Hand a job to the workers; a broker that is down is no loss, the sweep comes by. Not while somebody holds the outbox."""
    if outbox.HELD.get():
        return
    try:
        run_job.apply_async(kwargs={"ref": task.flow_task.activation_class(task).ref()}, task_id=task.external_task_id)
    except run_job.OperationalError:
        log.warning("broker unreachable; job %s waits for the sweep", task.pk)


def resend_stale_jobs(at: datetime) -> int:
    """Send again every job that was lost, killed, or failed fewer than `TRIES` times; returns how many."""
    lost = Q(status=STATUS.SCHEDULED, scheduled__lt=at - LOST)
    killed = Q(status=STATUS.STARTED, started__lt=at - KILLED)
    failed = Q(status=STATUS.ERROR, finished__lt=at - LOST)
    sent = 0
    for task in Task.objects.filter(lost | killed | failed, flow_task_type="JOB", process__finished=None).order_by("pk"):
        if task.status == STATUS.ERROR:
            sent += task.data.get("tries", 1) < TRIES and take(task, "retry") is not None
        # Two sweeps beside each other: only the one that finds the row as it was sends it.
        elif Task.objects.filter(pk=task.pk, status=task.status, scheduled=task.scheduled).update(
            scheduled=at, started=None, status=STATUS.SCHEDULED
        ):
            send_job(task)
            sent += 1
    return sent


# ── the sweep ─────────────────────────────────────────────────────────────────────────────────────────────────
@shared_task
def sweep() -> None:
    """Send again what a lost broker or a killed worker left behind."""
    at = database_now()
    for outbox_id in outbox.waiting(before=at - outbox.STALE):
        outbox.send(outbox_id)
    resend_stale_jobs(at)
