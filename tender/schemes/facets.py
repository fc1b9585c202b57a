"""What a scheme can be found by, read from its definition: themes, places, who may apply, and how much there is to get."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING
from unicodedata import combining, normalize

from django.utils.translation import get_language, override

from tender.schemes.definition import Amount
from tender.schemes.loader import definition_of
from tender.schemes.plain_words import rules_in_words

if TYPE_CHECKING:
    from tender.schemes.definition import Option, Scheme, Stage


class Who(StrEnum):
    """For whom somebody applies."""

    PERSON = "person"
    ORGANISATION = "organisation"
    TOGETHER = "together"


@dataclass(frozen=True, slots=True)
class Facets:
    """What a scheme can be found by. No themes or places means that it asks for none, so that any will do."""

    themes: tuple[Option, ...]
    provinces: tuple[Option, ...]
    who: frozenset[Who]
    least: Decimal
    most: Decimal | None


def facets(scheme: Scheme) -> Facets:
    """The facets of a scheme, as its first stage asks them and as its whole ladder pays."""
    least, most = _amounts(scheme)
    return Facets(scheme.themes, _provinces(scheme.stages[0]), who_may(scheme), least, most)


def who_may(scheme: Scheme) -> frozenset[Who]:
    """Who may hand in: where a consortium is asked, those who apply together; else any organisation, and persons where it says so."""
    if scheme.stages[0].consortium is not None:
        return frozenset({Who.TOGETHER})
    return frozenset({Who.ORGANISATION, Who.TOGETHER} | ({Who.PERSON} if scheme.natural_persons else set()))


def _provinces(stage: Stage) -> tuple[Option, ...]:
    field = next((each for each in stage.form.fields() if each.key == stage.form.province), None)
    if field is None:
        return ()
    test = field.eligibility
    return tuple(option for option in field.options if test is None or option.value in test.values)


def _amounts(scheme: Scheme) -> tuple[Decimal, Decimal | None]:
    """The least that can be asked and the most that can be got, over all stages that give money; no most where one has no limit."""
    paying = [stage for stage in scheme.stages if stage.grant.amount is not Amount.NONE]
    bounds = [_bounds(stage) for stage in paying]
    most = [high for _low, high in bounds if high is not None]
    return min((low for low, _high in bounds), default=Decimal(0)), max(most) if len(most) == len(bounds) and most else None


def _bounds(stage: Stage) -> tuple[Decimal, Decimal | None]:
    if stage.grant.amount is Amount.FLAT:
        return Decimal(0), stage.grant.flat
    asked = next((field for field in stage.form.fields() if field.key == stage.form.amount), None)
    low = asked.minimum if asked is not None and asked.minimum is not None else Decimal(0)
    high = [each for each in (stage.grant.maximum, asked.maximum if asked is not None else None) if each is not None]
    return low, min(high, default=None)


def folded(text: str) -> str:
    """A text to look in: without capitals and accents, so that “fryslan” finds “Fryslân”."""
    return "".join(sign for sign in normalize("NFKD", text).casefold() if not combining(sign))


def in_words(scheme: Scheme) -> str:
    """Everything a scheme says of itself on its page, folded, in the language of the moment."""
    told = [scheme.title, scheme.summary, scheme.legal_basis, scheme.body.name, *(theme.label for theme in scheme.themes)]
    told += [text for stage in scheme.stages for text in (stage.label, stage.summary)]
    rules = [rule for stage in scheme.stages for rule in rules_in_words(scheme, stage)]
    return folded("\n".join([*map(str, told), *rules]))


@lru_cache(maxsize=256)
def facets_of(sha256: str, source: str) -> Facets:
    """The facets of a published version, once per process."""
    return facets(definition_of(sha256, source))


@lru_cache(maxsize=512)
def words_of(sha256: str, source: str, language: str) -> str:
    """What a published version says of itself, to search in, once per process and language."""
    with override(language):
        return in_words(definition_of(sha256, source))


def words_here(sha256: str, source: str) -> str:
    """What a published version says of itself in the reader's language."""
    return words_of(sha256, source, get_language() or "nl")
