"""The same round looked at in other ways: raw, freed of severity, and with the uncertainty of the ranks. Pure.

Nothing here decides anything: these figures stand beside a frozen ranking (design `scoring.md`). The expected rank looks at
the jurors' totals on the scale of five points that its priors are made for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import numpy as np

from scoring.comparing import FIVE_POINTS
from scoring.expected_rank import FEWEST, Call, expected_ranks
from scoring.methods import Unfit, UnfitScores, by_weighted_mean, given_in, juror_totals
from scoring.severity import severity_adjusted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scoring.expected_rank import ExpectedRanks
    from scoring.methods import Floats, Material

SHARE: Final = 0.5
"""Of the posterior that an interval of ranks holds, as the funding line has it."""


@dataclass(frozen=True, slots=True)
class Rank:
    """The rank a proposal may expect: its posterior mean, the central interval of `SHARE`, and P(rank <= k)."""

    expected: float
    low: int
    high: int
    chance: float


@dataclass(frozen=True, slots=True)
class Line:
    """The line after so many: at which rank it lies, and by reference what the evidence says of each proposal."""

    number: int
    rank: float
    calls: Mapping[str, Call]

    @property
    def unsure(self) -> list[str]:
        """Whom the evidence cannot part from the line."""
        return [name for name, call in self.calls.items() if call is Call.LOTTERY]

    @property
    def in_noise(self) -> bool:
        """Whether it cuts through proposals that cannot be told apart: more than the one that it is drawn at."""
        return len(self.unsure) > 1


@dataclass(frozen=True, slots=True)
class Insight:
    """By reference: the raw mean of all marks, the severity-adjusted total (both 0..100), the rank to expect; and why one is not there.

    ``line``: what the evidence says of the line that was drawn, where it left somebody out.
    """

    raw: Mapping[str, float]
    adjusted: Mapping[str, float]
    ranks: Mapping[str, Rank]
    no_adjusted: Unfit | None
    no_ranks: Unfit | None
    line: Line | None


def with_marks(material: Material) -> Material:
    """The material without the jurors who marked nothing in it."""
    return replace(material, marks=material.marks[:, given_in(material.marks).any(axis=(0, 2))])


def insight(material: Material, k: int) -> Insight:
    """All figures of a round; ``k``: how many were nominated."""
    stuff = with_marks(material)
    names, totals = _rankable(stuff)
    adjusted, no_adjusted = _adjusted(totals)
    posterior, no_ranks = _posterior(totals)
    return Insight(
        raw=_raw(stuff),
        adjusted=dict(zip(names, adjusted, strict=True)) if adjusted else {},
        ranks=_ranks(names, posterior, k) if posterior else {},
        no_adjusted=no_adjusted,
        no_ranks=no_ranks,
        line=next(iter(_lines(names, posterior, [k])), None) if posterior else None,
    )


def lines(material: Material, numbers: Sequence[int]) -> tuple[list[Line], Unfit | None]:
    """What the evidence says of a line after each of these ``numbers`` that leaves somebody out; and why it cannot be said."""
    names, totals = _rankable(with_marks(material))
    posterior, unfit = _posterior(totals)
    if posterior is None:
        return [], unfit
    return _lines(names, posterior, numbers), None


def totals_of(material: Material) -> dict[str, list[float]]:
    """By reference every juror's own total (0..100), low to high."""
    return {
        name: sorted(row[given_in(row)].tolist()) for name, row in zip(material.references, juror_totals(with_marks(material)), strict=True)
    }


def weights_of(typed: Sequence[Decimal | None]) -> tuple[Decimal, ...]:
    """Weights that sum to exactly 1: as typed; where only the last is left open, it gets the remainder.

    Errors: ``ValueError`` for another one left open, a weight under 0, or a sum that is not 1.
    """
    *before, last = typed
    given = [each for each in before if each is not None]
    weights = (*given, 1 - sum(given, Decimal(0)) if last is None else last)
    if len(weights) < len(typed) or min(weights) < 0 or sum(weights) != 1:
        raise ValueError("The weights of the criteria sum to 1.")
    return weights


def _rankable(stuff: Material) -> tuple[tuple[str, ...], Floats]:
    """The proposals with a total, by reference, with their jurors' totals: float (proposals, jurors)."""
    scored = {name: row for name, row, total in _rows(stuff) if total is not None}
    names = tuple(sorted(scored))
    return names, np.array([scored[name] for name in names], dtype=np.float64).reshape(len(names), stuff.marks.shape[1])


def _rows(stuff: Material) -> list[tuple[str, Floats, object]]:
    return list(zip(stuff.references, juror_totals(stuff), by_weighted_mean(stuff).totals, strict=True))


def _raw(stuff: Material) -> dict[str, float]:
    low, high = float(stuff.minimum), float(stuff.maximum)
    marks = ((name, row[given_in(row)]) for name, row in zip(stuff.references, stuff.marks, strict=True))
    return {name: float(100 * (given.mean() - low) / (high - low)) for name, given in marks if len(given)}


def _adjusted(totals: Floats) -> tuple[list[float], Unfit | None]:
    if not totals.size:
        return [], Unfit.FEW_PROPOSALS
    try:
        return np.clip(severity_adjusted(totals).proposals, 0, 100).tolist(), None
    except UnfitScores as unfit:
        return [], unfit.why


def _posterior(totals: Floats) -> tuple[ExpectedRanks | None, Unfit | None]:
    if len(totals) < FEWEST or given_in(totals).any(axis=0).sum() < FEWEST - 1:
        return None, Unfit.FEW_PROPOSALS
    return expected_ranks(totals / FIVE_POINTS), None


def _lines(names: Sequence[str], posterior: ExpectedRanks, numbers: Sequence[int]) -> list[Line]:
    drawn = [(number, *posterior.funding_line(number, SHARE)) for number in numbers if 1 <= number < len(names)]
    return [Line(number, rank, dict(zip(names, calls, strict=True))) for number, rank, calls in drawn]


def _ranks(names: Sequence[str], posterior: ExpectedRanks, k: int) -> dict[str, Rank]:
    low, high = posterior.interval(SHARE)
    figures = zip(posterior.expected.tolist(), low.tolist(), high.tolist(), posterior.in_top(k).tolist(), strict=True)
    return {name: Rank(expected, int(best), int(worst), chance) for name, (expected, best, worst, chance) in zip(names, figures, strict=True)}
