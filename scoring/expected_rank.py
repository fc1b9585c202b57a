"""Bayesian ranking: what rank each proposal may expect, and which of them the evidence cannot part from the line.

Pure, vectorised over chains. Source: Heyard, Ott, Salanti and Egger (2022), *Rethinking the Funding Line at the Swiss
National Science Foundation*, Statistics and Public Policy 9(1); design `scoring.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from scoring.methods import Floats, Integers

SEED: Final = 20_22
"""Fixed, so that the same scores give the same figures each time."""

NARROWEST: Final = 1e-6  # every standard deviation is uniform from here
WIDEST: Final = 2.0  # to here, on a scale of five points
JUROR: Final = 0.5  # standard deviation of how severe a juror is
CHAINS: Final = 100
WARM_UP: Final = 300
DRAWS: Final = 400  # kept of each chain
FEWEST: Final = 3  # proposals: under it the spread between them has no posterior


class Call(StrEnum):
    """What the funding line says of one proposal."""

    ACCEPT = "accept"
    LOTTERY = "lottery"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True, eq=False)
class ExpectedRanks:
    """The posterior of the ranks, 1 = best: ``ranks`` int (draws, proposals).

    ``expected`` float (proposals): the posterior mean rank (ER).
    """

    ranks: Integers
    expected: Floats

    def percentile(self) -> Floats:
        """PCER = 100 (ER - .5) / n: float (proposals), the chance in percent that a random other one is at least as good."""
        return 100 * (self.expected - 0.5) / len(self.expected)

    def sucra(self) -> Floats:
        """SUCRA = (n - ER) / (n - 1): float (proposals), 1 = certainly the best, 0 = certainly the last."""
        return (len(self.expected) - self.expected) / (len(self.expected) - 1)

    def in_top(self, k: int) -> Floats:
        """P(rank <= k): float (proposals)."""
        return np.asarray((self.ranks <= k).mean(axis=0), dtype=np.float64)

    def interval(self, share: float = 0.5) -> tuple[Floats, Floats]:
        """The lowest and the highest rank of the central credible interval of ``share``: two float (proposals)."""
        low, high = np.quantile(self.ranks, [(1 - share) / 2, (1 + share) / 2], axis=0, method="inverted_cdf")
        return low.astype(np.float64), high.astype(np.float64)

    def funding_line(self, fundable: int, share: float = 0.5) -> tuple[float, tuple[Call, ...]]:
        """The line, and what it says of each proposal when ``fundable`` of them can be funded.

        The line is the ER of the last fundable. Whose credible interval of ``share`` holds it goes to the lottery; who
        lies wholly before it is accepted, who lies wholly after it refused.
        Errors: ``ValueError`` unless ``fundable`` is from 1 to the number of proposals.
        """
        if not 1 <= fundable <= len(self.expected):
            raise ValueError("The line lies at one of the proposals.")
        line = float(np.sort(self.expected)[fundable - 1])
        low, high = self.interval(share)
        return line, tuple(
            Call.ACCEPT if top < line else Call.REFUSE if bottom > line else Call.LOTTERY
            for bottom, top in zip(low.tolist(), high.tolist(), strict=True)
        )


def expected_ranks(scores: Floats, *, seed: int = SEED) -> ExpectedRanks:
    """The posterior of the ranks of ``scores``: float (proposals, jurors), nan = not scored, the higher the better.

    ``scores`` lie on a scale of five points (0..5 or 1..6), which the priors are made for. The model is
    y ~ N(ȳ + θ_i + λ_ij, σ²), θ ~ N(0, τ²), λ_ij ~ N(juror_j, τ_λ²), juror_j ~ N(0, .5²),
    each of the three deviations uniform up to 2.
    A juror scores a proposal once, so the data know only the sum of the last two variances, the noise: λ is integrated
    out, and the Gibbs sampler draws θ, the jurors, τ² and the noise, each from its exact conditional.
    Errors: ``ValueError`` for fewer than three proposals, a proposal nobody scored, or fewer than two jurors.
    """
    scores = scores[:, ~np.isnan(scores).all(axis=0)]  # who scored nothing says nothing, and draws nothing either
    given = ~np.isnan(scores)
    if len(scores) < FEWEST or not given.any(axis=1).all() or given.shape[1] < FEWEST - 1:
        raise ValueError("An expected rank needs three proposals, each with a score, and two jurors.")
    whole = np.where(given, scores, -np.inf)
    jurors = np.lexsort(whole)  # so that it does not matter who is called first
    draws = _posterior(np.nan_to_num(scores - scores[given].mean())[:, jurors], given[:, jurors], np.random.default_rng(seed))
    ranks = 1 + np.argsort(np.argsort(-draws, axis=1), axis=1)
    _alike, which, count = np.unique(whole, axis=0, return_inverse=True, return_counts=True)
    expected = (np.bincount(which.ravel(), ranks.mean(axis=0)) / count)[which.ravel()]  # the same scores, the same posterior
    return ExpectedRanks(ranks, np.asarray(expected, dtype=np.float64))


def _posterior(deviations: Floats, given: np.ndarray, random: np.random.Generator) -> Floats:
    """Draws of θ: float (chains · draws, proposals)."""
    proposals, jurors = deviations.shape
    per_proposal, per_juror, observed = given.sum(axis=1), given.sum(axis=0), int(given.sum())
    theta, juror = np.zeros((CHAINS, proposals)), np.zeros((CHAINS, jurors))
    between, noise = np.ones((CHAINS, 1)), np.ones((CHAINS, 1))
    kept = np.empty((DRAWS, CHAINS, proposals))
    by_proposal, by_juror = deviations.sum(axis=1), deviations.sum(axis=0)
    seen = given.astype(np.float64)
    for turn in range(WARM_UP + DRAWS):
        theta = _normal(random, by_proposal - juror @ seen.T, per_proposal, noise, between)
        juror = _normal(random, by_juror - theta @ seen, per_juror, noise, JUROR**2)
        rest = ((deviations - theta[:, :, None] - juror[:, None, :]) ** 2 * seen).sum(axis=(1, 2))
        between = _inverse_gamma(random, (proposals - 1) / 2, (theta**2).sum(axis=1) / 2, _within)[:, None]
        noise = _inverse_gamma(random, observed / 2 - 1, rest / 2, _weight)[:, None]
        if turn >= WARM_UP:
            kept[turn - WARM_UP] = theta
    return kept.reshape(-1, proposals)


def _normal(random: np.random.Generator, sums: Floats, counts: Integers, noise: Floats, prior: Floats | float) -> Floats:
    """Effects whose observations, ``counts`` of variance ``noise``, add up to ``sums``, and whose prior is N(0, ``prior``)."""
    variance = 1 / (counts / noise + 1 / prior)
    return np.asarray(variance * sums / noise + np.sqrt(variance) * random.standard_normal(sums.shape), dtype=np.float64)


def _within(variance: Floats) -> Floats:
    """The prior of τ², up to what the Jacobian of a uniform τ has put in the shape already: 1 within the bound."""
    return (variance < WIDEST**2).astype(np.float64)


def _weight(variance: Floats) -> Floats:
    """The prior of the noise σ² + τ_λ², both deviations uniform, against its flat part: the angle of the circle within the square."""
    radius = np.sqrt(variance)
    outside = np.arccos(np.minimum(WIDEST / radius, 1)) * 4 / np.pi
    return np.maximum(1 - outside, 0)


def _inverse_gamma(random: np.random.Generator, shape: float, rates: Floats, weight: Callable[[Floats], Floats]) -> Floats:
    """One variance per chain from an inverse gamma, each proposal kept with the chance that ``weight`` gives it."""
    out = np.empty(len(rates))
    left = np.arange(len(rates))
    while len(left):
        tried = NARROWEST**2 + rates[left] / random.standard_gamma(shape, size=len(left))
        kept = random.random(len(left)) < weight(tried)
        out[left[kept]] = tried[kept]
        left = left[~kept]
    return out
