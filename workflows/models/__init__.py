"""What happens: the trail, what follows from it, the letters, and the machines over the cases."""

from workflows.machines import (
    MACHINES,
    AccountMachine,
    AdviceMachine,
    ApplicationMachine,
    ConflictMachine,
    ContactMachine,
    DecisionMachine,
    GrantMachine,
    InstalmentMachine,
    MessageMachine,
    PitchMachine,
    PracticeMachine,
    QuestionMachine,
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
    "AccountMachine",
    "AdviceMachine",
    "ApplicationMachine",
    "CaseProcess",
    "ConflictMachine",
    "ContactMachine",
    "DecisionMachine",
    "Event",
    "GrantMachine",
    "InstalmentMachine",
    "Letter",
    "MessageMachine",
    "Notification",
    "Outbox",
    "PitchMachine",
    "PracticeMachine",
    "QuestionMachine",
    "ReportMachine",
    "ScoresheetMachine",
    "SeatMachine",
    "SlotMachine",
    "StageMachine",
    "WorkItem",
]
