"""Which exports there are, in which formats, and how one is written to a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.exports.register import REGISTER
from reports.exports.tables import TABLES
from reports.exports.writing import write_csv, write_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reports.exports.columns import Scope, Table

WORKBOOK = "workbook"
KINDS: dict[str, tuple[str, ...]] = {
    WORKBOOK: tuple(TABLES),
    "applications": ("applications",),
    "scores": ("scores",),
    "decisions": ("decisions",),
    "ledger": ("ledger",),
    "aid": ("aid",),
    REGISTER.key: (REGISTER.key,),
}
"""Per kind, its tables."""
KNOWN = {**TABLES, REGISTER.key: REGISTER}
"""Those of the workbook, and what is published."""
FORMATS = ("xlsx", "csv")
LATER = {"audit"}
LATER_FORMATS = {"360giving", "ocds"}


class NotAvailable(Exception):
    """A kind or format of export that there is not (yet)."""


def tables_of(kind: str, form: str) -> list[Table]:
    """The tables of a kind in a format; `NotAvailable`, with what there is, for any other."""
    there_is = f"There is: {', '.join(sorted(KINDS))}, as {' or '.join(FORMATS)} (workbook: only xlsx)."
    if kind in LATER or form in LATER_FORMATS:
        raise NotAvailable(f"“{kind}” as {form} is not available yet. {there_is}")
    if kind not in KINDS or form not in FORMATS or (kind == WORKBOOK and form != "xlsx"):
        raise NotAvailable(f"There is no “{kind}” as {form}. {there_is}")
    return [KNOWN[key] for key in KINDS[kind]]


def write(kind: str, form: str, scope: Scope, path: Path, tick: Callable[[int], None] = lambda _rows: None) -> int:
    """Write an export to ``path``; returns its number of rows. `NotAvailable` where there is none."""
    tables = tables_of(kind, form)
    if form == "csv":
        with path.open("w", encoding="utf-8-sig", newline="") as text:
            return write_csv(tables[0], scope, text, tick)
    with path.open("wb") as out:
        return write_xlsx(tables, scope, out, tick)


def size_of(kind: str, form: str, scope: Scope) -> int:
    """How many rows an export will have, for its progress."""
    return sum(table.size(scope) for table in tables_of(kind, form))
