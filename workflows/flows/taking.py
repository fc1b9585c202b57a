"""A step taken by a person: the machine moves, and the flows with it, in one transaction."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from workflows.commands import perform
from workflows.flows.following import NOBODY_WAITS, follow
from workflows.machines import MACHINES
from workflows.models import CaseProcess

if TYPE_CHECKING:
    from datetime import datetime

    from tender.models import User
    from workflows.models import Event

DOSSIER = {
    "application": "pk", "decision": "application", "conflict": "application", "scoresheet": "application", "grant": "application",
    "instalment": "grant__application", "report": "grant__application", "advice": "application", "objection": "application",
    "pitch": "application",
}  # fmt: skip
"""Where a case says which dossier it is in."""
log = logging.getLogger(__name__)


@transaction.atomic
def take_step(machine: type[Any], name: str, *, pk: int, actor: User, at: datetime, **data: Any) -> Event:
    """`perform`, and the flows follow at once. Raises what `perform` raises, and then nothing has moved.

    Processes are locked before cases, as everywhere. A flow that cannot follow stops nobody: the outbox tries again.
    """
    lock_processes(machine.noun, pk)
    event = perform(machine, name, pk=pk, actor=actor, at=at, **data)
    try:
        with transaction.atomic():
            follow(event)
    except Exception:
        log.exception("the flows could not follow %s", event.kind)
    return event


def lock_processes(noun: str, pk: int) -> None:
    """Lock every process that a step on this case may move: those of its dossier, and the round that waits for a decision or an advice."""
    if noun == "stage":
        ours = Q(noun="stage", key=pk)
    elif noun in NOBODY_WAITS:
        return
    else:
        machine: Any = MACHINES[noun]
        ours = Q(application__in=machine.objects.filter(pk=pk).values(DOSSIER[noun]))
    if noun in {"decision", "advice"}:
        ours |= Q(noun="stage", key__in=MACHINES[noun].objects.filter(pk=pk).values("stage"))  # type: ignore[attr-defined]
    list(CaseProcess.objects.filter(ours).order_by("pk").select_for_update().values_list("pk", flat=True))
