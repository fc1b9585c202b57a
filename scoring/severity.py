"""Scores made comparable between jurors: who is severe, who is mild, and what the proposals are worth without that.

Pure. ``scores`` is always a float array (proposals, jurors), nan = not scored: a juror's own total of a proposal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from scoring.methods import Unfit, UnfitScores, given_in, ratio

if TYPE_CHECKING:
    from scoring.methods import Bools, Floats

FEWEST_SHEETS: Final = 5  # for a mean and a deviation of one juror's own to mean anything
NO_DIFFERENCE: Final = 1e-9  # a deviation under this is rounding
RATIOS: Final = (-12.0, 16.0)  # of log(σ² / τ²) in which the likeliest is sought


@dataclass(frozen=True, slots=True, eq=False)
class Adjusted:
    """The additive model y = μ + proposal + juror + e, fitted.

    ``proposals`` float (proposals): μ plus the BLUP of the proposal's effect, on the scale of the scores; nan = not
    scored. ``severity`` float (jurors): how far a juror scores *below* the average juror on the same proposals; nan =
    scored nothing. ``between`` and ``noise``: the variances τ² of proposals and σ² of what is left.
    """

    proposals: Floats
    severity: Floats
    between: float
    noise: float


def severity_adjusted(scores: Floats) -> Adjusted:
    """Fit the additive model, with jurors fixed and proposals random, their variances by REML.

    With every sheet there, an effect is the proposal's deviation shrunk by ICC(3,k); a proposal with few sheets is
    shrunk more. Source: Henderson (1975), *Best Linear Unbiased Estimation and Prediction under a Selection Model*,
    Biometrics 31; the mixed-model equations with the proposals absorbed, so that the system is jurors by jurors.
    Errors: `UnfitScores` (``UNCONNECTED``) where proposals and jurors fall apart in groups without a sheet in common,
    so that no score can tell a severe juror from a weak proposal; (``ALL_ALIKE``) where nothing parts the proposals but
    noise.
    """
    given = given_in(scores)
    here, judges = given.any(axis=1), given.any(axis=0)
    seen = given[here][:, judges].astype(np.float64)
    _connected(seen)
    model = _Mixed(np.nan_to_num(scores[here][:, judges]), seen)
    found = minimize_scalar(lambda log: model.deviance(float(np.exp(log))), bounds=RATIOS, method="bounded", options={"xatol": 1e-6})
    ratio, apart = float(np.exp(found.x)), model.deviance(float(np.exp(RATIOS[1]))) - float(found.fun)
    if apart < NO_DIFFERENCE:
        raise UnfitScores(Unfit.ALL_ALIKE)
    jurors, noise = model.fit(ratio)
    proposals, severity = np.full(len(scores), np.nan), np.full(scores.shape[1], np.nan)
    proposals[here] = jurors.mean() + model.effects(ratio, jurors)
    severity[judges] = jurors.mean() - jurors
    return Adjusted(proposals, severity, noise / ratio, noise)


def z_scores(scores: Floats) -> Floats:
    """Per proposal the mean over its jurors of z = (x - x̄_j) / s_j: float (proposals), nan = not scored.

    x̄_j and s_j (n - 1) are the mean and the standard deviation of all that juror j scored.
    Errors: `UnfitScores` where a juror has fewer than five sheets (``FEW_SHEETS``) or gave all of them the same score
    (``NO_SPREAD``): a deviation of their own cannot be read from that. The index of the juror is in the error.
    """
    given = given_in(scores)
    counts = given.sum(axis=0)
    for juror in np.flatnonzero((counts > 0) & (counts < FEWEST_SHEETS)).tolist():
        raise UnfitScores(Unfit.FEW_SHEETS, juror)
    means = _mean(scores, given, axis=0)
    deviations = np.where(given, np.nan_to_num(scores) - np.nan_to_num(means), 0)
    spreads = np.sqrt((deviations**2).sum(axis=0) / np.maximum(counts - 1, 1))
    for juror in np.flatnonzero((counts > 0) & (spreads < NO_DIFFERENCE)).tolist():
        raise UnfitScores(Unfit.NO_SPREAD, juror)
    return _mean(deviations / np.where(counts > 0, spreads, 1), given, axis=1)


class _Mixed:
    """Henderson's equations for scores (proposals, jurors) with zeros where ``seen`` is 0; ``ratio`` is σ² / τ²."""

    def __init__(self, scores: Floats, seen: Floats) -> None:
        self.scores, self.seen = scores, seen
        self.per_proposal, self.per_juror = seen.sum(axis=1), seen.sum(axis=0)
        self.spare = int(seen.sum()) - seen.shape[1]

    def _jurors(self, ratio: float) -> tuple[Floats, Floats]:
        """The fixed effects, and the matrix they were solved from."""
        share = 1 / (self.per_proposal + ratio)
        left = np.diag(self.per_juror) - self.seen.T @ (self.seen * share[:, None])
        right = self.scores.sum(axis=0) - self.seen.T @ (share * self.scores.sum(axis=1))
        return np.linalg.solve(left, right), left

    def _rest(self, ratio: float, jurors: Floats) -> float:
        """r' V⁻¹ r, in units of σ²."""
        rest = (self.scores - jurors) * self.seen
        return max(float((rest**2).sum() - (rest.sum(axis=1) ** 2 / (self.per_proposal + ratio)).sum()), NO_DIFFERENCE)

    def deviance(self, ratio: float) -> float:
        """-2 × the restricted log-likelihood, σ² profiled out and constants left out."""
        jurors, left = self._jurors(ratio)
        spread = np.log1p(self.per_proposal / ratio).sum() + np.linalg.slogdet(left).logabsdet
        return float(self.spare * np.log(self._rest(ratio, jurors)) + spread)

    def fit(self, ratio: float) -> tuple[Floats, float]:
        """The fixed effects, and σ²."""
        jurors, _left = self._jurors(ratio)
        return jurors, self._rest(ratio, jurors) / self.spare

    def effects(self, ratio: float, jurors: Floats) -> Floats:
        """The BLUP of every proposal."""
        rest = ((self.scores - jurors) * self.seen).sum(axis=1)
        return np.asarray(rest / (self.per_proposal + ratio), dtype=np.float64)


def _connected(seen: Floats) -> None:
    """Refuse a design in which not every juror can be compared with every other, or with no sheet to spare."""
    proposals, jurors = seen.shape
    row, column = np.nonzero(seen)
    graph = coo_array((np.ones(len(row)), (row, proposals + column)), shape=(proposals + jurors,) * 2)
    if connected_components(graph, directed=False)[0] != 1 or len(row) < proposals + jurors:
        raise UnfitScores(Unfit.UNCONNECTED)


def _mean(values: Floats, given: Bools, axis: int) -> Floats:
    """The mean of what was given, nan where nothing was."""
    counts = given.sum(axis=axis)
    sums = np.where(given, np.nan_to_num(values), 0).sum(axis=axis)
    return ratio(sums, counts)
