"""Somebody's own deadlines in their calendar: by a secret address that they can stop, and per dossier as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tender.commands.calendars import hashed, make_address, stop_address
from tender.dates import absolute
from tender.enums import Role
from tender.http import private
from tender.ical import as_download, as_feed
from tender.models import CalendarAddress
from workflows.dates import dates_of_dossier, dates_of_hearing, dates_of_terms, with_dates
from workflows.pages.room import MONEY_ROLES
from workflows.pitching import heard_by

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from tender.http import SignedIn
    from tender.models import User


LOOKS_AFTER = (*MONEY_ROLES, Role.OBJECTION_HANDLER)
"""Who looks after terms of the house."""


def has_dates(user: User, address: CalendarAddress | None) -> bool:
    """Whether a calendar has something to tell somebody: not to people of the house who hear no makers and look after no terms; an address
    can always be stopped."""
    return not user.roles or user.has_role(*LOOKS_AFTER) or address is not None or heard_by(user).exists()


def above(user: User) -> tuple[str, str]:
    """The page whose dates these are."""
    if user.has_role(*LOOKS_AFTER):
        return _("Terms"), reverse("workflows:terms")
    if user.roles:
        return _("When you hear makers"), reverse("workflows:pitches")
    return _("My dossiers"), reverse("workflows:my_dossiers")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def calendar(request: SignedIn) -> HttpResponse:
    """Whether somebody has an address, and since when; ``POST`` makes a new one, told this once, or stops the one there is."""
    address = CalendarAddress.objects.filter(user=request.user, stopped_at=None).first()
    if not has_dates(request.user, address):
        raise PermissionDenied("calendar")
    if request.method == "POST" and "stop" in request.POST:
        if stop_address(actor=request.user, at=request.at):
            messages.success(request, _("The address does not work any more."))
        return redirect("workflows:calendar")
    made = ""
    if request.method == "POST":
        secret = make_address(actor=request.user, at=request.at, language=(get_language() or "nl")[:2])
        made = absolute(reverse("workflows:calendar_feed", args=[secret]))
        address = CalendarAddress.objects.filter(user=request.user, stopped_at=None).first()
    context = {"address": address, "made": made, "trail": [above(request.user)]}
    return private(render(request, "workflows/applicant/calendar.html", context))


@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The deadlines behind a secret address: a calendar program cannot sign in. Whoever is not known gets the same as nothing."""
    known = CalendarAddress.objects.filter(secret_sha256=hashed(secret), stopped_at=None, user__is_active=True).select_related("user")
    address = known.first()
    if address is None:
        raise Http404
    at: datetime = request.at  # type: ignore[attr-defined]
    with override(address.language):
        entries = [entry for each in with_dates(address.user) for entry in dates_of_dossier(each, at)]
        entries += dates_of_hearing(address.user, at)
        watches = address.user.has_role(*MONEY_ROLES)
        entries += dates_of_terms(address.user, at) if watches else ()
        answer = private(as_feed(_("Terms") if watches else _("My dossiers"), entries))
    answer["X-Robots-Tag"] = "noindex"
    return answer


@require_safe
@login_required
def dossier_dates(request: SignedIn, reference: str) -> HttpResponse:
    """The deadlines of one dossier, as a file, for the applicant's side."""
    application = with_dates(request.user).filter(reference=reference).first()
    if application is None:
        raise Http404
    return private(as_download(reference, dates_of_dossier(application, request.at), filename=reference))


urlpatterns = [
    path("agenda/", calendar, name="calendar"),
    path("agenda/<slug:secret>.ics", calendar_feed, name="calendar_feed"),
    path("dossier/<slug:reference>/agenda.ics", dossier_dates, name="dossier_dates"),
]
