"""The copy of an application in its receipt: every answer as its reader sees it, tables as tables."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from reports.letters import words
from reports.letters.facts import Answer, Answers
from tender.schemes.answers import asked
from tender.schemes.balancing import columns_of
from tender.schemes.definition import FieldKind
from tender.schemes.partners import HELIX_VALUES, PARTNER_KEYS, SECTOR_VALUES, part_label
from tender.schemes.wording import cell_in_words, in_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tender.schemes.definition import Column, Field, Form

PARTNER_WORDS = {
    "name": ("Naam", "Name"),
    "kvk": ("KvK", "KvK"),
    "helix": ("Soort", "Kind"),
    "sector": ("Sector", "Sector"),
    "contribution": ("Bijdrage", "Contribution"),
    "contact": ("Contact", "Contact"),
    "email": ("E-mail", "E-mail"),
}


def copy_of(form: Form, answers: Mapping[str, Any], language: str) -> tuple[Answers, ...]:
    """Everything that was asked and answered, section by section; files are listed apart."""
    sections: dict[str, list[Answer]] = {}
    for section, field in asked(form, answers):
        if field.kind != FieldKind.FILE:
            said = _one(field, answers.get(field.key), language)
            sections.setdefault(section.label.in_language(language), []).append(said)
    return tuple(Answers(label, tuple(said)) for label, said in sections.items())


def _one(field: Field, value: Any, language: str) -> Answer:
    label = field.label.in_language(language)
    if field.kind == FieldKind.PARTNERS and value:
        head = tuple(PARTNER_WORDS[key][language.startswith("en")] for key in PARTNER_KEYS)
        return Answer(label, head=head, rows=tuple(_partner(row, language) for row in value))
    if field.kind == FieldKind.TABLE and value:
        columns = columns_of(field, value, 0)
        head = tuple(column.label.in_language(language) for column in columns)
        rows = (tuple(_cell(column, row.get(column.key), language) for column in columns) for row in value)
        return Answer(label, head=head, rows=tuple(rows))
    return Answer(label, value=in_words(field, value, language))


def _cell(column: Column, value: Any, language: str) -> str:
    text = str(value or "")
    if column.options:
        return next((each.label.in_language(language) for each in column.options if each.value == text), text)
    if column.kind in {FieldKind.DATE, FieldKind.YES_NO}:
        return cell_in_words(column.kind, (), text, language)
    return _figure(column.kind, text, language) if text else ""


def _figure(kind: str, text: str, language: str) -> str:
    """A figure as it is written in that language; what is none stays as it is."""
    try:
        if kind == FieldKind.MONEY:
            return words.money(Decimal(text), language)
        return words.number(Decimal(text), language) if kind == FieldKind.NUMBER else text
    except InvalidOperation:
        return text


def _partner(row: Mapping[str, Any], language: str) -> tuple[str, ...]:
    cells = []
    for key in PARTNER_KEYS:
        text = str(row.get(key) or "")
        if key in {"helix", "sector"} and text in {*HELIX_VALUES, *SECTOR_VALUES}:
            text = part_label(text).in_language(language)
        cells.append(_figure(FieldKind.MONEY, text, language) if key == "contribution" else text)
    return tuple(cells)
