"""What follows from an event here: the flows, also where no page was open (the clock, the story), and the stage whose money it moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tender.enums import StageState
from tender.models import User
from tender.schemes.definition import Intake
from workflows.commands import perform
from workflows.flows.following import FOLLOWED, follow
from workflows.machines import MACHINES
from workflows.models import StageMachine
from workflows.outbox import on
from workflows.queue import money_left_for, used_up

if TYPE_CHECKING:
    from typing import Any

    from workflows.models import Event

MOVES_MONEY = (
    "decision.propose", "decision.edit", "decision.depart", "decision.discard", "application.withdraw", "grant.lapse", "grant.settle",
)  # fmt: skip


@on(*FOLLOWED)
def follow_flows(event: Event) -> None:
    """Move the processes of the event's case along; a second delivery finds them there."""
    follow(event)


@on(*MOVES_MONEY)
def pause_or_resume(event: Event) -> None:
    """A stage that is open all year pauses when its money is used up, and opens again when money is freed.

    Not together with what moved the money: that holds a dossier, and a stage is locked before its dossiers.
    """
    machine: Any = MACHINES[event.noun]
    stage = machine.objects.get(pk=event.key).stage
    if stage.rules.intake != Intake.CONTINUOUS:
        return
    if stage.state == StageState.OPEN and used_up(stage):
        perform(StageMachine, "pause", pk=stage.pk, actor=User.objects.clock(), at=event.at)
    elif stage.state == StageState.PAUSED and money_left_for(stage) > 0:
        perform(StageMachine, "resume", pk=stage.pk, actor=User.objects.clock(), at=event.at)
