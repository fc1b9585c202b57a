"""Rows that are written in a draft: each keeps a name of its own, so that two who write in one table meet only in the same cell.

The name (`ROW`) is of the draft alone: `clean` leaves it out, so what is handed in, and its hash, do not have it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tender.canonical import digest
from tender.schemes.cleaning import UNSTORABLE, filled, members_of
from tender.schemes.definition import Field, FieldKind
from tender.schemes.figures import AnswerFault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Rows = Sequence[Mapping[str, Any]]
    Seen = Mapping[str, Sequence[str]]

HAS_ROWS = frozenset({FieldKind.TABLE, FieldKind.PARTNERS})
ROW = "_row"
NAME = re.compile(r"[A-Za-z0-9-]{1,24}")
CELL_MARK = 8
"""Hex digits of the mark of a cell."""


def storable(raw: object, depth: int = 4) -> Any:
    """``raw`` as typed, but such that a JSON column of any database can hold it."""
    if isinstance(raw, str):
        return UNSTORABLE.sub("\ufffd", raw)
    if raw is None or isinstance(raw, bool | int):
        return raw
    if isinstance(raw, list | tuple) and depth:
        return [storable(item, depth - 1) for item in raw]
    if isinstance(raw, dict) and depth:
        return {str(storable(str(key))): storable(item, depth - 1) for key, item in raw.items()}
    return str(raw)


def as_rows(raw: object) -> list[dict[str, Any]] | None:
    """``raw`` as rows; None where it is none."""
    if isinstance(raw, list | tuple) and all(isinstance(row, dict) for row in raw):
        return list(raw)
    return None


def kept_rows(asked: Field, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a draft keeps of rows: every cell clean where it is right, and as typed where it is not, with the names of the rows."""
    return [_kept(asked, row) for row in filled(asked, rows)]


def _kept(asked: Field, row: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = storable(row)
    right = 0
    members = members_of(asked)
    for name, cleaner in members:
        try:
            kept[name] = cleaner(row.get(name))
        except AnswerFault:
            continue
        right += 1
    if right == len(members):
        kept = {name: kept[name] for name, _cleaner in members}
    if (named := name_in(row)) is not None:
        kept[ROW] = named
    return kept


def name_in(row: Mapping[str, Any]) -> str | None:
    """The name that a row bears; None where it bears no good one."""
    found = row.get(ROW)
    return found if isinstance(found, str) and NAME.fullmatch(found) else None


def unnamed(answer: Any) -> Any:
    """An answer as it reads: without the names of its rows."""
    if not isinstance(answer, list):
        return answer
    return [{key: said for key, said in row.items() if key != ROW} if isinstance(row, dict) else row for row in answer]


def name_of(row: Mapping[str, Any], place: int) -> str:
    """What a row is called: by its own name, else by its place."""
    return name_in(row) or f"r{place}"


def named(rows: Rows) -> dict[str, dict[str, Any]]:
    """Rows by their names; where two bear the same, the later one gets its place with it."""
    found: dict[str, dict[str, Any]] = {}
    for place, row in enumerate(rows):
        name = name_of(row, place)
        name = f"{name}-{place}"[-24:] if name in found else name
        found[name] = {**row, ROW: name}
    return found


def cell_mark(value: Any) -> str:
    """A short mark of what stands in a cell."""
    return digest(value)[:CELL_MARK] if value not in (None, "", []) else ""


def marks(asked: Field, rows: Rows) -> dict[str, list[str]]:
    """The marks of every cell, by the name of its row."""
    members = [name for name, _cleaner in members_of(asked)]
    return {name: [cell_mark(row.get(member)) for member in members] for name, row in named(rows).items()}


@dataclass(slots=True)
class Merged:
    """What two writers made of the same rows: ``rows`` with the changes of both, and where they met.

    ``cells``: by row and cell, what the other wrote where this writer wrote something else; ``gone``: rows that the other took away
    and this writer changed; ``back``: rows that this writer took away and the other changed.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    cells: dict[str, dict[str, Any]] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    back: list[str] = field(default_factory=list)

    @property
    def met(self) -> bool:
        """Whether the two wrote in the same place."""
        return bool(self.cells or self.gone or self.back)


def merge(asked: Field, stored: Rows, typed: Rows, seen: Seen) -> Merged:
    """The rows that are stored with what was typed on a page that showed ``seen``: the marks of its cells, by row."""
    now, mine, merged = named(stored), named(typed), Merged()
    members = [name for name, _cleaner in members_of(asked)]
    for name, row in now.items():
        if name in mine:
            merged.rows.append(_row(merged, members, row, mine[name], seen.get(name)))
        else:
            _lone(merged, members, row, seen.get(name), merged.back)
    for name, row in mine.items():
        if name not in now:
            _lone(merged, members, row, seen.get(name), merged.gone)
    return merged


def _lone(merged: Merged, members: list[str], row: dict[str, Any], seen: Sequence[str] | None, met: list[str]) -> None:
    """A row of one of both: new, where the page did not show it; else the other took it away, which stands unless it was written in since."""
    changed = seen is not None and [cell_mark(row.get(member)) for member in members] != list(seen)
    if seen is None or changed:
        merged.rows.append(row)
    if changed:
        met.append(row[ROW])


def _row(merged: Merged, members: list[str], theirs: dict[str, Any], mine: dict[str, Any], seen: Sequence[str] | None) -> dict[str, Any]:
    """One row of both: of each cell what was changed; where both changed it, mine, and it is noted what theirs is."""
    row = dict(mine)
    for place, member in enumerate(members):
        their, my = cell_mark(theirs.get(member)), cell_mark(mine.get(member))
        was = seen[place] if seen is not None and place < len(seen) else None
        if their == my:
            continue
        if my == was:
            row[member] = theirs.get(member)
        elif their != was:
            merged.cells.setdefault(row[ROW], {})[member] = theirs.get(member)
    return row
