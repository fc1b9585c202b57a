from __future__ import annotations

from typing import TYPE_CHECKING

from tender.calendar import amsterdam_day, payment_deadline
from tender.commands.granting import free_rest, lay_out_grant
from tender.enums import NOTHING, Account
from tender.enums import GrantState as S
from tender.enums import InstalmentState as I
from tender.models import Grant, Instalment, LedgerEntry
from tender.rules import any_of, is_clock, is_signer, reason_given
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
    has_account,
    is_controller,
    is_minimis,
    is_officer,
    no_report_holds,
    not_being_settled,
    not_reported_yet,
    nothing_open,
    other_person,
    pause_is_short,
    reported_by_now,
    settlement_published,
)
from workflows.rules.grants import party_solvent, pause_has_new_ground, pause_over, taking_published
from workflows.rules.paying import back_by_statement, file_went_out, no_claim_stands, not_closed_yet, released_with_batch
from workflows.rules.recovering import set_off_within
from workflows.rules.taking import TAKEN_FROM, comes_to

if TYPE_CHECKING:
    from decimal import Decimal

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

    def money(self, source: Account, target: Account, step: Step, amount: Decimal | None = None) -> None:
        """Move the amount of this payment, or a part of it, from one pot to another."""
        of, moved = self.grant, self.amount if amount is None else amount
        LedgerEntry.objects.move(of.application, of.stage, moved, source=source, target=target, event_id=step.event_id)

    @arrow(source=NOTHING, target=I.PLANNED, who=is_clock)
    def plan(self, step: Step) -> Facts:
        """Lay out a payment of the grant."""
        return {"key": self.key, "amount": self.amount, "due_on": self.due_on}

    @arrow(source=[I.PLANNED, I.DUE], target=lambda part, step: part.state, targets=[I.PLANNED, I.DUE], who=is_clock, writes=["amount"])
    def adjust(self, step: Step) -> Facts:
        """Set the last payment to what the settlement leaves."""
        before, self.amount = self.amount, step.data["amount"]
        return {"before": before, "amount": self.amount}

    @arrow(source=I.PLANNED, target=I.DUE, who=is_clock, when=[grant_pays, falls_due, no_report_holds], writes=["pay_by"])
    def fall_due(self, step: Step) -> Facts:
        """The day, the report or the settlement has come: to be paid within six weeks."""
        self.pay_by = payment_deadline(amsterdam_day(step.at))
        return {"pay_by": self.pay_by}

    @arrow(source=I.DUE, target=I.APPROVED, who=is_officer,
           when=[grant_pays, no_report_holds, has_account, not_being_settled, party_solvent], writes=["iban"])  # fmt: skip
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
           when=[grant_pays, no_report_holds, has_account, not_being_settled, party_solvent, other_person, released_with_batch])  # fmt: skip
    def order(self, step: Step) -> Facts:
        """Release the payment to the bank, as the second person."""
        self.money(Account.COMMITTED, Account.ORDERED, step)
        return {"amount": self.amount}

    @arrow(source=I.ORDERED, target=I.PAID, who=is_controller, when=[file_went_out], writes=["paid_on", "bank_reference"])
    def pay(self, step: Step) -> Facts:
        """The bank paid."""
        self.paid_on, self.bank_reference = step.data.get("booked") or amsterdam_day(step.at), step.data["bank_reference"]
        self.money(Account.ORDERED, Account.PAID, step)
        return {"amount": self.amount, "paid_on": self.paid_on, "bank_reference": self.bank_reference}

    @arrow(source=I.ORDERED, target=I.DUE, who=any_of(is_controller, is_clock), when=[reason_given, file_went_out, back_by_statement])
    def send_back(self, step: Step) -> Facts:
        """The bank returned the payment."""
        self.money(Account.ORDERED, Account.COMMITTED, step)
        return {"reason": step.data["reason"]}

    @arrow(source=I.PAID, target=I.DUE, who=is_controller, when=[reason_given, not_closed_yet, no_claim_stands, back_by_statement],
           writes=["paid_on", "bank_reference"])  # fmt: skip
    def come_back(self, step: Step) -> Facts:
        """The bank gave back what it had paid: it is due again."""
        before = {"paid_on": self.paid_on, "bank_reference": self.bank_reference}
        self.paid_on, self.bank_reference = None, ""
        self.money(Account.PAID, Account.COMMITTED, step)
        return {"reason": step.data["reason"], **before}

    @arrow(source=I.DUE, target=lambda part, step: part.state if part.amount else I.CANCELLED, targets=[I.DUE, I.CANCELLED], who=is_clock,
           when=[set_off_within], writes=["amount"])  # fmt: skip
    def set_off(self, step: Step) -> Facts:
        """A part of the payment, or all of it, is set off against what the party owes us (Awb 4:93)."""
        taken, self.amount = step.data["amount"], self.amount - step.data["amount"]
        self.money(Account.COMMITTED, Account.PAID, step, taken)
        return {"amount": taken, "rest": self.amount, "recovery": step.data["recovery"]}

    @arrow(source=[I.PLANNED, I.DUE], target=I.CANCELLED, who=is_clock, when=[reason_given])
    def cancel(self, step: Step) -> Facts:
        """This payment is no longer due."""
        return {"reason": step.data["reason"], "amount": self.amount}
