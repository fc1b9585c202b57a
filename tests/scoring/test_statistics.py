from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scoring.statistics import LEVELS, intraclass_correlation, kendall_w, krippendorff_alpha

NAN = float("nan")

# Shrout & Fleiss (1979), table 2: six targets, four judges
SHROUT_FLEISS = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=float)

# Krippendorff (2011): four coders, twelve units, * missing
CODERS = ("123321412***", "1233224125*3", "*3332342251*", "12332441251*")
KRIPPENDORFF = np.array([[NAN if mark == "*" else float(mark) for mark in coder] for coder in CODERS]).T

TABLES = arrays(np.float64, st.tuples(st.integers(2, 6), st.integers(2, 5)), elements=st.integers(0, 5).map(float))


@pytest.mark.parametrize(
    ("name", "published"),
    [("bms", 11.24), ("wms", 6.26), ("jms", 32.49), ("ems", 1.02)],
)
def test_the_published_mean_squares(name: str, published: float) -> None:
    assert round(getattr(intraclass_correlation(SHROUT_FLEISS), name), 2) == published


@pytest.mark.parametrize(
    ("form", "published"),
    [("icc1", 0.166), ("icc2", 0.290), ("icc3", 0.715), ("icc1k", 0.443), ("icc2k", 0.620), ("icc3k", 0.909)],
)
def test_the_six_published_forms(form: str, published: float) -> None:
    assert round(getattr(intraclass_correlation(SHROUT_FLEISS), form), 3) == published


def test_a_target_that_not_everybody_rated_is_left_out() -> None:
    more = np.vstack([SHROUT_FLEISS, [1, NAN, 3, 4]])
    assert intraclass_correlation(more) == intraclass_correlation(SHROUT_FLEISS)
    assert kendall_w(more) == kendall_w(SHROUT_FLEISS)


def test_judges_who_agree_wholly() -> None:
    found = intraclass_correlation([[1, 1, 1], [3, 3, 3], [4, 4, 4]])
    assert [found.icc1, found.icc2, found.icc3, found.icc1k, found.icc2k, found.icc3k] == pytest.approx([1] * 6)


def test_judges_who_differ_by_a_constant_agree_on_consistency_alone() -> None:
    found = intraclass_correlation([[1, 3], [2, 4], [4, 6]])
    assert found.icc3 == pytest.approx(1)
    assert found.icc2 < 0.7


def test_no_variation_settles_nothing() -> None:
    assert np.isnan(intraclass_correlation([[3, 3], [3, 3]]).icc2)
    assert np.isnan(kendall_w([[3, 3], [3, 3]]).w_ties)
    assert np.isnan(krippendorff_alpha([[3, 3], [3, 3]], "interval"))


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("ratings", "fault"), [([1.0, 2.0], "a table"), ([[1.0, NAN], [NAN, 2.0]], "two values|two targets")])
def test_too_little_to_compare_is_refused(level, ratings, fault: str) -> None:
    for figure in (intraclass_correlation, kendall_w, lambda table: krippendorff_alpha(table, level)):
        with pytest.raises(ValueError, match=fault):
            figure(ratings)


@pytest.mark.parametrize(("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)])
def test_the_published_alphas(level, published: float) -> None:
    assert round(krippendorff_alpha(KRIPPENDORFF, level), 3) == published


def test_alpha_by_hand() -> None:
    """Krippendorff's binary example: two coders, ten units, alpha = .095."""
    coders = np.array([[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]], dtype=float)
    assert krippendorff_alpha(coders.T, "nominal") == pytest.approx(0.095, abs=0.0005)


def test_a_level_must_exist() -> None:
    with pytest.raises(ValueError, match="nominal, ordinal, interval, ratio"):
        krippendorff_alpha(KRIPPENDORFF, "cardinal")


def test_the_published_concordance_with_ties() -> None:
    found = kendall_w(SHROUT_FLEISS)
    assert round(found.w_ties, 4) == 0.8870
    assert (found.df, found.targets, found.judges) == (5, 6, 4)
    assert found.chi2 == pytest.approx(4 * 5 * found.w_ties)
    assert found.p == pytest.approx(0.00329, abs=0.00001)
    assert found.w < found.w_ties


def test_concordance_without_ties_needs_no_correction() -> None:
    same = kendall_w([[1, 10], [2, 20], [3, 30]])
    assert same.w == same.w_ties == pytest.approx(1)
    assert kendall_w([[1, 2], [2, 1]]).w == pytest.approx(0)


@given(TABLES, st.randoms())
def test_neither_the_order_of_targets_nor_of_judges_matters(table, random) -> None:
    rows, columns = list(range(table.shape[0])), list(range(table.shape[1]))
    random.shuffle(rows)
    random.shuffle(columns)
    other = table[np.ix_(rows, columns)]
    one, two = intraclass_correlation(table), intraclass_correlation(other)
    assert (one.bms, one.wms, one.jms, one.ems) == pytest.approx((two.bms, two.wms, two.jms, two.ems), abs=1e-9)
    assert kendall_w(table).w_ties == pytest.approx(kendall_w(other).w_ties, nan_ok=True)
    for level in LEVELS:
        assert krippendorff_alpha(table, level) == pytest.approx(krippendorff_alpha(other, level), nan_ok=True)


@given(TABLES)
def test_a_judge_who_says_nothing_changes_no_alpha(table) -> None:
    more = np.hstack([table, np.full((len(table), 1), NAN)])
    for level in LEVELS:
        assert krippendorff_alpha(table, level) == pytest.approx(krippendorff_alpha(more, level), nan_ok=True)


@given(TABLES, st.integers(1, 9), st.integers(-9, 9))
def test_the_scale_of_the_marks_does_not_matter(table, factor: int, shift: int) -> None:
    assume(len(np.unique(table)) > 1)
    other = table * factor + shift
    for level in ("nominal", "ordinal", "interval"):
        assert krippendorff_alpha(table, level) == pytest.approx(krippendorff_alpha(other, level))
    one, two = intraclass_correlation(table), intraclass_correlation(other)
    assert two.bms == pytest.approx(one.bms * factor**2, abs=1e-9)
    assert kendall_w(table).w == pytest.approx(kendall_w(other).w)


@given(TABLES)
def test_figures_stay_within_their_bounds(table) -> None:
    found = kendall_w(table)
    assert np.isnan(found.w_ties) or -1e-12 <= found.w <= found.w_ties <= 1 + 1e-12
    assert all(not krippendorff_alpha(table, level) > 1 + 1e-12 for level in LEVELS)
    assert not intraclass_correlation(table).icc3 > 1 + 1e-12


@given(TABLES)
def test_alpha_agrees_with_the_definition(table) -> None:
    """Observed and expected disagreement, pair by pair, as the definition has it."""
    assume(len(np.unique(table)) > 1)
    everything = table.ravel()
    observed = np.mean([(row[:, None] - row).ravel() ** 2 for row in table]) * table.shape[1] / (table.shape[1] - 1)
    expected = ((everything[:, None] - everything) ** 2).sum() / (len(everything) * (len(everything) - 1))
    assert krippendorff_alpha(table, "interval") == pytest.approx(1 - observed / expected)


def test_importable_without_django() -> None:
    code = "import scoring.statistics, sys; assert not any(m.split('.')[0] == 'django' for m in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
