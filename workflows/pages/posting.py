"""How a party's post goes, what went on paper, an address that works again, and asking for a letter that mends another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tender.calendar import amsterdam_day
from tender.models import Application, User
from tender.step import Step
from workflows.casefile import INSIDE, JURY, OUTSIDE, viewer
from workflows.commands import Refused
from workflows.commands.posting import ask_correction, choose_route, note_address_works, note_on_paper
from workflows.machines.arrow import admits, arrow_named
from workflows.mending import AskCorrection
from workflows.models import AddressTrustMachine, CorrectionMachine, Event, Letter, PaperPostMachine, PostRouteMachine
from workflows.pages.case import found_case, undeclared
from workflows.pages.officer_mail import ROLES
from workflows.pages.room import link
from workflows.paper import UNPRINTABLE, piece_of, stored
from workflows.plain import TextArea
from workflows.rules.posting import postal_lines, standing_route

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from tender.http import SignedIn

DONE, REFUSED, UNPROCESSABLE = 200, 409, 422


class RouteForm(forms.Form):
    """Portal alone or paper too, and the address."""

    use_required_attribute = False
    on_paper = forms.TypedChoiceField(
        label=gettext_lazy("How do letters go?"), widget=forms.RadioSelect, coerce=lambda said: said == "paper",
        choices=[
            ("portal", gettext_lazy("in the portal, with a mail when one waits")),
            ("paper", gettext_lazy("in the portal, and by post as well")),
        ],
    )  # fmt: skip
    address = TextArea(
        label=gettext_lazy("Postal address"), rows=3, most=200, required=False, attrs={"autocomplete": "street-address"},
        help_text=gettext_lazy("Without the name. For example: Noorderhaven 12, and on the next line 9712 VG Groningen."),
    )  # fmt: skip


class PostedForm(forms.Form):
    """On which day it went by post."""

    use_required_attribute = False
    posted_on = forms.DateField(label=gettext_lazy("On which day did it go by post?"), widget=forms.DateInput(attrs={"type": "date"}))


class TrustForm(forms.Form):
    """How the house knows that an address works again."""

    use_required_attribute = False
    reason = TextArea(
        label=gettext_lazy("How do you know that the address works again?"), rows=3, most=1000,
        help_text=gettext_lazy("For example: called on Monday, the mailbox was full and has been cleared."),
    )  # fmt: skip


def admitted(case: Any, name: str, request: SignedIn) -> bool:
    """Whether this person may take the arrow that makes this case."""
    return admits(arrow_named(case, name), case, Step(actor=request.user, at=request.at))


def taken(form: forms.Form, act: Callable[[], object]) -> int:
    """Act on a form that is right; 200 where it was done, else with which status to show the form again, the reasons in it."""
    if not form.is_valid():
        return UNPROCESSABLE
    try:
        act()
    except Refused as refused:
        for reason in refused.reasons:
            form.add_error(None, reason)
        return REFUSED
    return DONE


def crumbs(application: Application) -> list[tuple[str, str]]:
    """The way to a page of a dossier."""
    return [(application.reference, reverse("workflows:dossier", args=[application.reference]))]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def route(request: SignedIn, reference: str) -> HttpResponse:
    """How the post of a dossier goes: read by both sides, chosen by who signs or by the house on their word."""
    application = found_case(request, reference)
    if application is None:
        return undeclared(request, reference)
    if viewer(application, request.user) == JURY:
        raise Http404
    may, status = admitted(PostRouteMachine(application=application), "choose", request), DONE
    standing, after = standing_route(application), (request.POST or request.GET).get("next")
    known = {"on_paper": "paper" if standing and standing.on_paper else "portal", "address": "\n".join(postal_lines(application))}
    form = RouteForm(request.POST) if request.method == "POST" else RouteForm(initial=known)
    if request.method == "POST":
        if not may:
            raise PermissionDenied("route")
        status = taken(form, lambda: choose_route(application=application, actor=request.user, at=request.at, **form.cleaned_data))
        if status == DONE:
            messages.success(request, _("Saved."))
            return redirect("workflows:undelivered") if after == "mail" else redirect("workflows:dossier", reference)
    context = {
        "application": application, "form": form, "may": may, "standing": standing, "lines": postal_lines(application),
        "outside": viewer(application, request.user) == OUTSIDE, "next": "mail" if after == "mail" else "",
        "trail": crumbs(application),
    }  # fmt: skip
    return render(request, "workflows/posting/route.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def on_paper(request: SignedIn, event: UUID) -> HttpResponse:
    """One thing of the paper queue: to print, and to note that it went by post."""
    if not request.user.has_role(*ROLES):
        raise PermissionDenied("room")
    piece = piece_of(request.user, request.at, event)
    if piece is None:
        raise Http404
    application = get_object_or_404(Application.objects.with_rules(), reference=piece.reference)
    about = Event.objects.get(pk=event)
    may, status = admitted(PaperPostMachine(application=application, event=about, letter=piece.letter), "send", request), DONE
    form = PostedForm(request.POST) if request.method == "POST" else PostedForm(initial={"posted_on": amsterdam_day(request.at).isoformat()})
    if request.method == "POST":
        if not may:
            raise PermissionDenied("paper")
        status = taken(
            form,
            lambda: note_on_paper(application=application, event=about, actor=request.user, at=request.at, **form.cleaned_data),
        )  # fmt: skip
        if status == DONE:
            messages.success(request, _("Noted: it went by post."))
            return redirect("workflows:undelivered")
    context = {
        "print_url": link("reports:paper_pdf_one", event),
        "unprintable": UNPRINTABLE if piece.letter is not None and stored(piece.letter) is None else "",
        "piece": piece, "form": form, "may": may, "application": application,
        "trail": [(_("Mail that did not arrive"), reverse("workflows:undelivered"))],
    }  # fmt: skip
    return render(request, "workflows/posting/paper.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def address_works(request: SignedIn, reference: str, user: int) -> HttpResponse:
    """The house notes that somebody's address works again; what came back goes out anew."""
    application = found_case(request, reference)
    if application is None:
        return undeclared(request, reference)
    if viewer(application, request.user) != INSIDE:
        raise Http404
    row = application_user(application, user)
    if not admitted(AddressTrustMachine(application=application, user=row), "note", request):
        raise PermissionDenied("trust")
    form, status = TrustForm(request.POST or None), DONE
    if request.method == "POST":
        status = taken(
            form,
            lambda: note_address_works(application=application, user=row, actor=request.user, at=request.at, **form.cleaned_data),
        )  # fmt: skip
        if status == DONE:
            messages.success(request, _("Noted. What came back is sent again within some minutes."))
            return redirect("workflows:undelivered")
    context = {
        "application": application, "who": row, "form": form, "trail": [(_("Mail that did not arrive"), reverse("workflows:undelivered"))],
    }  # fmt: skip
    return render(request, "workflows/posting/works.html", context, status=status)


def application_user(application: Application, pk: int) -> User:
    """Somebody to whom mail about this dossier went; 404 for anybody else."""
    chain = f"dossier:{application.reference}"
    return get_object_or_404(User.objects.filter(notifications__event__chain=chain).distinct(), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def correct(request: SignedIn, pk: int) -> HttpResponse:
    """Ask for a letter that mends this one."""
    letter = get_object_or_404(Letter.objects.visible_to(request.user).select_related("application", "event"), pk=pk)
    application = found_case(request, letter.application.reference)
    if application is None or viewer(application, request.user) != INSIDE:
        raise Http404
    letter.application = application
    if not admitted(CorrectionMachine(application=application, letter=letter), "ask", request):
        raise PermissionDenied("correction")
    form, status = AskCorrection(request.POST or None), DONE
    if request.method == "POST":
        status = taken(form, lambda: ask_correction(letter=letter, actor=request.user, at=request.at, **form.cleaned_data))
        if status == DONE:
            messages.success(request, _("Asked. A signatory reads it and signs the letter; then it goes to the party."))
            return redirect("workflows:dossier", application.reference)
    context = {"application": application, "letter": letter, "form": form, "trail": crumbs(application)}
    return render(request, "workflows/posting/correct.html", context, status=status)


urlpatterns = [
    path("dossier/<slug:reference>/post/", route, name="post_route"),
    path("dossier/<slug:reference>/adres-werkt/<int:user>/", address_works, name="address_works"),
    path("brief/<int:pk>/verbeteren/", correct, name="correct_letter"),
    path("werk/mail/papier/<uuid:event>/", on_paper, name="on_paper"),
]
