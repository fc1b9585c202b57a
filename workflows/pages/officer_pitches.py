"""The moments to present of a round: planned for a day or a series of days, with who comes; and cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tender.calendar import amsterdam_day
from tender.enums import Role, SlotState
from tender.models import User
from tender.schemes.checks.judging import SLOT_BOUNDS
from workflows.commands import Refused
from workflows.commands.pitching import Moment, offer_moments, series
from workflows.pages.officer_calls import must_be_officer
from workflows.pages.room import StaffForm, StagePage, trail
from workflows.pitching import free_seats, planned, waiting
from workflows.rules.pitching import may_hear

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from tender.http import SignedIn
    from tender.models import PitchSlot, Stage

PAGE = 50
MOST_DAYS, MOST_MOMENTS = 92, 200
DAY = {"type": "date"}


def bounds(name: str) -> dict[str, Any]:
    """How small and how large a figure of a moment may be."""
    least, most = SLOT_BOUNDS[name]
    return {"min_value": least, "max_value": most}


class PlanMoments(StaffForm):
    """A day of moments, or a series of days."""

    first = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    begins = forms.TimeField(label=gettext_lazy("First moment begins at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    number = forms.IntegerField(label=gettext_lazy("How many, one after the other"), min_value=1, max_value=24)
    minutes = forms.IntegerField(label=gettext_lazy("Minutes each"), **bounds("minutes"))
    pause = forms.IntegerField(label=gettext_lazy("Minutes in between"), **bounds("pause"))
    seats = forms.IntegerField(label=gettext_lazy("Makers at one moment"), **bounds("seats"))
    last = forms.DateField(
        label=gettext_lazy("Repeat on every working day until"), required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        help_text=gettext_lazy("Leave empty for one day."),
    )  # fmt: skip
    place = forms.CharField(
        label=gettext_lazy("Place"), max_length=200, required=False,
        help_text=gettext_lazy("Fill in a place, or the address below, or both."),
    )  # fmt: skip
    url = forms.URLField(label=gettext_lazy("Address of a video call"), max_length=300, required=False, assume_scheme="https")
    hearers = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Who hears the makers"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple
    )  # fmt: skip

    def __init__(self, *args: Any, stage: Stage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hearers"].queryset = may_hear(stage)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The days follow each other, and are not too many; somewhere it takes place."""
        said: dict[str, Any] = super().clean() or {}
        first, last = said.get("first"), said.get("last")
        if first and last and not 0 <= (last - first).days <= MOST_DAYS:
            words = _("Choose a day from %(first)s on, at most %(days)s days later.")
            self.add_error("last", words % {"first": f"{first:%d-%m-%Y}", "days": MOST_DAYS})
        if not said.get("place") and not said.get("url") and "url" not in self.errors:
            self.add_error("place", _("Say where: a place, or the address of a video call."))
        if not self.errors and len(self.starts()) > MOST_MOMENTS:
            self.add_error("last", _("These are more than %(most)s moments. Plan fewer at a time.") % {"most": MOST_MOMENTS})
        return said

    def starts(self) -> list[datetime]:
        """The instants that this plans."""
        said = self.cleaned_data
        every = said["minutes"] + said["pause"]
        return series(first=said["first"], last=said["last"] or said["first"], begins=said["begins"], number=said["number"], every=every)

    def moment(self) -> Moment:
        """What they have alike."""
        said = self.cleaned_data
        hearers = tuple(sorted(user.pk for user in said["hearers"]))
        return Moment(said["minutes"], said["seats"], said["place"].strip(), said["url"], hearers)


class PitchSlotsPage(StagePage):
    """All moments of a round, and the form that plans more."""

    closed_to_recused = True

    def get(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """What is planned from today on; ``?past=1``: what was before."""
        stage = self.pitching_stage(request, call, key)
        slots, today = stage.rules.pitch_slots, amsterdam_day(request.at)
        usual = {"first": today, "number": 4, "minutes": slots.minutes, "pause": slots.pause, "seats": slots.seats}
        return self.show(request, stage, PlanMoments(stage=stage, initial=usual))

    def post(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """Plan them all, or none."""
        stage = self.pitching_stage(request, call, key)
        must_be_officer(request)
        form = PlanMoments(request.POST, stage=stage)
        if not form.is_valid():
            return self.show(request, stage, form, status=422)
        try:
            made = offer_moments(stage=stage, starts=form.starts(), what=form.moment(), actor=request.user, at=request.at)
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
            return self.show(request, stage, form, status=409)
        said = ngettext("%(number)s moment is offered.", "%(number)s moments are offered.", len(made))
        messages.success(request, said % {"number": len(made)})
        return redirect("workflows:pitch_slots", stage.call.reference, stage.key)

    def pitching_stage(self, request: SignedIn, call: str, key: str) -> Stage:
        """The stage, if makers present there."""
        stage = self.stage(request, call, key)
        if not stage.rules.pitch:
            raise PermissionDenied("no pitch")
        return stage

    def show(self, request: SignedIn, stage: Stage, form: PlanMoments, status: int = 200) -> HttpResponse:
        """The page."""
        past = request.GET.get("past") == "1"
        found = planned(stage, request.user)
        found = found.filter(starts_at__lte=request.at).reverse() if past else found.filter(starts_at__gt=request.at)
        page = Paginator(found, PAGE).get_page(request.GET.get("page"))
        context = {
            "stage": stage, "trail": trail(stage=stage), "form": form, "page": page, "past": past, "waiting": waiting(stage, request.user),
            "free": free_seats(stage, request.at),
            "rows": [self.row(slot, request, past=past) for slot in page], "may_plan": request.user.has_role(Role.OFFICER),
        }  # fmt: skip
        return render(request, "workflows/officer/pitches.html", context, status=status)

    def row(self, slot: PitchSlot, request: SignedIn, *, past: bool) -> dict[str, Any]:
        """One moment: who comes, of those open to the reader, and where it is cancelled."""
        may = not past and slot.state == SlotState.OFFERED and request.user.has_role(Role.OFFICER)
        cancel = f"{reverse('workflows:step', args=['slot', slot.pk, 'cancel'])}?next={request.path}"
        shown: list[Any] = slot.shown  # type: ignore[attr-defined]
        return {"slot": slot, "shown": shown, "taken": slot.taken, "cancel": cancel if may else ""}  # type: ignore[attr-defined]
