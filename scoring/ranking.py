"""From marks to an order: the registry of methods, the order with its ties, and how sure the order is.

Pure: arrays and frozen records in, frozen records out; no Django, no database, no clock. `scoring.methods` holds the
methods, `scoring.selection` draws the line through the order, `scoring.sheets` makes the material from a rubric and
rows of marks.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from scoring.bootstrap import probability_in_top
from scoring.comparing import by_borda, by_bradley_terry, by_expected_rank, by_schulze, by_severity_adjusted, by_z_score
from scoring.lottery import ticket
from scoring.methods import (
    Material,
    NotRankable,
    Scores,
    by_carried_over,
    by_first_come,
    by_pass_fail,
    by_trimmed_mean,
    by_weighted_mean,
    juror_totals,
    pass_fail,
    weighted_mean,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

__all__ = [
    "METHODS",
    "Material",
    "NotRankable",
    "Ranked",
    "Scores",
    "juror_totals",
    "ordered",
    "pass_fail",
    "probability_in_top",
    "rank",
    "shown",
    "weighted_mean",
]

METHODS: Final[dict[str, Callable[[Material], Scores]]] = {
    "weighted_mean": by_weighted_mean,
    "trimmed_mean": by_trimmed_mean,
    "severity_adjusted": by_severity_adjusted,
    "z_score": by_z_score,
    "borda": by_borda,
    "schulze": by_schulze,
    "bradley_terry": by_bradley_terry,
    "expected_rank": by_expected_rank,
    "pass_fail": by_pass_fail,
    "first_come": by_first_come,
    "carried_over": by_carried_over,
}
"""One function per name of `tender.schemes.definition.Method`; a test holds them equal."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One proposal in the order.

    ``rank`` is decided by the score, then by the tie-break criteria: those still equal share it, and are
    ``tied_with`` each other. ``order`` is the place 1, 2, 3 … after the lottery among them. Both are None where the
    proposal is not rankable; ``missing`` then names the criteria nobody marked. ``total`` and ``criteria`` are exact,
    on the 0..100 scale: `shown` rounds them. ``raw`` is the plain mean of all marks given (0..100), ``spread`` the
    standard deviation over the jurors' own totals (n - 1; None under two sheets), ``sheets`` the number of jurors
    that marked anything. ``merit`` is the method's own score, the higher the better.
    """

    reference: str
    total: Fraction | None
    criteria: Mapping[str, Fraction | None]
    rank: int | None
    order: int | None
    sheets: int
    raw: float | None
    spread: float | None
    passes: int | None = None
    merit: tuple[Fraction, ...] | None = None
    tied_with: tuple[str, ...] = ()
    not_rankable: NotRankable | None = None
    missing: tuple[str, ...] = ()


def shown(value: Fraction | Decimal | None, places: int = 2) -> Decimal | None:
    """``value`` rounded half-even to ``places`` decimals, to be shown: floors, cuts and ties look at the exact one."""
    if value is None:
        return None
    return Decimal(round(Fraction(value) * 10**places)).scaleb(-places)


def rank(material: Material, method: str, *, tie_break: Sequence[str] = (), seed: bytes) -> tuple[Ranked, ...]:
    """The order that ``method`` makes of the material, best first; the not rankable stand last, by reference.

    ``tie_break`` are criterion keys, the first weighing most; the word ``lottery`` may stand last and changes
    nothing, for what the criteria leave equal is always drawn from ``seed`` (`scoring.lottery`). The result depends
    on nothing else: not on the order of the proposals, nor on that of the jurors.
    Errors: ``KeyError`` for a method or a tie-break criterion that does not exist.
    """
    return ordered(material, METHODS[method](material), tie_break=tie_break, seed=seed)


def ordered(material: Material, scores: Scores, *, tie_break: Sequence[str] = (), seed: bytes) -> tuple[Ranked, ...]:
    """As `rank`, of scores that a method has made already."""
    keys = _tie_break_indexes(material, tie_break)
    levels: dict[tuple[Fraction, ...], list[int]] = defaultdict(list)
    for index, merit in enumerate(scores.merit):
        if merit is not None:
            levels[merit + tuple(scores.criteria[index][key] or Fraction() for key in keys)].append(index)
    facts = _Facts(material, scores)
    rows: list[Ranked] = []
    for level in sorted(levels, reverse=True):
        rows += facts.level(levels[level], len(rows) + 1, seed)
    return (*rows, *facts.not_rankable())


class _Facts:
    """What stands beside the score of each proposal."""

    def __init__(self, material: Material, scores: Scores) -> None:
        self.material, self.scores = material, scores
        self.sheets = (~np.isnan(material.marks)).any(axis=2).sum(axis=1)
        self.totals = juror_totals(material)

    def level(self, indexes: Iterable[int], first: int, seed: bytes) -> list[Ranked]:
        """The rows of one level, tied among each other, in the order of the lottery."""
        names = self.material.references
        drawn = sorted(indexes, key=lambda index: ticket(seed, names[index]))
        everyone = tuple(names[index] for index in drawn)
        return [
            self.row(index, (first, first + step), tuple(name for name in everyone if name != names[index]))
            for step, index in enumerate(drawn)
        ]

    def not_rankable(self) -> list[Ranked]:
        """The rows without a place, by reference."""
        out = [index for index, merit in enumerate(self.scores.merit) if merit is None]
        return [self.row(index, (None, None)) for index in sorted(out, key=self.material.references.__getitem__)]

    def row(self, index: int, place: tuple[int | None, int | None], tied_with: tuple[str, ...] = ()) -> Ranked:
        """The row of one proposal."""
        criteria = dict(zip(self.material.criteria, self.scores.criteria[index], strict=True))
        totals = self.totals[index][~np.isnan(self.totals[index])]
        return Ranked(
            reference=self.material.references[index],
            total=self.scores.totals[index],
            criteria=criteria,
            rank=place[0],
            order=place[1],
            sheets=int(self.sheets[index]),
            raw=self._raw(index),
            spread=float(np.std(totals, ddof=1)) if len(totals) > 1 else None,
            passes=self.scores.passes[index],
            merit=self.scores.merit[index],
            tied_with=tied_with,
            not_rankable=self.scores.reasons[index],
            missing=tuple(key for key, value in criteria.items() if value is None),
        )

    def _raw(self, index: int) -> float | None:
        marks = self.material.marks[index][~np.isnan(self.material.marks[index])]
        if not len(marks):
            return None
        low, high = float(self.material.minimum), float(self.material.maximum)
        return float(100 * (marks.mean() - low) / (high - low))


def _tie_break_indexes(material: Material, tie_break: Sequence[str]) -> list[int]:
    known = {key: index for index, key in enumerate(material.criteria)}
    return [known[key] for key in tie_break if key != "lottery"]
