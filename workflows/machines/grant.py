from __future__ import annotations

from typing import TYPE_CHECKING

from tender.calendar import amsterdam_day, payment_deadline
from tender.canonical import digest
from tender.commands.granting import free_rest, lay_out_grant
from tender.enums import NOTHING, Account
from tender.enums import GrantState as S
from tender.enums import InstalmentState as I
from tender.enums import ReportState as R
from tender.models import Grant, Instalment, LedgerEntry, ProgressReport
from tender.rules import any_of, is_clock, is_editor, is_signer, reason_given
from workflows.machines.arrow import DossierMachine, GrantPartMachine, arrow
from workflows.machines.stage import asked
from workflows.rules import (
    accept_in_time,
    accept_term_over,
    account_confirmed,
    asked_by_another,
    falls_due,
    final_report_approved,
    grant_pays,
    grant_runs,
    has_account,
    is_controller,
    is_minimis,
    is_officer,
    is_reader,
    not_being_settled,
    not_reminded,
    not_reported_yet,
    nothing_open,
    other_person,
    pause_is_short,
    report_comes_due,
    report_filled_in,
    reported_by_now,
    settlement_published,
)
from workflows.rules.grants import party_solvent, pause_has_new_ground, pause_over, taking_published
from workflows.rules.recovering import set_off_within
from workflows.rules.taking import TAKEN_FROM, comes_to

if TYPE_CHECKING:
    from tender.step import Facts, Step


PAYS = [S.OFFERED, S.ACTIVE, S.SUSPENDED, S.ACCOUNTED, S.SETTLED]
"""The states in which money may still go out."""
GIVEN = [*PAYS, S.CLOSED]
"""The states of a grant that did not fall away."""


class GrantMachine(DossierMachine, Grant):
    """What was awarded, until the last euro is settled."""

    noun = "grant"
    along = ("application", "stage__call__version")
    looks_back = True

    class Meta:
        proxy = True

    @arrow(source=NOTHING, target=S.OFFERED, who=is_clock)
    def offer(self, step: Step) -> Facts:
        """Offer the grant to the party, with its payments and reports laid out."""
        return lay_out_grant(self, at=step.at)

    @arrow(source=NOTHING, target=S.SETTLED, who=is_clock, writes=["settled_amount"])
    def settle_directly(self, step: Step) -> Facts:
        """Granted and settled in one decision."""
        self.settled_amount = self.amount
        return lay_out_grant(self, at=step.at)

    @arrow(source=S.OFFERED, target=S.ACTIVE, who=is_signer, when=[accept_in_time], writes=["accepted_at"])
    def accept(self, step: Step) -> Facts:
        """Accept the grant with its obligations."""
        self.accepted_at = step.at
        return {"amount": self.amount, "obligations": [text.nl for text in self.terms.obligations]}

    @arrow(source=S.OFFERED, target=S.LAPSED, who=is_clock, when=[accept_term_over])
    def lapse(self, step: Step) -> Facts:
        """Not accepted in time; the money is free again."""
        return free_rest(self, event_id=step.event_id)

    @arrow(source=S.ACTIVE, target=S.ACTIVE, who=is_officer, when=[reason_given, pause_is_short, pause_has_new_ground])
    def ask_suspend(self, step: Step) -> Facts:
        """Ask to suspend payment."""
        return asked(step)

    @arrow(source=S.ACTIVE, target=S.SUSPENDED, who=is_controller,
           when=[asked_by_another, reason_given, pause_is_short, pause_has_new_ground], writes=["suspended_until"])  # fmt: skip
    def suspend(self, step: Step) -> Facts:
        """Suspend payment for at most 13 weeks."""
        self.suspended_until = step.data["until"]
        return {"until": self.suspended_until, "reason": step.data["reason"]}

    @arrow(source=S.SUSPENDED, target=S.SUSPENDED, who=is_officer, when=[reason_given])
    def ask_resume(self, step: Step) -> Facts:
        """Ask to resume payment."""
        return asked(step)

    @arrow(source=S.SUSPENDED, target=S.ACTIVE, who=is_controller, when=[asked_by_another, reason_given], writes=["suspended_until"])
    def resume(self, step: Step) -> Facts:
        """Resume payment."""
        self.suspended_until = None
        return {"reason": step.data["reason"]}

    @arrow(source=S.SUSPENDED, target=S.ACTIVE, who=is_clock, when=[pause_over], writes=["suspended_until"])
    def run_out(self, step: Step) -> Facts:
        """The days on which payment rested are over: it is paid again (Awb 4:56)."""
        until, self.suspended_until = self.suspended_until, None
        return {"until": until}

    @arrow(source=TAKEN_FROM, target=S.WITHDRAWN, who=is_clock, when=[taking_published], writes=["settled_amount"])
    def withdraw(self, step: Step) -> Facts:
        """Withdraw the grant by its own decision; what was not paid is free again, and what was paid too much comes back."""
        before, self.settled_amount = comes_to(self), step.data["amount"]
        return {"decision": step.data["decision"], "before": before, "amount": self.settled_amount,
                **free_rest(self, event_id=step.event_id, before=before)}  # fmt: skip

    @arrow(source=TAKEN_FROM, target=lambda grant, step: grant.state, targets=TAKEN_FROM, who=is_clock, when=[taking_published],
           writes=["amount", "settled_amount", "ends_on"])  # fmt: skip
    def lower(self, step: Step) -> Facts:
        """Lower the grant, or its settlement, by its own decision; what it no longer comes to is free again."""
        before = comes_to(self)
        if self.settled_amount is None:
            self.amount = step.data["amount"]
        else:
            self.settled_amount = step.data["amount"]
        self.ends_on = step.data.get("ends_on") or self.ends_on
        return {"decision": step.data["decision"], "before": before, "amount": step.data["amount"], "ends_on": self.ends_on,
                **free_rest(self, event_id=step.event_id, before=before)}  # fmt: skip

    @arrow(source=S.ACTIVE, target=S.ACCOUNTED, who=is_clock, when=[final_report_approved])
    def account(self, step: Step) -> Facts:
        """The final report is approved; the grant can be settled."""
        return {}

    @arrow(source=S.ACCOUNTED, target=S.SETTLED, who=is_clock, when=[settlement_published], writes=["settled_amount"])
    def settle(self, step: Step) -> Facts:
        """Settle the grant by its own decision; what is not settled is free again."""
        self.settled_amount = step.data["amount"]
        return {"decision": step.data["decision"], "amount": self.settled_amount, **free_rest(self, event_id=step.event_id)}

    @arrow(source=S.SETTLED, target=S.CLOSED, who=is_clock, when=[nothing_open])
    def close(self, step: Step) -> Facts:
        """Paid, reported, done."""
        return {}

    @arrow(source=PAYS, target=lambda grant, step: grant.state, targets=PAYS, who=is_clock, when=[account_confirmed], writes=["iban"])
    def change_account(self, step: Step) -> Facts:
        """What is still paid of the grant goes to another account."""
        account = self.application.bankaccounts.get(pk=step.data["account"])
        self.iban = account.iban
        return {"account": account.pk, "ends_in": account.ends_in}

    @arrow(source=GIVEN, target=lambda grant, step: grant.state, targets=GIVEN,
           who=any_of(is_officer, is_controller), when=[is_minimis, not_reported_yet, reported_by_now],
           writes=["aid_reported_on"])  # fmt: skip
    def report_aid(self, step: Step) -> Facts:
        """Note that this de minimis aid stands in the central register, since which day."""
        self.aid_reported_on = step.data["on"]
        return {"on": self.aid_reported_on}


class InstalmentMachine(GrantPartMachine, Instalment):
    """One payment."""

    noun = "instalment"
    looks_back = True

    class Meta:
        proxy = True

    @arrow(source=NOTHING, target=I.PLANNED, who=is_clock)
    def plan(self, step: Step) -> Facts:
        """Lay out a payment of the grant."""
        return {"key": self.key, "amount": self.amount, "due_on": self.due_on}

    @arrow(source=[I.PLANNED, I.DUE], target=lambda part, step: part.state, targets=[I.PLANNED, I.DUE], who=is_clock, writes=["amount"])
    def adjust(self, step: Step) -> Facts:
        """Set the last payment to what the settlement leaves."""
        before, self.amount = self.amount, step.data["amount"]
        return {"before": before, "amount": self.amount}

    @arrow(source=I.PLANNED, target=I.DUE, who=is_clock, when=[grant_pays, falls_due], writes=["pay_by"])
    def fall_due(self, step: Step) -> Facts:
        """The day, the report or the settlement has come: to be paid within six weeks."""
        self.pay_by = payment_deadline(amsterdam_day(step.at))
        return {"pay_by": self.pay_by}

    @arrow(source=I.DUE, target=I.APPROVED, who=is_officer, when=[grant_pays, has_account, not_being_settled, party_solvent],
           writes=["iban"])  # fmt: skip
    def approve(self, step: Step) -> Facts:
        """Approve the payment."""
        self.iban = self.grant.iban
        return {"amount": self.amount, "iban": self.iban}

    @arrow(source=I.APPROVED, target=I.DUE, who=is_clock, when=[reason_given], writes=["iban"])
    def recheck(self, step: Step) -> Facts:
        """The account changed after the payment was approved: it is approved afresh."""
        self.iban = ""
        return {"reason": step.data["reason"]}

    @arrow(source=I.APPROVED, target=I.ORDERED, who=is_controller,
           when=[grant_pays, has_account, not_being_settled, party_solvent, other_person])  # fmt: skip
    def order(self, step: Step) -> Facts:
        """Release the payment to the bank, as the second person."""
        return {"amount": self.amount}

    @arrow(source=I.ORDERED, target=I.PAID, who=is_controller, writes=["paid_on", "bank_reference"])
    def pay(self, step: Step) -> Facts:
        """The bank paid."""
        self.paid_on, self.bank_reference = amsterdam_day(step.at), step.data["bank_reference"]
        LedgerEntry.objects.move(
            self.grant.application, self.grant.stage, self.amount,
            source=Account.COMMITTED, target=Account.PAID, event_id=step.event_id,
        )  # fmt: skip
        return {"amount": self.amount, "paid_on": self.paid_on, "bank_reference": self.bank_reference}

    @arrow(source=I.ORDERED, target=I.DUE, who=is_controller, when=[reason_given])
    def send_back(self, step: Step) -> Facts:
        """The bank returned the payment."""
        return {"reason": step.data["reason"]}

    @arrow(source=I.DUE, target=lambda part, step: part.state if part.amount else I.CANCELLED, targets=[I.DUE, I.CANCELLED], who=is_clock,
           when=[set_off_within], writes=["amount"])  # fmt: skip
    def set_off(self, step: Step) -> Facts:
        """A part of the payment, or all of it, is set off against what the party owes us (Awb 4:93)."""
        taken, self.amount = step.data["amount"], self.amount - step.data["amount"]
        LedgerEntry.objects.move(
            self.grant.application, self.grant.stage, taken, source=Account.COMMITTED, target=Account.PAID, event_id=step.event_id
        )
        return {"amount": taken, "rest": self.amount, "recovery": step.data["recovery"]}

    @arrow(source=[I.PLANNED, I.DUE], target=I.CANCELLED, who=is_clock, when=[reason_given])
    def cancel(self, step: Step) -> Facts:
        """This payment is no longer due."""
        return {"reason": step.data["reason"], "amount": self.amount}


class ReportMachine(GrantPartMachine, ProgressReport):
    """One report of a grantee."""

    noun = "report"

    class Meta:
        proxy = True

    @arrow(source=NOTHING, target=R.ASKED, who=is_clock)
    def ask(self, step: Step) -> Facts:
        """Ask the grantee for a report."""
        return {"key": self.key, "due_on": self.due_on}

    @arrow(source=[R.ASKED, R.DRAFT], target=lambda report, step: report.state, targets=[R.ASKED, R.DRAFT],
           who=is_clock, when=[grant_runs, report_comes_due, not_reminded])  # fmt: skip
    def remind(self, step: Step) -> Facts:
        """Remind the grantee that a report is due soon."""
        return {"key": self.key, "due_on": self.due_on}

    @arrow(source=R.ASKED, target=R.DRAFT, who=is_editor)
    def start(self, step: Step) -> Facts:
        """Begin to write the report."""
        return {}

    @arrow(source=[R.DRAFT, R.INCOMPLETE], target=R.HANDED_IN, who=is_signer, when=[report_filled_in],
           writes=["handed_in_at", "sha256", "gaps"])  # fmt: skip
    def hand_in(self, step: Step) -> Facts:
        """Hand in the report."""
        self.handed_in_at, self.gaps = step.at, ""
        self.sha256 = digest([str(self), self.answers])
        return {"sha256": self.sha256, "answers": self.answers}

    @arrow(source=R.HANDED_IN, target=R.INCOMPLETE, who=is_officer, when=[reason_given], writes=["gaps"])
    def request_completion(self, step: Step) -> Facts:
        """Give the report back and say what is missing."""
        self.gaps = step.data["reason"]
        return {"reason": self.gaps}

    @arrow(source=R.HANDED_IN, target=R.APPROVED, who=any_of(is_officer, is_reader), writes=["judged_at", "judgement"])
    def approve(self, step: Step) -> Facts:
        """Approve the report."""
        self.judged_at, self.judgement = step.at, step.data.get("reason", "")
        return {"judgement": self.judgement}

    @arrow(source=R.HANDED_IN, target=R.REJECTED, who=any_of(is_officer, is_reader), when=[reason_given],
           writes=["judged_at", "judgement"])  # fmt: skip
    def reject(self, step: Step) -> Facts:
        """Reject the report, with reasons."""
        self.judged_at, self.judgement = step.at, step.data["reason"]
        return {"reason": self.judgement}
