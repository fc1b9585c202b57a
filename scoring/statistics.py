"""How far judges agree: intraclass correlation, Krippendorff's alpha, Kendall's W.

Pure: ratings are a 2-D float array, rows targets, columns judges, nan = missing. A figure that the ratings cannot
settle (no variation at all, for one) is nan; too few ratings to ask the question is a ``ValueError``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import chi2 as chi_squared
from scipy.stats import rankdata

if TYPE_CHECKING:
    from collections.abc import Callable

Floats = NDArray[np.float64]
Level = Literal["nominal", "ordinal", "interval", "ratio"]

LEVELS: Final[tuple[Level, ...]] = get_args(Level)
TABLE: Final = 2  # dimensions of a table of ratings
FEWEST: Final = 2  # targets, judges, or values of one unit: under two there is nothing to compare


@dataclass(frozen=True, slots=True)
class IntraclassCorrelation:
    """The six forms of Shrout & Fleiss and the mean squares they come from.

    ``icc1``: each target has judges of its own; ``icc2``: the judges are a sample; ``icc3``: they are all there are.
    With ``k``: of the mean over the judges. ``bms``, ``wms``, ``jms``, ``ems``: mean squares between targets, within
    targets, between judges, and the residual. ``targets`` counts those rated by every judge, on which all of it
    rests.
    """

    icc1: float
    icc2: float
    icc3: float
    icc1k: float
    icc2k: float
    icc3k: float
    bms: float
    wms: float
    jms: float
    ems: float
    targets: int
    judges: int


@dataclass(frozen=True, slots=True)
class Concordance:
    """Kendall's W: ``w`` without and ``w_ties`` with the correction for ties; the test of no agreement on the latter.

    ``chi2`` = m (n - 1) W with ``df`` = n - 1, ``p`` its chance if the judges ranked at random. ``targets`` counts
    those rated by every judge, on which all of it rests.
    """

    w: float
    w_ties: float
    chi2: float
    df: int
    p: float
    targets: int
    judges: int


def intraclass_correlation(ratings: ArrayLike) -> IntraclassCorrelation:
    """ICC of ``ratings`` (targets, judges), after Shrout & Fleiss (1979), *Psychological Bulletin* 86, 420-428.

    A target that not every judge rated is left out: the two-way table must be whole.
    Errors: ``ValueError`` for fewer than two whole targets or two judges.
    """
    table = _whole(ratings)
    n, k = table.shape
    grand = table.mean()
    between = k * float(((table.mean(axis=1) - grand) ** 2).sum())
    judges = n * float(((table.mean(axis=0) - grand) ** 2).sum())
    total = float(((table - grand) ** 2).sum())
    bms, jms = between / (n - 1), judges / (k - 1)
    wms = (total - between) / (n * (k - 1))
    ems = max(total - between - judges, 0.0) / ((n - 1) * (k - 1))
    return IntraclassCorrelation(
        icc1=_ratio(bms - wms, bms + (k - 1) * wms),
        icc2=_ratio(bms - ems, bms + (k - 1) * ems + k * (jms - ems) / n),
        icc3=_ratio(bms - ems, bms + (k - 1) * ems),
        icc1k=_ratio(bms - wms, bms),
        icc2k=_ratio(bms - ems, bms + (jms - ems) / n),
        icc3k=_ratio(bms - ems, bms),
        bms=bms, wms=wms, jms=jms, ems=ems, targets=n, judges=k,
    )  # fmt: skip


def krippendorff_alpha(ratings: ArrayLike, level: Level) -> float:
    """Krippendorff's alpha of ``ratings`` (units, coders): 1 - observed over expected disagreement.

    ``level`` is what the values mean: nominal, ordinal, interval or ratio. Units with fewer than two values say nothing
    about agreement and are left out; so nothing else is lost by a missing value. nan where all values are the same.
    Source: Krippendorff (2011), *Computing Krippendorff's alpha-reliability*.
    Errors: ``ValueError`` for a level that does not exist, or where no unit has two values.
    """
    if level not in LEVELS:
        raise ValueError(f"A level is one of {', '.join(LEVELS)}.")
    table = _table(ratings)
    table = table[np.logical_not(np.isnan(table)).sum(axis=1) >= FEWEST]
    if not len(table):
        raise ValueError("No unit has two values to compare.")
    values = np.unique(table[np.logical_not(np.isnan(table))])
    counts = np.stack([(table == value).sum(axis=1) for value in values], axis=1).astype(np.float64)
    per_unit = counts.sum(axis=1) - 1
    observed = (counts / per_unit[:, None]).T @ counts - np.diag((counts / per_unit[:, None]).sum(axis=0))
    marginals = counts.sum(axis=0)
    expected = np.outer(marginals, marginals) / (marginals.sum() - 1)
    distance = _DISTANCES[level](values, marginals)
    return 1 - _ratio(float((observed * distance).sum()), float((expected * distance).sum()))


def kendall_w(ratings: ArrayLike) -> Concordance:
    """Kendall's coefficient of concordance of ``ratings`` (targets, judges); each judge's ratings become mean ranks.

    W = 12 S / (m² (n³ - n) - m ΣT), T = Σ (t³ - t) over each judge's ties; without ΣT for the uncorrected W. A target
    that not every judge rated is left out. Source: Kendall & Babington Smith (1939), Siegel (1956).
    Errors: ``ValueError`` for fewer than two whole targets or two judges.
    """
    table = _whole(ratings)
    n, m = table.shape
    sums = rankdata(table, axis=0).sum(axis=1)
    spread = 12 * float(((sums - sums.mean()) ** 2).sum())
    ties = sum(float((t**3 - t).sum()) for t in (np.unique(column, return_counts=True)[1] for column in table.T))
    most = m**2 * (n**3 - n)
    w_ties = _ratio(spread, most - m * ties)
    chi2 = m * (n - 1) * w_ties
    return Concordance(w=spread / most, w_ties=w_ties, chi2=chi2, df=n - 1, p=float(chi_squared.sf(chi2, n - 1)), targets=n, judges=m)


def _table(ratings: ArrayLike) -> Floats:
    table: Floats = np.asarray(ratings, dtype=np.float64)
    if table.ndim != TABLE:
        raise ValueError("Ratings are a table of targets by judges.")
    return table


def _whole(ratings: ArrayLike) -> Floats:
    """The targets that every judge rated."""
    table = _table(ratings)
    whole = table[np.logical_not(np.isnan(table)).all(axis=1)]
    if min(whole.shape) < FEWEST:
        raise ValueError("At least two targets must be rated by the same two judges or more.")
    return whole


def _ratio(top: float, bottom: float) -> float:
    return top / bottom if bottom else float("nan")


def _nominal(values: Floats, marginals: Floats) -> Floats:  # noqa: ARG001
    return 1 - np.eye(len(values))


def _ordinal(values: Floats, marginals: Floats) -> Floats:  # noqa: ARG001
    """The squared number of values between two, half of either end included."""
    middle = np.cumsum(marginals) - marginals / 2
    return _squared(np.subtract.outer(middle, middle))


def _interval(values: Floats, marginals: Floats) -> Floats:  # noqa: ARG001
    return _squared(np.subtract.outer(values, values))


def _ratio_scale(values: Floats, marginals: Floats) -> Floats:  # noqa: ARG001
    sums = np.add.outer(values, values)
    return _squared(np.subtract.outer(values, values) / np.where(sums == 0, 1, sums))


def _squared(distance: NDArray[Any]) -> Floats:
    squared: Floats = distance**2
    return squared


_DISTANCES: Final[dict[Level, Callable[[Floats, Floats], Floats]]] = {
    "nominal": _nominal,
    "ordinal": _ordinal,
    "interval": _interval,
    "ratio": _ratio_scale,
}
