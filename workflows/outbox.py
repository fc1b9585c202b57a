"""What follows from an event, delivered apart from it: one row per event and handler, at least once, never lost."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from celery import shared_task
from django.db import transaction

from tender.clock import database_now
from workflows.models import Event, Outbox

if TYPE_CHECKING:
    from datetime import datetime

Handler = Callable[[Event], None]
HELD: ContextVar[bool] = ContextVar("held", default=False)
HANDLERS: defaultdict[str, dict[str, Handler]] = defaultdict(dict)
STALE = timedelta(seconds=60)
log = logging.getLogger(__name__)


def on(*kinds: str) -> Callable[[Handler], Handler]:
    """Subscribe a handler to kinds of event. It runs after commit, may run more than once, and must not mind."""

    def register(handler: Handler) -> Handler:
        # Rows that wait hold this name, so a handler keeps it in whichever file of its app's subscriptions it stands.
        name = ".".join([*handler.__module__.split(".")[:2], handler.__qualname__])
        for kind in kinds:
            if HANDLERS[kind].setdefault(name, handler) is not handler:
                raise ValueError(f"{name} is subscribed to {kind} already")
        return handler

    return register


def enqueue(event: Event) -> None:
    """Write what must follow from ``event`` in its own transaction, and send it off on commit."""
    rows = Outbox.objects.bulk_create([Outbox(event=event, handler=name, queued_at=event.at) for name in HANDLERS[event.kind]])
    for row in rows:
        transaction.on_commit(partial(send, row.pk))


@contextmanager
def held() -> Iterator[None]:
    """Send nothing to the workers meanwhile: whoever holds the outbox sweeps it himself."""
    token = HELD.set(True)
    try:
        yield
    finally:
        HELD.reset(token)


def send(outbox_id: int) -> None:
    """Hand a row to the workers; a broker that is down is no loss, the sweep comes by."""
    if HELD.get():
        return
    try:
        deliver.delay(outbox_id=outbox_id)
    except deliver.OperationalError:
        log.warning("broker unreachable; outbox row %s waits for the sweep", outbox_id)


def deliver_now(outbox_id: int) -> bool:
    """Run one handler unless it ran before; says whether it ran. A failure is written down and raised."""
    with transaction.atomic():
        row = Outbox.objects.select_for_update(of=("self",)).select_related("event__actor").get(pk=outbox_id)
        if row.done_at is not None:
            return False
        try:
            with transaction.atomic():
                HANDLERS[row.event.kind][row.handler](row.event)
        except Exception as failure:  # noqa: BLE001  whatever a handler throws is written down, and raised below
            broken: Exception | None = failure
            row.error = type(failure).__name__
        else:
            broken = None
            row.error = ""
            row.done_at = database_now()
        row.attempts += 1
        row.save(update_fields=["done_at", "attempts", "error"])
    if broken is not None:
        raise broken
    return True


@shared_task(autoretry_for=(), acks_late=True)
def deliver(*, outbox_id: int) -> None:
    """Run one handler once; a second delivery finds ``done_at`` set and does nothing."""
    deliver_now(outbox_id)


def waiting(before: datetime | None = None) -> list[int]:
    """The rows not done yet, oldest first: those queued before an instant, or all."""
    rows = Outbox.objects.filter(done_at=None)
    if before is not None:
        rows = rows.filter(queued_at__lt=before)
    return list(rows.order_by("queued_at", "pk").values_list("pk", flat=True))


def sweep() -> tuple[int, int]:
    """Deliver, here and now, what a lost broker or killed worker left behind: (delivered, failed)."""
    delivered = failed = 0
    for outbox_id in waiting():
        try:
            delivered += deliver_now(outbox_id)
        except Exception:
            log.exception("outbox row %s failed", outbox_id)
            failed += 1
    return delivered, failed
