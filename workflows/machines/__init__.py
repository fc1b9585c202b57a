"""All arrows of each noun on one screen; `MACHINES` names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.machines.aid import AidNoteMachine, LinkMachine
from workflows.machines.application import ApplicationMachine
from workflows.machines.corresponding import AccountMachine, ContactMachine, MessageMachine
from workflows.machines.decision import DecisionMachine
from workflows.machines.grant import GrantMachine, InstalmentMachine
from workflows.machines.jury import AdviceMachine, ConflictMachine, ScoresheetMachine
from workflows.machines.notice import NoticeMachine
from workflows.machines.objection import ObjectionMachine
from workflows.machines.panel import PracticeMachine, SeatMachine
from workflows.machines.paying import BatchMachine, StatementMachine
from workflows.machines.pitch import PitchMachine, SlotMachine
from workflows.machines.posting import AddressTrustMachine, CorrectionMachine, PaperPostMachine, PostRouteMachine
from workflows.machines.question import QuestionMachine
from workflows.machines.recovery import InsolvencyMachine, RecoveryMachine
from workflows.machines.reporting import ReportMachine
from workflows.machines.stage import StageMachine
from workflows.machines.standing_in import StandInMachine
from workflows.machines.together import ConsentMachine, InvitationMachine, JoiningMachine
from workflows.machines.wording import WordingMachine

__all__ = [
    "MACHINES",
    "AccountMachine",
    "AddressTrustMachine",
    "AdviceMachine",
    "AidNoteMachine",
    "ApplicationMachine",
    "BatchMachine",
    "ConflictMachine",
    "ConsentMachine",
    "ContactMachine",
    "CorrectionMachine",
    "DecisionMachine",
    "GrantMachine",
    "InsolvencyMachine",
    "InstalmentMachine",
    "InvitationMachine",
    "JoiningMachine",
    "LinkMachine",
    "MessageMachine",
    "NoticeMachine",
    "ObjectionMachine",
    "PaperPostMachine",
    "PitchMachine",
    "PostRouteMachine",
    "PracticeMachine",
    "QuestionMachine",
    "RecoveryMachine",
    "ReportMachine",
    "ScoresheetMachine",
    "SeatMachine",
    "SlotMachine",
    "StageMachine",
    "StandInMachine",
    "StatementMachine",
    "WordingMachine",
]

if TYPE_CHECKING:
    from workflows.machines.arrow import Machine

MACHINES: dict[str, type[Machine]] = {
    machine.noun: machine
    for machine in (
        StageMachine, ApplicationMachine, DecisionMachine, SeatMachine, PracticeMachine, ConflictMachine, ScoresheetMachine, AdviceMachine,
        GrantMachine, InstalmentMachine, ReportMachine, MessageMachine, AccountMachine, ContactMachine,
        CorrectionMachine, PostRouteMachine, PaperPostMachine, AddressTrustMachine,
        SlotMachine, PitchMachine, QuestionMachine, InvitationMachine, ConsentMachine, JoiningMachine, NoticeMachine, ObjectionMachine,
        WordingMachine,
        LinkMachine, AidNoteMachine,
        StandInMachine,
        BatchMachine, StatementMachine,
        RecoveryMachine, InsolvencyMachine,
    )
}  # fmt: skip
