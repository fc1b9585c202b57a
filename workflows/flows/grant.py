from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import nodes

from tender.enums import DecisionKind, ReportState, Role
from tender.enums import GrantState as S
from tender.enums import InstalmentState as I
from workflows.flows import terms
from workflows.flows.base import CaseFlow
from workflows.models import Event
from workflows.nodes import ByClock, Todo, Turn, Wait
from workflows.rules.reporting import GOES_ON

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from tender.models import Grant, ProgressReport

PAYMENTS = {I.DUE: ("approve", Role.OFFICER), I.APPROVED: ("order", Role.CONTROLLER), I.ORDERED: ("pay", Role.CONTROLLER)}
REPORTS = {
    ReportState.ASKED: [("start", Role.EDITOR)],
    ReportState.DRAFT: [("hand_in", Role.SIGNER)],
    ReportState.INCOMPLETE: [("hand_in", Role.SIGNER)],
    ReportState.HANDED_IN: [("propose", Role.OFFICER)],
}


def payments(grant: Any) -> list[Todo]:
    """Each payment that is due, and whose turn it is on it; and what was asked about paying at all."""
    found = [Todo("grant", grant.pk, name, Role.CONTROLLER) for name in asked(grant)]
    for part in grant.instalments.filter(state__in=list(PAYMENTS)).order_by("pk"):
        arrow, role = PAYMENTS[part.state]
        found.append(Todo("instalment", part.pk, arrow, role, deadline=part.pay_by))
    return found


def asked(grant: Any) -> list[str]:
    """What the officer asked the controller to do about paying."""
    name = {S.ACTIVE: "suspend", S.SUSPENDED: "resume"}.get(grant.state)
    return [name] if name and Event.objects.standing_ask(grant, name) else []


def reports(grant: Grant) -> list[Todo]:
    """Each report that is not approved, and whose turn it is on it."""
    return [
        Todo("report", report.pk, arrow, role, deadline=report.due_on)
        for report in grant.reports.filter(state__in=list(REPORTS)).order_by("pk")
        for arrow, role in turns(report)
    ]


def turns(report: ProgressReport) -> list[tuple[str, Role]]:
    """Whose turn it is on a report: once something is proposed, another officer's or a second reader's."""
    if not report.proposal:
        return REPORTS[ReportState(report.state)]
    name = "approve" if report.proposal["outcome"] in GOES_ON else "reject"
    return [(name, Role.OFFICER), (name, Role.READER)]


def settlement(grant: Grant) -> list[Todo]:
    """The officer's turn to propose the settlement; the decision does not exist yet, so the number is the dossier's."""
    return [Todo("decision", grant.application_id, "propose", Role.OFFICER)]


def is_direct(activation: Any) -> bool:
    """Whether the award settled the grant at once."""
    return bool(activation.process.case.terms.directly_settled)


class GrantFlow(CaseFlow):
    """A grant: payments and reports beside each other, and the settlement that ends them."""

    process_title = _("A grant")
    process_description = _("Payments and reports beside each other, and the settlement that ends them.")
    noun = "grant"
    fell = frozenset({S.LAPSED, S.WITHDRAWN})

    begin = nodes.StartHandle(this.opened).Annotation(title=_("Given")).Next(this.at_once)
    at_once = nodes.If(is_direct).Annotation(title=_("Settled at once?")).Then(this.run).Else(this.accept)
    accept = Turn("grant.accept", role=Role.SIGNER, by=terms.accept_by).On("grant.accept", to=this.run).On("grant.lapse", to=this.lapsed)
    lapsed = nodes.End().Annotation(title=_("Not accepted"))
    run = nodes.Split().Annotation(title=_("Runs")).Next(this.pay).Next(this.report).Next(this.settled_already)
    pay = Turn("instalment.pay", todos=payments, title=_("Payments")).On("instalment.pay", "instalment.cancel", to=this.paid)
    paid = nodes.End().Annotation(title=_("Everything paid"))
    report = Turn("report.approve", todos=reports, title=_("Reports")).On("report.approve", to=this.reported)
    reported = nodes.End().Annotation(title=_("Everything reported"))
    settled_already = nodes.If(is_direct).Annotation(title=_("Settled at once?")).Then(this.close).Else(this.account)
    account = Wait(_("Final report approved")).On("grant.account", to=this.settle)
    settle = Turn("decision.propose", todos=settlement, title=_("Propose the settlement")).On("decision.propose", to=this.settling)
    settling = Wait(_("The settlement takes its course")).On("grant.settle", to=this.close)
    close = ByClock(_("Nothing is due either way")).On("grant.close", to=this.closed)
    closed = nodes.End().Annotation(title=_("Closed"))

    @classmethod
    def place(cls, case: Any, at: datetime) -> frozenset[str]:  # noqa: ARG003
        """Where the payments, the reports and the settlement are."""
        if case.state == S.OFFERED:
            return frozenset({"accept"})
        if case.state not in {S.ACTIVE, S.SUSPENDED, S.ACCOUNTED, S.SETTLED}:
            return frozenset()
        found = {settling_at(case)}
        if case.instalments.exclude(state__in=[I.PAID, I.CANCELLED]).exists():
            found.add("pay")
        if case.reports.exclude(state=ReportState.APPROVED).exists():
            found.add("report")
        return frozenset(found)


def settling_at(grant: Any) -> str:
    """How far the settlement is."""
    if grant.state == S.ACCOUNTED:
        open_ones = grant.application.decisions.open().filter(kind=DecisionKind.SETTLE, stage=grant.stage)
        return "settling" if open_ones.exists() else "settle"
    return "close" if grant.state == S.SETTLED else "account"
