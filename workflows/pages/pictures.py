"""Pictures of figures along one axis, in units of an SVG that our content policy lets through: a line with dots and a mark per row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from workflows.pages.officer_heat import short

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

LEFT, WIDE, ROW, TOP = 150, 400, 26, 30
"""Room for the names, the axis, one row, and the figures along the axis."""
BESIDE = 24
"""Room right of the axis, for half a dot and half a figure."""


class Series(NamedTuple):
    """The figures of one row: from where to where its line runs, its dots, and what is marked across it."""

    low: float
    high: float
    dots: tuple[float, ...] = ()
    mark: float | Decimal | None = None

    @classmethod
    def of(cls, dots: Sequence[float], *, mark: float | Decimal | None = None) -> Series | None:
        """A line from the lowest to the highest dot; None for no dots."""
        return cls(min(dots), max(dots), tuple(dots), mark) if dots else None


@dataclass(frozen=True, slots=True)
class Strip:
    """One row, drawn."""

    name: str
    y: int
    low: str = ""
    high: str = ""
    dots: tuple[str, ...] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Strips:
    """The picture: its rows, the figures along its axis, its size."""

    rows: list[Strip]
    ticks: list[tuple[str, int]]
    width: int
    height: int


def strips(rows: Iterable[tuple[str, Series | None]], ends: tuple[int, int], *, step: int) -> Strips:
    """The rows along an axis from one end to the other, with a figure at each ``step``."""
    drawn = [strip(name, TOP + ROW * number, series, ends) for number, (name, series) in enumerate(rows)]
    ticks = [(place(value, ends), value) for value in range(ends[0], ends[1] + 1, step)]
    return Strips(drawn, ticks, LEFT + WIDE + BESIDE, TOP + ROW * len(drawn))


def strip(name: str, y: int, series: Series | None, ends: tuple[int, int]) -> Strip:
    """One row; with its name alone where there are no figures."""
    if series is None:
        return Strip(short(name), y)
    dots = tuple(place(dot, ends) for dot in series.dots)
    mark = "" if series.mark is None else place(series.mark, ends)
    return Strip(short(name), y, place(series.low, ends), place(series.high, ends), dots, mark)


def place(value: float | Decimal, ends: tuple[int, int]) -> str:
    """Where a figure lies along the axis."""
    low, high = ends
    return f"{LEFT + WIDE * (float(value) - low) / (high - low):.1f}"
