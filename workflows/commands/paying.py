"""Payments that go to the bank together: what each step does to the payments, and what a payment does to its batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from tender.canonical import digest
from tender.enums import InstalmentState
from tender.enums.paying import BatchState, EntryPlan, LineOutcome
from tender.models import Instalment, PaymentBatch, PaymentLine, StatementEntry
from tender.statements import StatementFault, read
from workflows.commands.door import Refused, cascade, create, lock, perform
from workflows.commands.rounds import by_clock
from workflows.models import BatchMachine, InstalmentMachine, StatementMachine
from workflows.statements import foreseen

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from tender.models import User
    from tender.step import Step
    from workflows.statements import Foreseen

ORDER = ("instalment__grant__stage_id", "instalment_id")
"""Stage by stage, so that two batches come to the pots of money in one order."""


@transaction.atomic
def draw_up(parts: Iterable[int], *, execute_on: date, actor: User, at: datetime) -> PaymentBatch:
    """A batch of these payments. Who else draws up one of them at this moment waits, and is refused. Raises what `create` raises."""
    keys = sorted(set(parts))
    lock(("grant__application", "grant"), Instalment.objects.filter(pk__in=keys))
    return create(BatchMachine, "draw_up", of={"execute_on": execute_on}, actor=actor, at=at, parts=keys)  # type: ignore[no-any-return]


@cascade("batch.draw_up")
def write_lines(batch: Any, _step: Step) -> None:
    """The payments, as they are now."""
    for line in batch.planned:
        line.batch_id = batch.pk
    PaymentLine.objects.bulk_create(batch.planned)


@cascade("batch.approve")
def release_each(batch: Any, step: Step) -> None:
    """Every payment is released by who approved the batch, through its own arrow with its own rules: all of them, or none."""
    for part in batch.lines.filter(outcome=LineOutcome.WAITS).order_by(*ORDER).values_list("instalment_id", flat=True):
        perform(InstalmentMachine, "order", pk=part, actor=step.actor, at=step.at, batch=batch.pk)


@cascade("batch.take_out", "batch.lose")
def leave(batch: Any, step: Step) -> None:
    """The payment is out, and due again where it was released."""
    out(batch.lines.filter(pk=step.data["line"]), step)


@cascade("batch.drop", "batch.recall")
def leave_all(batch: Any, step: Step) -> None:
    """All that is still in the batch is out."""
    out(batch.lines.filter(outcome=LineOutcome.WAITS), step)


def out(lines: Any, step: Step) -> None:
    """These payments leave their batch; those that were released are due, and approved afresh."""
    reason = step.data["reason"]
    found = list(lines.select_related("instalment").order_by(*ORDER))
    lines.update(outcome=LineOutcome.OUT, why=reason[:400])
    for line in found:
        if line.instalment.state == InstalmentState.ORDERED:
            by_clock(InstalmentMachine, "send_back", line.instalment_id, step, reason=reason)


@cascade("grant.change_account")
def not_to_the_old_account(grant: Any, step: Step) -> None:
    """What was to go to the account before, and is in no file yet, leaves its batch."""
    waiting = PaymentLine.objects.filter(
        instalment__grant=grant, outcome=LineOutcome.WAITS, batch__state__in=[BatchState.DRAWN, BatchState.APPROVED]
    ).exclude(iban=grant.iban)
    for line in waiting.order_by("pk"):
        by_clock(BatchMachine, "lose", line.batch_id, step, line=line.pk, reason="account changed")


@cascade("instalment.pay")
def line_paid(instalment: Any, step: Step) -> None:
    """The batch knows that it was paid."""
    said(instalment, LineOutcome.WAITS, LineOutcome.PAID, "", step)


@cascade("instalment.send_back")
def line_returned(instalment: Any, step: Step) -> None:
    """The batch knows that it came back."""
    said(instalment, LineOutcome.WAITS, LineOutcome.RETURNED, step.data["reason"], step)


@cascade("instalment.come_back")
def line_came_back(instalment: Any, step: Step) -> None:
    """The batch knows that it came back, after all."""
    said(instalment, LineOutcome.PAID, LineOutcome.RETURNED, step.data["reason"], step)


def said(instalment: Instalment, before: LineOutcome, after: LineOutcome, why: str, step: Step) -> None:
    """Note what the bank said of a payment; the last word ends the batch."""
    line = instalment.lines.filter(outcome=before).select_related("batch").first()
    if line is None:  # it was released by itself
        return
    PaymentLine.objects.filter(pk=line.pk).update(outcome=after, why=why[:400])
    batch = line.batch
    if batch.state in {BatchState.MADE, BatchState.SENT} and not batch.lines.filter(outcome=LineOutcome.WAITS).exists():
        by_clock(BatchMachine, "settle", batch.pk, step)


# ── what the bank says ────────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def read_statements(content: bytes, *, actor: User, at: datetime) -> list[Any]:
    """Every statement in a file of the bank, read in; all of them or none. Errors: `Refused` in words, also for what the file is."""
    try:
        found = read(content)
    except StatementFault as fault:
        raise Refused(str(fault)) from fault
    made = []
    for each in found:
        of = {"iban": each["iban"], "number": each["id"], "made": each["made"], "sha256": digest(each)}
        made.append(create(StatementMachine, "read", of=of, actor=actor, at=at, entries=each["entries"]))
    return made


@cascade("statement.read")
def write_entries(statement: Any, step: Step) -> None:
    """Its lines, each with the payment that bears its reference."""
    said = step.data["entries"]
    lines = dict(PaymentLine.objects.filter(end_to_end_id__in={each["id"] for each in said} - {""}).values_list("end_to_end_id", "pk"))
    StatementEntry.objects.bulk_create(
        StatementEntry(
            statement_id=statement.pk, position=place, end_to_end_id=each["id"], amount=each["amount"], currency=each["currency"],
            credit=each["credit"], booked=each["booked"], returned=each["returned"], reason=each["reason"], day=each["day"],
            bank_reference=each["reference"], line_id=lines.get(each["id"]),
        )
        for place, each in enumerate(said, start=1)
    )  # fmt: skip


def in_turn(told: tuple[PaymentLine, Foreseen]) -> tuple[int, bool, int]:
    """Where a line of a statement comes in the order of booking."""
    line, each = told
    return line.instalment.grant.stage_id, each.plan == EntryPlan.PAY, line.instalment_id


@cascade("statement.apply")
def book(statement: Any, step: Step) -> None:
    """Each line does what was foreseen, through the arrow of its payment, stage by stage as batches come to the money.

    What comes back goes first: the last payment of a grant can close it, and then nothing comes back to it any more."""
    plan = foreseen(statement, step.at)
    for each in plan:
        StatementEntry.objects.filter(pk=each.entry.pk).update(did=each.plan, why=each.why[:400])
    doing = [(each.entry.line, each) for each in plan if each.entry.line is not None and each.plan != EntryPlan.NOTHING]
    for line, each in sorted(doing, key=in_turn):
        data = {"bank_reference": each.entry.bank_reference or statement.number[:40], "booked": each.entry.day}
        said = data if each.plan == EntryPlan.PAY else {"reason": each.why, "statement": statement.pk}
        perform(InstalmentMachine, str(each.plan), pk=line.instalment_id, actor=step.actor, at=step.at, **said)
