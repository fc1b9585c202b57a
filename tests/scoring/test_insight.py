"""A round looked at in other ways: the figures against known ones, and what cannot be told."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from scoring.expected_rank import Call, expected_ranks
from scoring.insight import insight, lines, totals_of, weights_of, with_marks
from scoring.methods import Material, Unfit
from scoring.reliability import agreement, band, reliability
from scoring.severity import severity_adjusted
from scoring.statistics import krippendorff_alpha

NAN = float("nan")
D = Decimal
SHROUT_FLEISS = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=float)


def of(table, *, maximum=10):
    """One criterion with one question; rows proposals, columns jurors."""
    marks = np.asarray(table, dtype=float)[:, :, None]
    return Material(tuple("ABCDEFGHIJ"[: len(marks)]), marks, (0,), ("one",), (D(1),), maximum=D(maximum))


# ── beside the frozen order ───────────────────────────────────────────────────────────────────────────────────
def test_raw_adjusted_and_expected_rank_are_those_of_the_methods():
    found = insight(of(SHROUT_FLEISS), 2)
    assert found.raw["A"] == pytest.approx(60)
    assert list(found.adjusted.values()) == pytest.approx(severity_adjusted(SHROUT_FLEISS * 10).proposals.tolist())
    posterior = expected_ranks(SHROUT_FLEISS / 2)
    assert [rank.expected for rank in found.ranks.values()] == posterior.expected.tolist()
    assert [rank.chance for rank in found.ranks.values()] == posterior.in_top(2).tolist()
    assert all(1 <= rank.low <= rank.high <= 6 for rank in found.ranks.values())
    assert (found.no_adjusted, found.no_ranks) == (None, None)


def test_a_juror_without_a_mark_changes_nothing():
    more = np.hstack([SHROUT_FLEISS, np.full((6, 1), NAN)])
    assert with_marks(of(more)).marks.shape == (6, 4, 1)
    assert insight(of(more), 2) == insight(of(SHROUT_FLEISS), 2)
    assert reliability(of(more), ("a", "b", "c", "d", "e")) == reliability(of(SHROUT_FLEISS), ("a", "b", "c", "d"))


@pytest.mark.parametrize("table", [[[5, 4], [3, 2]], [[5], [4], [3]], [[NAN, NAN]] * 3])
def test_too_few_proposals_or_jurors_have_no_expected_rank(table):
    found = insight(of(table), 1)
    assert (found.ranks, found.no_ranks) == ({}, Unfit.FEW_PROPOSALS)
    assert lines(of(table), [1]) == ([], Unfit.FEW_PROPOSALS)


def test_what_nobody_marked_is_left_out():
    found = insight(of([*SHROUT_FLEISS, [NAN] * 4]), 2)
    assert "G" not in found.raw
    assert "G" not in found.ranks
    assert found.ranks == insight(of(SHROUT_FLEISS), 2).ranks


def test_jurors_who_share_no_proposal_leave_severity_unsaid():
    found = insight(of([[5, NAN], [4, NAN], [NAN, 3], [NAN, 2]]), 2)
    assert (found.adjusted, found.no_adjusted) == ({}, Unfit.UNCONNECTED)


def test_a_line_between_proposals_far_apart_is_sure_and_between_twins_is_noise():
    apart = [[10, 10, 9], [9, 10, 10], [1, 0, 1], [0, 1, 0]]
    (sure,), unfit = lines(of(apart), [2])
    assert unfit is None
    assert (sure.calls["C"], sure.calls["D"]) == (Call.REFUSE, Call.REFUSE)
    assert set(sure.unsure) <= {"A", "B"}
    (noise,), _unfit = lines(of([[5, 3, 4], [4, 5, 3], [3, 4, 5], [4, 4, 4]]), [2])
    assert noise.in_noise
    assert lines(of(apart), [0, 4, 9]) == ([], None), "a line that leaves nobody out is no line"


def test_every_jurors_total_of_each_proposal():
    assert totals_of(of([[5, NAN, 3], [1, 2, NAN]])) == {"A": [30, 50], "B": [10, 20]}


@pytest.mark.parametrize(
    ("typed", "weights"),
    [((D("0.3"), D("0.7")), (D("0.3"), D("0.7"))), ((D("0.1"), D("0.2"), None), (D("0.1"), D("0.2"), D("0.7"))), ((None,), (D(1),))],
)
def test_the_last_weight_takes_what_is_left(typed, weights):
    assert weights_of(typed) == weights


@pytest.mark.parametrize("typed", [(D("0.3"), D("0.6")), (None, D(1)), (D("1.2"), None), (D("-0.1"), D("1.1")), (None, None)])
def test_weights_that_are_not_one_in_all_are_refused(typed):
    with pytest.raises(ValueError, match="sum to 1"):
        weights_of(typed)


# ── how far the jurors agree ──────────────────────────────────────────────────────────────────────────────────
def test_the_published_figures_of_shrout_and_fleiss():
    found = agreement(SHROUT_FLEISS)
    assert [round(each, 3) for each in (found.icc_one, found.icc_mean, found.icc_order)] == [0.290, 0.620, 0.909]
    assert found.alpha == krippendorff_alpha(SHROUT_FLEISS, "interval")
    assert (found.proposals, found.jurors, found.whole) == (6, 4, 6)
    assert found.p < 0.05 < found.w


def test_alpha_stands_where_no_proposal_was_scored_by_all():
    found = agreement(np.array([[1, 2, NAN], [NAN, 4, 5], [3, NAN, 3]]))
    assert found.alpha is not None
    assert (found.whole, found.icc_mean, found.w) == (0, None, None)


@pytest.mark.parametrize("table", [np.full((3, 2), NAN), np.array([[1, NAN], [NAN, 2]]), np.empty((0, 0)), np.full((2, 2), 3.0)])
def test_what_cannot_be_told_is_none(table):
    found = agreement(table)
    assert (found.alpha, found.icc_mean) == (None, None)


def test_a_severe_juror_and_one_who_goes_against_the_others_are_told_apart():
    table = [[8, 6, 9, 4], [6, 4, 7, 5], [4, 2, 5, 5], [2, 0, 3, 6]]
    found = reliability(of(table), ("plain", "severe", "mild", "against"))
    by = {judge.name: judge for judge in found.judges}
    assert by["severe"].severity > by["plain"].severity > by["mild"].severity
    assert (by["severe"].sheets, by["severe"].mean) == (4, 30)
    assert by["plain"].consistency > 0.9
    assert by["against"].consistency < -0.9
    assert found.pairs[0][1] == pytest.approx(1)
    assert found.pairs[0][3] == found.pairs[3][0] < -0.9
    assert found.no_severity is None


def test_a_juror_who_gave_everything_the_same_correlates_with_nothing():
    found = reliability(of([[5, 1], [5, 2], [5, 3]]), ("flat", "other"))
    assert [judge.consistency for judge in found.judges] == [None, None]
    assert found.pairs[0] == (None, None)


def test_nobody_marked_anything():
    found = reliability(of([[NAN, NAN]]), ("a", "b"))
    assert (found.judges, found.pairs, found.overall.alpha) == ((), (), None)


def test_each_criterion_has_its_own_agreement():
    marks = np.stack([SHROUT_FLEISS, np.full((6, 4), 5.0)], axis=2)
    both = replace(of(SHROUT_FLEISS), marks=marks, criterion_of=(0, 1), criteria=("one", "two"), weights=(D("0.5"), D("0.5")))
    found = reliability(both, ("a", "b", "c", "d"))
    assert found.criteria["one"] == agreement(SHROUT_FLEISS * 10)
    assert found.criteria["two"].alpha is None


@pytest.mark.parametrize(
    ("kind", "value", "word"),
    [
        ("alpha", 0.8, "good"),
        ("alpha", 0.7, "tentative"),
        ("alpha", 0.66, "poor"),
        ("icc", 0.6, "moderate"),
        ("w", 0.3, "weak"),
        ("w", None, ""),
    ],
)
def test_bands_are_those_of_the_books(kind, value, word):
    assert band(kind, value) == word
