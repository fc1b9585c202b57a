"""The page where somebody finds a call: every call of the public, by words and by what narrows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tender.finding import ORDER, found_calls, public_versions
from tender.forms.finding import FindCalls
from tender.pages.public import came_of, card
from tender.queries import OPEN, PAST, RUNNING, SOON, money_of
from tender.results import awarded
from tender.schemes.facets import facets_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from tender.models import Call

PAGE = 24


def headings() -> dict[str, str]:
    """What the groups of calls are called."""
    return {
        OPEN: _("Open now"),
        SOON: _("Opens soon"),
        RUNNING: _("Being assessed"),
        PAST: _("Finished"),
    }


@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    """Every call the public may know of that fits what was asked: what can be applied for first, a page at a time."""
    at: datetime = request.at  # type: ignore[attr-defined]
    versions = public_versions()
    form = FindCalls(request.GET, known=[facets_of(each.sha256, each.source) for each in versions])
    search = form.search()
    page = Paginator(found_calls(search, versions, at), PAGE).get_page(request.GET.get("page"))
    groups = grouped(list(page.object_list), at)
    context = {
        "form": form, "search": search, "page": page, "groups": groups, "now": at, "versions": versions,
        "searching": bool(search.said), "narrowing": form.narrowing(), "without": without(form),
        "nothing_open": not search.said and page.number == 1 and (not groups or groups[0]["key"] != OPEN),
    }  # fmt: skip
    return render(request, "tender/calls.html", context)


def grouped(found: Iterable[Call], at: datetime) -> list[dict[str, Any]]:
    """The calls of a page under what they are, in the order in which they were found; empty groups are left out."""
    found = list(found)
    money = money_of([stage for call in found for stage in call.known_stages])  # type: ignore[attr-defined]
    groups: dict[str, list[dict[str, Any]]] = {key: [] for key in ORDER}
    for call in found:
        groups[ORDER[call.phase]].append(card(call, call.known_stages, at, money))  # type: ignore[attr-defined]
    said, given = headings(), awarded([each["call"] for each in groups[PAST]])
    for past in groups[PAST]:
        past["came_of"] = came_of(given.get(past["call"].pk))
    return [{"key": key, "title": said[key], "cards": groups[key]} for key in ORDER if groups[key]]


def without(form: FindCalls) -> list[dict[str, str]]:
    """Each thing that was asked, in words, with the address of the same search without it."""
    said, here = form.search().said, reverse("tender:calls")
    rows = []
    for name in said:
        rest = {other: form.data[other] for other in said if other != name}
        value = form.data[name]
        chosen = dict(getattr(form.fields[name], "choices", ())).get(value, value)
        rows.append({"label": f"{form.fields[name].label}: {chosen}", "url": f"{here}?{urlencode(rest)}" if rest else here})
    return rows
