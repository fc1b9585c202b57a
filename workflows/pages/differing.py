"""What differs between two versions of what was handed in, from idea to proposal to plan, for everyone who may read both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tender.differing import differences
from tender.templatetags.drietrap import day
from workflows.casefile import JURY, submissions, viewer
from workflows.pages.case import found_case, undeclared

if TYPE_CHECKING:
    from tender.http import SignedIn

    Shown = dict[str, Any]


@require_safe
@login_required
def differing(request: SignedIn, reference: str) -> HttpResponse:
    """The two newest, unless two others are chosen; only out of what this person may read."""
    application = found_case(request, reference)
    if application is None:
        return undeclared(request, reference)
    seat = viewer(application, request.user)
    shown = submissions(application, blind=seat == JURY and application.rules.blind, judging=seat == JURY)[::-1]
    for each in shown:
        words = {"stage": each["label"], "version": each["sent"].version, "day": day(each["sent"].at)}
        each["name"] = _("%(stage)s, version %(version)s (%(day)s)") % words
    if len(shown) < 2:  # noqa: PLR2004  two to compare
        raise Http404
    before, after = chosen(shown, request.GET.get("van", ""), request.GET.get("naar", ""))
    parts = differences(before["blocks"], after["blocks"])
    context = {
        "application": application, "blind": seat == JURY and application.rules.blind, "shown": shown, "before": before, "after": after,
        "parts": parts, "moved": sum(len(part.moved) for part in parts), "stayed": sum(part.stayed for part in parts),
        "trail": [(application.reference, reverse("workflows:dossier", args=[application.reference]))],
    }  # fmt: skip
    return render(request, "workflows/corresponding/differing.html", context)


def chosen(shown: list[Shown], before: str, after: str) -> tuple[Shown, Shown]:
    """The two that were asked for, the earlier first; 404 for what is not there, or not for this person."""
    if not before and not after:
        return shown[-2], shown[-1]
    places = {str(each["sent"].pk): place for place, each in enumerate(shown)}
    if before not in places or after not in places:
        raise Http404
    first, last = sorted((places[before], places[after]))
    return shown[first], shown[last]


urlpatterns = [path("dossier/<slug:reference>/verschil/", differing, name="differing")]
