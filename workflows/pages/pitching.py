"""The pitch on the applicant's side: choose a moment, another one, or give it back; and the dates of who hears makers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tender.enums import PitchState
from tender.ical import as_download
from tender.models import Application
from workflows.casefile import JURY, OUTSIDE, viewer
from workflows.commands import Refused
from workflows.flows.taking import take_step
from workflows.forms import ChooseSlot
from workflows.models import PitchMachine
from workflows.pitching import entries, free_slots, heard_by, pitch_of, slot_in_words
from workflows.rules.deadlines import present_by, promised
from workflows.steps import as_machine, open_steps

if TYPE_CHECKING:
    from datetime import datetime

    from tender.http import SignedIn
    from tender.models import Pitch, User

REFUSED, UNPROCESSABLE = 409, 422


class Choose(ChooseSlot):
    """The moments that can be booked now."""

    def __init__(self, *args: Any, case: Pitch, at: datetime, **kwargs: Any) -> None:
        self.at = at
        super().__init__(*args, case=case, **kwargs)

    def prepare(self) -> None:
        """What is free at this moment."""
        self.fields["slot"].choices = [(slot.pk, slot_in_words(slot)) for slot in free_slots(self.case, self.at)]  # type: ignore[attr-defined]


def panel(application: Application, user: User, at: datetime, form: Choose | None = None) -> dict[str, Any] | None:
    """What the case page tells of the pitch, and the choice of a moment for who may make it; None where nobody presents."""
    pitch = pitch_of(application)
    if pitch is None:
        return None
    may = {step.name: step.unmet for step in open_steps(as_machine("pitch", pitch.pk), actor=user, at=at)}
    choosing = "book" in may or ("move" in may and "cancel" in may and not may["cancel"])
    return {
        "pitch": pitch,
        "booked": pitch.state == PitchState.BOOKED,
        "asked": pitch.state == PitchState.ASKED,
        "fell": pitch.state == PitchState.ASKED and pitch.slot is not None,
        "step": "move" if "move" in may else "book",
        "form": (form or Choose(case=pitch, at=at)) if choosing else None,
        "may_cancel": "cancel" in may and not may["cancel"],
        "last": present_by(application, at),
        "promised": promised(application),
        "hearers": list(pitch.slot.hearers.order_by("name")) if pitch.slot is not None and pitch.state == PitchState.BOOKED else [],
        "ics": reverse("workflows:pitch_calendar", args=[application.reference]) if pitch.slot is not None else "",
    }


def own_pitch(request: SignedIn, reference: str) -> tuple[Application, Pitch]:
    """The dossier and its pitch, for somebody on the applicant's side; else 404."""
    found = Application.objects.visible_to(request.user).with_rules().filter(reference=reference).first()
    if found is None or viewer(found, request.user) != OUTSIDE:
        raise Http404
    pitch = pitch_of(found)
    if pitch is None:
        raise Http404
    return found, pitch


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def pitch(request: SignedIn, reference: str) -> HttpResponse:
    """Choose a moment to present; what is refused says why, with what is free now."""
    application, mine = own_pitch(request, reference)
    if request.method != "POST":
        return show(request, application)
    if "cancel" in request.POST:
        return take(request, application, mine, "cancel", {}, _("You gave the moment back. Choose another one."))
    form = Choose(request.POST, case=mine, at=request.at)
    if not form.is_valid():
        return show(request, application, form=form, status=UNPROCESSABLE)
    name = "move" if mine.state == PitchState.BOOKED else "book"
    return take(request, application, mine, name, form.data_for_step(), _("Booked. Put it in your calendar with the file below."))


def take(request: SignedIn, application: Application, mine: Pitch, name: str, data: dict[str, Any], said: str) -> HttpResponse:
    """Take a step of the pitch, or show what stands in the way."""
    try:
        take_step(PitchMachine, name, pk=mine.pk, actor=request.user, at=request.at, **data)
    except Refused as refused:
        application, mine = own_pitch(request, application.reference)
        form = Choose({"slot": ""}, case=mine, at=request.at)
        form.errors["slot"] = form.error_class(refused.reasons)
        return show(request, application, form=form, status=REFUSED)
    messages.success(request, said)
    return redirect(f"{reverse('workflows:dossier', args=[application.reference])}#pitch")


def show(request: SignedIn, application: Application, *, form: Choose | None = None, status: int = 200) -> HttpResponse:
    """The choice on a page of its own."""
    case = reverse("workflows:dossier", args=[application.reference])
    context = {
        "application": application, "outside": True, "pitching": panel(application, request.user, request.at, form), "own_page": True,
        "trail": [(_("My dossiers"), reverse("workflows:my_dossiers")), (application.reference, case)],
    }  # fmt: skip
    return render(request, "workflows/applicant/pitch.html", context, status=status)


@require_safe
@login_required
def pitch_calendar(request: SignedIn, reference: str) -> HttpResponse:
    """The moment that was booked, as a file for a calendar; once it fell, as one that takes it out again."""
    application = Application.objects.visible_to(request.user).with_rules().filter(reference=reference).first()
    if application is None or viewer(application, request.user) == JURY:
        raise Http404
    found = pitch_of(application)
    if found is None or found.slot is None:
        raise Http404
    outside = viewer(application, request.user) == OUTSIDE
    return as_download(application.reference, entries([found], at=request.at, named=not outside), filename=f"pitch-{reference}")


@require_safe
@login_required
def pitches(request: SignedIn) -> HttpResponse:
    """When I hear whom: to come, and what still has to be noted."""
    rows = [row(each, request.at) for each in heard_by(request.user).filter(state=PitchState.BOOKED)]
    return render(request, "workflows/juror/pitches.html", {"rows": rows})


def row(each: Any, at: datetime) -> dict[str, Any]:
    """One pitch for who hears it: of whom, once they declared; and what can be noted."""
    blind = each.stage.rules.blind
    return {
        "pitch": each,
        "slot": each.slot,
        "party": "" if blind else each.application.party,
        "begun": each.clear and each.slot.starts_at <= at,
        "declare": "" if each.clear else reverse("workflows:conflicts", args=[each.stage.call.reference, each.stage.key]),
    }


@require_safe
@login_required
def pitches_calendar(request: SignedIn) -> HttpResponse:
    """The moments at which I hear makers, for my calendar; of dossiers on which I declared."""
    found = [each for each in heard_by(request.user).filter(slot__starts_at__gt=request.at) if each.clear]  # type: ignore[attr-defined]
    return as_download(_("Pitches"), entries(found, at=request.at, named=True), filename="pitches")


urlpatterns = [
    path("dossier/<slug:reference>/pitch/", pitch, name="pitch"),
    path("dossier/<slug:reference>/pitch.ics", pitch_calendar, name="pitch_calendar"),
    path("pitches/", pitches, name="pitches"),
    path("pitches/agenda.ics", pitches_calendar, name="pitches_calendar"),
]
