"""Pages for everybody: the calls, and one call with its rules in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from tender.enums import StageState
from tender.ladder import call_ladder, dates_of
from tender.models import Application
from tender.onward import onward
from tender.pages.answers import asked_and_answered
from tender.purse import in_short, purses
from tender.queries import OPEN, SOON, Pots, all_year, counts, entrance, money_of, phase, public_calls
from tender.results import FEW, Given, Outcome, is_known, refused, results
from tender.results import showcase as funded
from tender.schemes.plain_words import rules_in_words
from tender.templatetags.drietrap import euro

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from tender.models import Call, Stage

REVEALED = (StageState.RANKED, StageState.DECIDING, StageState.PUBLISHED, StageState.FINISHED)
"""From when on the seed of a lottery may be known."""


def card(call: Call, stages: list[Stage], at: datetime, money: Mapping[int, Pots]) -> dict[str, Any]:
    """One call in a list: what it is, until when, how much there is, and its ladder."""
    first, definition = entrance(stages), call.definition
    now = phase(stages, at)
    return {
        "call": call, "title": call.title, "text": definition.summary, "ladder": call_ladder(stages, at=at), "open": now == OPEN,
        "steps": len(stages), "window": dates_of(first),
        "closes_at": first.closes_at if now == OPEN and not all_year(first) else None,
        "opens_at": first.opens_at if now == SOON else None,
        "money": in_short(stages, money), "all_year": all_year(first), "paused": first.state == StageState.PAUSED,
    }  # fmt: skip


def came_of(given: Given | None) -> str:
    """What a finished call led to, in words."""
    if given is None:
        return _("Nothing was awarded.")
    if given.amount is None:
        return ngettext("%(many)d award.", "%(many)d awards.", given.many) % {"many": given.many}
    said = ngettext("%(many)d award, %(amount)s together.", "%(many)d awards, %(amount)s together.", given.many)
    return said % {"many": given.many, "amount": euro(given.amount)}


@require_safe
def showcase(request: HttpRequest) -> HttpResponse:
    """Everything that was awarded, for whoever wants to see what the money does."""
    groups = [{"call": call, "outcome": outcome, "together": came_of(Given(outcome.many, outcome.amount))} for call, outcome in funded()]
    return render(request, "tender/showcase.html", {"groups": groups})


@require_safe
def call(request: HttpRequest, reference: str) -> HttpResponse:
    """One call: its rules in plain words, its ladder, and what came of it."""
    at: datetime = request.at  # type: ignore[attr-defined]
    found = public_calls().filter(reference=reference).first()
    if found is None:
        raise Http404
    stages: list[Stage] = found.known_stages  # type: ignore[attr-defined]
    money = money_of(stages)
    shown = card(found, stages, at, money)
    handed_in, selected = counts(stages), results(found)
    context = {
        **shown, "definition": found.definition, "now": at, "ladder": call_ladder(stages, at=at, counts=handed_in),
        "stages": [told(found, stage, selected) for stage in stages],
        "apply_url": apply_url(request, found, open_now=shown["open"]),
        "mine": mine(request, found), "purses": purses(stages, money, hidden_in(selected)),
        "has_results": any(is_known(stage) and stage.pk in selected for stage in stages),
        **asked_and_answered(request, found, at), "back": [(_("Calls"), "/")],
    }  # fmt: skip
    return render(request, "tender/call.html", context)


def hidden_in(selected: Mapping[int, Outcome]) -> frozenset[int]:
    """The stages of which no sum may be told: a natural person's part could be reckoned from it."""
    return frozenset(pk for pk, outcome in selected.items() if outcome.hidden)


@require_safe
@cache_control(private=True, no_cache=True)
def round_results(request: HttpRequest, reference: str) -> HttpResponse:
    """The results of a call, per stage whose moment has come: who was selected for what, and in numbers what was not."""
    found = public_calls().filter(reference=reference).first()
    if found is None:
        raise Http404
    stages: list[Stage] = [stage for stage in found.known_stages if is_known(stage)]  # type: ignore[attr-defined]
    handed_in, selected, against, money = counts(stages), results(found), refused(found), money_of(stages)
    hidden = hidden_in(selected)
    rows = [
        {
            "stage": stage, "label": stage.label, "published": stage.published_at, "applied": handed_in.get(stage.pk, 0),
            "outcome": selected.get(stage.pk, Outcome()), "refused": against.get(stage.pk, 0), "ceiling": stage.ceiling,
            "used": None if stage.pk in hidden else money.get(stage.pk, Pots()).granted,
        }
        for stage in stages
        if stage.published_at is not None or stage.pk in selected or stage.pk in against
    ]  # fmt: skip
    context = {"call": found, "title": found.title, "rows": rows, "few": FEW}
    context["back"] = [(_("Calls"), "/"), (found.title, reverse("tender:call", args=[reference]))]
    return render(request, "tender/results.html", context)


def told(call: Call, stage: Stage, selected: Mapping[int, Any]) -> dict[str, Any]:
    """What the page tells of one stage."""
    return {
        "stage": stage, "label": stage.label, "summary": stage.rules.summary, "rules": rules_in_words(call.definition, stage.rules),
        "rubric": stage.rules.rubric, "outcome": selected.get(stage.pk),
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
