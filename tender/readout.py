"""Answers for a reader: a form filled in, section by section, question by question, in the language of the moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tender.forms.rows import PARTNER_HEADS
from tender.schemes.answers import asked
from tender.schemes.balancing import column_totals, columns_of, rows_in, total
from tender.schemes.cleaning import clean
from tender.schemes.definition import FieldKind
from tender.schemes.figures import AnswerFault
from tender.schemes.partners import part_label
from tender.schemes.wording import cell_in_words, in_words
from tender.templatetags.drietrap import euro

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tender.schemes.definition import Column, Field, Form

    Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One question with its answer: in words, in rows, or as files (``document``, ``name``, ``size``)."""

    key: str
    label: str
    kind: str
    text: str = ""
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    foot: tuple[str, ...] = ()
    """What the columns of a table over years add up to."""
    files: tuple[Mapping[str, Any], ...] = ()
    error: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing was answered."""
        return not (self.text or self.rows or self.files)


@dataclass(frozen=True, slots=True)
class Block:
    """One section with its lines."""

    key: str
    label: str
    lines: list[Line] = field(default_factory=list)


def readout(
    form: Form,
    answers: Answers,
    *,
    files: Iterable[Mapping[str, Any]] = (),
    blind: bool = False,
    judging: bool = False,
    errors: Mapping[str, str] | None = None,
) -> list[Block]:
    """What was answered, for a reader. ``blind`` leaves out what tells who applied, ``judging`` what nobody needs to judge by: the
    account number; ``errors``: what is wrong, by question.
    """
    given: list[Mapping[str, Any]] = list(files)
    if blind:
        given = [{**each, "name": neutral_name(each["document"], each["name"])} for each in files]
    blocks = {section.key: Block(section.key, str(section.label)) for section in form.sections}
    for section, question in asked(form, answers):
        if (blind and question.identifying) or (judging and question.kind == FieldKind.IBAN):
            continue
        error = (errors or {}).get(question.key, "")
        blocks[section.key].lines.append(_line(question, answers.get(question.key), given, error))
    return [block for block in blocks.values() if block.lines]


def neutral_name(document: int, name: str) -> str:
    """What a file is called where a stage is judged blind: its number and its kind, for a name may tell who applied."""
    return f"bijlage-{document}.{name.rpartition('.')[2]}"


def _line(question: Field, answer: Any, files: list[Mapping[str, Any]], error: str) -> Line:
    said: dict[str, Any] = {"key": question.key, "label": str(question.label), "kind": question.kind.value, "error": error}
    if question.kind == FieldKind.FILE:
        return Line(**said, files=tuple(each for each in files if each["field"] == question.key))
    if question.kind in {FieldKind.TABLE, FieldKind.PARTNERS}:
        heads, rows = _rows(question, answer)
        return Line(**said, heads=heads, rows=rows, foot=_foot(question, answer))
    return Line(**said, text=in_words(question, answer, get_language() or "nl"))


def _rows(question: Field, answer: Any) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    try:
        rows = clean(question, answer) or []
    except AnswerFault:
        rows = [row for row in answer if isinstance(row, dict)] if isinstance(answer, list) else []
    if question.kind == FieldKind.PARTNERS:
        return tuple(str(head.label) for head in PARTNER_HEADS), tuple(_partner(row) for row in rows)
    columns = columns_of(question, rows, 0)
    heads = tuple(str(column.label) for column in columns)
    lines = tuple(tuple(_cell(column, row.get(column.key)) for column in columns) for row in rows)
    if not question.years or not rows:
        return heads, lines
    whole = (euro(total(question, [row])) for row in rows)
    return (*heads, _("Together")), tuple((*line, each) for line, each in zip(lines, whole, strict=True))


def _foot(question: Field, answer: Any) -> tuple[str, ...]:
    rows = rows_in(answer) if question.years else []
    below = column_totals(question, rows)
    named = (euro(below[column.key]) if column.key in below else "" for column in columns_of(question, rows, 0)[1:])
    return (_("Together"), *named, euro(total(question, rows))) if rows else ()


def _partner(row: Mapping[str, Any]) -> tuple[str, ...]:
    def part(value: Any) -> str:
        try:
            return str(part_label(str(value)))
        except KeyError:
            return ""

    shown = {**row, **{name: part(row.get(name)) for name in ("helix", "sector")}, "contribution": euro(row.get("contribution"))}
    return tuple(str(shown.get(head.key) or "") for head in PARTNER_HEADS)


def _cell(column: Column, value: Any) -> str:
    if column.kind == FieldKind.MONEY:
        return euro(value) if value not in (None, "") else ""
    if column.kind in {FieldKind.CHOICE, FieldKind.DATE, FieldKind.YES_NO}:
        return cell_in_words(column.kind, column.options, value, get_language() or "nl")
    return str(value or "")
