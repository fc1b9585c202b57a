"""Heat maps, the higher the darker, with the same figures as a table: of a frozen ranking by criterion, of whatever has rows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from tender.models import Application

if TYPE_CHECKING:
    from scoring.models import Ranking
    from tender.models import User

CELL_WIDTH, CELL_HEIGHT, LEFT, TOP = 112, 26, 132, 58
LEVELS = 5
DARK = 4
"""From this level on the figure on a cell is light."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: where it is, how dark, and what it says (0..100, or nothing)."""

    x: int
    y: int
    level: int
    value: Decimal | None

    @property
    def dark(self) -> bool:
        """Whether the figure must be light."""
        return self.level >= DARK


@dataclass(frozen=True, slots=True)
class Line:
    """One row, of an application or a juror: its name, its place and its cells."""

    reference: str
    y: int
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """The picture, in units of an SVG."""

    columns: list[tuple[int, str]]
    lines: list[Line]
    width: int
    height: int
    steps: list[tuple[int, Decimal, Decimal]]
    """The legend: each level with from where to where it runs."""


def heat_map(ranking: Ranking, user: User) -> HeatMap | None:
    """The heat map of a ranking, of the applications this person may read; None where no rubric was used."""
    rubric = ranking.stage.rules.rubric
    if rubric is None:
        return None
    keys = [criterion.key for criterion in rubric.criteria]
    readable = Application.objects.visible_to(user)
    placings = list(ranking.placings.filter(application__in=readable).select_related("application").order_by("order"))
    rows = [(placing.application.reference, [figure(placing.criteria.get(key)) for key in keys]) for placing in placings]
    return drawn([str(criterion.label) for criterion in rubric.criteria], rows)


def drawn(heads: list[str], rows: list[tuple[str, list[Decimal | None]]]) -> HeatMap | None:
    """Rows of figures, each with its name, under these heads; None where there is no row."""
    found = [value for _name, values in rows for value in values if value is not None]
    low, high = min(found, default=Decimal(0)), max(found, default=Decimal(0))
    columns = [(LEFT + CELL_WIDTH * number, short(head)) for number, head in enumerate(heads)]
    lines = [line(short(name), values, TOP + CELL_HEIGHT * number, low, high) for number, (name, values) in enumerate(rows)]
    width, height = LEFT + CELL_WIDTH * len(heads), TOP + CELL_HEIGHT * len(lines)
    return HeatMap(columns, lines, width, height, legend(low, high)) if lines else None


def legend(low: Decimal, high: Decimal) -> list[tuple[int, Decimal, Decimal]]:
    """What each level stands for."""
    step = (high - low) / LEVELS
    return [(number, low + step * (number - 1), low + step * number) for number in range(1, LEVELS + 1)] if step else []


def line(name: str, values: list[Decimal | None], y: int, low: Decimal, high: Decimal) -> Line:
    """One row with a cell per column."""
    return Line(name, y, [Cell(LEFT + CELL_WIDTH * number, y, level(value, low, high), value) for number, value in enumerate(values)])


def figure(raw: object) -> Decimal | None:
    """A stored mean as a number; None where there is none."""
    try:
        return Decimal(str(raw)) if raw is not None else None
    except InvalidOperation:
        return None


def level(value: Decimal | None, low: Decimal, high: Decimal) -> int:
    """How dark: 0 for nothing, then in equal steps from the lowest to the highest mean of this ranking, lest all look alike."""
    if value is None:
        return 0
    return min(LEVELS, 1 + int((value - low) * LEVELS // (high - low))) if high > low else 1


def short(label: str, most: int = 17) -> str:
    """A label that fits above its column."""
    return label if len(label) <= most else f"{label[: most - 1].rstrip()}…"
