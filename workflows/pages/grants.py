"""Grants: where each is between award and last euro, its payments and reports, and its settlement."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, Sum
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tender.calendar import amsterdam_day
from tender.enums import DecisionKind, DecisionState, GrantState, InstalmentState, ReportOutcome, ReportState, Role
from tender.models import Grant, Instalment, ProgressReport
from tender.readout import readout
from tender.reporting import form_of
from tender.step import Step
from workflows.commands import Refused
from workflows.commands.proposing import propose_for
from workflows.forms import MoneyField
from workflows.pages.payments import spaced
from workflows.pages.recovering import buttons, insolvency_of, insolvency_steps, of_grant, open_taking, recovery_block
from workflows.pages.room import MONEY_ROLES, StaffForm, StaffPage, link
from workflows.recovering import ground_choices, weighing_field
from workflows.report_facts import facts_of, offered, waiting_for
from workflows.rules.people import cleared
from workflows.rules.taking import TAKEN_FROM
from workflows.steps import as_machine

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet
    from django.http import HttpResponse

    from tender.http import SignedIn
    from workflows.models import GrantMachine, ReportMachine

PAGE = 50
RUNNING = (GrantState.OFFERED, GrantState.ACTIVE, GrantState.SUSPENDED, GrantState.ACCOUNTED, GrantState.SETTLED)
ASKED = (ReportState.ASKED, ReportState.DRAFT, ReportState.INCOMPLETE)
RELATED = ("application__organisation", "application__applicant", "stage__call__version", "decision")


def grants(request: SignedIn) -> QuerySet[Grant]:
    """The grants this person may see, with what was paid, and their reports."""
    paid = Sum("instalments__amount", filter=Q(instalments__state=InstalmentState.PAID))
    reports = Prefetch("reports", ProgressReport.objects.order_by("due_on", "pk"))
    return Grant.objects.visible_to(request.user).select_related(*RELATED).annotate(paid=paid).prefetch_related(reports)


class GrantsPage(StaffPage):
    """All grants, those that need something first."""

    roles = MONEY_ROLES

    def get(self, request: SignedIn) -> HttpResponse:
        """The table; ``?state=`` chooses, ``?reports=1``: with a report to judge."""
        found, state = grants(request), request.GET.get("state", "")
        if request.GET.get("reports"):
            found = found.filter(pk__in=ProgressReport.objects.filter(state=ReportState.HANDED_IN).values("grant_id"))
        elif state in GrantState.values:
            found = found.filter(state=state)
        else:
            found = found.filter(state__in=RUNNING)
        page = Paginator(found.order_by("application__reference", "stage__number"), PAGE).get_page(request.GET.get("page"))
        context = {
            "page": page,
            "rows": [line(grant, amsterdam_day(request.at)) for grant in page],
            "states": GrantState.choices,
            "state": state,
            "reports": bool(request.GET.get("reports")),
        }
        return render(request, "workflows/controller/grants.html", context)


def line(grant: Grant, today: date) -> dict[str, Any]:
    """One grant in the table, with the report that comes first: one to judge, else the first that is not in."""
    reports = list(grant.reports.all())
    to_judge = [report for report in reports if report.state == ReportState.HANDED_IN]
    first = next(iter([*to_judge, *(report for report in reports if report.state in ASKED)]), None)
    return {
        "grant": grant,
        "case": grant.application,
        "paid": grant.paid or Decimal(0),  # type: ignore[attr-defined]
        "next": first,
        "next_label": term_label(grant, first) if first else "",
        "late": first is not None and first.state in ASKED and first.due_on < today,
        "done": sum(report.state == ReportState.APPROVED for report in reports),
        "count": len(reports),
    }


def term_label(grant: Grant, report: ProgressReport) -> str:
    """What the scheme calls a report."""
    return next((str(term.label) for term in grant.terms.reports if term.key == report.key), report.key)


class GrantPage(StaffPage):
    """One grant: its figures, its payments, its reports with what they say, and the steps open to this person."""

    roles = MONEY_ROLES

    def get(self, request: SignedIn, pk: int) -> HttpResponse:
        """The page, if this person may read the dossier."""
        grant = get_object_or_404(grants(request), pk=pk)
        machine: GrantMachine = as_machine("grant", grant.pk)
        parts = Instalment.objects.filter(grant=grant).order_by("due_on", "pk")
        acts = request.user.has_role(Role.OFFICER) and cleared(grant, Step(actor=request.user, at=request.at))
        context = {
            "grant": grant,
            "case": grant.application,
            "stage": grant.stage,
            "trail": [(_("Grants"), reverse("workflows:grants"))],
            "paid": grant.paid or Decimal(0),  # type: ignore[attr-defined]
            "parts": [(part, term_of(grant, part)) for part in parts],
            "reports": [report_block(grant, report, request) for report in grant.reports.all()],
            "steps": buttons(machine, request),
            "settlement": open_settlement(grant),
            "dossier_url": link("workflows:dossier", grant.application.reference),
            "iban": spaced(grant.iban),
            "recoveries": [recovery_block(recovery, request) for recovery in of_grant(grant, request.user)],
            "taking": open_taking(grant),
            "insolvency": insolvency_of(grant),
            "may_take": grant.state in TAKEN_FROM and acts and not grant.application.decisions.open().exists(),
            "may_note_insolvency": acts and insolvency_of(grant) is None,
            "insolvency_steps": insolvency_steps(grant, request),
            "may_settle": grant.state == GrantState.ACCOUNTED and acts and open_settlement(grant) is None,
        }
        return render(request, "workflows/controller/grant.html", context)


def term_of(grant: Grant, part: Instalment) -> str:
    """What the scheme calls a payment."""
    return next((str(term.label) for term in grant.terms.instalments if term.key == part.key), part.key)


def report_block(grant: Grant, report: ProgressReport, request: SignedIn) -> dict[str, Any]:
    """A report, with its answers once it was handed in, and the steps open on it."""
    handed_in = report.state not in ASKED
    term = next(term for term in grant.terms.reports if term.key == report.key)
    machine: ReportMachine = as_machine("report", report.pk)
    blocks = readout(form_of(report), report.answers) if handed_in else []
    day = amsterdam_day(request.at)
    outcome = report.proposal.get("outcome")
    return {
        "report": report, "label": term.label, "blocks": blocks,
        "waiting": waiting_for(grant, day)[report.pk],
        "steps": [step for step in buttons(machine, request) if offered(report, step["name"], request.user, day)],
        "facts": facts_of(report, day) if report.basis else None, "proposed": ReportOutcome(outcome).label if outcome else "",
    }  # fmt: skip


def open_settlement(grant: Grant) -> Any:
    """The settlement that is on its way, or out."""
    found = grant.application.decisions.filter(stage=grant.stage, kind=DecisionKind.SETTLE)
    return found.exclude(state__in=[DecisionState.DISCARDED, DecisionState.SUPERSEDED]).first()


class SettleForm(StaffForm):
    """For how much, and why if it is less."""

    amount = MoneyField(label=gettext_lazy("Settle at"))
    reasons = forms.CharField(
        label=gettext_lazy("Reasons"),
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
        max_length=8000,
        help_text=gettext_lazy("Needed when it is less than what was awarded: the letter gives them."),
    )
    ground = forms.ChoiceField(
        label=gettext_lazy("Ground of a lower settlement"), choices=ground_choices(DecisionKind.SETTLE, settled=False), required=False
    )
    weighing = weighing_field()
    field_order = ("amount", "ground", "reasons", "weighing")


class SettlePage(StaffPage):
    """Propose the settlement of a grant: a decision that goes through the same chain."""

    roles = (Role.OFFICER,)

    def get(self, request: SignedIn, pk: int) -> HttpResponse:
        """The form, with the whole amount filled in."""
        grant = self.grant(request, pk)
        return self.show(request, grant, SettleForm(initial={"amount": grant.amount}))

    def post(self, request: SignedIn, pk: int) -> HttpResponse:
        """Draft the decision."""
        grant, form = self.grant(request, pk), SettleForm(request.POST)
        if not form.is_valid():
            return self.show(request, grant, form, status=422)
        said = form.cleaned_data
        try:
            decision = propose_for(
                pk=grant.application_id,
                kind=DecisionKind.SETTLE,
                ground=said["ground"],
                amount=said["amount"],
                reasons=said["reasons"],
                weighing=said["weighing"],
                actor=request.user,
                at=request.at,
            )
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
            return self.show(request, grant, form, status=409)
        messages.success(request, _("The settlement is drafted; it now goes through the chain."))
        return redirect("workflows:decision", decision.pk)

    def grant(self, request: SignedIn, pk: int) -> Grant:
        """The grant, if it can be settled now."""
        grant: Grant = get_object_or_404(grants(request), pk=pk)
        if grant.state != GrantState.ACCOUNTED:
            raise PermissionDenied("settle")
        return grant

    def show(self, request: SignedIn, grant: Grant, form: SettleForm, status: int = 200) -> HttpResponse:
        """The page."""
        context = {
            "grant": grant,
            "case": grant.application,
            "form": form,
            "paid": grant.paid or Decimal(0),  # type: ignore[attr-defined]
            "trail": [
                (_("Grants"), reverse("workflows:grants")),
                (f"{grant.application.reference} · {grant.stage.label}", reverse("workflows:grant", args=[grant.pk])),
            ],
        }
        return render(request, "workflows/controller/settle.html", context, status=status)
