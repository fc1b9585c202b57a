"""Which fund fits me: one question a page, without an account. The answers stand in the address; nothing of them is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tender.finding import to_apply_for
from tender.forms import AnswerForm, posted
from tender.forms.questions import PREFIX
from tender.pages.public import apply_url, card
from tender.queries import money_of
from tender.schemes.facets import Who
from tender.schemes.fitting import FOR_WHOM, Verdict, carried, conditions_of, judged, next_question, questions, still_to_ask, understood
from tender.schemes.wording import in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse, QueryDict

    from tender.models import Call
    from tender.schemes.definition import Field
    from tender.schemes.fitting import Conditions

SKIP, READY, NOW, ASK = "skip", "ready", "now", "ask"
"""In the address: a question passed over (each time it happens), “show what we know so far”, the question that was on the page,
and the one that is wanted."""
UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class Talk:
    """How far the check is: what can be asked, what was said, what was passed over, and what is wrong."""

    asked: dict[str, Field]
    typed: dict[str, Any]
    said: dict[str, Any]
    faults: dict[str, str]
    passed: tuple[str, ...]

    @classmethod
    def read(cls, data: QueryDict, every: Iterable[Conditions]) -> Talk:
        """The check as the address tells it; what no scheme asks (any more) is left out."""
        asked = questions(every)
        typed = posted(asked.values(), data)
        said, faults = understood(asked, typed)
        passed = tuple(name for name in dict.fromkeys(data.getlist(SKIP)) if name in asked and name not in said)
        now = data.get(NOW, "")
        if now in asked and now not in {*said, *faults, *passed}:
            faults[now] = _("Choose an answer, or press “I do not know yet”.")
        return cls(asked, typed, said, {name: fault for name, fault in faults.items() if name not in passed}, passed)

    def pairs(self, without: str = "") -> list[tuple[str, str]]:
        """What an address must hold to go on from here, but for one question."""
        found = []
        for name, value in self.said.items():
            found += [(f"{PREFIX}-{name}", each) for each in (value if isinstance(value, list) else [value]) if name != without]
        return [*found, *((SKIP, name) for name in self.passed if name != without)]

    def address(self, without: str = "", **more: str) -> str:
        """This page with the answers so far, but for one question."""
        pairs = [*self.pairs(without), *more.items()]
        return f"{reverse('tender:fits')}?{urlencode(pairs)}" if pairs else reverse("tender:fits")

    def again(self, name: str) -> str:
        """This page with one question asked again, and the other answers as they are."""
        return self.address(without=name, **{ASK: name})


@require_safe
def fits(request: HttpRequest) -> HttpResponse:
    """The next question, or what all the answers say of each call that is open or opens soon."""
    at: datetime = request.at  # type: ignore[attr-defined]
    calls = list(to_apply_for(at))
    known = {call.pk: conditions_of(call.version.sha256, call.version.source) for call in calls}
    every = list({call.version_id: known[call.pk] for call in calls}.values())
    talk = Talk.read(request.GET, every)
    wanted = request.GET.get(ASK)
    asked_again = wanted if wanted in talk.asked else None
    current = next(iter(talk.faults), asked_again) or next_question(every, talk.said, talk.passed)
    if current is None or (READY in request.GET and not talk.faults):
        return render(request, "tender/fits_result.html", told(request, talk, calls, known, at))
    asked = talk.asked[current]
    context = {
        "form": AnswerForm([asked], {current: talk.typed.get(current)}, talk.faults), "name": current, "kept": talk.pairs(without=current),
        "number": len(talk.said) + len(talk.passed) + 1, "left": max(still_to_ask(every, talk.said, talk.passed) - 1, 0),
        "begun": bool(talk.pairs()),
        "so_far": talk.address(**{READY: "1"}), "back": back(talk, current), "trail": [(_("Calls"), reverse("tender:calls"))],
    }  # fmt: skip
    return render(request, "tender/fits.html", context, status=UNPROCESSABLE if talk.faults else 200)


def back(talk: Talk, current: str) -> str:
    """The page of the question before this one; nowhere at the first."""
    before = [name for name in (*talk.said, *talk.passed) if name != current]
    return talk.again(before[-1]) if before else ""


def told(request: HttpRequest, talk: Talk, calls: list[Call], known: Mapping[int, Conditions], at: datetime) -> dict[str, Any]:
    """Yes, no or perhaps per call, with why; and each answer with a way to change it."""
    money = money_of([stage for call in calls for stage in call.known_stages])  # type: ignore[attr-defined]
    rows: dict[str, list[dict[str, Any]]] = {verdict.value: [] for verdict in Verdict}
    for call in calls:
        fit = judged(known[call.pk], talk.said)
        shown = card(call, call.known_stages, at, money)  # type: ignore[attr-defined]
        start = apply_url(request, call, open_now=shown["open"]) if fit.verdict is not Verdict.NOT else ""
        rows[fit.verdict.value].append({
            "card": shown, "start": f"{start}?{urlencode(talk.pairs())}" if start and talk.said else start,
            "against": [str(ground) for ground in fit.against], "later": [str(ground) for ground in known[call.pk].later],
            "open": [{"label": str(talk.asked[name].label), "url": talk.again(name)} for name in fit.open],
        })  # fmt: skip
    return {
        "groups": rows, "any": bool(calls), "answers": answers(talk), "now": at, "again": reverse("tender:fits"),
        "trail": [(_("Calls"), reverse("tender:calls"))],
    }  # fmt: skip


def answers(talk: Talk) -> list[dict[str, str]]:
    """What was said, in words, each with the address of the check without it: there it is asked again."""
    language = get_language() or "nl"
    return [
        {"label": str(asked.label), "value": in_words(asked, talk.said[name], language), "url": talk.again(name)}
        for name, asked in talk.asked.items()
        if name in talk.said
    ]


def said_before(call: Call, data: QueryDict) -> dict[str, Any]:
    """The answers in an address that the first form of a call asks for in the same words, by its keys; only those that are good there."""
    of = conditions_of(call.version.sha256, call.version.source)
    said = carried(of, Talk.read(data, [of]).said)
    form = call.definition.stages[0].form
    good, _faults = understood({key: form.field(key) for key in said}, said)
    return good


def said_to_be_a_person(data: QueryDict) -> bool:
    """Whether somebody said in the check that they apply for themselves."""
    return data.get(f"{PREFIX}-{FOR_WHOM.key}") == Who.PERSON
