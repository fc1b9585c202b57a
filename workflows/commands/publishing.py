"""What a published decision does: to the dossier, to the money, to the grant."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tender.calendar import add_months, amsterdam_day
from tender.commands.granting import period_of, reports_of, shares, spoken_for, too_much, years_in
from tender.enums import GIVES, TAKES, DecisionKind, GrantState, InstalmentState
from tender.enums import ApplicationState as A
from tender.models import Application, DefaultNotice, Grant, Instalment, User
from tender.schemes.answers import project
from tender.schemes.definition import Due
from workflows.commands.door import cascade, create
from workflows.commands.rounds import by_clock, each
from workflows.models import ApplicationMachine, GrantMachine, InstalmentMachine, RecoveryMachine, ReportMachine
from workflows.rules import falls_due, final_report_approved, no_report_holds, nothing_due, nothing_open

if TYPE_CHECKING:
    from tender.models import Decision
    from tender.step import Step

MOVES = {
    DecisionKind.ADMIT: "admit",
    DecisionKind.AWARD: "award",
    DecisionKind.RESERVE: "reserve",
    DecisionKind.REFUSE: "refuse",
    DecisionKind.SET_ASIDE: "set_aside",
    DecisionKind.INELIGIBLE: "find_ineligible",
}
"""Which arrow of the dossier each kind of decision carries."""


@cascade("decision.publish")
def carry_out(decision: Any, step: Step) -> None:
    """The dossier moves as decided; money that was held back is committed, and becomes a grant."""
    if decision.kind == DecisionKind.SETTLE:
        grant = Grant.objects.get(application=decision.application, stage=decision.stage)
        by_clock(GrantMachine, "settle", grant.pk, step, decision=decision.pk, amount=decision.amount)
        return
    if decision.kind in TAKES:
        take_back(decision, step)
        return
    data: dict[str, Any] = {"decision": decision.pk}
    if decision.kind in GIVES:
        data["amount"] = decision.amount
        if decision.amount > 0:
            make_grant(decision, step)
    if decision.kind == DecisionKind.RESERVE:
        data |= {"place": decision.facts.get("reserve_place"), "until": date.fromisoformat(decision.facts["reserve_until"])}
    by_clock(ApplicationMachine, MOVES[DecisionKind(decision.kind)], decision.application_id, step, **data)


@cascade("application.withdraw", "application.cancel", *(f"application.{move}" for move in MOVES.values()))
def late_no_more(application: Any, step: Step) -> None:
    """What being late costs ends on the day it is decided, or needs no decision any more."""
    running = DefaultNotice.objects.running().filter(application=application, stage=application.stage)
    running.update(ended_on=amsterdam_day(step.at))


def make_grant(decision: Decision, step: Step) -> Grant:
    """Offer the grant, or settle it at once where the scheme does."""
    terms = decision.stage.rules.grant
    sent = decision.application.submission(decision.stage)
    years = project(decision.stage.rules.form, sent.answers)["years"] if sent else None
    starts_on, ends_on = period_of(terms, at=step.at, years=years)
    of = {
        "application": decision.application, "stage": decision.stage, "decision": decision, "amount": decision.amount,
        "starts_on": starts_on, "ends_on": ends_on,
    }  # fmt: skip
    name = "settle_directly" if terms.directly_settled else "offer"
    return create(GrantMachine, name, of=of, actor=User.objects.clock(), at=step.at)  # type: ignore[no-any-return]


@cascade("grant.offer", "grant.settle_directly")
def lay_out_parts(grant: Any, step: Step) -> None:
    """The payments and reports that the scheme's terms lay out."""
    clock = User.objects.clock()
    years = years_in(grant.starts_on, grant.ends_on)
    for term, amount in shares(grant.terms, Decimal(grant.amount), years):
        due_on = add_months(grant.starts_on, 12 * ((term.year or 1) - 1)) if term.due == Due.YEAR else None
        of = {"grant": grant, "key": term.key, "amount": amount, "due_on": due_on}
        create(InstalmentMachine, "plan", of=of, actor=clock, at=step.at)
    for report, months in reports_of(grant.terms, years):
        due_on = add_months(grant.starts_on, months)
        create(ReportMachine, "ask", of={"grant": grant, "key": report.key, "due_on": due_on}, actor=clock, at=step.at)
    if grant.state == GrantState.SETTLED:
        pay_what_is_due(grant, step)


def pay_what_is_due(grant: Any, step: Step) -> None:
    """Let every planned payment fall due whose reason is there."""
    for part in Instalment.objects.filter(grant=grant, state=InstalmentState.PLANNED).order_by("pk").select_related("grant__stage"):
        if falls_due(part, step) and no_report_holds(part, step):
            by_clock(InstalmentMachine, "fall_due", part.pk, step)


@cascade("grant.accept", "grant.resume", "grant.run_out")
def start_paying(grant: Any, step: Step) -> None:
    """What is due on acceptance, or fell due while payment rested, falls due; so does the settlement, if the account came meanwhile."""
    pay_what_is_due(grant, step)
    if final_report_approved(grant, step):
        by_clock(GrantMachine, "account", grant.pk, step)


@cascade("report.approve")
def after_the_report(report: Any, step: Step) -> None:
    """Payments that waited for this report fall due; the final one brings the grant to its settlement."""
    grant = report.grant
    if grant.state == GrantState.ACTIVE:
        pay_what_is_due(grant, step)
    if report.terms.final and grant.state == GrantState.ACTIVE:
        by_clock(GrantMachine, "account", grant.pk, step)
    finish_if_done(grant, step)


@cascade("report.extend")
def after_more_time(report: Any, step: Step) -> None:
    """A report that is no longer late holds nothing back."""
    if report.grant.state == GrantState.ACTIVE:
        pay_what_is_due(report.grant, step)


@cascade("report.reject")
def after_the_rejection(report: Any, step: Step) -> None:
    """The last report to be judged may close the grant."""
    finish_if_done(report.grant, step)


@cascade("grant.settle")
def pay_the_rest(grant: Any, step: Step) -> None:
    """The last payment becomes what the settlement leaves; the others fall away."""
    parts = list(grant.instalments.order_by("pk"))
    closing = [part for part in parts if part.state in {InstalmentState.PLANNED, InstalmentState.DUE}]
    rest = Decimal(grant.settled_amount) - spoken_for(grant)
    last = closing[-1] if closing and rest > 0 else None
    for part in closing:
        if part is not last:
            by_clock(InstalmentMachine, "cancel", part.pk, step, reason="settled")
    if last is not None:
        by_clock(InstalmentMachine, "adjust", last.pk, step, amount=rest)
        if last.state == InstalmentState.PLANNED:
            by_clock(InstalmentMachine, "fall_due", last.pk, step)
    claim_back(grant, step)
    finish_if_done(grant, step)


@cascade("instalment.pay")
def after_the_payment(instalment: Any, step: Step) -> None:
    """The last payment may close the grant."""
    finish_if_done(instalment.grant, step)


def finish_if_done(grant: Grant, step: Step) -> None:
    """Close a settled grant with nothing open, and its dossier when no grant is left open."""
    fresh = Grant.objects.get(pk=grant.pk)
    if fresh.state != GrantState.SETTLED or not nothing_open(fresh, step):
        return
    by_clock(GrantMachine, "close", fresh.pk, step)
    close_dossier(fresh.application_id, step)


def close_dossier(pk: int, step: Step) -> None:
    """Close an awarded dossier once no grant of it is open."""
    dossier = Application.objects.get(pk=pk)
    if dossier.state == A.AWARDED and nothing_due(dossier, step):
        by_clock(ApplicationMachine, "close", pk, step)


def take_back(decision: Decision, step: Step) -> None:
    """The grant is withdrawn, or lowered, as decided."""
    grant = Grant.objects.get(application=decision.application, stage=decision.stage)
    data: dict[str, Any] = {"decision": decision.pk, "amount": decision.amount}
    if decision.kind == DecisionKind.LOWER and decision.facts.get("ends_on"):
        data["ends_on"] = date.fromisoformat(decision.facts["ends_on"])
    by_clock(GrantMachine, "withdraw" if decision.kind == DecisionKind.WITHDRAW else "lower", grant.pk, step, **data)


@cascade("grant.withdraw")
def parts_are_withdrawn(grant: Any, step: Step) -> None:
    """Nothing more of a withdrawn grant is paid; what was paid too much comes back."""
    each(grant.instalments.filter(state__in=[InstalmentState.PLANNED, InstalmentState.DUE]), InstalmentMachine, "cancel", step,
         reason="withdrawn")  # fmt: skip
    claim_back(grant, step)
    close_dossier(grant.application_id, step)


@cascade("grant.lower")
def parts_are_lowered(grant: Any, step: Step) -> None:
    """What is not paid yet becomes less, the last payment first; what was paid too much comes back."""
    parts = list(grant.instalments.filter(state__in=[InstalmentState.PLANNED, InstalmentState.DUE]).order_by("-pk"))
    came_to = Decimal(grant.settled_amount if grant.settled_amount is not None else grant.amount)
    less = spoken_for(grant) + sum((part.amount for part in parts), start=Decimal(0)) - came_to
    for part in parts:
        taken = min(max(less, Decimal(0)), part.amount)
        less -= taken
        if taken == part.amount:
            by_clock(InstalmentMachine, "cancel", part.pk, step, reason="lowered")
        elif taken:
            by_clock(InstalmentMachine, "adjust", part.pk, step, amount=part.amount - taken)
    claim_back(grant, step)
    finish_if_done(grant, step)


def claim_back(grant: Any, step: Step) -> None:
    """What was paid beyond what the grant came to is to be claimed."""
    more = too_much(grant)
    if more > 0:
        of = {"grant": grant, "decision_id": step.data["decision"], "amount": more}
        create(RecoveryMachine, "arise", of=of, actor=User.objects.clock(), at=step.at)


@cascade("recovery.set_off")
def take_from_the_other(recovery: Any, step: Step) -> None:
    """The payment of the other grant becomes so much less."""
    pk = step.data["instalment"]
    by_clock(InstalmentMachine, "set_off", pk, step, amount=step.data["amount"], recovery=recovery.pk)
    after_what_came_back(recovery, step)
    finish_if_done(Instalment.objects.select_related("grant").get(pk=pk).grant, step)


@cascade("recovery.receive", "recovery.write_off")
def after_what_came_back(recovery: Any, step: Step) -> None:
    """The last money that comes back, or is written off, may close grant and dossier."""
    finish_if_done(recovery.grant, step)
    close_dossier(recovery.grant.application_id, step)


@cascade("grant.lapse")
def parts_lapse(grant: Any, step: Step) -> None:
    """Nothing of a lapsed grant is paid."""
    each(grant.instalments.filter(state=InstalmentState.PLANNED), InstalmentMachine, "cancel", step, reason="lapsed")
    close_dossier(grant.application_id, step)
