"""What an export is made of: columns with a type, and tables that name their columns and yield their rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from reports.exports.closed import Closed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.utils.functional import Promise

    Rows = Callable[["Scope"], Iterator[tuple[Any, ...]]]


class Type(StrEnum):
    """What stands in a column."""

    TEXT = "text"
    COUNT = "count"
    SCORE = "score"
    MONEY = "money"
    DAY = "day"
    MOMENT = "moment"
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head and meaning for a reader, its type, and whether the sheet adds it up."""

    head: str | Promise
    says: str | Promise
    type: Type = Type.TEXT
    width: int = 18
    total: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """Which part of the house's records: one call, one year, both, or all; without what an interest closes to who asks."""

    call: str = ""
    year: int | None = None
    closed: Closed = field(default_factory=Closed)

    def q(self, path: str) -> Q:
        """The filter, where ``path`` leads from a row to its call: ``call__``, ``application__call__``."""
        found = Q()
        if self.call:
            found &= Q(**{f"{path}reference": self.call})
        if self.year is not None:
            found &= Q(**{f"{path}year": self.year})
        return found

    def open(self, path: str) -> Q:
        """The filter that leaves out closed dossiers, where ``path`` leads from a row to its dossier: ``pk``, ``application``."""
        return ~Q(**{f"{path}__in": self.closed.cases}) if self.closed.cases else Q()


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet or file: its key, its name, its columns, and its rows in the order of the columns."""

    key: str
    name: str | Promise
    columns: tuple[Column, ...]
    rows: Rows
    size: Callable[[Scope], int]


def batches(query: QuerySet[Any, Any]) -> Iterator[Any]:
    """The rows of a query, in batches: a year of a large fund does not fit in memory at once."""
    return query.iterator(chunk_size=1000)
