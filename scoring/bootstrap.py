"""How sure an order is: the bootstrap over jurors, vectorised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from scoring.methods import given_in, juror_criteria

if TYPE_CHECKING:
    from scoring.methods import Bools, Floats, Material

SEED: Final = 4_25
"""Fixed, so that the same material shows the same figures each time."""

DRAWS: Final = 2000
CELLS_AT_ONCE: Final = 4_000_000  # of one batch of draws: keeps it within some hundred megabytes
NOISE: Final = 9  # decimals to which a float total is rounded before it is compared


def probability_in_top(material: Material, k: int, *, seed: int = SEED, draws: int = DRAWS) -> dict[str, float]:
    """P(rank <= k) under the weighted mean, by reference, from a bootstrap over jurors; nan where it is not rankable.

    Each draw takes as many jurors as there are, with replacement, the same ones for every proposal, and ranks anew;
    equal totals share a rank. Where a draw holds nobody who marked a criterion of a proposal, that criterion keeps
    the mean over all its jurors. The same ``seed`` gives the same figures. Source: design `scoring.md` (B = 2000).
    Errors: ``ValueError`` unless ``k`` and ``draws`` are at least 1.
    """
    if k < 1 or draws < 1:
        raise ValueError("There is a top of one at least, and one draw.")
    means = juror_criteria(material)
    rankable = np.any(given_in(means), axis=1).all(axis=1) & bool(material.criteria)
    chances = np.full(len(material.references), np.nan)
    if rankable.any():
        weights = np.array([float(weight) for weight in material.weights])
        chances[rankable] = _hits(means[rankable], weights, k, np.random.default_rng(seed), draws) / draws
    return dict(zip(material.references, chances.tolist(), strict=True))


def _hits(means: Floats, weights: Floats, k: int, random: np.random.Generator, draws: int) -> Floats:
    """In how many draws each proposal is in the top ``k``; ``means`` (proposals, jurors, criteria), nan = missing."""
    proposals, jurors, criteria = means.shape
    given = given_in(means)
    sums = np.nan_to_num(means).transpose(1, 0, 2).reshape(jurors, -1)
    counts = given.transpose(1, 0, 2).reshape(jurors, -1).astype(np.float64)
    overall = sums.sum(axis=0) / counts.sum(axis=0)
    hits = np.zeros(proposals)
    batch = max(1, CELLS_AT_ONCE // (proposals * criteria))
    for start in range(0, draws, batch):
        drawn = random.multinomial(jurors, np.full(jurors, 1 / jurors), size=min(batch, draws - start)).astype(np.float64)
        weight = drawn @ counts
        mean = np.divide(drawn @ sums, weight, out=np.broadcast_to(overall, weight.shape).copy(), where=weight > 0)
        hits += _in_top(mean.reshape(len(drawn), proposals, criteria) @ weights, k).sum(axis=0)
    return hits


def _in_top(totals: Floats, k: int) -> Bools:
    """Which proposals have fewer than ``k`` above them; ``totals`` (draws, proposals)."""
    rounded = totals.round(NOISE)
    if k >= rounded.shape[1]:
        return np.ones(rounded.shape, dtype=np.bool_)
    place = rounded.shape[1] - k
    return rounded >= np.partition(rounded, place, axis=1)[:, place : place + 1]
