"""What a statement of the bank does to which payment: worked out before it is booked, and again when it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tender.calendar import amsterdam_day
from tender.canonical import digest
from tender.enums import GrantState, InstalmentState
from tender.enums.paying import BatchState, EntryPlan, LineOutcome
from tender.statements import because

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from tender.models import BankStatement, StatementEntry

AT_THE_BANK = (BatchState.MADE, BatchState.SENT, BatchState.SETTLED)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One line of a statement: what it does, and why (or why nothing)."""

    entry: StatementEntry
    plan: EntryPlan
    why: str = ""


def foreseen(statement: BankStatement, at: datetime) -> list[Foreseen]:
    """What each line would do now; three queries, however many lines."""
    related = ("line__batch", "line__instalment__grant__application__organisation", "line__instalment__grant__application__applicant")
    entries = list(statement.entries.select_related(*related).order_by("position"))
    back = {entry.line_id for entry in entries if is_return(entry) and fits(entry, amsterdam_day(at)) == ""}
    found, seen = [], set()
    for entry in entries:
        plan, why = planned(entry, back, amsterdam_day(at))
        if plan != EntryPlan.NOTHING and entry.line_id in seen:
            plan, why = EntryPlan.NOTHING, _("another line of this statement tells the same payment")
        if plan != EntryPlan.NOTHING:
            seen.add(entry.line_id)
        found.append(Foreseen(entry, plan, why))
    return found


def is_return(entry: StatementEntry) -> bool:
    """Whether the bank gave a payment back."""
    return bool(entry.credit and entry.line_id)


def fits(entry: StatementEntry, today: date) -> str:
    """Why a line is not what we asked the bank to do; empty where it is."""
    line = entry.line
    if line is None:
        return _("we know no payment by this reference") if entry.end_to_end_id else _("the bank names no reference of ours")
    checks = [
        (not entry.booked, _("the bank has not booked it yet")),
        (entry.day > today, _("it is booked on a day that is still to come")),
        (entry.currency != "EUR" or entry.amount != line.amount, _("the amount is another than we asked to pay")),
        (line.batch.state not in AT_THE_BANK, _("the file of this payment was not made, or was taken back")),
    ]
    return next((why for wrong, why in checks if wrong), "")


def planned(entry: StatementEntry, back: set[int | None], today: date) -> tuple[EntryPlan, str]:
    """What one line does: it notes a payment as paid, or as returned with the bank's reason; or nothing, and why."""
    wrong = fits(entry, today)
    if wrong or entry.line is None:
        return EntryPlan.NOTHING, wrong
    line, part = entry.line, entry.line.instalment
    if is_return(entry):
        return returning(line.outcome, part.state, part.grant.state, because(entry.reason))
    if entry.returned:
        return EntryPlan.NOTHING, _("it took back a return: look at it with the bank")
    if line.outcome != LineOutcome.WAITS or part.state != InstalmentState.ORDERED:
        return EntryPlan.NOTHING, _("it was noted before")
    if entry.line_id in back:
        return EntryPlan.NOTHING, _("it came back in this same statement")
    return EntryPlan.PAY, ""


def returning(outcome: str, state: str, grant: str, reason: str) -> tuple[EntryPlan, str]:
    """What a return does: to a payment that was on its way, or to one that was noted as paid."""
    if outcome == LineOutcome.WAITS and state == InstalmentState.ORDERED:
        return EntryPlan.SEND_BACK, reason
    if outcome != LineOutcome.PAID or state != InstalmentState.PAID:
        return EntryPlan.NOTHING, _("it was noted before")
    if grant == GrantState.CLOSED:
        return EntryPlan.NOTHING, _("it came back after the grant was closed: decide what to do with it")
    return EntryPlan.COME_BACK, reason


def plan_sha256(plan: Sequence[Foreseen]) -> str:
    """The hash of what a statement would do, so that a press holds for that and for nothing else."""
    return digest([[each.entry.pk, each.plan, str(each.entry.amount), each.entry.line_id] for each in plan])
