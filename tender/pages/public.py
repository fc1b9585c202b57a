"""Pages for everybody: the calls, and one call with its rules in plain words."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from tender.enums import StageState
from tender.ladder import call_ladder, dates_of
from tender.models import Application
from tender.onward import onward
from tender.queries import (
    OPEN,
    PAST,
    RUNNING,
    SOON,
    Given,
    all_year,
    awarded,
    counts,
    entrance,
    free_money,
    phase,
    public_calls,
    results,
)
from tender.queries import showcase as funded
from tender.schemes.plain_words import rules_in_words
from tender.templatetags.drietrap import euro

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from tender.models import Call, Stage

ORDER = (OPEN, SOON, RUNNING, PAST)
REVEALED = (StageState.RANKED, StageState.DECIDING, StageState.PUBLISHED, StageState.FINISHED)
"""From when on the seed of a lottery may be known."""


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
    """Every call the public may know of: what can be applied for first."""
    at: datetime = request.at  # type: ignore[attr-defined]
    found = list(public_calls())
    money = free_money([stage for call in found for stage in call.known_stages])  # type: ignore[attr-defined]
    groups: dict[str, list[dict[str, Any]]] = {key: [] for key in ORDER}
    for call in found:
        stages = call.known_stages  # type: ignore[attr-defined]
        groups[phase(stages, at)].append(card(call, stages, at, money))
    said, given = headings(), awarded(found)
    for past in groups[PAST]:
        past["came_of"] = came_of(given.get(past["call"].pk))
    listed = [{"key": key, "title": said[key], "cards": groups[key]} for key in ORDER if groups[key]]
    return render(request, "tender/calls.html", {"groups": listed, "nothing_open": not groups[OPEN], "now": at})


def card(call: Call, stages: list[Stage], at: datetime, money: Mapping[int, Decimal]) -> dict[str, Any]:
    """One call in a list: what it is, until when, how much there is, and its ladder."""
    first, definition = entrance(stages), call.definition
    now = phase(stages, at)
    left = money.get(first.pk) if all_year(first) and now != PAST else None
    return {
        "call": call, "title": call.title, "text": definition.summary, "ladder": call_ladder(stages, at=at), "open": now == OPEN,
        "steps": len(stages), "window": dates_of(first),
        "closes_at": first.closes_at if now == OPEN and not all_year(first) else None,
        "opens_at": first.opens_at if now == SOON else None,
        "left": left, "ceiling": first.ceiling if left is not None else sum(stage.ceiling for stage in stages),
        "all_year": all_year(first), "paused": first.state == StageState.PAUSED,
    }  # fmt: skip


def came_of(given: Given | None) -> str:
    """What a finished call led to, in words."""
    if given is None:
        return _("Nothing was awarded.")
    said = ngettext("%(many)d award, %(amount)s together.", "%(many)d awards, %(amount)s together.", given.many)
    return said % {"many": given.many, "amount": euro(given.amount)}


@require_safe
def showcase(request: HttpRequest) -> HttpResponse:
    """Everything that was awarded, for whoever wants to see what the money does."""
    groups = [
        {"call": call, "shown": shown, "together": came_of(Given(len(shown), sum((each.amount for each in shown), Decimal(0))))}
        for call, shown in funded()
    ]
    return render(request, "tender/showcase.html", {"groups": groups})


@require_safe
def call(request: HttpRequest, reference: str) -> HttpResponse:
    """One call: its rules in plain words, its ladder, and what came of it."""
    at: datetime = request.at  # type: ignore[attr-defined]
    found = public_calls().filter(reference=reference).first()
    if found is None:
        raise Http404
    stages: list[Stage] = found.known_stages  # type: ignore[attr-defined]
    shown = card(found, stages, at, free_money(stages))
    handed_in, selected = counts(stages), results(found)
    context = {
        **shown, "definition": found.definition, "now": at, "ladder": call_ladder(stages, at=at, counts=handed_in),
        "stages": [told(found, stage, selected) for stage in stages],
        "apply_url": apply_url(request, found, open_now=shown["open"]),
        "mine": mine(request, found), "back": [(_("Calls"), "/")],
    }  # fmt: skip
    return render(request, "tender/call.html", context)


def told(call: Call, stage: Stage, selected: Mapping[int, Any]) -> dict[str, Any]:
    """What the page tells of one stage."""
    return {
        "stage": stage, "label": stage.label, "summary": stage.rules.summary, "rules": rules_in_words(call.definition, stage.rules),
        "rubric": stage.rules.rubric, "results": selected.get(stage.pk, []),
        "seed": stage.lottery_seed if stage.state in REVEALED else "", "published": stage.published_at,
    }  # fmt: skip


def apply_url(request: HttpRequest, call: Call, *, open_now: bool) -> str:
    """Where an application begins; nowhere while the call is closed, or for somebody of the house."""
    user = request.user
    if not open_now or (user.is_authenticated and user.roles):
        return ""
    return onward("start", call.reference)


def mine(request: HttpRequest, call: Call) -> list[Any]:
    """The visitor's own dossiers in this call."""
    if not request.user.is_authenticated or request.user.roles:
        return []
    own = Application.objects.visible_to(request.user).filter(call=call).exclude(case_roles__role="juror")
    return [{"dossier": each, "url": onward("dossier", each.reference)} for each in own[:20]]
