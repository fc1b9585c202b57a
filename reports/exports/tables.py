"""The tables of the workbook: what of the house's records goes into which column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Subquery, Sum
from django.utils.translation import gettext_lazy as _

from reports.exports.aid import AID
from reports.exports.columns import Column, Scope, Table, Type, batches
from scoring.models import Mark, Placing
from tender.enums import InstalmentState
from tender.models import Application, Decision, Instalment, LedgerEntry
from workflows.models import Event, Letter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

REFERENCE = Column(_("Reference"), _("The number of the dossier, the same through all stages."), width=14)
CALL = Column(_("Call"), _("The reference of the call."), width=12)
STAGE = Column(_("Stage"), _("The key of the stage in the scheme."), width=18)


# ── applications ──────────────────────────────────────────────────────────────────────────────────────────────
def applications(scope: Scope) -> QuerySet[Application]:
    """The dossiers, with what was paid to them."""
    paid = Instalment.objects.filter(grant__application=OuterRef("pk"), state=InstalmentState.PAID).order_by()
    total = paid.values("grant__application").annotate(total=Sum("amount")).values("total")
    found = Application.objects.filter(scope.q("call__"), scope.open("pk")).select_related("call", "stage", "organisation", "applicant")
    return found.annotate(paid_out=Subquery(total)).order_by("reference")


def application_rows(scope: Scope) -> Iterator[tuple[Any, ...]]:
    """One row per dossier."""
    for case in batches(applications(scope)):
        yield (
            case.reference, case.call.reference, case.stage.key, case.get_state_display(), case.title, case.party,
            case.organisation.kvk if case.organisation else "", case.theme, case.province, case.submitted_at, case.completed_at,
            case.decide_by, case.amount_asked, case.awarded, case.paid_out,
        )  # fmt: skip


APPLICATIONS = Table(
    "applications",
    _("Applications"),
    (
        REFERENCE,
        CALL,
        STAGE,
        Column(_("State"), _("Where the dossier is now."), width=22),
        Column(_("Title"), _("The title that the applicant gave."), width=44),
        Column(_("Applicant"), _("The organisation, or the person where there is none."), width=30),
        Column(_("KvK number"), _("The number in the trade register."), width=12),
        Column(_("Theme"), _("The theme that was chosen."), width=18),
        Column(_("Province"), _("The province that was chosen."), width=14),
        Column(_("Submitted"), _("When it was handed in at the current stage (Amsterdam)."), Type.MOMENT, 17),
        Column(_("Complete"), _("When it was completely received (Amsterdam)."), Type.MOMENT, 17),
        Column(_("Decide by"), _("The last day to decide."), Type.DAY, 12),
        Column(_("Asked"), _("The amount that was asked for, in euros."), Type.MONEY, 15, total=True),
        Column(_("Awarded"), _("The amount that was awarded at the current stage, in euros."), Type.MONEY, 15, total=True),
        Column(_("Paid"), _("What was paid on all grants of the dossier, in euros."), Type.MONEY, 15, total=True),
    ),
    application_rows,
    lambda scope: applications(scope).count(),
)


# ── scores ────────────────────────────────────────────────────────────────────────────────────────────────────
def marks(scope: Scope) -> QuerySet[Mark]:
    """Every mark on every sheet."""
    found = Mark.objects.filter(scope.q("sheet__application__call__"), scope.open("sheet__application"))
    found = found.select_related("sheet__application__call", "sheet__stage", "sheet__juror").prefetch_related("changes")
    return found.order_by("sheet__application__reference", "sheet__stage_id", "sheet__juror__name", "question")


def mark_rows(scope: Scope) -> Iterator[tuple[Any, ...]]:
    """One row per question and juror."""
    for mark in batches(marks(scope)):
        sheet = mark.sheet
        criterion, _dot, question = mark.question.partition(".")
        changes = list(mark.changes.all())
        independent = changes[0].before if changes else mark.value
        yield (
            sheet.application.reference, sheet.application.call.reference, sheet.stage.key, str(sheet.juror),
            sheet.get_state_display(), criterion, question, mark.value, independent,
            "; ".join(each.reason for each in changes), mark.unable, mark.comment, sheet.sealed_at,
        )  # fmt: skip


SCORES = Table(
    "scores",
    _("Scores"),
    (
        REFERENCE,
        CALL,
        STAGE,
        Column(_("Juror"), _("Who gave the mark."), width=24),
        Column(_("Sheet"), _("Where the juror's form is."), width=14),
        Column(_("Criterion"), _("The key of the criterion in the rubric."), width=18),
        Column(_("Question"), _("The key of the question in the criterion."), width=18),
        Column(_("Mark"), _("The mark as given, on the scale of the rubric; empty where none was given."), Type.SCORE, 9),
        Column(
            _("Independent mark"),
            _("The mark before the meeting, also where the juror changed it there; empty where none was given."),
            Type.SCORE,
            12,
        ),
        Column(_("Changed because"), _("Why the juror changed the mark in the meeting; every reason where it changed more often."), width=40),
        Column(_("Not able to judge"), _("The juror could not judge: a missing mark, never a zero."), Type.YES_NO, 10),
        Column(_("Comment"), _("What the juror wrote."), width=50),
        Column(_("Sealed"), _("When the sheet was handed in (Amsterdam)."), Type.MOMENT, 17),
    ),
    mark_rows,
    lambda scope: marks(scope).count(),
)


# ── decisions ─────────────────────────────────────────────────────────────────────────────────────────────────
def decisions(scope: Scope) -> QuerySet[Decision]:
    """Every decision, with its place in the ranking it rests on and the hash of its letter."""
    line = Placing.objects.filter(ranking=OuterRef("basis__ranking"), application=OuterRef("application"))
    letter = Letter.objects.filter(decision=OuterRef("pk")).order_by("-rendered_at", "-pk")
    found = Decision.objects.filter(scope.q("application__call__"), scope.open("application"))
    found = found.select_related("application__call", "stage", "signed_by").annotate(
        total=Subquery(line.values("total")[:1]),
        place=Subquery(line.values("order")[:1]),
        letter=Subquery(letter.values("sha256")[:1]),
    )
    return found.order_by("application__reference", "pk")


def decision_rows(scope: Scope) -> Iterator[tuple[Any, ...]]:
    """One row per decision."""
    for each in batches(decisions(scope)):
        yield (
            each.application.reference, each.application.call.reference, each.stage.key, each.get_kind_display(),
            each.get_ground_display() if each.ground else "", each.get_state_display(), each.total,
            None if each.stage_id in scope.closed.touched else each.place, each.amount,
            str(each.signed_by or ""), each.signed_at, each.published_at, each.objection_until, each.reasons, each.letter or "",
        )  # fmt: skip


DECISIONS = Table(
    "decisions",
    _("Decisions"),
    (
        REFERENCE,
        CALL,
        STAGE,
        Column(_("Decision"), _("What was decided."), width=16),
        Column(_("Ground"), _("Why a refusal refuses."), width=26),
        Column(_("State"), _("Where the decision is on its way."), width=16),
        Column(_("Score"), _("The total in the ranking it rests on, from 0 to 100."), Type.SCORE, 9),
        Column(_("Place"), _("The place in that ranking, ties resolved."), Type.COUNT, 8),
        Column(_("Amount"), _("What the decision gives or settles, in euros."), Type.MONEY, 15, total=True),
        Column(_("Signed by"), _("Who signed under mandate."), width=24),
        Column(_("Signed"), _("When it was signed (Amsterdam)."), Type.MOMENT, 17),
        Column(_("Made known"), _("When the party could read it (Amsterdam)."), Type.MOMENT, 17),
        Column(_("Objection until"), _("The last day to object."), Type.DAY, 14),
        Column(_("Reasons"), _("The reasons written for this very decision."), width=50),
        Column(_("Letter"), _("The SHA-256 of the letter."), width=24),
    ),
    decision_rows,
    lambda scope: decisions(scope).count(),
)


# ── money ─────────────────────────────────────────────────────────────────────────────────────────────────────
def entries(scope: Scope) -> QuerySet[LedgerEntry]:
    """Every line of every pot."""
    found = LedgerEntry.objects.filter(scope.q("account__stage__call__"), scope.open("application"))
    found = found.exclude(account__stage__in=scope.closed.rounds)
    return found.select_related("account__stage__call", "account__source", "application").order_by("account_id", "seq")


def entry_rows(scope: Scope) -> Iterator[tuple[Any, ...]]:
    """One row per line of the ledger."""
    for entry in batches(entries(scope)):
        stage = entry.account.stage
        told = stage.pk not in scope.closed.touched
        yield (
            stage.call.reference, stage.key, str(entry.account.source), entry.account.year, entry.account.get_kind_display(),
            entry.seq if told else None,
            entry.application.reference if entry.application else "", entry.amount,
            entry.balance_after if told else None, str(entry.event_id),
        )  # fmt: skip


LEDGER = Table(
    "ledger",
    _("Ledger"),
    (
        CALL,
        STAGE,
        Column(_("Source"), _("Who made the money available."), width=24),
        Column(_("Year"), _("The budget year that it is of."), Type.COUNT, 8),
        Column(
            _("Pot"), _("Where the money is; every euro is in exactly one pot. Made available is the other side of all of them."), width=16
        ),
        Column(_("Number"), _("The number of the line in its pot, without gaps."), Type.COUNT, 9),
        REFERENCE,
        Column(
            _("Amount"),
            _("What went into (plus) or out of (minus) the pot, in euros; all lines together are nothing."),
            Type.MONEY,
            16,
            total=True,
        ),
        Column(_("Balance after"), _("What the pot held after this line, in euros."), Type.MONEY, 16),
        Column(_("Event"), _("The event that moved it."), width=38),
    ),
    entry_rows,
    lambda scope: entries(scope).count(),
)


def instalments(scope: Scope) -> QuerySet[Instalment]:
    """Every payment of every grant."""
    found = Instalment.objects.filter(scope.q("grant__application__call__"), scope.open("grant__application"))
    found = found.select_related(
        "grant__application__call", "grant__application__organisation", "grant__application__applicant", "grant__stage"
    )
    return found.order_by("grant__application__reference", "pk")


def instalment_rows(scope: Scope) -> Iterator[tuple[Any, ...]]:
    """One row per payment."""
    for part in batches(instalments(scope)):
        case = part.grant.application
        yield (
            case.reference, case.call.reference, part.grant.stage.key, case.party, part.key, part.get_state_display(), part.amount,
            part.amount if part.state == InstalmentState.PAID else None, part.due_on, part.pay_by, part.paid_on,
            (part.iban or part.grant.iban)[-4:], part.bank_reference,
        )  # fmt: skip


PAYMENTS = Table(
    "payments",
    _("Payments"),
    (
        REFERENCE,
        CALL,
        STAGE,
        Column(_("Applicant"), _("The organisation, or the person where there is none."), width=30),
        Column(_("Payment"), _("The key of the payment in the scheme."), width=16),
        Column(_("State"), _("Where the payment is."), width=14),
        Column(_("Amount"), _("The amount of the payment, in euros."), Type.MONEY, 15, total=True),
        Column(_("Paid"), _("The amount, if it was paid, in euros."), Type.MONEY, 15, total=True),
        Column(_("Due on"), _("The day that makes it due, if a day does."), Type.DAY, 12),
        Column(_("Pay by"), _("The last day to pay."), Type.DAY, 12),
        Column(_("Paid on"), _("The day it was paid."), Type.DAY, 12),
        Column(_("IBAN ends in"), _("The last four of the account."), width=10),
        Column(_("Bank reference"), _("The reference at the bank."), width=20),
    ),
    instalment_rows,
    lambda scope: instalments(scope).count(),
)


# ── events ────────────────────────────────────────────────────────────────────────────────────────────────────
def events(scope: Scope) -> QuerySet[Event]:
    """Every line of the trail of the calls and their dossiers."""
    found = Event.objects.select_related("actor").order_by("chain", "seq").exclude(chain__in=scope.closed.chains)
    found = found.exclude(noun="stage", key__in=scope.closed.rounds)
    if not scope.call and scope.year is None:
        return found
    cases = Application.objects.filter(scope.q("call__")).select_related("call")
    chains = {chain for case in cases.iterator() for chain in (f"dossier:{case.reference}", f"call:{case.call.reference}")}
    return found.filter(chain__in=chains | ({f"call:{scope.call}"} if scope.call else set()))


UNNAMED = ("question.ask", "question.withdraw")
"""Who asks a question about a call does so in private: the trail itself knows, for who audits; an export does not tell."""


def event_rows(scope: Scope) -> Iterator[tuple[Any, ...]]:
    """One row per event, without its data."""
    for event in batches(events(scope)):
        actor = "" if event.kind in UNNAMED else str(event.actor)
        yield event.chain, event.seq, event.at, event.kind, actor, event.before, event.after, event.hash


EVENTS = Table(
    "events",
    _("Events"),
    (
        Column(_("Chain"), _("The dossier or call the event belongs to."), width=24),
        Column(_("Number"), _("The number of the event in its chain, without gaps."), Type.COUNT, 9),
        Column(_("At"), _("When it happened (Amsterdam)."), Type.MOMENT, 17),
        Column(_("Event"), _("The case and the step that was taken."), width=28),
        Column(_("By"), _("Who took the step."), width=24),
        Column(_("Before"), _("The state before."), width=14),
        Column(_("After"), _("The state after."), width=14),
        Column(_("Hash"), _("The SHA-256 over the event and the hash before it."), width=24),
    ),
    event_rows,
    lambda scope: events(scope).count(),
)

TABLES: dict[str, Table] = {table.key: table for table in (APPLICATIONS, SCORES, DECISIONS, LEDGER, PAYMENTS, AID, EVENTS)}
