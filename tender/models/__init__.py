"""What there is: inert data. A case cannot be moved from here."""

from tender.models.aid import AidNote, Undertaking, UndertakingLink
from tender.models.application import Application, Document, Partner, Receipt, Submission
from tender.models.asking import Question
from tender.models.calendars import CalendarAddress
from tender.models.call import Call, Stage
from tender.models.corresponding import BankAccount, Contact, Message, iban_of
from tender.models.decision import Approval, BoardList, Decision
from tender.models.grant import Grant, Instalment, ProgressReport
from tender.models.lateness import DefaultNotice
from tender.models.ledger import FundingSource, LedgerAccount, LedgerEntry, Overdrawn
from tender.models.objecting import Objection
from tender.models.paying import BankStatement, PaymentBatch, PaymentLine, StatementEntry
from tender.models.people import CaseRole, Lent, Membership, Organisation, StaffRole, User, people_of_their_own, people_with
from tender.models.pitching import Pitch, PitchSlot
from tender.models.recovery import InsolvencyNote, Recovery, RecoveryReceipt
from tender.models.scheme import Scheme, SchemeVersion
from tender.models.standing_in import StandIn
from tender.models.together import Consent, CoSignature, DraftChange, Invitation, Joining
from tender.models.wording import Wording

__all__ = [
    "AidNote",
    "Application",
    "Approval",
    "BankAccount",
    "BankStatement",
    "BoardList",
    "CalendarAddress",
    "Call",
    "CaseRole",
    "CoSignature",
    "Consent",
    "Contact",
    "Decision",
    "DefaultNotice",
    "Document",
    "DraftChange",
    "FundingSource",
    "Grant",
    "InsolvencyNote",
    "Instalment",
    "Invitation",
    "Joining",
    "LedgerAccount",
    "LedgerEntry",
    "Lent",
    "Membership",
    "Message",
    "Objection",
    "Organisation",
    "Overdrawn",
    "Partner",
    "PaymentBatch",
    "PaymentLine",
    "Pitch",
    "PitchSlot",
    "ProgressReport",
    "Question",
    "Receipt",
    "Recovery",
    "RecoveryReceipt",
    "Scheme",
    "SchemeVersion",
    "StaffRole",
    "Stage",
    "StandIn",
    "StatementEntry",
    "Submission",
    "Undertaking",
    "UndertakingLink",
    "User",
    "Wording",
    "iban_of",
    "people_of_their_own",
    "people_with",
]
