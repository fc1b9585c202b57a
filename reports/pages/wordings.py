"""The texts of letters: which there are, writing one with the letter beside it, a second reader, and who changed what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.letters.names import LANGUAGE_NAMES, NAMES, PART_NAMES
from reports.letters.printing import print_letter
from reports.wordings import WordingForm, cases_for, sample_values, try_on
from tender.enums import Role, WordingState
from tender.http import private
from tender.models import Scheme, Wording
from tender.models.wording import PARTS, Place
from tender.schemes.checks.letters import KINDS
from tender.schemes.own_texts import LANGUAGES, can_go_out, faults, known_fields
from tender.word_by_word import words
from tender.wordings import first_words, own_words_of, versions_in_use
from workflows.commands import Refused, perform
from workflows.commands.wording import write_wording
from workflows.models import Event, WordingMachine
from workflows.pages.bulk import foresee
from workflows.pages.room import StaffPage

if TYPE_CHECKING:
    from tender.http import SignedIn
    from tender.schemes import definition

REFUSED, UNPROCESSABLE = 409, 422
PER_PAGE = 20
TEXTS = ("wording.write", "wording.rewrite")
"""The events that hold a text, word for word."""
PAIRS = {"adopt": "ask_adopt", "end": "ask_end"}
"""What a second person does, and the question that comes before."""
DONE = {
    "ask_adopt": gettext_lazy("Asked. Somebody else reads the text and puts it in force."),
    "adopt": gettext_lazy("The text is in force: letters are made with it from now on."),
    "discard": gettext_lazy("The draft is thrown away. You find it in the history."),
    "ask_end": gettext_lazy("Asked. Somebody else confirms it."),
    "end": gettext_lazy("From now on letters are made with the words of the scheme and the house again."),
}
WHAT = {
    "wording.write": gettext_lazy("began a new version"),
    "wording.rewrite": gettext_lazy("changed the draft"),
    "wording.ask_adopt": gettext_lazy("asked somebody to read it and put it in force"),
    "wording.adopt": gettext_lazy("put it in force"),
    "wording.discard": gettext_lazy("threw the draft away"),
    "wording.ask_end": gettext_lazy("asked to go back to the words of the scheme and the house"),
    "wording.end": gettext_lazy("went back to the words of the scheme and the house"),
    "wording.give_way": gettext_lazy("gave way to a newer version"),
}


class WordingPage(StaffPage):
    """A page about letter texts."""

    roles = (Role.SCHEME_MANAGER, Role.HEAD, Role.AUDITOR)

    def place(self, scheme: str, stage: str, kind: str, language: str) -> tuple[Place, definition.Scheme]:
        """Where a text belongs, and the newest rules that send such a letter; 404 where nothing of the kind goes out."""
        row = get_object_or_404(Scheme, key=scheme)
        for version in versions_in_use(row.pk) if language in LANGUAGES else []:
            rules = next((each for each in version.definition.stages if each.key == stage), None)
            if rules is not None and can_go_out(rules, kind):
                return Place(row.pk, stage, kind, language), version.definition
        raise Http404


def crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page of these."""
    return [(_("Letter texts"), reverse("reports:wordings")), *more]


class Wordings(WordingPage):
    """Every scheme with the kinds of letters it sends, in both languages: whose words each is made with now."""

    def get(self, request: SignedIn) -> HttpResponse:
        """The lists, one per stage."""
        schemes = list(Scheme.objects.order_by("key"))
        standing: dict[Place, dict[str, Wording]] = {}
        for each in Wording.objects.standing().filter(scheme__in=schemes):
            standing.setdefault(each.place, {})[each.state] = each
        listed = []
        for scheme in schemes:
            newest = next(iter(versions_in_use(scheme.pk)), None)
            if newest is not None:
                own = own_words_of(newest)
                stages = [{"rules": rules, "rows": rows_of(scheme, rules, standing, own)} for rules in newest.definition.stages]
                listed.append({"scheme": newest.definition, "stages": stages})
        context = {"listed": listed, "languages": [LANGUAGE_NAMES[each] for each in LANGUAGES]}
        return render(request, "reports/wordings.html", context)


def rows_of(
    scheme: Scheme, rules: definition.Stage, standing: dict[Place, dict[str, Wording]], own: set[tuple[str, str]]
) -> list[dict[str, Any]]:
    """A row per kind of letter that a stage sends."""
    rows = []
    for kind in KINDS:
        if can_go_out(rules, kind):
            cells = [
                cell_of(scheme, rules, standing.get(place, {}), place, (rules.key, kind) in own) for place in places(scheme, rules, kind)
            ]
            rows.append({"name": NAMES[kind], "cells": cells})
    return rows


def places(scheme: Scheme, rules: definition.Stage, kind: str) -> list[Place]:
    """The text of a kind in each language."""
    return [Place(scheme.pk, rules.key, kind, language) for language in LANGUAGES]


def cell_of(scheme: Scheme, rules: definition.Stage, found: dict[str, Wording], place: Place, by_scheme: bool) -> dict[str, Any]:  # noqa: FBT001
    """Whose words a letter is made with, whether a draft waits, and whether a text no longer fits the scheme."""
    used, drafted = found.get(WordingState.IN_FORCE), found.get(WordingState.DRAFTED)
    return {
        "url": address("wording", scheme.key, place), "language": LANGUAGE_NAMES[place.language], "used": used, "draft": drafted,
        "by_scheme": by_scheme, "unfit": used is not None and bool(faults(rules, place.kind, used.parts)),
    }  # fmt: skip


def address(name: str, scheme: str, place: Place) -> str:
    """The address of a page about one text."""
    return reverse(f"reports:{name}", args=[scheme, place.stage, place.kind, place.language])


class Edit(WordingPage):
    """One text: what it says now, the form for who may write, the merge fields, and the letter as it would be."""

    def get(self, request: SignedIn, scheme: str, stage: str, kind: str, language: str) -> HttpResponse:
        """The text, or an earlier version of it to go on with (``terug``: the number of an event)."""
        place, rules = self.place(scheme, stage, kind, language)
        now = Wording.objects.at(place).standing().first()
        initial = now.parts if now else first_words(rules.stage(stage), place)
        if back := request.GET.get("terug", ""):
            initial = text_of_event(place, back)
        form = WordingForm(
            place=place, cases=cases_for(place, request.user), initial={**initial, "seen": now.sha256 if now else ""}
        )  # fmt: skip
        return self.show(request, scheme, place, rules, form)

    def post(self, request: SignedIn, scheme: str, stage: str, kind: str, language: str) -> HttpResponse:
        """Keep what was typed, show the letter with it, or take a step with the text as it stands."""
        place, rules = self.place(scheme, stage, kind, language)
        what = request.POST.get("do", "")
        if what in DONE:
            return self.step(request, scheme, place, what)
        if not request.user.has_role(Role.SCHEME_MANAGER):
            raise PermissionDenied("write")
        form = WordingForm(request.POST, place=place, cases=cases_for(place, request.user), tries=what in {"preview", "pdf"})
        if what == "preview" or not form.is_valid():
            return self.show(request, scheme, place, rules, form, status=200 if what == "preview" else UNPROCESSABLE)
        if what == "pdf":
            tried = try_on(place, form.parts, form.cleaned_data["case"], scheme=rules, user=request.user, at=request.at)
            return concept(kind, tried.facts)
        return self.keep(request, scheme, place, rules, form)

    def keep(self, request: SignedIn, scheme: str, place: Place, rules: definition.Scheme, form: WordingForm) -> HttpResponse:
        """Keep a good form as the draft, or say why not with what was typed still there."""
        said = {**form.parts, "reason": form.cleaned_data["reason"], "seen": form.cleaned_data["seen"]}
        try:
            write_wording(place=place, actor=request.user, at=request.at, **said)
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
            return self.show(request, scheme, place, rules, form, status=REFUSED)
        messages.success(request, _("The draft is kept. Letters change only when somebody else has read it and puts it in force."))
        return redirect(address("wording", scheme, place))

    def step(self, request: SignedIn, scheme: str, place: Place, what: str) -> HttpResponse:
        """A step with the text as it was seen."""
        wording = get_object_or_404(Wording.objects.at(place), pk=number(request.POST.get("pk", "")))
        said = {"seen": request.POST.get("seen", "")}
        if what == "ask_end":
            said["reason"] = request.POST.get("reason", "").replace("\0", "").strip()[:500]
        elif what == "end" and (ask := standing_question(wording, "end")):
            said["reason"] = ask.data["asked"].get("reason", "")
        try:
            perform(WordingMachine, what, pk=wording.pk, actor=request.user, at=request.at, **said)
        except Refused as refused:
            for reason in refused.reasons:
                messages.error(request, reason)
        else:
            messages.success(request, DONE[what])
        return redirect(address("wording", scheme, place))

    def show(
        self, request: SignedIn, scheme: str, place: Place, rules: definition.Scheme, form: WordingForm, status: int = 200
    ) -> HttpResponse:
        """The page; where somebody else was quicker, with what stands there now, and the next press is on that."""
        standing = {each.state: each for each in Wording.objects.at(place).standing()}
        draft, used = standing.get(WordingState.DRAFTED), standing.get(WordingState.IN_FORCE)
        now = draft or used
        stage = rules.stage(place.stage)
        overtaken = status == REFUSED and form.is_bound and now is not None and form.data.get("seen") != now.sha256
        if overtaken and now is not None:
            form.data = {**{name: form.data.get(name, "") for name in form.data}, "seen": now.sha256}
        good = not (form.is_bound and form.errors.keys() & set(PARTS))
        case = str(form.data.get("case", "")) if form.is_bound else ""
        tried = try_on(place, form.parts, case, scheme=rules, user=request.user, at=request.at) if good else None
        values = sample_values(place, rules, request.at)
        known = known_fields(stage, place.kind)
        before = used.parts if used else first_words(stage, place)
        context = {
            "form": form, "tried": tried, "draft": draft, "used": used, "rules": stage, "writes": request.user.has_role(Role.SCHEME_MANAGER),
            "name": NAMES[place.kind], "language": place.language, "language_name": LANGUAGE_NAMES[place.language], "scheme": rules,
            "fields": [{"name": name, "is": meaning, "sample": values.get(name, "")} for name, meaning in known.items()],
            "changes": compared(before, draft.parts) if draft else [], "theirs": compared(form.parts, now.parts) if overtaken and now else [],
            "steps": steps_for(request, draft, used), "history": address("wording_history", scheme, place), "trail": crumbs(),
            "here": address("wording", scheme, place), "unfit": faults(stage, place.kind, used.parts) if used else [],
        }  # fmt: skip
        return render(request, "reports/wording.html", context, status=status)


def concept(kind: str, facts: dict[str, Any]) -> HttpResponse:
    """The letter as a PDF, with the word “concept” across every page; not sealed, and kept nowhere."""
    response = HttpResponse(print_letter(kind, facts, concept=True).pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="concept-{kind}.pdf"'
    return private(response)


def compared(before: dict[str, str], after: dict[str, str]) -> list[dict[str, Any]]:
    """Word by word, the parts that differ."""
    return [{"name": PART_NAMES[part], "pieces": words(before[part], after[part])} for part in PARTS if before[part] != after[part]]


def standing_question(wording: Wording, name: str) -> Event | None:
    """The question that waits for a second person, with what was asked exactly."""
    last = Event.objects.filter(noun="wording", key=wording.pk).select_related("actor").order_by("-seq").first()
    return last if last is not None and last.kind == f"wording.{PAIRS[name]}" else None


def steps_for(request: SignedIn, draft: Wording | None, used: Wording | None) -> dict[str, dict[str, Any]]:
    """The steps to show with a text: the question that waits, and why somebody cannot take a step; none for who only looks."""
    found: dict[str, dict[str, Any]] = {}
    for name, wording in (("adopt", draft), ("end", used)):
        if wording is None or request.user.has_role(Role.AUDITOR):
            continue
        ask = standing_question(wording, name)
        row: dict[str, Any] = {"wording": wording, "asked": ask, "unmet": ()}
        if ask is not None:
            case = WordingMachine.objects.select_related("scheme").get(pk=wording.pk)
            row["unmet"] = foresee(case, name, actor=request.user, at=request.at, data=ask.data["asked"])
        found[name] = row
    return found


def number(text: str) -> int:
    """The key that a form sends back; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0  # noqa: PLR2004


def text_of_event(place: Place, seq: str) -> dict[str, str]:
    """An earlier text of this very place, out of the trail; 404 for anything else."""
    keys = Wording.objects.at(place).values("pk")
    event = get_object_or_404(Event, noun="wording", kind__in=TEXTS, key__in=keys, seq=number(seq))
    return {part: event.data[part] for part in PARTS}


class History(WordingPage):
    """Who changed what in a text, when and why, the newest first; each can be put back as a draft."""

    def get(self, request: SignedIn, scheme: str, stage: str, kind: str, language: str) -> HttpResponse:
        """A page of the trail, each text held against the one before it."""
        place, rules = self.place(scheme, stage, kind, language)
        events = Event.objects.filter(noun="wording", key__in=Wording.objects.at(place).values("pk")).select_related("actor").order_by("seq")
        rows, before = [], first_words(rules.stage(stage), place)
        numbers = dict(Wording.objects.at(place).values_list("pk", "number"))
        for event in events:
            row: dict[str, Any] = {"event": event, "what": WHAT[event.kind], "number": numbers[event.key], "changes": [], "back": ""}
            row["why"] = event.data.get("reason") or event.data.get("asked", {}).get("reason", "")
            if event.kind in TEXTS:
                text = {part: event.data[part] for part in PARTS}
                row["changes"], before = compared(before, text), text
                row["back"] = f"{address('wording', scheme, place)}?terug={event.seq}"
            rows.append(row)
        page = Paginator(rows[::-1], PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "page": page, "name": NAMES[kind], "language": language, "language_name": LANGUAGE_NAMES[language], "scheme": rules,
            "rules": rules.stage(stage), "writes": request.user.has_role(Role.SCHEME_MANAGER),
            "trail": crumbs((str(NAMES[kind]), address("wording", scheme, place))),
        }  # fmt: skip
        return render(request, "reports/wording_history.html", context)
