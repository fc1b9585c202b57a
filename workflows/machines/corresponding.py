from __future__ import annotations

from typing import TYPE_CHECKING

from tender.canonical import digest
from tender.enums import APPLICANT_ROLES, NOTHING
from tender.enums import ChangeState as C
from tender.enums import MessageState as M
from tender.models import BankAccount, Contact, Message
from tender.rules import has_part, is_clock, is_editor, is_signer
from workflows.machines.arrow import DossierMachine, arrow
from workflows.rules import (
    account_differs,
    account_right,
    applies_together,
    change_as_seen,
    confirmed_twice,
    contact_takes_part,
    corresponds,
    is_addressee,
    none_proposed,
    not_sent_before,
    says_something,
    still_runs,
    was_handed_in,
)

if TYPE_CHECKING:
    from tender.step import Facts, Step


class MessageMachine(DossierMachine, Message):
    """A message between the applicant's side and the house."""

    noun = "message"
    along = ("application__stage__call__version", "by")

    class Meta:
        proxy = True

    @arrow(source=NOTHING, target=M.SENT, who=corresponds, when=[was_handed_in, says_something, not_sent_before])
    def send(self, step: Step) -> Facts:
        """Write a message on the dossier; what it says stays out of the trail."""
        self.from_house = not has_part(self.application, step.actor, *APPLICANT_ROLES)
        self.by, self.at = step.actor, step.at
        self.body, self.token = step.data["body"], step.data["token"]
        return {"from_house": self.from_house, "sha256": digest(self.body)}

    @arrow(source=M.SENT, target=M.READ, who=is_addressee, writes=["read_by", "read_at"])
    def read(self, step: Step) -> Facts:
        """The other side opened the message."""
        self.read_by, self.read_at = step.actor, step.at
        return {}


class AccountMachine(DossierMachine, BankAccount):
    """The account to which a dossier's money goes."""

    noun = "account"
    along = ("application__stage__call__version",)

    class Meta:
        proxy = True

    @arrow(source=NOTHING, target=C.PROPOSED, who=is_editor,
           when=[was_handed_in, still_runs, account_right, account_differs, none_proposed])  # fmt: skip
    def propose(self, step: Step) -> Facts:
        """Name another account to pay to; nothing changes before it is confirmed."""
        self.iban, self.holder = step.data["iban"], step.data["holder"]
        self.proposed_by, self.proposed_at = step.actor, step.at
        return {"ends_in": self.ends_in, "sha256": digest(self.iban)}

    @arrow(source=C.PROPOSED, target=C.CONFIRMED, who=is_signer, when=[still_runs, change_as_seen, confirmed_twice],
           writes=["confirmed_by", "confirmed_at"])  # fmt: skip
    def confirm(self, step: Step) -> Facts:
        """From now on the money goes to this account; what was ordered already goes where it was ordered to."""
        self.confirmed_by, self.confirmed_at = step.actor, step.at
        return {"ends_in": self.ends_in, "sha256": digest(self.iban)}

    @arrow(source=C.PROPOSED, target=C.DROPPED, who=is_editor)
    def drop(self, step: Step) -> Facts:
        """The account stays as it was."""
        return {"ends_in": self.ends_in}

    @arrow(source=C.CONFIRMED, target=C.REPLACED, who=is_clock)
    def replace(self, step: Step) -> Facts:
        """Another account took its place."""
        return {"ends_in": self.ends_in}


class ContactMachine(DossierMachine, Contact):
    """Who of the applicant's side is written to."""

    noun = "contact"
    along = ("application__stage__call__version", "application__organisation", "user", "before")

    class Meta:
        proxy = True

    @arrow(source=NOTHING, target=C.PROPOSED, who=is_editor,
           when=[still_runs, applies_together, contact_takes_part, none_proposed])  # fmt: skip
    def propose(self, step: Step) -> Facts:
        """Name another contact; nothing changes before it is confirmed."""
        self.before = self.application.applicant
        self.proposed_by, self.proposed_at = step.actor, step.at
        return {"user": self.user_id, "before": self.before_id}

    @arrow(source=C.PROPOSED, target=C.CONFIRMED, who=is_signer, when=[still_runs, change_as_seen, contact_takes_part, confirmed_twice],
           writes=["confirmed_by", "confirmed_at"])  # fmt: skip
    def confirm(self, step: Step) -> Facts:
        """From now on letters are addressed to this person."""
        self.confirmed_by, self.confirmed_at = step.actor, step.at
        return {"user": self.user_id, "before": self.before_id}

    @arrow(source=C.PROPOSED, target=C.DROPPED, who=is_editor)
    def drop(self, step: Step) -> Facts:
        """The contact stays who it was."""
        return {"user": self.user_id}

    @arrow(source=C.CONFIRMED, target=C.REPLACED, who=is_clock)
    def replace(self, step: Step) -> Facts:
        """Somebody else took over."""
        return {"user": self.user_id}
