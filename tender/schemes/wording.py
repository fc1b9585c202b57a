"""An answer as a reader sees it: choices by their label, money and days as they are written in that language."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import override

from tender.schemes.balancing import columns_of
from tender.schemes.cleaning import clean
from tender.schemes.definition import Field, FieldKind, Text
from tender.schemes.figures import AnswerFault, in_euros
from tender.schemes.partners import part_label

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tender.schemes.definition import Option

YES_NO = {"nl": {"yes": "ja", "no": "nee"}, "en": {"yes": "yes", "no": "no"}}
GROUP = 4


def in_words(field: Field, value: Any, language: str) -> str:
    """``value``, kept or as typed, for a reader of ``language``; empty where there is none.

    What is not a good answer is shown as it was typed. The rows of a table or of partners become one line each.
    """
    try:
        kept = clean(field, value)
    except AnswerFault:
        return value if isinstance(value, str) else ""
    if kept is None:
        return ""
    say = WORDS.get(field.kind)
    return say(field, kept, "en" if language.startswith("en") else "nl") if say else str(kept)


def _labels(options: Sequence[Option], values: Sequence[str], language: str) -> str:
    return ", ".join(option.label.in_language(language) for option in options if option.value in values)


def _day(_field: Field, kept: str, language: str) -> str:
    with override(language):
        return date_format(date.fromisoformat(kept), "j F Y")


def _number(kept: str, language: str) -> str:
    return kept if language == "en" else kept.replace(".", ",")


def _iban(_field: Field, kept: str, _language: str) -> str:
    return " ".join(kept[start : start + GROUP] for start in range(0, len(kept), GROUP))


def cell_in_words(kind: FieldKind, options: Sequence[Option], value: Any, language: str) -> str:
    """What stands in a cell, for a reader of ``language``; what is not right is shown as it was typed."""
    if value in (None, ""):
        return ""
    cell = Field(key="cell", kind=kind, label=Text("", ""), options=tuple(options))
    try:
        kept = clean(cell, value)
    except AnswerFault:
        return str(value)
    say = WORDS.get(kind)
    return say(cell, kept, "en" if language.startswith("en") else "nl") if say else str(kept)


def _table(field: Field, rows: list[dict[str, str]], language: str) -> str:
    def line(row: dict[str, str]) -> str:
        said = [cell_in_words(column.kind, column.options, row[column.key], language) for column in columns_of(field, rows, 0)]
        return " · ".join(each for each in said if each)

    return "\n".join(line(row) for row in rows)


def _partners(_field: Field, rows: list[dict[str, str]], language: str) -> str:
    def line(row: dict[str, str]) -> str:
        parts = ", ".join(part_label(row[name]).in_language(language) for name in ("helix", "sector"))
        return f"{row['name']} ({parts}): {in_euros(Decimal(row['contribution']), language)}"

    return "\n".join(line(row) for row in rows)


WORDS: dict[FieldKind, Callable[[Field, Any, str], str]] = {
    FieldKind.NUMBER: lambda _field, kept, language: _number(kept, language),
    FieldKind.MONEY: lambda _field, kept, language: in_euros(Decimal(kept), language),
    FieldKind.DATE: _day,
    FieldKind.CHOICE: lambda field, kept, language: _labels(field.options, [kept], language),
    FieldKind.MULTI_CHOICE: lambda field, kept, language: _labels(field.options, kept, language),
    FieldKind.YES_NO: lambda _field, kept, language: YES_NO[language][kept],
    FieldKind.IBAN: _iban,
    FieldKind.TABLE: _table,
    FieldKind.PARTNERS: _partners,
}
"""Kinds that a reader sees otherwise than they are kept; any other as it is."""
