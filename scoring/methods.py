"""How each method turns marks into scores: one pure function per method, exact where something is compared.

Marks are decimals that come in as floats; they are read to six decimal places, as whole numbers of millionths, and
from there on every mean, total and comparison is a `Fraction`. So a total that *is* 60 meets a floor of 60, two equal
totals tie, and no order hangs on the last bit of a float. Statistics that only inform (spread, raw mean) stay floats.

Source: design `scoring.md`; per criterion the mean over the jurors present, total = Σ weight · criterion, on a scale
of 0..100.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]
Row = tuple[Fraction | None, ...]

MILLIONTHS: Final = 10**6
DIMENSIONS: Final = 3  # proposals, jurors, questions
FEWEST_TO_TRIM: Final = 5  # jurors: of fewer, none can be missed
ROUNDING: Final = 1e-9  # a share of jurors this close under a whole one is that one


class NotRankable(StrEnum):
    """Why a proposal has no place in the order."""

    NO_MARKS = "no_marks"  # nobody marked one of its criteria
    OPEN_QUESTIONS = "open_questions"  # questions left open could still make it pass
    NOT_RECEIVED = "not_received"  # no day of complete receipt
    NO_EARLIER_PLACE = "no_earlier_place"  # had no place in the order that is carried over


class Unfit(StrEnum):
    """Why a method cannot be used on a whole round."""

    UNCONNECTED = "unconnected"  # groups of proposals and jurors without a sheet in common, or no sheet to spare
    ALL_ALIKE = "all_alike"  # nothing parts the proposals but noise
    FEW_SHEETS = "few_sheets"  # a juror with too few sheets
    NO_SPREAD = "no_spread"  # a juror who gave everything the same score
    UNBEATEN = "unbeaten"  # proposals that never lost to the others, or were never compared with them
    FEW_PROPOSALS = "few_proposals"  # fewer than the model needs


class UnfitScores(ValueError):
    """The scores of this round do not bear the method: ``why``, and for a fault of one juror their index."""

    def __init__(self, why: Unfit, juror: int | None = None) -> None:
        super().__init__(why)
        self.why, self.juror = why, juror


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """All that a method may look at.

    ``marks`` is a float array (proposals, jurors, questions), nan = missing; ``criterion_of`` gives per question the
    index of its criterion in ``criteria``; ``weights`` one per criterion, summing to 1; marks run from ``minimum`` to
    ``maximum``. ``trim`` is for `trimmed_mean` (the share dropped at each end), ``passes_needed`` for `pass_fail` (None:
    all that assessed), ``received`` the Amsterdam day of complete receipt for `first_come` and `pass_fail`, ``earlier``
    the place in the previous order for `carried_over`; both by reference.
    Errors: ``ValueError`` for shapes that do not fit, a reference twice, or a mark off the scale.
    """

    references: tuple[str, ...]
    marks: Floats
    criterion_of: tuple[int, ...] = ()
    criteria: tuple[str, ...] = ()
    weights: tuple[Decimal, ...] = ()
    minimum: Decimal = Decimal(0)
    maximum: Decimal = Decimal(5)
    trim: Decimal = Decimal(0)
    passes_needed: int | None = None
    received: Mapping[str, date] = field(default_factory=dict)
    earlier: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(set(self.references)) != len(self.references):
            raise ValueError("Every reference stands in the material once.")
        if self.marks.ndim != DIMENSIONS or len(self.marks) != len(self.references):
            raise ValueError("Marks are proposals by jurors by questions, one proposal per reference.")
        if len(self.weights) != len(self.criteria):
            raise ValueError("Every criterion has one weight.")
        _checked(self.marks, self.criterion_of, self.weights, (self.minimum, self.maximum))


@dataclass(frozen=True, slots=True)
class Scores:
    """What a method makes of it, one entry per proposal, in the order of the references.

    ``merit`` is what the order is made of: the higher the better, None where a proposal is not rankable. ``criteria``
    and ``totals`` are on the 0..100 scale. ``passes`` counts assessors, for `pass_fail` alone. ``unfit`` says why the
    weighted mean had to decide instead.
    """

    merit: tuple[tuple[Fraction, ...] | None, ...]
    totals: Row
    criteria: tuple[Row, ...]
    reasons: tuple[NotRankable | None, ...]
    passes: tuple[int | None, ...]
    unfit: Unfit | None = None


def weighted_mean(
    marks: Floats, criterion_of: Sequence[int], weights: Sequence[Decimal], *scale: Decimal, trim: Decimal = Decimal(0)
) -> tuple[tuple[Row, ...], Row]:
    """Per proposal the mean of each criterion, and their weighted total: exact, 0..100, None = nobody marked it.

    ``marks`` (proposals, jurors, questions), nan = missing; ``criterion_of`` per question the index of its criterion;
    ``weights`` per criterion, summing to 1; ``scale`` the lowest and the highest mark. A juror's mark on a criterion is
    the mean of the questions they answered, a criterion the mean over the jurors that marked it: a missing mark is left
    out, never zero, and shifts no weight between criteria. A proposal with a criterion nobody marked has no total. With
    ``trim``, a criterion that m >= 5 jurors marked first loses the ⌊trim · m⌋ lowest and as many of the highest.
    Errors: ``ValueError`` for shapes that do not fit, weights that do not sum to 1 or a mark off the scale.
    """
    minimum, maximum = scale
    _checked(marks, criterion_of, weights, (minimum, maximum))
    bottom, span = Fraction(minimum), Fraction(maximum) - Fraction(minimum)
    exact = [Fraction(weight) for weight in weights]
    rows = tuple(
        tuple(None if mean is None else 100 * (mean - bottom) / span for mean in row)
        for row in _criterion_means(marks, criterion_of, len(weights), trim)
    )
    return rows, tuple(_total(row, exact) for row in rows)


def pass_fail(marks: Floats, needed: int | None, maximum: Decimal) -> tuple[Integers, Bools, Bools]:
    """Per proposal: how many assessors pass it, whether it passed, and whether that is decided at all.

    ``marks`` (proposals, assessors, questions), nan = missing; a question is passed by a mark of ``maximum``, and an
    assessor passes a proposal by passing every question. ``needed`` passes make it pass; None asks it of all who
    answered anything. An assessor who failed nothing but left a question open has neither passed nor failed it; while
    such a sheet, or one of the ``needed`` that is not there, could still make it pass, the proposal is undecided.
    """
    given = given_in(marks)
    present: Bools = np.any(given, axis=2)
    failed: Bools = np.any(given & (marks < float(maximum)), axis=2)
    whole: Bools = np.all(given, axis=2) & present
    sheets = present.sum(axis=1)
    passes = (whole & ~failed).sum(axis=1)
    wanted = np.maximum(sheets if needed is None else needed, 1)
    could_pass = (present & ~failed).sum(axis=1) + np.maximum(wanted - sheets, 0)
    passed = passes >= wanted
    return passes.astype(np.int64), passed, passed | (could_pass < wanted)


def by_weighted_mean(material: Material) -> Scores:
    """The method ``weighted_mean``: the higher the total, the better."""
    return _by_total(material, *_means(material))


def by_trimmed_mean(material: Material) -> Scores:
    """The method ``trimmed_mean``: as the weighted mean, without the highest and the lowest of each criterion."""
    return _by_total(material, *_means(material, material.trim))


def _by_total(material: Material, criteria: tuple[Row, ...], totals: Row) -> Scores:
    return Scores(
        merit=tuple(None if total is None else (total,) for total in totals),
        totals=totals,
        criteria=criteria,
        reasons=tuple(NotRankable.NO_MARKS if total is None else None for total in totals),
        passes=_nothing(material),
    )


def by_pass_fail(material: Material) -> Scores:
    """The method ``pass_fail``: who passed, by day of complete receipt where that is given; who failed comes after."""
    passes, passed, decided = pass_fail(material.marks, material.passes_needed, material.maximum)
    criteria, totals = _means(material)
    return Scores(
        merit=tuple(
            (Fraction(int(through)), _earliest_first(material.received.get(reference))) if settled else None
            for reference, through, settled in zip(material.references, passed, decided, strict=True)
        ),
        totals=totals,
        criteria=criteria,
        reasons=tuple(None if settled else NotRankable.OPEN_QUESTIONS for settled in decided),
        passes=tuple(int(count) for count in passes),
    )


def by_first_come(material: Material) -> Scores:
    """The method ``first_come``: the earlier the day of complete receipt, the better; one day is one tie."""
    days = [material.received.get(reference) for reference in material.references]
    return _unscored(material, [None if day is None else _earliest_first(day) for day in days], NotRankable.NOT_RECEIVED)


def by_carried_over(material: Material) -> Scores:
    """The method ``carried_over``: the order of the previous stage holds, closed up over who fell out."""
    places = [material.earlier.get(reference) for reference in material.references]
    merits = [None if place is None else Fraction(-place) for place in places]
    return _unscored(material, merits, NotRankable.NO_EARLIER_PLACE)


def given_in(values: Floats) -> Bools:
    """Where a value was given: bool, of the same shape."""
    return np.logical_not(np.isnan(values))


def juror_criteria(material: Material) -> Floats:
    """Each juror's mean on each criterion: float (proposals, jurors, criteria), 0..100, nan = nothing marked."""
    percent = 100 * (material.marks - float(material.minimum)) / (float(material.maximum) - float(material.minimum))
    sums, counts = _sums(np.nan_to_num(percent), given_in(percent), material.criterion_of, len(material.criteria))
    return ratio(sums, counts)


def juror_totals(material: Material) -> Floats:
    """Each juror's own weighted total of each proposal: float (proposals, jurors), 0..100, nan = nothing marked.

    Where a juror left whole criteria open, their total runs over the criteria they did mark.
    """
    means = juror_criteria(material)
    weights = given_in(means) * np.array([float(weight) for weight in material.weights])
    return ratio((np.nan_to_num(means) * weights).sum(axis=2), weights.sum(axis=2))


def _means(material: Material, trim: Decimal = Decimal(0)) -> tuple[tuple[Row, ...], Row]:
    if not material.criteria:
        return tuple(() for _ in material.references), _nothing(material)
    scale = material.minimum, material.maximum
    return weighted_mean(material.marks, material.criterion_of, material.weights, *scale, trim=trim)


def _unscored(material: Material, merits: Sequence[Fraction | None], reason: NotRankable) -> Scores:
    criteria, totals = _means(material)
    return Scores(
        merit=tuple(None if merit is None else (merit,) for merit in merits),
        totals=totals,
        criteria=criteria,
        reasons=tuple(reason if merit is None else None for merit in merits),
        passes=_nothing(material),
    )


def _nothing(material: Material) -> tuple[None, ...]:
    return (None,) * len(material.references)


def _earliest_first(day: date | None) -> Fraction:
    return Fraction(0 if day is None else -day.toordinal())


def _total(row: Row, weights: Sequence[Fraction]) -> Fraction | None:
    marked = [value for value in row if value is not None]
    if len(marked) < len(row):
        return None
    return sum((weight * value for weight, value in zip(weights, marked, strict=True)), Fraction())


def _criterion_means(marks: Floats, criterion_of: Sequence[int], width: int, trim: Decimal) -> list[list[Fraction | None]]:
    """Mean of means, in marks, without a division until the end: sums are brought to one denominator first."""
    given = given_in(marks)
    whole = np.rint(np.nan_to_num(marks) * MILLIONTHS).astype(np.int64).astype(object)
    sums, counts = _sums(whole, given, criterion_of, width)
    share = lcm(*(int(count) for count in np.unique(counts) if count))
    factors = share // np.where(counts > 0, counts, 1)
    each, present = sums * factors, (counts > 0).sum(axis=1)
    if trim:
        each, present = _trimmed(np.where(counts > 0, each, np.inf), present, trim)
    numerators = each.sum(axis=1)
    return [
        [Fraction(int(top), int(jurors) * share * MILLIONTHS) if jurors else None for top, jurors in zip(*row, strict=True)]
        for row in zip(numerators, present, strict=True)
    ]


def _trimmed(each: NDArray[Any], present: Integers, trim: Decimal) -> tuple[NDArray[Any], Integers]:
    """Each (proposals, jurors, criteria), infinite where missing, with zeros for what is dropped; and how many stay."""
    drop = np.where(present >= FEWEST_TO_TRIM, np.floor(present * float(trim) + ROUNDING).astype(np.int64), 0)
    place = np.arange(each.shape[1])[None, :, None]
    stays = (place >= drop[:, None, :]) & (place < (present - drop)[:, None, :])
    return np.where(stays, np.sort(each, axis=1), 0), present - 2 * drop


def ratio(top: NDArray[Any], bottom: NDArray[Any]) -> Floats:
    """Top over bottom, nan where there is nothing below."""
    out = np.full(top.shape, np.nan)
    np.divide(top, bottom, out=out, where=bottom > 0)
    return out


def _sums(values: NDArray[Any], given: Bools, criterion_of: Sequence[int], width: int) -> tuple[NDArray[Any], Integers]:
    """Per proposal, juror and criterion: the sum of the values given, and how many there are."""
    index = np.asarray(criterion_of, dtype=np.int64)
    sums = np.zeros((*values.shape[:2], width), dtype=values.dtype)
    counts = np.zeros((*values.shape[:2], width), dtype=np.int64)
    for criterion in range(width):
        sums[:, :, criterion] = np.where(given, values, 0)[:, :, index == criterion].sum(axis=2)
        counts[:, :, criterion] = given[:, :, index == criterion].sum(axis=2)
    return sums, counts


def _checked(marks: Floats, criterion_of: Sequence[int], weights: Sequence[Decimal], scale: tuple[Decimal, Decimal]) -> None:
    if marks.ndim != DIMENSIONS or marks.shape[2] != len(criterion_of):
        raise ValueError("Marks are proposals by jurors by questions, and every question has a criterion.")
    if not set(criterion_of) <= set(range(len(weights))):
        raise ValueError("Every question belongs to a criterion that has a weight.")
    if weights and sum(weights) != 1:
        raise ValueError("The weights of the criteria sum to 1.")
    given = marks[~np.isnan(marks)]
    if scale[0] >= scale[1] or (given < float(scale[0])).any() or (given > float(scale[1])).any():
        raise ValueError(f"Marks run from {scale[0]} to {scale[1]}.")
