"""Who stands in for whom: the list for everybody of the house, and the form to let a colleague stand in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tender.calendar import amsterdam_day
from tender.enums import LENT_ROLES, Role
from tender.models import StaffRole, StandIn, User
from tender.models.standing_in import STANDING
from workflows.commands import Refused, create, perform
from workflows.models import StandInMachine
from workflows.pages.room import HOUSE_ROLES, StaffForm, StaffPage

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tender.http import SignedIn

PAGE = 50


def day_field(label: Any) -> forms.DateField:
    """A day, as a browser asks it."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class Appoint(StaffForm):
    """Who is away, who stands in, in which roles, for how long and why. Who is not the head is away themselves."""

    absent = forms.ModelChoiceField(label=gettext_lazy("Who is away"), queryset=User.objects.none())
    stands_in = forms.ModelChoiceField(label=gettext_lazy("Who stands in"), queryset=User.objects.none())
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("In which roles"), widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Only roles that the colleague has. Signing can only be lent by the head."),
    )  # fmt: skip
    since = day_field(gettext_lazy("First day"))
    until = day_field(gettext_lazy("Last day"))
    reason = forms.CharField(
        label=gettext_lazy("Reason, and the mandate it rests on"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        head = Role.HEAD in user.own_roles
        lending = StaffRole.objects.own().filter(role__in=LENT_ROLES)
        people = User.objects.filter(is_active=True)
        absent: Any = self.fields["absent"]
        absent.queryset = people.filter(pk__in=lending.values("user")).order_by("name", "pk") if head else people.filter(pk=user.pk)
        house = StaffRole.objects.own().filter(role__in=HOUSE_ROLES).exclude(role=Role.AUDITOR)
        auditors = StaffRole.objects.own().filter(role=Role.AUDITOR)
        colleagues: Any = self.fields["stands_in"]
        colleagues.queryset = (
            people.filter(pk__in=house.values("user")).exclude(pk__in=auditors.values("user")).exclude(pk=user.pk).order_by("name", "pk")
        )
        shown = [role for role in LENT_ROLES if head or role in user.own_roles]
        self.fields["roles"].choices = [(role.value, role.label) for role in shown]  # type: ignore[attr-defined]
        if not head:
            absent.widget = forms.HiddenInput()
            absent.initial = user.pk


class StandInsPage(StaffPage):
    """The list, the newest first; and the form, for who has a role to lend, and the head."""

    def get(self, request: SignedIn) -> HttpResponse:
        """The page, its form empty but for today."""
        today = amsterdam_day(request.at)
        return self.show(request, Appoint(user=request.user, initial={"since": today, "until": today}))

    def post(self, request: SignedIn) -> HttpResponse:
        """Let a colleague stand in, or say what is wrong."""
        form = Appoint(request.POST, user=request.user)
        if not form.is_valid():
            return self.show(request, form, status=422)
        said = form.cleaned_data
        of = {name: said[name] for name in ("absent", "stands_in", "roles", "since", "until")}
        try:
            create(StandInMachine, "appoint", of=of, actor=request.user, at=request.at, reason=said["reason"])
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
            return self.show(request, form, status=409)
        messages.success(request, _("Noted. Your colleague hears of it by mail."))
        return redirect("workflows:stand_ins")

    def show(self, request: SignedIn, form: Appoint, status: int = 200) -> HttpResponse:
        """The page."""
        user = request.user
        page = Paginator(StandIn.objects.visible_to(user).select_related("absent", "stands_in", "set_by"), PAGE).get_page(
            request.GET.get("page")
        )
        audits, head = user.has_role(Role.AUDITOR), Role.HEAD in user.own_roles
        theirs = [each for each in page if head or user.pk in {each.absent_id, each.stands_in_id}]
        context = {
            "form": form,
            "lends": not audits and bool(user.own_roles & {*LENT_ROLES, Role.HEAD}),
            "page": page,
            "may_call_off": [] if audits else [each.pk for each in theirs if each.state in STANDING],
            "sees_all": audits or head,
            "trail": [(_("Work"), reverse("workflows:inbox"))],
        }
        return render(request, "workflows/officer/stand_ins.html", context, status=status)


class CallOff(StaffPage):
    """Standing in is called off; what was lent goes back at once."""

    def post(self, request: SignedIn, pk: int) -> HttpResponse:
        """Call it off, or say why not."""
        found = get_object_or_404(StandIn.objects.visible_to(request.user), pk=pk)
        try:
            perform(StandInMachine, "call_off", pk=found.pk, actor=request.user, at=request.at)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Called off. Who it is about hears of it by mail."))
        return redirect("workflows:stand_ins")
