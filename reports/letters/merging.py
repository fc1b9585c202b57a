"""The scheme's own words in a letter: its merge fields, filled in from the facts of that very letter."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from reports.letters import words
from reports.letters.facts import DecisionFacts, GrantFacts, LetterFacts
from tender.calendar import payment_deadline
from tender.models import Wording
from tender.models.wording import PARTS
from tender.schemes.merge import ANSWERS, fields_in, fill, harmless
from tender.schemes.own_texts import paragraphs
from tender.schemes.wording import in_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tender.schemes.definition import Stage

F = TypeVar("F", bound=LetterFacts)


def with_own_words(facts: F, rules: Stage, answers: Mapping[str, Any], more: Mapping[str, str]) -> F:
    """The facts with the words of an administrator in them, else with the scheme's, if there are any for this kind.

    ``KeyError`` where a merge field of the scheme's has no value.
    """
    values = {**values_of(facts), **more, **answers_of(rules, answers, facts.language)}
    values = {name: harmless(value) for name, value in values.items()}
    wording = wording_for(facts)
    if wording is not None:
        return with_wording(facts, wording, values)
    text = rules.letter(facts.kind)
    if text is None:
        return replace(facts, wording_id=0)
    written = [each.in_language(facts.language) for each in text.paragraphs]
    return replace(
        facts,
        wording_id=0,
        own_subject=fill(text.subject.in_language(facts.language), values),
        own=tuple(said for each in written if (said := fill(each, values).strip())),
        says_reason=any("reason" in fields_in(each) for each in written),
    )


def wording_for(facts: LetterFacts) -> Wording | None:
    """The text of an administrator for this letter: the one its event names, so what was signed; else the one in force at its instant."""
    if facts.wording_id is not None:
        return Wording.objects.filter(pk=facts.wording_id).first()
    if facts.composed_at is None:
        return None
    of = {"scheme__key": facts.scheme_key, "stage": facts.stage_key, "kind": facts.kind, "language": facts.language[:2]}
    return Wording.objects.filter(**of).in_force_on(facts.composed_at).first()


def with_wording(facts: F, wording: Wording, values: Mapping[str, str]) -> F:
    """The facts with this text in them, and which version it is."""
    said = said_by(wording.parts, values)
    return replace(facts, wording_id=wording.pk or 0, wording_version=wording.number, wording_sha256=wording.sha256, **said)


def said_by(parts: Mapping[str, str], values: Mapping[str, str]) -> dict[str, Any]:
    """The parts of a text, filled in. A paragraph that names what this letter has no value for falls away as a whole; so does the
    subject, which is the house's then. It never fails: what may stand in a text is checked when it is saved (`own_texts`).
    """
    kept = {part: [each for each in paragraphs(parts[part]) if set(fields_in(each)) <= set(values)] for part in PARTS}
    filled = {part: tuple(said for each in kept[part] if (said := fill(each, values).strip())) for part in PARTS}
    return {
        "own_subject": " ".join(" ".join(filled["subject"]).split()),
        "opening": filled["opening"],
        "own": filled["body"],
        "closing": filled["closing"],
        "says_reason": any("reason" in fields_in(each) for part in PARTS[1:] for each in kept[part]),
    }


def left_out(parts: Mapping[str, str], values: Mapping[str, str]) -> list[str]:
    """The merge fields for which a letter with these values has nothing to say, so that their paragraphs fall away."""
    named = dict.fromkeys(name for part in PARTS for name in fields_in(parts[part]))
    return [name for name in named if name not in values]


def answers_of(rules: Stage, answers: Mapping[str, Any], language: str) -> dict[str, str]:
    """``answers.<key>`` for every question of the stage's form; what was not answered is a dash."""
    return {f"{ANSWERS}{field.key}": in_words(field, answers.get(field.key), language) or "–" for field in rules.form.fields()}


def values_of(f: LetterFacts) -> dict[str, str]:
    """What the merge fields stand for in this letter; a field that has no value here is left out."""
    said: dict[str, str | None] = {
        "reference": f.reference,
        "title": f.title,
        "applicant": f.to.name,
        "call": f.call,
        "stage": f.stage,
        "reason": words.closed(f.reason),
        "received_at": f.moment(f.received_at) if f.received_at else None,
        "objection_until": objection_words(f),
    }
    if isinstance(f, DecisionFacts):
        said |= judged(f)
    if isinstance(f, GrantFacts):
        said |= given(f)
    for name in ("amount", "decide_by", "paid_by", "report_by"):
        value = getattr(f, name, None)
        if value is not None and not said.get(name):
            said[name] = f.money(value) if name == "amount" else f.day(value)
    return {name: value for name, value in said.items() if value is not None}


def objection_words(f: LetterFacts) -> str | None:
    """The last day for an objection, with the day it is reckoned from: the letter is printed before it is made
    known.
    """
    if f.objection is None:
        return None
    until, known = f.day(f.objection.until), f.day(f.objection.known_on)
    return f.t(f"{until} (bij bekendmaking op {known})", f"{until} (if made known on {known})")


def judged(f: DecisionFacts) -> dict[str, str | None]:
    """The figures of a judgement."""
    floor = next((lack.needed for lack in f.shortfalls), None)
    failed = [lack.what for lack in f.shortfalls] or [f"“{each.label}”" for each in f.criteria]
    place, until = getattr(f, "place", None), getattr(f, "until", None)
    return {
        "asked": f.money(f.asked) if f.asked is not None else None,
        "score": f.number(f.score) if f.score is not None else None,
        "rank": None if f.rank is None else str(f.rank),
        "ranked": None if f.ranked is None else str(f.ranked),
        "ceiling": f.money(f.ceiling),
        "floor": f.number(floor) if floor is not None else None,
        "criterion": words.listed(failed, f.language) if failed else None,
        "reserve_place": None if place is None else str(place),
        "reserve_until": f.day(until) if place is not None and until else None,
    }


def given(f: GrantFacts) -> dict[str, str | None]:
    """What goes with money, and with the next stage."""
    known = f.objection.known_on if f.objection else f.on
    paid_by = f.paid_by or payment_deadline(f.accept_until or known)
    return {
        "amount": f.money(f.amount),
        "paid_by": f.day(paid_by),
        "report_by": f.day(f.reports[0].on) if f.reports else None,
        "next_stage": f.next_stage or None,
        "next_until": f.moment(f.next_until) if f.next_until else None,
    }
