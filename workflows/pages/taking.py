"""Taking a grant back: proposing a withdrawal or a change to the party's disadvantage; noting that a party is insolvent."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tender.calendar import amsterdam_day
from tender.enums import TAKES, DecisionKind, Role
from tender.models import Grant
from tender.step import Step
from tender.taking import is_settled
from workflows.commands import Refused, create
from workflows.commands.proposing import propose_for
from workflows.forms import FORMS, MoneyField
from workflows.labels import LABELS
from workflows.models import InsolvencyMachine
from workflows.pages.room import StaffForm, StaffPage
from workflows.recovering import ground_choices, weighing_field
from workflows.rules.people import cleared
from workflows.rules.taking import TAKEN_FROM, comes_to

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tender.http import SignedIn


class TakeForm(StaffForm):
    """What is taken back, on which ground, and why."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What do you propose?"), widget=forms.RadioSelect,
        choices=[
            (DecisionKind.WITHDRAW, gettext_lazy("Withdraw the grant")),
            (DecisionKind.LOWER, gettext_lazy("Lower the grant, or end it earlier")),
        ],
    )  # fmt: skip
    amount = MoneyField(
        label=gettext_lazy("What the party keeps"),
        help_text=gettext_lazy("Of a withdrawn grant: nothing, or what it keeps of what was paid. Of a lowered grant: what it comes to now."),
    )
    ends_on = forms.DateField(
        label=gettext_lazy("New last day of the grant"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Only where a grant that runs is ended earlier."),
    )  # fmt: skip
    ground = forms.ChoiceField(label=gettext_lazy("Ground"))
    reasons = forms.CharField(label=gettext_lazy("Reasons"), widget=forms.Textarea(attrs={"rows": 5}), max_length=8000)
    weighing = weighing_field()

    def __init__(self, *args: Any, settled: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["weighing"].required = True
        self.fields["ground"].choices = ground_choices(*TAKES, settled=settled)[1:]  # type: ignore[attr-defined]


class OnGrant(StaffPage):
    """A page of the officer of one grant."""

    roles = (Role.OFFICER,)

    def grant(self, request: SignedIn, pk: int) -> Grant:
        """The grant, to an officer who reads its dossier."""
        found = Grant.objects.visible_to(request.user).select_related("application__organisation", "application__applicant",
                                                                       "stage__call__version", "decision")  # fmt: skip
        grant: Grant = get_object_or_404(found, pk=pk)
        if not cleared(grant, Step(actor=request.user, at=request.at)):
            raise PermissionDenied("grant")
        return grant

    def trail(self, grant: Grant) -> list[tuple[str, str]]:
        """The way back."""
        return [
            (_("Grants"), reverse("workflows:grants")),
            (f"{grant.application.reference} · {grant.stage.label}", reverse("workflows:grant", args=[grant.pk])),
        ]


class TakePage(OnGrant):
    """Propose to withdraw or lower a grant: a decision that goes through the chain, after the party was heard."""

    def get(self, request: SignedIn, pk: int) -> HttpResponse:
        """The form."""
        grant = self.taken(request, pk)
        return self.show(request, grant, TakeForm(settled=is_settled(grant)))

    def post(self, request: SignedIn, pk: int) -> HttpResponse:
        """Draft the decision."""
        grant = self.taken(request, pk)
        form = TakeForm(request.POST, settled=is_settled(grant))
        if not form.is_valid():
            return self.show(request, grant, form, status=422)
        try:
            decision = propose_for(pk=grant.application_id, actor=request.user, at=request.at, grant=grant, **form.cleaned_data)
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
            return self.show(request, grant, form, status=409)
        messages.success(request, _("The decision is drafted. First the party is heard; then it goes through the chain."))
        return redirect("workflows:decision", decision.pk)

    def taken(self, request: SignedIn, pk: int) -> Grant:
        """The grant, if it can be taken back."""
        grant = self.grant(request, pk)
        if grant.state not in TAKEN_FROM:
            raise PermissionDenied("take")
        return grant

    def show(self, request: SignedIn, grant: Grant, form: TakeForm, status: int = 200) -> HttpResponse:
        """The page."""
        paid = sum(grant.instalments.filter(state="paid").values_list("amount", flat=True), start=Decimal(0))
        context = {
            "grant": grant,
            "case": grant.application,
            "form": form,
            "paid": paid,
            "came_to": comes_to(grant),
            "trail": self.trail(grant),
        }
        return render(request, "workflows/controller/take.html", context, status=status)


class NoteInsolvencyPage(OnGrant):
    """Note that the party of a grant is insolvent."""

    def get(self, request: SignedIn, pk: int) -> HttpResponse:
        """The form."""
        return self.show(request, self.grant(request, pk), FORMS["insolvency.note"](initial={"since": amsterdam_day(request.at)}))

    def post(self, request: SignedIn, pk: int) -> HttpResponse:
        """Note it, or show again what was typed with what is wrong."""
        grant, form = self.grant(request, pk), FORMS["insolvency.note"](request.POST)
        if not form.is_valid():
            return self.show(request, grant, form, status=422)
        try:
            of = {"application": grant.application}
            create(InsolvencyMachine, "note", of=of, actor=request.user, at=request.at, **form.data_for_step())
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
            return self.show(request, grant, form, status=409)
        messages.success(request, _("Done: %(step)s.") % {"step": LABELS["insolvency.note"]})
        return redirect("workflows:grant", grant.pk)

    def show(self, request: SignedIn, grant: Grant, form: Any, status: int = 200) -> HttpResponse:
        """The page of a step."""
        case = grant.application
        context = {
            "case": InsolvencyMachine(application=case), "form": form, "name": "note", "label": LABELS["insolvency.note"],
            "about": f"{case.reference} · {case.working_title}", "back": reverse("workflows:grant", args=[grant.pk]),
            "trail": self.trail(grant),
        }  # fmt: skip
        return render(request, "workflows/step.html", context, status=status)
