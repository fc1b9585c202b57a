"""The people of a round: who declares, who sits in the panel, who scores what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.models import Panel, Seating
from tender.calendar import amsterdam_day
from tender.enums import ConflictState, Role, StageState
from tender.models import Application
from tender.schemes.definition import Assess
from workflows.commands import Refused
from workflows.commands.assigning import Proposal, assign_round, propose_assignment
from workflows.commands.declaring import ask_once
from workflows.commands.paneling import Seat, make_panel
from workflows.flows.taking import take_step
from workflows.machines.stage import BEFORE_SCORING
from workflows.models import ConflictMachine, StageMachine
from workflows.pages.bulk import Preview, Row, carry_out, fingerprint, selected
from workflows.pages.officer_calls import must_be_officer
from workflows.pages.room import DECLARING_ROLES, StaffForm, StagePage, link, trail, undeclared

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from tender.http import SignedIn
    from tender.models import Stage

BEFORE_RANKING = (StageState.OPEN, StageState.PAUSED, StageState.CLOSED, StageState.SCORING)
PARTS = [(role.value, role.label) for role in (Role.JUROR, Role.CHAIR, Role.DEPUTY, Role.SECRETARY)]


class DeclareRound(StagePage):
    """Declare to have no interest in many dossiers at once, from their covers; an interest is declared one by one."""

    roles = DECLARING_ROLES

    def get(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """The covers on which this person has not declared."""
        stage = self.stage(request, call, key)
        cases = undeclared(stage, request.user).select_related("organisation", "applicant").prefetch_related("partners")
        mine = Application.objects.filter(submissions__stage=stage, conflicts__user=request.user).distinct()
        context = {
            "stage": stage,
            "trail": trail(stage=stage),
            "cases": [(case, link("workflows:declare", case.reference)) for case in cases],
            "open": mine.exclude(conflicts__state=ConflictState.RECUSED).count(),
            "recused": list(mine.filter(conflicts__user=request.user, conflicts__state=ConflictState.RECUSED)),
        }
        return render(request, "workflows/officer/declare.html", context)

    def post(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """The preview, or with ``confirm`` the declarations themselves."""
        stage = self.stage(request, call, key)
        cases = undeclared(stage, request.user).select_related("organisation", "applicant").filter(pk__in=selected(request.POST))
        found = {case.pk: case for case in cases}
        rows = [
            Row(
                pk,
                case.reference,
                f"{case.title} · {case.party}",
                _("no interest; the dossier opens to you"),
                seen=fingerprint(case.pk),
            )
            for pk, case in found.items()
        ]
        context: dict[str, Any] = {
            "stage": stage,
            "trail": trail((_("Declare"), request.path), stage=stage),
            "back": request.path,
            "title": _("I have no interest in these applications"),
            "label": _("Yes, I declare this"),
            "says": _("I have no family, work or money tie to any party in these applications, and I do not compete with one."),
        }
        if "confirm" not in request.POST:
            return render(request, "workflows/officer/preview.html", {**context, "preview": Preview(rows), "step": "declare"})

        def act(row: Row) -> object:
            with transaction.atomic():
                asked = ask_once(application=found[row.pk], user=request.user, at=request.at)
                return take_step(ConflictMachine, "declare_none", pk=asked.pk, actor=request.user, at=request.at)

        return render(request, "workflows/officer/results.html", {**context, "results": carry_out(rows, request.POST, act)})


class PanelForm(StaffForm):
    """Which panel judges: one that is there, or a new one."""

    panel = forms.ModelChoiceField(
        label=gettext_lazy("Panel"),
        queryset=Panel.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sitting = Panel.objects.exclude(until__lt=amsterdam_day(at)).order_by("-since", "name")
        self.fields["panel"].queryset = sitting  # type: ignore[attr-defined]


class NewPanel(StaffForm):
    """A panel's name and term."""

    name = forms.CharField(label=gettext_lazy("Name of the panel"), max_length=120)
    since = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(label=gettext_lazy("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class SeatForm(StaffForm):
    """One member."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("E-mail address"))
    part = forms.ChoiceField(label=gettext_lazy("Part"), choices=PARTS)
    network = forms.CharField(label=gettext_lazy("Network"), max_length=80, required=False)


class BaseSeats(forms.BaseFormSet):  # type: ignore[type-arg]
    """A panel has exactly one chair, and nobody sits in it twice."""

    def clean(self) -> None:
        """Look at the members together."""
        said = [form.cleaned_data for form in self.forms if form.has_changed() and form.is_valid()]
        if sum(seat["part"] == Role.CHAIR for seat in said) != 1:
            raise forms.ValidationError(_("A panel has one chair."))
        if len({seat["email"].lower() for seat in said}) != len(said):
            raise forms.ValidationError(_("The same e-mail address stands in two rows."))


Seats = forms.formset_factory(SeatForm, formset=BaseSeats, extra=9, max_num=40)


class PanelPage(StagePage):
    """Seat a panel for a stage that a jury judges."""

    closed_to_recused = True

    def get(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """Who sits now, and which panels there are."""
        stage = self.jury_stage(request, call, key)
        seating = Seating.objects.filter(stage=stage).first()
        form = PanelForm(at=request.at, initial={"panel": seating and seating.panel_id})
        new = NewPanel(prefix="new", initial={"since": amsterdam_day(request.at)})
        return self.show(request, stage, form, new, Seats(prefix="seat"))

    def post(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """Seat the chosen panel, or make a new one and seat that."""
        stage = self.jury_stage(request, call, key)
        must_be_officer(request, Role.SECRETARY)
        form = PanelForm(request.POST if "choose" in request.POST else None, at=request.at)
        new = NewPanel(request.POST if "make" in request.POST else None, prefix="new")
        seats = Seats(request.POST if "make" in request.POST else None, prefix="seat")
        chosen = "choose" in request.POST and form.is_valid()
        if not chosen and not ("make" in request.POST and new.is_valid() and seats.is_valid()):
            return self.show(request, stage, form, new, seats, status=422)
        rows = [Seat(**row.cleaned_data) for row in seats.forms if row.has_changed()] if not chosen else []
        by = {"actor": request.user, "at": request.at}
        try:
            with transaction.atomic():  # a new panel that may not be seated is not made
                panel = form.cleaned_data["panel"] if chosen else make_panel(**new.cleaned_data, seats=rows, **by)
                take_step(StageMachine, "seat", pk=stage.pk, actor=request.user, at=request.at, panel=panel.pk)
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect("workflows:panel", stage.call.reference, stage.key)
        messages.success(request, _("%(panel)s judges this stage.") % {"panel": panel})
        return redirect("workflows:stage", stage.call.reference, stage.key)

    def jury_stage(self, request: SignedIn, call: str, key: str) -> Stage:
        """The stage, if a jury judges it."""
        stage = self.stage(request, call, key)
        if stage.rules.assess != Assess.JURY:
            raise PermissionDenied("no jury")
        return stage

    def show(self, request: SignedIn, stage: Stage, form: PanelForm, new: NewPanel, seats: Any, *, status: int = 200) -> HttpResponse:
        """The page."""
        may = request.user.has_role(Role.OFFICER, Role.SECRETARY) and stage.state in BEFORE_SCORING
        context = {
            "stage": stage,
            "trail": trail(stage=stage),
            "form": form,
            "new": new,
            "seats": seats,
            "may_seat": may,
            "members": list(Seating.objects.members(stage)),
            "failed": status != 200 and new.is_bound,  # noqa: PLR2004
        }
        return render(request, "workflows/officer/panel.html", context, status=status)


class AssignPage(StagePage):
    """Who scores what: the proposal, and its confirmation."""

    closed_to_recused = True

    def get(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """The table of cases by people, with what would be added."""
        return self.show(request, self.stage(request, call, key))

    def post(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """Assign as proposed, if the proposal is still what was seen."""
        stage = self.stage(request, call, key)
        must_be_officer(request, Role.SECRETARY)
        try:
            made = assign_round(stage=stage, actor=request.user, at=request.at, seen=request.POST.get("seen", ""))
        except Refused as refused:
            return self.show(request, stage, refused=refused, status=409)
        messages.success(request, _("%(number)s score sheets are assigned.") % {"number": len(made)})
        return redirect("workflows:stage", stage.call.reference, stage.key)

    def show(self, request: SignedIn, stage: Stage, *, refused: Refused | None = None, status: int = 200) -> HttpResponse:
        """The page."""
        proposal = propose_assignment(stage, at=request.at)
        may = request.user.has_role(Role.OFFICER, Role.SECRETARY) and stage.state in BEFORE_RANKING
        context = {
            "stage": stage,
            "trail": trail(stage=stage),
            "proposal": proposal,
            "table": table(proposal),
            "refused": refused,
            "may_assign": may and bool(proposal.added) and not proposal.problems,
            "loads": [(user, proposal.load(user)) for user in proposal.people],
            "declare_url": reverse("workflows:declare_round", args=[stage.call.reference, stage.key]),
        }
        return render(request, "workflows/officer/assign.html", context, status=status)


def table(proposal: Proposal) -> list[tuple[Application, list[str]]]:
    """Per case a word per person: has it, gets it, did not declare yet, may not, or is left out."""
    rows = []
    for case in proposal.cases:
        pairs = [(case.pk, user.pk) for user in proposal.people]
        rows.append((case, [word_for(pair, proposal) for pair in pairs]))
    return rows


def word_for(pair: tuple[int, int], proposal: Proposal) -> str:
    """What a case and a person are to each other."""
    kinds = {"has": proposal.standing, "gets": proposal.added, "free": proposal.clear, "silent": proposal.silent}
    return next((word for word, pairs in kinds.items() if pair in pairs), "barred")
