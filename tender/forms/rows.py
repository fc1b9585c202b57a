"""The rows of a table or of partners, as a page asks them: cells with a name, a label and what was typed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from tender.schemes.balancing import column_totals, columns_of
from tender.schemes.definition import Field, FieldKind, Option, Text
from tender.schemes.partners import HELIX, SECTORS
from tender.schemes.rows import name_of
from tender.schemes.wording import cell_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from django.utils.functional import Promise

    from tender.schemes.rows import Merged

PLACE = "__prefix__"
"""Stands for the number of a row in the empty row that the script copies."""


NAMED = "ROW"
"""The last part of the name of the input that says which row this is."""
YES_NO = (Option("yes", Text("Ja", "Yes")), Option("no", Text("Nee", "No")))
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INPUT_MODES = {FieldKind.MONEY: "decimal", FieldKind.NUMBER: "decimal", FieldKind.KVK: "numeric"}


def words_at_most(most: int | None) -> str:
    """A limit in words, in words."""
    return ngettext("At most %(most)d word", "At most %(most)d words", most) % {"most": most} if most else ""


@dataclass(frozen=True, slots=True)
class Head:
    """One column: its key, what it takes, its label, and its choices."""

    key: str
    kind: FieldKind
    label: Text | Promise
    options: tuple[Option, ...] = ()
    optional: bool = False
    help: Text | str = ""
    max_words: int | None = None
    year: bool = False
    total: Decimal | None = None
    """What the column adds up to; None where it is not added up."""

    @property
    def words(self) -> str:
        """The limit in words, in words."""
        return words_at_most(self.max_words)


@dataclass(frozen=True, slots=True)
class Cell:
    """One input: under which head, by which name, with what in it; ``theirs``: what somebody else wrote there meanwhile."""

    head: Head
    name: str
    value: str
    wrong: bool = False
    theirs: str = ""

    @property
    def as_day(self) -> bool:
        """Whether a calendar can show what stands in it."""
        return self.head.kind == FieldKind.DATE and (not self.value or DAY.fullmatch(self.value) is not None)

    @property
    def sums(self) -> bool:
        """Whether this cell holds money."""
        return self.head.kind == FieldKind.MONEY

    @property
    def input_mode(self) -> str:
        """Which keyboard a phone offers; empty for the usual one."""
        return "email" if self.head.key == "email" else INPUT_MODES.get(self.head.kind, "")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of inputs: ``name`` is its own, whatever its place; ``sum``: of its years; ``note``: what became of it meanwhile."""

    cells: list[Cell]
    name: str
    sum: Decimal | None = None
    note: str | Promise = ""

    def __iter__(self) -> Iterator[Cell]:
        return iter(self.cells)


PARTNER_HEADS = (
    Head("name", FieldKind.SHORT_TEXT, _("Name of the organisation")),
    Head("kvk", FieldKind.KVK, _("KvK number"), optional=True),
    Head("helix", FieldKind.CHOICE, _("Kind of organisation"), HELIX),
    Head("sector", FieldKind.CHOICE, _("Comes from"), SECTORS),
    Head("contribution", FieldKind.MONEY, _("Contribution in euros")),
    Head("contact", FieldKind.SHORT_TEXT, _("Contact person")),
    Head("email", FieldKind.SHORT_TEXT, _("E-mail address")),
)


def heads_of(field: Field, rows: Sequence[Mapping[str, Any]] = (), lasts: int | None = None) -> tuple[Head, ...]:
    """The columns of a field with these rows; of a table over years those in which the work lasts."""
    totals = column_totals(field, rows)
    if field.kind == FieldKind.PARTNERS:
        return PARTNER_HEADS
    years = {column.key for column in field.year_columns}
    return tuple(
        Head(
            column.key, column.kind, column.label, YES_NO if column.kind == FieldKind.YES_NO else column.options,
            optional=not column.required and column.key not in years, help=column.help or "", max_words=column.max_words,
            year=column.key in years, total=totals.get(column.key),
        )
        for column in columns_of(field, rows, lasts)
    )  # fmt: skip


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


def row_of(field: Field, heads: Sequence[Head], name: str, place: int | str, row: Mapping[str, Any], called: str) -> Row:
    """One row of inputs."""
    cells = [Cell(head, f"{name}-{place}-{head.key}", shown_cell(head, row.get(head.key))) for head in heads]
    years = sum(column_totals(field, [row]).values(), Decimal(0)) if field.years else None
    return Row(cells, called, sum=years)


def shown_cell(head: Head, value: Any) -> str:
    """What stands in a cell."""
    if head.kind in {FieldKind.MONEY, FieldKind.NUMBER}:
        return figure(value, money=head.kind == FieldKind.MONEY)
    return "" if value is None else str(value)


def rows_of(
    field: Field, heads: Sequence[Head], name: str, given: Sequence[Mapping[str, Any]], *, wrong: tuple[int, str] | None = None,
    met: Merged | None = None,
) -> list[Row]:  # fmt: skip
    """The rows that were typed and an empty one, at least as many as are asked, at most as many as may be."""
    many = min(max(len(given) + 1, field.min_rows, 1), max(field.max_rows, len(given)))
    rows = [row_of(field, heads, name, place, row, name_of(row, place)) for place, row in enumerate(given)]
    rows += [row_of(field, heads, name, place, {}, token_hex(4)) for place in range(len(given), many)]
    if wrong is not None:
        place, key = wrong
        rows[place] = replace(rows[place], cells=[replace(cell, wrong=cell.head.key == key) for cell in rows[place]])
    return [_met(row, met) for row in rows] if met is not None else rows


def _met(row: Row, met: Merged) -> Row:
    """A row with what somebody else made of it meanwhile."""
    theirs = met.cells.get(row.name, {})
    cells = [replace(cell, theirs=_said(cell.head, theirs[cell.head.key])) if cell.head.key in theirs else cell for cell in row]
    note: str | Promise = ""
    if row.name in met.gone:
        note = _("Somebody else took this row away while you wrote in it. Save to keep it.")
    elif row.name in met.back:
        note = _("You took this row away, and somebody else wrote in it meanwhile. Save to keep it, or take it away again.")
    return replace(row, cells=cells, note=note)


def _said(head: Head, value: Any) -> str:
    return cell_in_words(head.kind, head.options, value, get_language() or "nl") or str(_("(nothing)"))
