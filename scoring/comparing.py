"""The methods that correct for who judged: each makes the order from the jurors' own totals, not from their mean.

The score of such a method is rounded before it orders anything, so that no place hangs on the last bits of a float; what
is equal then is parted by the tie-break, as ever. Floors and letters go on looking at the weighted mean, from 0 to 100,
but for ``severity_adjusted``, which makes a total of its own on that scale. Where the sheets of a round do not bear the
method, the weighted mean decides; the published rules of a scheme say so beforehand (`tender.schemes.plain_words`).
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from scoring.expected_rank import FEWEST, expected_ranks
from scoring.methods import Unfit, UnfitScores, by_weighted_mean, given_in, juror_totals
from scoring.pairwise import borda, bradley_terry, schulze, wins
from scoring.severity import severity_adjusted, z_scores

if TYPE_CHECKING:
    from collections.abc import Callable

    from scoring.methods import Floats, Material, Scores

PLACES: Final = 4
"""Decimals of a method's score."""
RANK_PLACES: Final = 2
"""Decimals of an expected rank: more are noise of the sampler."""
FIVE_POINTS: Final = 20  # of the 0..100 scale to one of the five that the priors of the expected rank are made for


def by_severity_adjusted(material: Material) -> Scores:
    """The method ``severity_adjusted``: the total as it would be if every juror were equally severe."""
    scores = _fitted(material, lambda totals: severity_adjusted(totals).proposals)
    if scores.unfit:
        return scores
    return replace(scores, totals=tuple(None if merit is None else min(max(merit[0], Fraction()), Fraction(100)) for merit in scores.merit))


def by_z_score(material: Material) -> Scores:
    """The method ``z_score``: how far, in a juror's own deviations, a proposal stands above what that juror gives."""
    return _fitted(material, z_scores)


def by_borda(material: Material) -> Scores:
    """The method ``borda``: how often a proposal is preferred to another."""
    return _fitted(material, lambda totals: borda(wins(totals)))


def by_schulze(material: Material) -> Scores:
    """The method ``schulze``: how many others a proposal beats by the strongest path."""
    return _fitted(material, lambda totals: schulze(wins(totals)).astype(np.float64))


def by_bradley_terry(material: Material) -> Scores:
    """The method ``bradley_terry``: the strength that makes the jurors' preferences likeliest."""
    return _fitted(material, lambda totals: bradley_terry(wins(totals)))


def by_expected_rank(material: Material) -> Scores:
    """The method ``expected_rank``: the rank a proposal may expect, the lower the better."""
    return _fitted(material, _minus_expected_rank, RANK_PLACES)


def _minus_expected_rank(totals: Floats) -> Floats:
    if len(totals) < FEWEST or given_in(totals).any(axis=0).sum() < FEWEST - 1:
        raise UnfitScores(Unfit.FEW_PROPOSALS)
    return -expected_ranks(totals / FIVE_POINTS).expected


def _fitted(material: Material, method: Callable[[Floats], Floats], places: int = PLACES) -> Scores:
    """The scores of ``method``, which looks at the jurors' totals (proposals, jurors) of what is rankable."""
    plain = by_weighted_mean(material)
    rankable = sorted((index for index, merit in enumerate(plain.merit) if merit is not None), key=material.references.__getitem__)
    if not rankable:
        return plain
    try:
        found = method(juror_totals(material)[rankable])
    except UnfitScores as unfit:
        return replace(plain, unfit=unfit.why)
    if not given_in(found).all():  # something was never compared with anything
        return replace(plain, unfit=Unfit.UNCONNECTED)
    merit: list[tuple[Fraction, ...] | None] = [None] * len(plain.merit)
    for index, value in zip(rankable, found.tolist(), strict=True):
        merit[index] = (Fraction(Decimal(str(round(value, places)))),)
    return replace(plain, merit=tuple(merit))
