from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.conf import settings

from tender.calendar import AMSTERDAM, amsterdam_day
from tender.commands.paying import lines_for
from tender.enums import NOTHING
from tender.enums.paying import BatchState as B
from tender.enums.paying import StatementState as S
from tender.models import BankStatement, PaymentBatch
from tender.rules import is_clock, reason_given
from tender.sepa import NAME, Payer, Payment, payment_file, plain
from workflows.machines.arrow import Machine, arrow
from workflows.machines.stage import asked
from workflows.rules import asked_by_another
from workflows.rules.paying import (
    all_said,
    amounts_payable,
    as_approved,
    batch_as_seen,
    batch_payable,
    books,
    chosen,
    day_is_ahead,
    day_to_execute,
    draws_up,
    entries_open_to_you,
    file_may_go,
    handles_money,
    in_no_other_batch,
    line_goes,
    none_executed,
    none_returned_by_hand,
    not_read_before,
    of_our_account,
    own_account_known,
    payments_approved,
    payments_open_to_you,
    payments_payable,
    plan_as_seen,
    second_person,
    something_left,
)

if TYPE_CHECKING:
    from tender.step import Facts, Step

WITH_FILE = [B.MADE, B.SENT, B.SETTLED]
DOSSIERS = ("lines__instalment__grant__application",)
"""Every dossier that a batch pays: locked before the batch, as whoever changes an account comes from the dossier."""


class BatchMachine(Machine, PaymentBatch):
    """Payments that go to the bank in one file, until the bank has said what became of each."""

    noun = "batch"
    first = dict.fromkeys(("approve", "take_out", "drop", "recall"), DOSSIERS)
    looks_back = True

    class Meta:
        proxy = True

    @property
    def chain(self) -> str:
        """The batch itself: it is about many dossiers, and each tells its own payment."""
        return f"batch:{self.pk}"

    @arrow(source=NOTHING, target=B.DRAWN, who=draws_up,
           when=[own_account_known, payments_approved, payments_open_to_you, payments_payable, in_no_other_batch, amounts_payable,
                 day_to_execute])  # fmt: skip
    def draw_up(self, step: Step) -> Facts:
        """Draw up a batch of approved payments, for a day on which the bank pays."""
        self.iban, self.name = settings.PAYMENT_IBAN, plain(settings.PAYMENT_NAME, NAME)
        self.drawn_by, self.drawn_at = step.actor, step.at
        self.planned = lines = lines_for(self, chosen(step))
        return {"execute_on": self.execute_on, "lines": [[line.end_to_end_id, line.amount] for line in lines], "sha256": self.hash_of(lines)}

    @arrow(source=B.DRAWN, target=B.APPROVED, who=handles_money,
           when=[second_person, something_left, batch_as_seen, batch_payable, day_is_ahead],
           writes=["approved_by", "approved_at", "approved_sha256"])  # fmt: skip
    def approve(self, step: Step) -> Facts:
        """Approve the batch as the second person: every payment in it is released."""
        self.approved_by, self.approved_at, self.approved_sha256 = step.actor, step.at, self.sha256
        return {"sha256": self.approved_sha256, **self.counted()}

    @arrow(source=B.APPROVED, target=B.MADE, who=handles_money,
           when=[something_left, as_approved, batch_payable, day_is_ahead], writes=["file", "file_sha256"])  # fmt: skip
    def make_file(self, step: Step) -> Facts:
        """Make the file for the bank, once."""
        told = [
            Payment(line.end_to_end_id, line.name, line.iban, line.amount, f"{line.instalment.grant.application.reference} {self.name}")
            for line in self.going()
        ]
        payer = Payer(self.name, self.iban, settings.PAYMENT_BIC if self.iban == settings.PAYMENT_IBAN else "")
        self.file = payment_file(payer, self.message_id, step.at.astimezone(AMSTERDAM), self.execute_on, told)
        self.file_sha256 = sha256(self.file.encode()).hexdigest()
        return {"message_id": self.message_id, "sha256": self.file_sha256, **self.counted()}

    @arrow(source=WITH_FILE, target=lambda batch, step: batch.state, targets=WITH_FILE, who=handles_money, when=[file_may_go])
    def fetch(self, step: Step) -> Facts:
        """Fetch the file; it is the same each time."""
        return {"sha256": self.file_sha256}

    @arrow(source=B.MADE, target=B.SENT, who=handles_money, when=[batch_payable, day_is_ahead, none_returned_by_hand], writes=["sent_on"])
    def send(self, step: Step) -> Facts:
        """Note that the file went to the bank."""
        self.sent_on = amsterdam_day(step.at)
        return {"sha256": self.file_sha256}

    @arrow(source=[B.DRAWN, B.APPROVED], target=lambda batch, step: batch.state, targets=[B.DRAWN, B.APPROVED], who=draws_up,
           when=[line_goes, reason_given], writes=["approved_sha256"])  # fmt: skip
    def take_out(self, step: Step) -> Facts:
        """Take one payment out of the batch; what was released is due again."""
        return self.without(step)

    @arrow(source=[B.DRAWN, B.APPROVED], target=lambda batch, step: batch.state, targets=[B.DRAWN, B.APPROVED], who=is_clock,
           when=[line_goes, reason_given], writes=["approved_sha256"])  # fmt: skip
    def lose(self, step: Step) -> Facts:
        """The account of a payment changed: it is not in the batch any more."""
        return self.without(step)

    @arrow(source=[B.DRAWN, B.APPROVED], target=B.DROPPED, who=draws_up, when=[reason_given])
    def drop(self, step: Step) -> Facts:
        """Drop the batch before its file is made; what was released is due again."""
        return {"reason": step.data["reason"]}

    @arrow(source=B.MADE, target=B.MADE, who=handles_money, when=[reason_given, none_executed])
    def ask_recall(self, step: Step) -> Facts:
        """Ask to take back a file that did not go to the bank."""
        return asked(step)

    @arrow(source=B.MADE, target=B.DROPPED, who=handles_money, when=[asked_by_another, reason_given, none_executed])
    def recall(self, step: Step) -> Facts:
        """Take back the file, as the second person: it will not go to the bank, and its payments are due again."""
        return {"reason": step.data["reason"], "sha256": self.file_sha256}

    @arrow(source=[B.MADE, B.SENT], target=B.SETTLED, who=is_clock, when=[all_said])
    def settle(self, step: Step) -> Facts:
        """The bank has said what became of each payment."""
        return {}

    def without(self, step: Step) -> Facts:
        """The batch less one payment; what is left is bound anew, where it was as approved."""
        line = self.lines.get(pk=step.data["line"])
        if as_approved(self, step):
            self.approved_sha256 = self.hash_of(each for each in self.going() if each.pk != line.pk)
        return {"line": line.pk, "instalment": line.instalment_id, "reason": step.data["reason"]}

    def counted(self) -> dict[str, Any]:
        """How many payments, and what they come to."""
        going = self.going()
        return {"number": len(going), "amount": sum(line.amount for line in going)}


class StatementMachine(Machine, BankStatement):
    """A statement of the bank: read in once, looked at, booked."""

    noun = "statement"
    first = {"apply": ("entries__line__instalment__grant__application",)}

    class Meta:
        proxy = True

    @property
    def chain(self) -> str:
        """The statement itself."""
        return f"statement:{self.pk}"

    @arrow(source=NOTHING, target=S.READ, who=handles_money, when=[of_our_account, not_read_before, entries_open_to_you])
    def read(self, step: Step) -> Facts:
        """Read in a statement of our account; nothing happens to a payment yet."""
        self.read_by, self.read_at = step.actor, step.at
        return {"number": self.number, "sha256": self.sha256, "entries": len(step.data["entries"])}

    @arrow(source=S.READ, target=S.APPLIED, who=books, when=[plan_as_seen], writes=["applied_at"])
    def apply(self, step: Step) -> Facts:
        """Book the statement: what was paid is paid, what came back is due again, and the rest is left as it is."""
        self.applied_at = step.at
        return {"sha256": self.sha256, "plan": step.data["seen"]}

    @arrow(source=S.READ, target=S.DROPPED, who=books, when=[reason_given])
    def drop(self, step: Step) -> Facts:
        """Set a statement aside; it can be read in again."""
        return {"reason": step.data["reason"]}
