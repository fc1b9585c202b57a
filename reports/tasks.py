"""What the workers do for the reports: make exports, and send the mail that was left behind."""

from __future__ import annotations

import logging
from datetime import timedelta

from celery import shared_task

from reports.commands.digesting import send_digests
from reports.commands.exporting import make_export
from reports.commands.notifying import send_waiting
from reports.models import Export
from tender.clock import database_now

LOST = timedelta(minutes=2)
"""An export that did not get on for so long is begun again: its message was lost, or its worker killed."""
log = logging.getLogger(__name__)


@shared_task
def export(*, export_id: int) -> None:
    """Make one export; a second delivery finds it made and does nothing."""
    make_export(pk=export_id)


def send_export(export_id: int) -> None:
    """Hand an export to the workers; a broker that is down is no loss, the sweep comes by."""
    try:
        export.delay(export_id=export_id)
    except export.OperationalError:
        log.warning("broker unreachable; export %s waits for the sweep", export_id)


@shared_task
def sweep() -> None:
    """Send the mail that waits and the mails of the day, and make the exports that stand still."""
    send_waiting()
    send_digests(database_now())
    for pk in list(Export.objects.left_behind(database_now() - LOST).values_list("pk", flat=True)):
        try:
            make_export(pk=pk)
        except Exception:  # one broken export must not hold up the rest; its kind is in the row
            log.exception("export %s failed", pk)
