"""Tables as a workbook or as CSV: real types, and no text of an applicant is ever a formula."""

from __future__ import annotations

import csv
import re
from datetime import date, datetime
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from reports.exports.columns import Type
from tender.calendar import AMSTERDAM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from openpyxl.cell import Cell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    from reports.exports.columns import Column, Scope, Table

    Tick = Callable[[int], None]

FORMULA: Final = re.compile(r"^[\s\u00a0\u200b\ufeff]*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")
"""How a text begins that a spreadsheet may run: also behind white space, and full-width as some read them."""
MOST_CHARACTERS: Final = 32_767
FORMATS: Final[dict[str, str]] = {
    Type.MONEY: '"€" #,##0.00;[Red]-"€" #,##0.00',
    Type.SCORE: "0.00",
    Type.COUNT: "0",
    Type.DAY: "yyyy-mm-dd",
    Type.MOMENT: "yyyy-mm-dd hh:mm",
}
HEAD: Final = {"font": Font(bold=True, color="FFFFFF"), "fill": PatternFill("solid", fgColor="0B4F6C")}


def typed(value: Any, kind: str) -> Any:
    """``value`` as a spreadsheet knows it: numbers, days, and instants as the clocks say in Amsterdam."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.astimezone(AMSTERDAM).replace(tzinfo=None, microsecond=0)
    if kind == Type.YES_NO:
        return _("yes") if value else _("no")
    if kind == Type.TEXT:
        return ILLEGAL_CHARACTERS_RE.sub("\ufffd", str(value))[:MOST_CHARACTERS]
    return value


def cell(sheet: WriteOnlyWorksheet, value: Any, kind: str) -> Cell:
    """One cell: of its type, in its format, and never a formula."""
    made = WriteOnlyCell(sheet, value=typed(value, kind))
    if isinstance(made.value, str):
        made.data_type = "s"
        made.quotePrefix = bool(FORMULA.match(made.value))
    if kind in FORMATS:
        made.number_format = FORMATS[kind]
    return made


def head(sheet: WriteOnlyWorksheet, columns: Iterable[Column]) -> list[Cell]:
    """The first row, styled."""
    cells = []
    for column in columns:
        made = WriteOnlyCell(sheet, value=str(column.head))
        made.font, made.fill, made.alignment = HEAD["font"], HEAD["fill"], Alignment(wrap_text=True, vertical="top")
        cells.append(made)
    return cells


def totals(sheet: WriteOnlyWorksheet, columns: Sequence[Column], rows: int) -> list[Cell]:
    """The last row: sums as formulas, so that they follow what a reader changes."""
    cells = []
    for number, column in enumerate(columns, start=1):
        letter = get_column_letter(number)
        says = f"=SUM({letter}2:{letter}{rows + 1})" if column.total else None
        made = WriteOnlyCell(sheet, value=says or (_("Total") if number == 1 else None))
        made.font = Font(bold=True)
        if column.total:
            made.number_format = FORMATS[column.type]
        cells.append(made)
    return cells


def add_sheet(book: Workbook, table: Table, scope: Scope, tick: Tick) -> int:
    """One table as one sheet: frozen head, filter, widths, rows, totals. Returns its number of rows."""
    sheet = book.create_sheet(str(table.name))
    sheet.freeze_panes = "B2"
    for number, column in enumerate(table.columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.append(head(sheet, table.columns))
    count = 0
    for row in table.rows(scope):
        sheet.append([cell(sheet, value, column.type) for value, column in zip(row, table.columns, strict=True)])
        count += 1
        tick(1)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{count + 1}"
    if count and any(column.total for column in table.columns):
        sheet.append(totals(sheet, table.columns, count))
    return count


def add_definitions(book: Workbook, tables: Iterable[Table]) -> None:
    """What every column means."""
    sheet = book.create_sheet(_("Definitions"))
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABC", (18, 22, 90), strict=True):
        sheet.column_dimensions[letter].width = width
    rows = [(str(table.name), str(column.head), str(column.says)) for table in tables for column in table.columns]
    top = [WriteOnlyCell(sheet, value=text) for text in (_("Sheet"), _("Column"), _("Meaning"))]
    for made in top:
        made.font, made.fill = HEAD["font"], HEAD["fill"]
    sheet.append(top)
    for row in rows:
        sheet.append([cell(sheet, text, Type.TEXT) for text in row])
    sheet.auto_filter.ref = f"A1:C{len(rows) + 1}"


def write_xlsx(tables: Sequence[Table], scope: Scope, out: IO[bytes], tick: Tick = lambda _rows: None) -> int:
    """The tables as one workbook, with their definitions; returns the number of rows."""
    book = Workbook(write_only=True)
    book.properties.creator = book.properties.lastModifiedBy = "Drietrap"
    rows = sum(add_sheet(book, table, scope, tick) for table in tables)
    add_definitions(book, tables)
    book.save(out)
    return rows


def plain(value: Any, kind: str) -> str:
    """``value`` in a CSV file: days and instants in ISO, figures with a point, and a text that looks like a formula
    behind an apostrophe.
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(AMSTERDAM).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool) or kind == Type.YES_NO:
        return _("yes") if value else _("no")
    if isinstance(value, (Decimal, int)):
        return str(value)
    text = str(value).replace("\0", "\ufffd")
    return f"'{text}" if FORMULA.match(text) else text


def write_csv(table: Table, scope: Scope, out: IO[str], tick: Tick = lambda _rows: None) -> int:
    """One table as CSV; returns its number of rows."""
    writer = csv.writer(out)
    writer.writerow([str(column.head) for column in table.columns])
    count = 0
    for row in table.rows(scope):
        writer.writerow([plain(value, column.type) for value, column in zip(row, table.columns, strict=True)])
        count += 1
        tick(1)
    return count
