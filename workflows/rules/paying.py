"""Who and when: payments that go to the bank together, and what the bank says of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Q

from tender.calendar import amsterdam_day
from tender.enums import AFTER_AWARD, InstalmentState, Role
from tender.enums.paying import BatchState, EntryPlan, LineOutcome, StatementState
from tender.models import BankStatement, Decision, InsolvencyNote, Instalment, PaymentBatch, PaymentLine
from tender.schemes.cleaning import right_iban
from tender.sepa import is_payable, is_target_day
from workflows.rules.grants import grant_pays, has_account, not_being_settled, party_solvent
from workflows.statements import NOT_CLOSED, foreseen, plan_sha256

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tender.step import Step

AHEAD = timedelta(days=30)
"""How far ahead we ask a bank to pay."""
STOPS = (grant_pays, not_being_settled, party_solvent, has_account)
"""What stops a payment that was approved; the arrow that releases it asks the same, and more of who does it."""


# ── who ───────────────────────────────────────────────────────────────────────────────────────────────────────
def opens(batch: PaymentBatch, step: Step) -> bool:
    """Whether every payment of a batch is open to this person: a file tells of all."""
    return batch.pk is None or PaymentBatch.objects.visible_to(step.actor).filter(pk=batch.pk).exists()


def draws_up(batch: PaymentBatch, step: Step) -> bool:
    """Only a case officer or a controller without an interest in any of its dossiers may do this."""
    return step.actor.has_role(Role.OFFICER, Role.CONTROLLER) and opens(batch, step)


def handles_money(batch: PaymentBatch, step: Step) -> bool:
    """Only a controller without an interest in any of its dossiers may do this."""
    return step.actor.has_role(Role.CONTROLLER) and opens(batch, step)


def books(statement: BankStatement, step: Step) -> bool:
    """Only a controller without an interest in any dossier that it tells of may do this."""
    shown = statement.pk is None or BankStatement.objects.visible_to(step.actor).filter(pk=statement.pk).exists()
    return step.actor.has_role(Role.CONTROLLER) and shown


def second_person(batch: PaymentBatch, step: Step) -> bool:
    """Somebody else must approve this: you drew it up, or you approved a payment in it."""
    from workflows.models import Event

    theirs = Event.objects.filter(noun="instalment", kind="instalment.approve", actor=step.actor)
    return batch.drawn_by_id != step.actor.pk and not theirs.filter(key__in=[line.instalment_id for line in batch.going()]).exists()


# ── drawing up ────────────────────────────────────────────────────────────────────────────────────────────────
def chosen(step: Step) -> list[Instalment]:
    """The payments that a batch is drawn up of, as far as they are open to who does it; those of one stage together."""

    def found() -> list[Instalment]:
        related = ("grant__application__organisation", "grant__application__applicant", "grant__stage__call__version")
        shown = Instalment.objects.visible_to(step.actor).values("pk")
        parts = Instalment.objects.filter(pk__in=step.data["parts"]).filter(pk__in=shown)
        return list(parts.select_related(*related).order_by("grant__stage_id", "pk"))

    return step.recall("chosen", found)  # type: ignore[no-any-return]


def named(parts: list[Instalment]) -> str:
    """Which dossiers these payments are of."""
    return ", ".join(sorted({part.grant.application.reference for part in parts}))


def payments_approved(batch: PaymentBatch, step: Step) -> bool:
    """Tick at least one payment, and only payments that are approved:"""
    return bool(chosen(step)) and not not_approved(step)


def not_approved(step: Step) -> list[Instalment]:
    """Those of the chosen that nobody approved."""
    return [part for part in chosen(step) if part.state != InstalmentState.APPROVED]


payments_approved.says = lambda _batch, step: named(not_approved(step))  # type: ignore[attr-defined]


def payments_open_to_you(batch: PaymentBatch, step: Step) -> bool:
    """One of these payments is closed to you: declare first whether you have an interest."""
    return len(chosen(step)) == len(step.data["parts"])


def being_settled(parts: Iterable[Instalment]) -> set[tuple[int, int]]:
    """The dossiers and stages of these payments of which a settlement, or a decision that takes from the grant, is under way: one query."""
    cases = {part.grant.application_id for part in parts}
    found = Decision.objects.open().filter(application__in=cases, kind__in=AFTER_AWARD)
    return set(found.values_list("application_id", "stage_id"))


def looked_up(parts: list[Instalment], step: Step) -> Step:
    """The same step, with what `STOPS` ask of each payment found at once: two queries, however many."""
    settling, insolvent = being_settled(parts), InsolvencyNote.objects.among(part.grant.application for part in parts)
    known = dict(step.known or {})
    for grant in (part.grant for part in parts):
        where = (grant.application_id, grant.stage_id)
        known["settling", *where] = where in settling
        known["insolvent", grant.application_id] = grant.application_id in insolvent
    return replace(step, known=known)


def stopped(parts: list[Instalment], step: Step) -> list[Instalment]:
    """Those that may not be paid now: not accepted, suspended, being settled, an insolvent party, or another account than the grant has."""
    step = looked_up(parts, step)
    return [part for part in parts if part.iban != part.grant.iban or not all(rule(part, step) for rule in STOPS)]


def payments_payable(batch: PaymentBatch, step: Step) -> bool:
    """These may not be paid now: the grant is not accepted, suspended or being settled, the party is insolvent, or the account changed:"""
    return not stopped(chosen(step), step)


payments_payable.says = lambda _batch, step: named(stopped(chosen(step), step))  # type: ignore[attr-defined]


def taken(step: Step) -> list[Instalment]:
    """Those of the chosen that stand in a batch already, or were paid by one."""
    there = PaymentLine.objects.filter(outcome__in=[LineOutcome.WAITS, LineOutcome.PAID], instalment__in=chosen(step))
    known = set(there.values_list("instalment_id", flat=True))
    return [part for part in chosen(step) if part.pk in known]


def in_no_other_batch(batch: PaymentBatch, step: Step) -> bool:
    """These stand in another batch already:"""
    return not taken(step)


in_no_other_batch.says = lambda _batch, step: named(taken(step))  # type: ignore[attr-defined]


def amounts_payable(batch: PaymentBatch, step: Step) -> bool:
    """The bank takes no payment of nothing, below nothing, or in parts of a cent:"""
    return all(is_payable(part.amount) for part in chosen(step))


amounts_payable.says = lambda _batch, step: named([part for part in chosen(step) if not is_payable(part.amount)])  # type: ignore[attr-defined]


def day_to_execute(batch: PaymentBatch, step: Step) -> bool:
    """Choose a day from today up to thirty days ahead on which the banks of Europe work: no weekend, nor one of their own holidays."""
    today = amsterdam_day(step.at)
    return today <= batch.execute_on <= today + AHEAD and is_target_day(batch.execute_on)


def own_account_known(batch: PaymentBatch, step: Step) -> bool:
    """The account that the house pays from is not known here: whoever runs the system sets PAYMENT_IBAN and PAYMENT_NAME."""
    return bool(settings.PAYMENT_NAME) and right_iban(settings.PAYMENT_IBAN)


# ── from approval to the bank ─────────────────────────────────────────────────────────────────────────────────
def batch_as_seen(batch: PaymentBatch, step: Step) -> bool:
    """The batch has changed since you saw it; look again."""
    return bool(step.data.get("seen") == batch.sha256)


def something_left(batch: PaymentBatch, step: Step) -> bool:
    """No payment is left in this batch: drop it."""
    return bool(batch.going())


def as_approved(batch: PaymentBatch, step: Step) -> bool:
    """The batch is not what was approved: drop it, and draw it up afresh."""
    return bool(batch.approved_sha256) and batch.sha256 == batch.approved_sha256


def held_up(batch: PaymentBatch, step: Step) -> list[Instalment]:
    """The payments in a batch that may not be made now."""
    return stopped([line.instalment for line in batch.going()], step)


def batch_payable(batch: PaymentBatch, step: Step) -> bool:
    """A payment may not be made now (suspended, being settled, insolvent, another account): take it out, or take back the file:"""
    return not held_up(batch, step)


batch_payable.says = lambda batch, step: named(held_up(batch, step))  # type: ignore[attr-defined]


def day_is_ahead(batch: PaymentBatch, step: Step) -> bool:
    """The day on which the bank was to pay is over: drop the batch, or take its file back, and draw it up for another day."""
    return batch.execute_on >= amsterdam_day(step.at)


def file_may_go(batch: PaymentBatch, step: Step) -> bool:
    """This file may not go to the bank: a payment in it may not be made now, or its day is over. Take it back, or wait:"""
    if batch.state != BatchState.MADE:
        return True  # it went: it is only looked at
    return all(rule(batch, step) for rule in (batch_payable, day_is_ahead, none_returned_by_hand))


file_may_go.says = lambda batch, step: named(held_up(batch, step))  # type: ignore[attr-defined]


def line_goes(batch: PaymentBatch, step: Step) -> bool:
    """This payment is not in the batch any more."""
    return batch.lines.filter(pk=step.data.get("line", 0), outcome=LineOutcome.WAITS).exists()


def returned_by_hand(batch: PaymentBatch) -> Any:
    """The payments in a batch that somebody noted as returned, while no statement of the bank says so."""
    return batch.lines.filter(outcome=LineOutcome.RETURNED).exclude(entries__did__in=[EntryPlan.SEND_BACK, EntryPlan.COME_BACK])


def none_returned_by_hand(batch: PaymentBatch, step: Step) -> bool:
    """A payment in this file was noted as returned, and may be paid in another one: take back the file."""
    return not returned_by_hand(batch).exists()


def none_executed(batch: PaymentBatch, step: Step) -> bool:
    """The bank has executed payments of this file: it cannot be taken back."""
    said = batch.lines.filter(outcome__in=[LineOutcome.PAID, LineOutcome.RETURNED])
    return not said.exclude(pk__in=returned_by_hand(batch).values("pk")).exists()


def all_said(batch: PaymentBatch, step: Step) -> bool:
    """The bank has not said yet what became of each payment."""
    return not batch.lines.filter(outcome=LineOutcome.WAITS).exists()


# ── one payment ───────────────────────────────────────────────────────────────────────────────────────────────
def released_with_batch(instalment: Instalment, step: Step) -> bool:
    """This payment stands in a batch: it is released with that batch, by whoever approves it."""
    there = instalment.lines.filter(outcome=LineOutcome.WAITS)
    return not there.exclude(batch=step.data.get("batch", 0), batch__state=BatchState.APPROVED).exists()


def file_went_out(instalment: Instalment, step: Step) -> bool:
    """This payment stands in a batch whose file has not gone to the bank."""
    return not instalment.lines.filter(outcome=LineOutcome.WAITS, batch__state__in=[BatchState.DRAWN, BatchState.APPROVED]).exists()


def back_by_statement(instalment: Instalment, step: Step) -> bool:
    """This payment stands in a file that is not noted as sent: two controllers take back the file, or a statement of the bank tells it."""
    there = instalment.lines.filter(outcome__in=[LineOutcome.WAITS, LineOutcome.PAID], batch__state=BatchState.MADE)
    return not there.exclude(entries__statement=step.data.get("statement", 0)).exists()


def not_closed_yet(instalment: Instalment, step: Step) -> bool:
    """The grant is closed: what comes back now is a matter for a decision, not for a booking."""
    return instalment.grant.state in NOT_CLOSED


def no_claim_stands(instalment: Instalment, step: Step) -> bool:
    """There is a claim for what was paid too much of this grant: decide first what becomes of the claim."""
    return not instalment.grant.recoveries.exists()


# ── what the bank says ────────────────────────────────────────────────────────────────────────────────────────
def of_our_account(statement: BankStatement, step: Step) -> bool:
    """This statement is of another account than the one we pay from."""
    ours = {settings.PAYMENT_IBAN, *PaymentBatch.objects.filter(iban=statement.iban).values_list("iban", flat=True)} - {""}
    return statement.iban in ours


def not_read_before(statement: BankStatement, step: Step) -> bool:
    """This statement was read in before."""
    same = Q(iban=statement.iban, number=statement.number) | Q(sha256=statement.sha256)
    return not BankStatement.objects.exclude(state=StatementState.DROPPED).filter(same).exists()


def entries_open_to_you(statement: BankStatement, step: Step) -> bool:
    """This statement tells of payments in dossiers that are closed to you: somebody who declared to have no interest in them reads it."""
    found = Instalment.objects.filter(lines__end_to_end_id__in=[each["id"] for each in step.data["entries"]])
    return not found.exclude(pk__in=Instalment.objects.visible_to(step.actor).values("pk")).exists()


def plan_as_seen(statement: BankStatement, step: Step) -> bool:
    """What this statement would do has changed since you saw it; look again."""
    return bool(step.data.get("seen") == plan_sha256(foreseen(statement, step.at)))
