"""Rankings out of thin air: rows as `scoring.ranking.rank` would give them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from scoring.methods import NotRankable
from scoring.ranking import Ranked

LOTTERY_SEED = b"a seed of at least sixteen bytes"


def rows_of(*totals: int | None, **more) -> list[Ranked]:
    """A to …, in the order given; equal totals share a rank."""
    rows = []
    for name, total in zip("ABCDEFGHIJKLMNOP", totals, strict=False):
        above = sum(1 for other in totals if other is not None and total is not None and other > total)
        tied = tuple(n for n, t in zip("ABCDEFGHIJKLMNOP", totals, strict=False) if t == total and n != name)
        rank = None if total is None else above + 1
        reason = NotRankable.NO_MARKS if total is None else None
        score = None if total is None else Fraction(total)
        merit = None if score is None else (score,)
        row = Ranked(name, score, {"a": score}, rank, rank, 3, None, None, merit=merit, tied_with=tied, not_rankable=reason)
        rows.append(replace(row, **more))
    return rows
