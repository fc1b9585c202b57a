"""When: a grant, its payments and its reports."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tender.calendar import amsterdam_day
from tender.enums import AFTER_AWARD, TAKES, DecisionKind, DecisionState, GrantState, InstalmentState, ReportState
from tender.models import InsolvencyNote

REMIND_BEFORE = timedelta(weeks=4)
RUNS = (GrantState.ACTIVE, GrantState.SUSPENDED, GrantState.ACCOUNTED, GrantState.SETTLED)
"""The states in which a grantee owes reports."""

if TYPE_CHECKING:
    from tender.models import Grant, Instalment, ProgressReport
    from tender.step import Step


def accept_in_time(grant: Grant, step: Step) -> bool:
    """The term for accepting the grant is over."""
    return grant.accept_until is None or step.at < grant.accept_until


def accept_term_over(grant: Grant, step: Step) -> bool:
    """The term for accepting the grant still runs."""
    return grant.accept_until is not None and step.at >= grant.accept_until


def final_report_approved(grant: Grant, step: Step) -> bool:
    """The final report is not approved yet."""
    return any(report.terms.final and report.state == ReportState.APPROVED for report in grant.reports.all())


def settlement_published(grant: Grant, step: Step) -> bool:
    """This follows from a published decision only."""
    decision: int = step.data.get("decision", 0)
    return grant.application.decisions.filter(pk=decision, kind=DecisionKind.SETTLE, state=DecisionState.PUBLISHED).exists()


def taking_published(grant: Grant, step: Step) -> bool:
    """This follows from a published decision only."""
    decision: int = step.data.get("decision", 0)
    return grant.application.decisions.filter(pk=decision, stage=grant.stage_id, kind__in=TAKES, state=DecisionState.PUBLISHED).exists()


def nothing_open(grant: Grant, step: Step) -> bool:
    """A payment or report of this grant is still open, or money is still to come back."""
    over = [InstalmentState.PAID, InstalmentState.CANCELLED]
    judged = [ReportState.APPROVED, ReportState.REJECTED]
    if grant.recoveries.open().exists():
        return False
    return not grant.instalments.exclude(state__in=over).exists() and not grant.reports.exclude(state__in=judged).exists()


def pause_is_short(grant: Grant, step: Step) -> bool:
    """Payment may be suspended for at most 13 weeks."""
    until = step.data.get("until")
    return until is not None and 0 < (until - amsterdam_day(step.at)).days <= 13 * 7


def pause_has_new_ground(grant: Grant, step: Step) -> bool:
    """Payment was suspended on this ground before, and the thirteen weeks are not given twice: name another one."""
    from workflows.models import Event

    said = " ".join(step.data.get("reason", "").split()).casefold()
    before = Event.objects.filter(noun="grant", key=grant.pk, kind="grant.suspend")
    return all(" ".join(event.data["reason"].split()).casefold() != said for event in before)


def pause_over(grant: Grant, step: Step) -> bool:
    """The days on which payment rests are not over."""
    return grant.suspended_until is not None and amsterdam_day(step.at) > grant.suspended_until


def party_solvent(instalment: Instalment, step: Step) -> bool:
    """The party is insolvent: nothing is paid to it until that has ended."""
    application = instalment.grant.application
    found = InsolvencyNote.objects.of(application)
    return not step.recall(("insolvent", application.pk), found.exists)


def falls_due(instalment: Instalment, step: Step) -> bool:
    """What makes this payment due has not happened yet."""
    terms, grant = instalment.terms, instalment.grant
    if grant.state == GrantState.SETTLED and not grant.terms.directly_settled:
        return True  # what its own settlement leaves waits for nothing more
    if instalment.due_on is not None:
        return amsterdam_day(step.at) >= instalment.due_on
    if terms.due == "report":
        return grant.reports.filter(key=terms.report, state=ReportState.APPROVED).exists()
    return terms.due == "award" or grant.state == GrantState.SETTLED


def grant_pays(instalment: Instalment, step: Step) -> bool:
    """Nothing is paid before the grant is accepted, or while it is suspended, ended or withdrawn."""
    return instalment.grant.state in {GrantState.ACTIVE, GrantState.ACCOUNTED, GrantState.SETTLED}


def not_being_settled(instalment: Instalment, step: Step) -> bool:
    """A settlement of this grant, or a decision that takes from it, is under way: until that is out or dropped, nothing is paid."""
    grant = instalment.grant
    found = grant.application.decisions.open().filter(stage=grant.stage_id, kind__in=AFTER_AWARD)
    return not step.recall(("settling", grant.application_id, grant.stage_id), found.exists)


def grant_runs(report: ProgressReport, step: Step) -> bool:
    """The grant is not accepted yet, or has ended."""
    return report.grant.state in RUNS


def report_comes_due(report: ProgressReport, step: Step) -> bool:
    """The report is not due soon."""
    return amsterdam_day(step.at) >= report.due_on - REMIND_BEFORE


def not_reminded(report: ProgressReport, step: Step) -> bool:
    """The grantee was reminded of this report before."""
    from workflows.models import Event

    return not Event.objects.filter(noun="report", key=report.pk, kind="report.remind").exists()


def has_account(instalment: Instalment, step: Step) -> bool:
    """There is no bank account for this grant."""
    return bool(instalment.grant.iban)


def as_it_arose(recovery: Any) -> dict[str, Any]:
    """The figures that led to it: the grant may have come to less again since, which is claimed apart."""
    from workflows.models import Event

    arose = Event.objects.get(noun="recovery", key=recovery.pk, kind="recovery.arise")
    return {name: arose.data[name] for name in ("received", "entitled", "apart")}
