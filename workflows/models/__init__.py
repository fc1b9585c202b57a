"""What happens: the trail, what follows from it, the letters, and the machines over the cases."""

from workflows.machines import (
    MACHINES,
    AdviceMachine,
    ApplicationMachine,
    ConflictMachine,
    DecisionMachine,
    GrantMachine,
    InstalmentMachine,
    PitchMachine,
    PracticeMachine,
    ReportMachine,
    ScoresheetMachine,
    SeatMachine,
    SlotMachine,
    StageMachine,
)
from workflows.models.event import Event, Outbox
from workflows.models.letter import Letter, Notification
from workflows.models.process import CaseProcess, WorkItem

__all__ = [
    "MACHINES",
    "AdviceMachine",
    "ApplicationMachine",
    "CaseProcess",
    "ConflictMachine",
    "DecisionMachine",
    "Event",
    "GrantMachine",
    "InstalmentMachine",
    "Letter",
    "Notification",
    "Outbox",
    "PitchMachine",
    "PracticeMachine",
    "ReportMachine",
    "ScoresheetMachine",
    "SeatMachine",
    "SlotMachine",
    "StageMachine",
    "WorkItem",
]
