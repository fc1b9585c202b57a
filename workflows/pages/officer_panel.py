"""The panel of a round: who sits in it, who is invited, and whom it lacks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.composition import composition
from scoring.models import Panel, PanelMember, Seating
from tender.calendar import amsterdam_day
from tender.enums import Role, SeatState
from tender.schemes.definition import Assess
from workflows.commands import Refused
from workflows.commands.paneling import Seat, invite, make_panel
from workflows.flows.taking import take_step
from workflows.machines.stage import BEFORE_SCORING
from workflows.models import StageMachine
from workflows.pages.officer_calls import must_be_officer
from workflows.pages.room import StaffForm, StagePage, trail

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.http import HttpResponse

    from tender.http import SignedIn
    from tender.models import Stage
    from tender.schemes.definition import Scheme

PARTS = [(role.value, role.label) for role in (Role.JUROR, Role.CHAIR, Role.DEPUTY, Role.SECRETARY)]


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
    network = forms.ChoiceField(label=gettext_lazy("Network"), required=False)
    themes = forms.MultipleChoiceField(label=gettext_lazy("Themes"), widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, *args: Any, scheme: Scheme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["network"].choices = [("", "—"), *((one.key, str(one.label)) for one in scheme.networks)]  # type: ignore[attr-defined]
        self.fields["themes"].choices = [(one.value, str(one.label)) for one in scheme.themes]  # type: ignore[attr-defined]


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
        return self.show(request, stage, form, new, Seats(prefix="seat", form_kwargs={"scheme": stage.call.definition}))

    def post(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """Seat the chosen panel, or make a new one and seat that."""
        stage = self.jury_stage(request, call, key)
        must_be_officer(request, Role.SECRETARY)
        if "invite" in request.POST:
            return self.invite(request, stage)
        form = PanelForm(request.POST if "choose" in request.POST else None, at=request.at)
        new = NewPanel(request.POST if "make" in request.POST else None, prefix="new")
        seats = Seats(request.POST if "make" in request.POST else None, prefix="seat", form_kwargs={"scheme": stage.call.definition})
        chosen = "choose" in request.POST and form.is_valid()
        if not chosen and not ("make" in request.POST and new.is_valid() and seats.is_valid()):
            return self.show(request, stage, form, new, seats, status=422)
        rows = [Seat(**row.cleaned_data) for row in seats.forms if row.has_changed()] if not chosen else []
        who, at = request.user, request.at
        try:
            with transaction.atomic():  # a new panel that may not be seated is not made
                panel = form.cleaned_data["panel"] if chosen else make_panel(**new.cleaned_data, seats=rows, actor=who, at=at)
                take_step(StageMachine, "seat", pk=stage.pk, actor=who, at=at, panel=panel.pk)
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect("workflows:panel", stage.call.reference, stage.key)
        messages.success(request, _("%(panel)s judges this stage.") % {"panel": panel})
        return redirect("workflows:stage", stage.call.reference, stage.key)

    def invite(self, request: SignedIn, stage: Stage) -> HttpResponse:
        """One more member of the panel that sits here, for the rest of its term."""
        seating = get_object_or_404(Seating.objects.select_related("panel"), stage=stage)
        more = SeatForm(request.POST, prefix="more", scheme=stage.call.definition)
        if more.is_valid():
            try:
                asked = invite(seating.panel, Seat(**more.cleaned_data), actor=request.user, at=request.at, late=True)
            except Refused as refused:
                more.add_error(None, str(refused))
            else:
                messages.success(request, _("%(who)s is invited by mail.") % {"who": asked.user})
                return redirect("workflows:panel", stage.call.reference, stage.key)
        form, new = PanelForm(at=request.at, initial={"panel": seating.panel_id}), NewPanel(prefix="new")
        seats = Seats(prefix="seat", form_kwargs={"scheme": stage.call.definition})
        return self.show(request, stage, form, new, seats, more=more, status=422)

    def jury_stage(self, request: SignedIn, call: str, key: str) -> Stage:
        """The stage, if a jury judges it."""
        stage = self.stage(request, call, key)
        if stage.rules.assess != Assess.JURY:
            raise PermissionDenied("no jury")
        return stage

    def show(self, request: SignedIn, stage: Stage, form: PanelForm, new: NewPanel, seats: Any, **how: Any) -> HttpResponse:
        """The page; ``more`` is the form that invites one member, ``status`` the answer's."""
        status, scheme, members = how.get("status", 200), stage.call.definition, list(Seating.objects.members(stage))
        may = request.user.has_role(Role.OFFICER, Role.SECRETARY) and stage.state in BEFORE_SCORING
        context = {
            "stage": stage,
            "trail": trail(stage=stage),
            "form": form,
            "new": new,
            "seats": seats,
            "may_seat": may,
            "members": [(member, words_for(member, scheme), again(member, request.path) if may else "") for member in members],
            "panel": members[0].panel if members else None,
            "lacks": composition(members, scheme, decided_by(stage)) if members else None,
            "more": how.get("more") or SeatForm(prefix="more", scheme=scheme),
            "failed": status != 200 and new.is_bound,  # noqa: PLR2004
        }
        return render(request, "workflows/officer/panel.html", context, status=status)


def words_for(member: PanelMember, scheme: Scheme) -> dict[str, Any]:
    """The network and themes of a member as the scheme calls them; what it does not name stays as it is."""
    networks = {one.key: str(one.label) for one in scheme.networks}
    themes = {one.value: str(one.label) for one in scheme.themes}
    return {"network": networks.get(member.network, member.network), "themes": [themes.get(key, key) for key in member.themes]}


def again(member: PanelMember, here: str) -> str:
    """Where somebody who declined is invited again; empty for anybody else."""
    if member.state != SeatState.DECLINED:
        return ""
    return f"{reverse('workflows:step', args=['seat', member.pk, 'invite_again'])}?next={here}"


def decided_by(stage: Stage) -> date:
    """The day until when a panel is needed: the round's own term, or its closing and the weeks of the scheme."""
    last = stage.closes_at or stage.opens_at
    return stage.decide_by or amsterdam_day(last) + timedelta(weeks=stage.rules.terms.decision_weeks)
