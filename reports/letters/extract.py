"""The extract of a ranking that goes with a letter: ranks and scores, and nobody else's name, title or reference.

Who reads it knows more than it says: the results name who was selected, and a field of makers knows who applied. A score that stands for one
of two or three can be put to a name, and a score is a judgement of somebody's work. So:

- where fewer than `FEWEST` applications were ranked there is no extract at all: the letter itself tells one's own score, rank and the line;
- the scores of a side (selected, or not) on which fewer than `CROWD` others stand are left out; their ranks remain, which tell nothing that
  the number of selected does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal  # noqa: TC003  read at run time, by from_plain
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

FEWEST: Final = 5
"""How many must be ranked for there to be an extract."""
CROWD: Final = 3
"""How many others must stand on a side for their scores to be told."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One row: its rank, its score where that may be told, whether it was selected, and whether it is the reader's own."""

    rank: int
    score: Decimal | None
    inside: bool
    own: bool


def extract(rows: Iterable[Ranked]) -> tuple[Ranked, ...]:
    """What of the rows of a frozen ranking, in their order, may go to the owner of one of them; nothing where they are too few."""
    ranked = list(rows)
    if len(ranked) < FEWEST or not any(row.own for row in ranked):
        return ()
    others = {side: sum(row.inside is side and not row.own for row in ranked) for side in (True, False)}
    return tuple(row if row.own or others[row.inside] >= CROWD else Ranked(row.rank, None, row.inside, own=False) for row in ranked)
