"""Which fund fits: the conditions of entry of schemes as a few questions, and what answers to them say of each scheme.

Nothing here is written for any scheme: who may apply, who must take part and every tested answer of a first form are its data.
Formal points and declarations are not asked beforehand: they are mended or made in the form, so `Conditions.later` only tells them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tender.canonical import digest
from tender.schemes.answers import AnswerFault, clean, meets
from tender.schemes.definition import Eligibility, Field, FieldKind, Option, Text
from tender.schemes.facets import Who, who_may
from tender.schemes.loader import definition_of
from tender.schemes.partners import HELIX, SECTORS, part_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tender.schemes.definition import Consortium, Scheme, Stage

    Said = Mapping[str, Any]

WHO, PLACE, HOW_MANY, PARTS = "who", "place", "many", "parts"
FIRST = {WHO: 2, PLACE: 1}
"""Everybody can answer these at once, and they end it soonest for who cannot apply."""
NONE = "none"
MARK = 4
"""Hex digits that tell two questions apart which schemes happen to call the same."""
ASKABLE = (FieldKind.CHOICE, FieldKind.MULTI_CHOICE, FieldKind.YES_NO, FieldKind.NUMBER, FieldKind.MONEY)

FOR_WHOM = Field(
    key=WHO, kind=FieldKind.CHOICE, label=Text("Voor wie vraagt u aan?", "For whom do you apply?"),
    options=(
        Option(Who.PERSON, Text("Voor mijzelf, als persoon", "For myself, as a person")),
        Option(Who.ORGANISATION, Text("Voor één organisatie of bedrijf", "For one organisation or business")),
        Option(Who.TOGETHER, Text("Voor meer organisaties die samenwerken", "For organisations that work together")),
    ),
)  # fmt: skip
PARTNERS = Field(
    key=HOW_MANY, kind=FieldKind.NUMBER, minimum=Decimal(1), maximum=Decimal(500),
    label=Text("Met hoeveel organisaties bent u, uzelf meegeteld?", "How many organisations are you, yourself included?"),
)  # fmt: skip
TAKING_PART = Field(
    key=PARTS, kind=FieldKind.MULTI_CHOICE,
    label=Text("Wie van deze doen er mee, uzelf meegeteld?", "Who of these take part, yourself included?"),
    help=Text("Kies alles wat past.", "Choose all that fit."),
)  # fmt: skip
WHERE = Text("In welke provincie gebeurt het?", "In which province does it happen?")
GROUNDS = {
    frozenset({Who.TOGETHER}): Text("u vraagt samen met andere organisaties aan", "you apply together with other organisations"),
    frozenset({Who.ORGANISATION, Who.TOGETHER}): Text("u vraagt aan voor een organisatie", "you apply for an organisation"),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One test on the answer to one question; the question's key is its name in the check, ``field`` its key in the scheme's form."""

    asked: Field
    test: Eligibility
    field: str = ""

    @property
    def name(self) -> str:
        """What the question is called in the check."""
        return self.asked.key


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a scheme asks of who wants in: tested beforehand, and only told beforehand."""

    tested: tuple[Condition, ...]
    later: tuple[Text, ...]


class Verdict(StrEnum):
    """Whether a scheme fits, as far as the answers go."""

    FITS = "fits"
    PERHAPS = "perhaps"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Fit:
    """What the answers say of one scheme: why not, and what is still to be answered."""

    verdict: Verdict
    against: tuple[Text, ...]
    open: tuple[str, ...]


def conditions(scheme: Scheme) -> Conditions:
    """The conditions of entry of a scheme's first stage."""
    stage = scheme.stages[0]
    tested = [*_who(scheme), *_consortium(stage.consortium)]
    later = []
    for field in stage.form.fields():
        if field.eligibility is None:
            continue
        if _beforehand(stage, field):
            if _can_fail(stage, field):
                tested.append(Condition(_as_asked(stage, field), field.eligibility, field.key))
        else:
            later.append(field.eligibility.ground)
    return Conditions(tuple(tested), tuple(later))


@lru_cache(maxsize=256)
def conditions_of(sha256: str, source: str) -> Conditions:
    """The conditions of a published version, once per process."""
    return conditions(definition_of(sha256, source))


def _beforehand(stage: Stage, field: Field) -> bool:
    declared = {stage.form.state_aid, stage.form.aid_received}
    return field.kind in ASKABLE and not field.formal and field.shown_when is None and field.key not in declared


def _can_fail(stage: Stage, field: Field) -> bool:
    """Whether some answer says no: a choice of nothing but good answers need not be asked (a place may be one that only others offer)."""
    offered = {option.value for option in field.options}
    return not offered or field.eligibility is None or field.key == stage.form.province or not offered <= set(field.eligibility.values)


def _as_asked(stage: Stage, field: Field) -> Field:
    """The question in the check: what stands for the province is one for all schemes, anything else is one where the words are the same.

    Without bounds: those are of one scheme, and what is too much for it may be right for another. Its own form tells them.
    """
    named = PLACE if field.key == stage.form.province else f"{field.key}-{digest([field.kind, field.label.nl, field.label.en])[:MARK]}"
    return replace(field, key=named, eligibility=None, minimum=None, maximum=None)


def _who(scheme: Scheme) -> Iterator[Condition]:
    may = who_may(scheme)
    if may in GROUNDS:
        yield Condition(FOR_WHOM, Eligibility(GROUNDS[may], values=tuple(sorted(may))))


def _consortium(rule: Consortium | None) -> Iterator[Condition]:
    if rule is None:
        return
    least = Text(f"er zijn ten minste {rule.minimum} partners", f"there are at least {rule.minimum} partners")
    yield Condition(PARTNERS, Eligibility(least, at_least=Decimal(rule.minimum)))
    needed = [(sector,) for sector in rule.sectors] + ([rule.one_of] if rule.one_of else [])
    wanted = {part for parts in needed for part in parts}
    offered = tuple(option for option in (*SECTORS, *HELIX) if option.value in wanted)
    for parts in needed:
        yield Condition(replace(TAKING_PART, options=offered), Eligibility(_among(parts), values=tuple(parts)))


def _among(parts: Iterable[str]) -> Text:
    names = [part_label(part) for part in parts]
    return Text(
        f"er doet een partner mee uit: {' of '.join(name.nl for name in names)}",
        f"a partner takes part from: {' or '.join(name.en for name in names)}",
    )


# ── the questions ─────────────────────────────────────────────────────────────────────────────────────────────
def questions(every: Iterable[Conditions]) -> dict[str, Field]:
    """Every question that some scheme needs, by name, each once with all that can be answered to it."""
    found: dict[str, Field] = {}
    for each in every:
        for condition in each.tested:
            before = found.get(condition.name)
            found[condition.name] = condition.asked if before is None else _merged(before, condition.asked)
    if PARTS in found:
        nobody = Option(NONE, Text("geen van deze", "none of these"))
        found[PARTS] = replace(found[PARTS], options=(*found[PARTS].options, nobody))
    return found


def _merged(one: Field, other: Field) -> Field:
    more = tuple(option for option in other.options if option.value not in {known.value for known in one.options})
    if one.label == other.label:
        return replace(one, options=(*one.options, *more))
    return replace(one, label=WHERE, help=None, options=(*one.options, *more))  # only the place has more than one wording


def judged(of: Conditions, said: Said) -> Fit:
    """What the answers so far say of a scheme."""
    against = tuple(each.test.ground for each in of.tested if not meets(each.test, said.get(each.name)))
    still = tuple(dict.fromkeys(each.name for each in of.tested if said.get(each.name) is None))
    verdict = Verdict.NOT if against else Verdict.PERHAPS if still else Verdict.FITS
    return Fit(verdict, against, still)


def next_question(every: Iterable[Conditions], said: Said, passed: Iterable[str]) -> str | None:
    """The question that tells most about the schemes that may still fit: first who and where, then what sets them apart and bears on
    many. None when all is said."""
    alive = [each for each in every if judged(each, said).verdict is Verdict.PERHAPS]
    left = [name for name in questions(alive) if name not in {*said, *passed}]
    if not left:
        return None

    def tells(name: str) -> tuple[int, int, int, int]:
        bears_on = sum(name in judged(each, said).open for each in alive)
        return FIRST.get(name, 0), _outcomes(alive, name), bears_on, -left.index(name)

    return max(left, key=tells)


def _outcomes(alive: list[Conditions], name: str) -> int:
    """Into how many groups the answers to a question can set these schemes apart."""
    tests = [[each.test for each in of.tested if each.name == name] for of in alive]
    return len({tuple(all(meets(test, answer) for test in own) for own in tests) for answer in _samples(questions(alive)[name], tests)})


def _samples(asked: Field, tests: Iterable[Iterable[Eligibility]]) -> list[Any]:
    """Answers that the tests of schemes may tell apart: each choice, or a number at and just beyond each bound."""
    if asked.kind is FieldKind.YES_NO:
        return ["yes", "no"]
    if asked.options:
        return [option.value for option in asked.options]
    bounds = [bound for own in tests for test in own for bound in (test.at_least, test.at_most) if bound is not None]
    return [str(bound + more) for bound in bounds for more in (-1, 0, 1)]


def still_to_ask(every: Iterable[Conditions], said: Said, passed: Iterable[str]) -> int:
    """How many questions there are at most from here on."""
    alive = [each for each in every if judged(each, said).verdict is Verdict.PERHAPS]
    return len(set(questions(alive)) - {*said, *passed})


def carried(of: Conditions, said: Said) -> dict[str, Any]:
    """Those of the answers that the scheme's own form asks for in the same words, by its keys."""
    return {each.field: said[each.name] for each in of.tested if each.field and said.get(each.name) is not None}


def understood(asked: Mapping[str, Field], raw: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Which of the answers can be understood, as they are kept; and what is wrong with the others, by name."""
    said: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for name, typed in raw.items():
        try:
            kept = clean(asked[name], typed)
        except AnswerFault as fault:
            faults[name] = fault.message
        else:
            if kept is not None:
                said[name] = kept
    return said, faults
