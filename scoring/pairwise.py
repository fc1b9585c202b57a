"""From each juror's order to one order: Borda, Schulze, Bradley-Terry.

Pure. A juror's order is read from ``scores``, float (proposals, jurors), the higher the better, nan = did not judge it.
Whoever judged two proposals prefers the one with the higher score; equal scores are half a win for each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from scoring.methods import Unfit, UnfitScores, given_in, ratio

if TYPE_CHECKING:
    from scoring.methods import Floats, Integers

NOISE: Final = 9  # decimals to which two scores are the same
STEPS: Final = 10_000  # of the search for strengths, far beyond what it takes
CLOSE: Final = 1e-12


def wins(scores: Floats) -> Floats:
    """How many jurors prefer the one of the row to the one of the column: float (proposals, proposals), ties half."""
    rounded = scores.round(NOISE)
    above = np.zeros((len(scores),) * 2)
    for juror in rounded.T:
        both = np.logical_and.outer(given_in(juror), given_in(juror))
        above += both * np.where(np.equal.outer(juror, juror), 0.5, np.greater.outer(juror, juror))
    np.fill_diagonal(above, 0)
    return above


def borda(won: Floats) -> Floats:
    """Borda's count of each: the wins over all others, float (proposals); ``won`` as `wins` makes it.

    Where every juror judged all, this is the points of the textbook (the last of n gets 0, the first n - 1). Where they
    did not, the share of comparisons won counts, brought to the same number of comparisons for all; nan = never compared.
    """
    compared = (won + won.T).sum(axis=1)
    points: Floats = ratio(won.sum(axis=1), compared) * compared.max(initial=0)
    return points


def schulze(won: Floats) -> Integers:
    """How many others each beats by the strongest path: int (proposals); the order of these is Schulze's.

    The strength of a path is the number of wins of its weakest link. Source: Schulze (2011), *A new monotonic,
    clone-independent, reversal symmetric, and Condorcet-consistent single-winner election method*, Social Choice and
    Welfare 36.
    """
    path = np.where(won > won.T, won, 0)
    for through in range(len(path)):
        path = np.maximum(path, np.minimum(path[:, through : through + 1], path[through : through + 1, :]))
    beaten: Integers = np.greater(path, path.T).sum(axis=1, dtype=np.int64)
    return beaten


def bradley_terry(won: Floats) -> Floats:
    """The log of the strength of each: float (proposals), mean 0; P(i above j) = p_i / (p_i + p_j), likeliest p.

    Source: Hunter (2004), *MM algorithms for generalized Bradley-Terry models*, Annals of Statistics 32.
    Errors: `UnfitScores` (``UNBEATEN``) where some of them never lost to the others, or were never compared with them:
    then no finite strength is the likeliest.
    """
    count = len(won)
    row, column = np.nonzero(won)
    graph = coo_array((np.ones(len(row)), (row, column)), shape=(count, count))
    if not won.any() or connected_components(graph, connection="strong")[0] != 1:
        raise UnfitScores(Unfit.UNBEATEN)
    compared, strength = won + won.T, np.ones(count)
    for _ in range(STEPS):
        better = won.sum(axis=1) / (compared / np.add.outer(strength, strength)).sum(axis=1)
        better /= np.exp(np.log(better).mean())
        settled = float(np.abs(np.log(better / strength)).max()) < CLOSE
        strength = better
        if settled:
            break
    return np.asarray(np.log(strength), dtype=np.float64)
