"""How far the jurors of one round agree: in all, per criterion, each of them, and two by two. Pure.

Design `scoring.md`, after Krippendorff, Shrout & Fleiss and Kendall (`scoring.statistics`). Krippendorff's alpha comes first: it takes
what was given, where ICC and W rest on the proposals that every juror scored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.stats import rankdata

from scoring.insight import with_marks
from scoring.methods import UnfitScores, given_in, juror_criteria, juror_totals
from scoring.severity import NO_DIFFERENCE, severity_adjusted
from scoring.statistics import intraclass_correlation, kendall_w, krippendorff_alpha

if TYPE_CHECKING:
    from scoring.methods import Floats, Material, Unfit

IN_COMMON: Final = 3
"""Proposals that two series of scores must share before it says anything how they go together."""
BANDS: Final[dict[str, tuple[tuple[float, str], ...]]] = {
    "alpha": ((0.8, "good"), (0.667, "tentative")),  # Krippendorff (2004)
    "icc": ((0.9, "excellent"), (0.75, "good"), (0.5, "moderate")),  # Koo & Li (2016)
    "w": ((0.7, "strong"), (0.5, "moderate"), (0.3, "weak")),  # Schmidt (1997)
}
"""From which value on a figure deserves which word, best first; under them all it is ``poor``."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far the jurors agree on one table of scores; a figure that the scores cannot settle is None.

    ``icc_one``: ICC(2,1), of one juror; ``icc_mean``: ICC(2,k), of the mean of all; ``icc_order``: ICC(3,k), of that mean where only
    the order counts. ``whole``: how many proposals every juror scored, on which ICC and W rest; of ``proposals``, by ``jurors``.
    """

    proposals: int
    jurors: int
    whole: int
    alpha: float | None = None
    icc_one: float | None = None
    icc_mean: float | None = None
    icc_order: float | None = None
    w: float | None = None
    p: float | None = None


@dataclass(frozen=True, slots=True)
class Judge:
    """One juror: how many proposals they scored, how severe they are, and how far they go along with the others.

    ``severity``: how many points of 100 below the average juror on the same proposals. ``consistency``: the correlation of their totals
    with the mean of the others' on the same proposals, 1 = the same line, 0 = none. None: it cannot be told.
    """

    name: str
    sheets: int
    mean: float
    severity: float | None
    consistency: float | None


@dataclass(frozen=True, slots=True)
class Reliability:
    """All there is to tell. ``criteria`` by key; ``pairs``: per juror the rank correlation with each; ``no_severity``: why not."""

    overall: Agreement
    criteria: dict[str, Agreement]
    judges: tuple[Judge, ...]
    pairs: tuple[tuple[float | None, ...], ...]
    no_severity: Unfit | None


def reliability(material: Material, jurors: tuple[str, ...]) -> Reliability:
    """The figures of a round; ``jurors`` names those of the material, in its order. Who marked nothing takes no part."""
    stuff = with_marks(material)
    present = np.asarray(given_in(material.marks).any(axis=(0, 2)))
    names = [name for name, here in zip(jurors, present, strict=True) if here]
    totals, criteria = juror_totals(stuff), juror_criteria(stuff)
    severity, unfit = _severity(totals)
    return Reliability(
        overall=agreement(totals),
        criteria={key: agreement(criteria[:, :, index]) for index, key in enumerate(stuff.criteria)},
        judges=tuple(_judge(name, index, totals, severity) for index, name in enumerate(names)),
        pairs=tuple(tuple(_pair(totals, one, other) for other in range(len(names))) for one in range(len(names))),
        no_severity=unfit,
    )


def agreement(scores: Floats) -> Agreement:
    """How far the jurors agree on ``scores``: float (proposals, jurors), nan = not scored."""
    given = given_in(scores)
    table = scores[given.any(axis=1)][:, given.any(axis=0)]
    found = Agreement(len(table), table.shape[1], int(given_in(table).all(axis=1).sum()) if table.size else 0)
    alpha = _told(krippendorff_alpha(table, "interval")) if (given.sum(axis=1) > 1).any() else None
    if min(found.whole, found.jurors) <= 1:
        return Agreement(found.proposals, found.jurors, found.whole, alpha)
    icc, w = intraclass_correlation(table), kendall_w(table)
    figures = (_told(each) for each in (icc.icc2, icc.icc2k, icc.icc3k, w.w_ties, w.p))
    return Agreement(found.proposals, found.jurors, found.whole, alpha, *figures)


def band(kind: str, value: float | None) -> str:
    """The word that a figure of `BANDS` deserves; nothing for none."""
    if value is None:
        return ""
    return next((word for least, word in BANDS[kind] if value >= least), "poor")


def _severity(totals: Floats) -> tuple[Floats, Unfit | None]:
    nothing = np.full(totals.shape[1], np.nan)
    if not totals.size:
        return nothing, None
    try:
        return severity_adjusted(totals).severity, None
    except UnfitScores as unfit:
        return nothing, unfit.why


def _judge(name: str, index: int, totals: Floats, severity: Floats) -> Judge:
    own, others = totals[:, index], np.delete(totals, index, axis=1)
    given = given_in(own)
    counts = given_in(others).sum(axis=1)
    mean = np.where(counts > 0, np.nan_to_num(others).sum(axis=1) / np.maximum(counts, 1), np.nan)
    return Judge(name, int(given.sum()), float(own[given].mean()), _told(severity[index]), _correlation(own, mean))


def _pair(totals: Floats, one: int, other: int) -> float | None:
    """The rank correlation of two jurors over what both scored."""
    return _correlation(totals[:, one], totals[:, other], ranked=True)


def _correlation(one: Floats, other: Floats, *, ranked: bool = False) -> float | None:
    both = given_in(one) & given_in(other)
    pair = np.stack([rankdata(each[both]) if ranked else each[both] for each in (one, other)])
    if both.sum() < IN_COMMON or np.ptp(pair, axis=1).min() < NO_DIFFERENCE:
        return None
    return float(np.asarray(np.corrcoef(pair))[0, 1])


def _told(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
