"""The rows of a table or of partners, as a page asks them: cells with a name, a label and what was typed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tender.schemes.definition import Field, FieldKind
from tender.schemes.partners import HELIX, SECTORS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import Promise

    from tender.schemes.definition import Option, Text

PLACE = "__prefix__"
"""Stands for the number of a row in the empty row that the script copies."""


INPUT_MODES = {FieldKind.MONEY: "decimal", FieldKind.NUMBER: "decimal", FieldKind.KVK: "numeric"}


@dataclass(frozen=True, slots=True)
class Head:
    """One column: its key, what it takes, its label, and its choices."""

    key: str
    kind: FieldKind
    label: Text | Promise
    options: tuple[Option, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One input: under which head, by which name, with what in it."""

    head: Head
    name: str
    value: str
    wrong: bool = False

    @property
    def sums(self) -> bool:
        """Whether this cell holds money."""
        return self.head.kind == FieldKind.MONEY

    @property
    def input_mode(self) -> str:
        """Which keyboard a phone offers; empty for the usual one."""
        return "email" if self.head.key == "email" else INPUT_MODES.get(self.head.kind, "")


PARTNER_HEADS = (
    Head("name", FieldKind.SHORT_TEXT, _("Name of the organisation")),
    Head("kvk", FieldKind.KVK, _("KvK number"), optional=True),
    Head("helix", FieldKind.CHOICE, _("Kind of organisation"), HELIX),
    Head("sector", FieldKind.CHOICE, _("Comes from"), SECTORS),
    Head("contribution", FieldKind.MONEY, _("Contribution in euros")),
    Head("contact", FieldKind.SHORT_TEXT, _("Contact person")),
    Head("email", FieldKind.SHORT_TEXT, _("E-mail address")),
)


def heads_of(field: Field) -> tuple[Head, ...]:
    """The columns of a field with rows."""
    if field.kind == FieldKind.PARTNERS:
        return PARTNER_HEADS
    return tuple(Head(column.key, column.kind, column.label, column.options) for column in field.columns)


def figure(value: Any, *, money: bool = False) -> str:
    """A number as somebody would type it in the language of the page; what is no number stays as it was typed."""
    text = "" if value is None else str(value)
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite():
        return text
    shown = format(number, "f").removesuffix(".00") if money else text
    return shown if (get_language() or "nl").startswith("en") else shown.replace(".", ",")


def cells(field: Field, name: str, place: int | str, row: Mapping[str, Any]) -> list[Cell]:
    """One row of inputs."""
    return [Cell(head, f"{name}-{place}-{head.key}", shown_cell(head, row.get(head.key))) for head in heads_of(field)]


def shown_cell(head: Head, value: Any) -> str:
    """What stands in a cell."""
    if head.kind in {FieldKind.MONEY, FieldKind.NUMBER}:
        return figure(value, money=head.kind == FieldKind.MONEY)
    return "" if value is None else str(value)


def rows_of(field: Field, name: str, typed: Any, *, wrong: tuple[int, str] | None = None, spare: int = 1) -> list[list[Cell]]:
    """The rows that were typed and ``spare`` empty ones, at least as many as are asked, at most as many as may be."""
    given = [row for row in typed if isinstance(row, dict)] if isinstance(typed, list) else []
    many = min(max(len(given) + spare, field.min_rows, 1), max(field.max_rows, len(given)))
    padded = [*given, *({} for _place in range(many - len(given)))]
    rows = [cells(field, name, place, row) for place, row in enumerate(padded)]
    if wrong is not None:
        place, key = wrong
        rows[place] = [replace(cell, wrong=cell.head.key == key) for cell in rows[place]]
    return rows
