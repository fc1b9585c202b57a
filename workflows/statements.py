"""What a statement of the bank does to which payment: worked out before it is booked, and again when it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from tender.calendar import amsterdam_day
from tender.canonical import digest
from tender.enums import Account, GrantState, InstalmentState
from tender.enums.paying import BatchState, EntryPlan, LineOutcome
from tender.models import LedgerEntry, Recovery, StatementEntry
from tender.statements import because

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from decimal import Decimal

    from tender.models import BankStatement, Grant, Instalment, PaymentLine

AT_THE_BANK = (BatchState.MADE, BatchState.SENT, BatchState.SETTLED)
NOT_CLOSED = (GrantState.ACTIVE, GrantState.SUSPENDED, GrantState.ACCOUNTED, GrantState.SETTLED)
"""The states of a grant in which what was paid may come back by a booking."""
GAVE_BACK = (EntryPlan.SEND_BACK, EntryPlan.COME_BACK)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One line of a statement: what it does, and why (or why nothing)."""

    entry: StatementEntry
    plan: EntryPlan
    why: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What decides over the lines of a statement beside these: looked up once for all of them."""

    today: date
    back: set[int | None]
    """The payments that come back in this same statement."""
    returned: dict[int | None, date]
    """On which day the bank gave a payment back, as statements booked before told."""
    claimed: set[int]
    """The grants of which more was paid than they came to."""
    paid: dict[tuple[int, int], Decimal]
    """What stands as paid, by dossier and stage; a return in this statement takes from it."""

    @classmethod
    def of(cls, entries: Sequence[StatementEntry], today: date) -> Known:
        """All of it, in three queries."""
        lines = {entry.line for entry in entries if entry.line is not None}
        grants = {line.instalment.grant_id for line in lines}
        cases = {line.instalment.grant.application_id for line in lines}
        before = StatementEntry.objects.filter(line__in=lines, did__in=GAVE_BACK).values_list("line").annotate(last=Max("day"))
        pots = LedgerEntry.objects.filter(application__in=cases, account__kind=Account.PAID)
        sums = pots.order_by().values_list("application", "account__stage").annotate(total=Sum("amount"))
        return cls(
            today=today,
            back={entry.line_id for entry in entries if is_return(entry) and fits(entry, today) == ""},
            returned=dict(before.order_by()),
            claimed=set(Recovery.objects.filter(grant__in=grants).values_list("grant_id", flat=True)),
            paid={(case, stage): total for case, stage, total in sums},
        )

    def holds(self, part: Instalment) -> bool:
        """Whether what was paid still stands as paid."""
        return self.paid.get((part.grant.application_id, part.grant.stage_id), 0) >= part.amount

    def take(self, part: Instalment) -> None:
        """It comes back: it does not stand as paid any more."""
        self.paid[part.grant.application_id, part.grant.stage_id] -= part.amount


def foreseen(statement: BankStatement, at: datetime) -> list[Foreseen]:
    """What each line would do now; four queries, however many lines."""
    related = ("line__batch", "line__instalment__grant__application__organisation", "line__instalment__grant__application__applicant")
    entries = list(statement.entries.select_related(*related).order_by("position"))
    known, found, seen = Known.of(entries, amsterdam_day(at)), [], set()
    for entry in entries:
        plan, why = planned(entry, known)
        if plan != EntryPlan.NOTHING and entry.line_id in seen:
            plan, why = EntryPlan.NOTHING, _("another line of this statement tells the same payment")
        if plan != EntryPlan.NOTHING:
            seen.add(entry.line_id)
        if plan == EntryPlan.COME_BACK and entry.line is not None:
            known.take(entry.line.instalment)
        found.append(Foreseen(entry, plan, why))
    return found


def is_return(entry: StatementEntry) -> bool:
    """Whether the bank gave a payment back."""
    return bool(entry.credit and entry.returned and entry.line_id)


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


def planned(entry: StatementEntry, known: Known) -> tuple[EntryPlan, str]:
    """What one line does: it notes a payment as paid, or as returned with the bank's reason; or nothing, and why."""
    wrong = fits(entry, known.today)
    if wrong or entry.line is None:
        return EntryPlan.NOTHING, wrong
    if is_return(entry):
        return returning(entry.line.outcome, entry.line.instalment, known, because(entry.reason))
    wrong = not_paid_by(entry, entry.line, known)
    return (EntryPlan.NOTHING if wrong else EntryPlan.PAY), wrong


def not_paid_by(entry: StatementEntry, line: PaymentLine, known: Known) -> str:
    """Why a line that is no return does not note its payment as paid; empty where it does."""
    again = line.outcome == LineOutcome.RETURNED and entry.day > known.returned.get(line.pk, date.min)
    checks = [
        (entry.credit, _("it came in with our reference, but the bank does not call it a return: the party sent it itself")),
        (entry.returned, _("it took back a return: look at it with the bank")),
        (again, _("the bank says that it was paid, though it was noted as returned: stop the new payment")),
        (line.outcome != LineOutcome.WAITS or line.instalment.state != InstalmentState.ORDERED, _("it was noted before")),
        (line.pk in known.back, _("it came back in this same statement")),
    ]
    return next((why for wrong, why in checks if wrong), "")


def returning(outcome: str, part: Instalment, known: Known, reason: str) -> tuple[EntryPlan, str]:
    """What a return does: to a payment that was on its way, or to one that was noted as paid."""
    if outcome == LineOutcome.WAITS and part.state == InstalmentState.ORDERED:
        return EntryPlan.SEND_BACK, reason
    if outcome != LineOutcome.PAID or part.state != InstalmentState.PAID:
        return EntryPlan.NOTHING, _("it was noted before")
    wrong = left_to_decide(part.grant, known)
    if wrong:
        return EntryPlan.NOTHING, wrong
    if not known.holds(part):
        return EntryPlan.NOTHING, _("what was paid of this grant does not stand as paid any more: look at the ledger")
    return EntryPlan.COME_BACK, reason


def left_to_decide(grant: Grant, known: Known) -> str:
    """Why what comes back is a matter for a decision, and not for a booking; empty where it is not."""
    if grant.state == GrantState.CLOSED:
        return _("it came back after the grant was closed: decide what to do with it")
    if grant.state not in NOT_CLOSED:
        return _("it came back after the grant had ended: decide what to do with it")
    if grant.pk in known.claimed:
        return _("it came back while there is a claim for what was paid too much: decide first what becomes of the claim")
    return ""


def plan_sha256(plan: Sequence[Foreseen]) -> str:
    """The hash of what a statement would do, so that a press holds for that and for nothing else."""
    return digest([[each.entry.pk, each.plan, str(each.entry.amount), each.entry.line_id] for each in plan])
