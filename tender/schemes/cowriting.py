"""What two who write in the same answers made of them: what each changed is kept, and where both changed the same, that is said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tender.canonical import digest
from tender.schemes.balancing import rows_in
from tender.schemes.rows import HAS_ROWS, marks, merge

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tender.schemes.definition import Field, Form
    from tender.schemes.rows import Merged

MARK = 12
"""Hex digits of a mark: enough to notice a change, short enough for a page."""
CHANGED = "changed"


class RowMarks(dict[str, list[str]]):
    """What a page showed of rows: the marks of the cells, by the name of the row."""


def mark(value: Any) -> str:
    """A short mark of an answer."""
    return digest(value)[:MARK] if value not in (None, "", []) else ""


@dataclass(slots=True)
class Joined:
    """``kept``: what to store; ``theirs``: what the other wrote in questions where both wrote; ``rows``: of rows, cell by cell."""

    kept: dict[str, Any] = field(default_factory=dict)
    theirs: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, Merged] = field(default_factory=dict)


def join(form: Form, stored: Mapping[str, Any], cleaned: Mapping[str, Any], seen: Mapping[str, Any] | None) -> Joined:
    """What is stored together with what was typed (``cleaned``) on a page that showed ``seen``.

    A question that only the other changed stays as it is; one that the page did not speak of is taken as typed.
    """
    joined = Joined()
    for key, mine in cleaned.items():
        theirs = stored.get(key)
        if seen is None or key not in seen:
            joined.kept[key] = mine
        elif form.field(key).kind in HAS_ROWS:
            _rows(joined, form.field(key), theirs, mine, seen[key])
        elif theirs in (seen[key], mine):
            joined.kept[key] = mine
        elif not _untouched(mine, seen[key]):
            joined.theirs[key] = theirs
    return joined


def _untouched(mine: Any, was: Any) -> bool:
    """Whether what was typed is what the page showed."""
    return mark(mine) == was[CHANGED] if isinstance(was, dict) and CHANGED in was else bool(mine == was)


def _rows(joined: Joined, asked: Field, theirs: Any, mine: Any, was: Any) -> None:
    seen = was if isinstance(was, RowMarks) else marks(asked, rows_in(was))
    merged = merge(asked, rows_in(theirs), rows_in(mine), seen)
    if merged.met:
        joined.theirs[asked.key], joined.rows[asked.key] = theirs, merged
    else:
        joined.kept[asked.key] = merged.rows or None
