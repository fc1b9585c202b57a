"""Where flow and machine disagree, the machine is right: derive what waits, and for whom, from the cases themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from tender.enums import ApplicationState as A
from tender.enums import DecisionState, GrantState, StageState
from workflows.flows.following import bring_up
from workflows.machines import MACHINES
from workflows.models import CaseProcess
from workflows.models.process import case_of
from workflows.nodes import moment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

OVER = {
    "stage": [StageState.FINISHED, StageState.CANCELLED],
    "application": [
        A.SET_ASIDE, A.INELIGIBLE, A.RESERVED, A.ADMITTED, A.REFUSED, A.WITHDRAWN, A.LAPSED, A.CANCELLED, A.CLOSED,
    ],
    "decision": [DecisionState.FINAL, DecisionState.SUPERSEDED, DecisionState.DISCARDED],
    "grant": [GrantState.LAPSED, GrantState.WITHDRAWN, GrantState.CLOSED],
}  # fmt: skip
"""The states in which nothing waits, so that a case need not be looked at."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """How many cases were looked at, and in how many something had to be put right."""

    looked_at: int
    righted: int


def repair(at: datetime) -> Repaired:
    """Look at every case that may have something waiting, one transaction each."""
    looked_at = righted = 0
    for noun, pk in cases():
        looked_at += 1
        righted += catch_up(noun, pk, at=at) > 0
    return Repaired(looked_at, righted)


def cases() -> Iterator[tuple[str, int]]:
    """Every case that is not over, and every case whose process is not."""
    for noun, over in OVER.items():
        machine: Any = MACHINES[noun]
        going = set(machine.objects.exclude(state__in=over).values_list("pk", flat=True))
        going |= set(CaseProcess.objects.filter(noun=noun, finished=None).values_list("key", flat=True))
        for pk in sorted(going):
            yield noun, pk


def catch_up(noun: str, pk: int, *, at: datetime) -> int:
    """Bring the processes of one case to where it is, now; returns how much was not as it should be."""
    with transaction.atomic(), moment(at):
        known = list(CaseProcess.objects.of([(noun, pk)]).select_for_update())
        return bring_up(case_of(noun, pk), known, at=at)
