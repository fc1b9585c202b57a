from __future__ import annotations

import subprocess
import sys
import warnings
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scoring.bootstrap import probability_in_top
from scoring.lottery import draw
from scoring.methods import Material, NotRankable
from scoring.ranking import rank, shown

NAN = float("nan")
SEED = b"a seed of at least sixteen bytes"
WEIGHTS = (Decimal("0.5"), Decimal("0.3"), Decimal("0.2"))
MARK = st.one_of(st.just(NAN), st.integers(0, 10).map(lambda half: half / 2))


def material_of(marks: np.ndarray, names: tuple[str, ...] | None = None) -> Material:
    names = names or tuple(f"R{index}" for index in range(len(marks)))
    return Material(names, marks, (0, 1, 2), ("a", "b", "c"), WEIGHTS)


@st.composite
def rounds(draw_from) -> Material:
    proposals, jurors = draw_from(st.integers(1, 7)), draw_from(st.integers(1, 5))
    cells = draw_from(st.lists(MARK, min_size=proposals * jurors * 3, max_size=proposals * jurors * 3))
    return material_of(np.array(cells).reshape(proposals, jurors, 3))


def one_criterion(*columns: list[float]) -> Material:
    marks = np.array(columns, dtype=float).T[:, :, np.newaxis]
    return Material(tuple("ABCDEFGH"[: len(marks)]), marks, (0,), ("a",), (Decimal(1),))


def test_a_ranking_by_hand() -> None:
    rows = rank(one_criterion([5, 3, 4, NAN], [4, 3, 2, NAN]), "weighted_mean", seed=SEED)
    first, *tied, last = rows
    assert (first.reference, first.total, first.rank, first.order, first.sheets) == ("A", 90, 1, 1, 2)
    assert {row.reference for row in tied} == {"B", "C"}
    assert [row.rank for row in tied] == [2, 2]
    assert [row.order for row in tied] == [2, 3]
    assert [row.reference for row in tied] == draw(SEED, ["B", "C"])
    assert tied[0].tied_with == (tied[1].reference,)
    assert (last.reference, last.rank, last.order, last.total) == ("D", None, None, None)
    assert last.not_rankable is NotRankable.NO_MARKS
    assert last.missing == ("a",)


def test_what_is_shown_beside_the_score() -> None:
    row = rank(one_criterion([5], [3], [NAN]), "weighted_mean", seed=SEED)[0]
    assert row.raw == pytest.approx(80)
    assert row.spread == pytest.approx(28.284, abs=0.001)
    assert rank(one_criterion([5]), "weighted_mean", seed=SEED)[0].spread is None


def test_a_criterion_breaks_a_tie_before_the_lottery() -> None:
    marks = np.array([[[4, 2, 3]], [[3, 3, 4]], [[3, 3, 4]]], dtype=float)
    names = ("A", "B", "C")
    material = Material(names, marks, (0, 1, 2), ("a", "b", "c"), (Decimal("0.5"), Decimal("0.25"), Decimal("0.25")))
    assert len({row.total for row in rank(material, "weighted_mean", seed=SEED)}) == 1

    plain = rank(material, "weighted_mean", tie_break=("lottery",), seed=SEED)
    assert [row.rank for row in plain] == [1, 1, 1]
    by_a = rank(material, "weighted_mean", tie_break=("a", "lottery"), seed=SEED)
    assert (by_a[0].reference, by_a[0].rank) == ("A", 1)
    assert [row.rank for row in by_a] == [1, 2, 2]
    by_c = rank(material, "weighted_mean", tie_break=("c", "a", "lottery"), seed=SEED)
    assert by_c[-1].reference == "A"


def test_an_unknown_method_or_criterion_is_refused() -> None:
    with pytest.raises(KeyError):
        rank(one_criterion([5]), "by_beauty", seed=SEED)
    with pytest.raises(KeyError):
        rank(one_criterion([5]), "weighted_mean", tie_break=("beauty",), seed=SEED)


def test_a_day_is_one_tie_and_the_lottery_orders_it() -> None:
    received = {"A": date(2026, 3, 2), "B": date(2026, 3, 1), "C": date(2026, 3, 2)}
    rows = rank(Material(("A", "B", "C"), np.zeros((3, 0, 0)), received=received), "first_come", seed=SEED)
    assert [row.rank for row in rows] == [1, 2, 2]
    assert [row.reference for row in rows] == ["B", *draw(SEED, ["A", "C"])]


def test_a_carried_order_closes_up() -> None:
    rows = rank(Material(("A", "B"), np.zeros((2, 0, 0)), earlier={"A": 4, "B": 2}), "carried_over", seed=SEED)
    assert [(row.reference, row.rank, row.total, dict(row.criteria)) for row in rows] == [
        ("B", 1, None, {}),
        ("A", 2, None, {}),
    ]


def test_nobody_to_rank() -> None:
    assert rank(Material((), np.zeros((0, 0, 0))), "first_come", seed=SEED) == ()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(200, 3), "66.67"),
        (Fraction(66665, 1000), "66.66"),
        (Fraction(66675, 1000), "66.68"),
        (Fraction(70), "70.00"),
        (Decimal("0.005"), "0.00"),
    ],
)
def test_shown_half_even(value: Fraction, text: str) -> None:
    assert str(shown(value)) == text


def test_nothing_is_shown_as_nothing() -> None:
    assert shown(None) is None
    assert str(shown(Fraction(200, 3), 4)) == "66.6667"


@given(rounds(), st.data())
def test_permuting_the_jurors_changes_nothing(material: Material, data) -> None:
    order = data.draw(st.permutations(range(material.marks.shape[1])))
    other = replace(material, marks=material.marks[:, order])
    same = [row_without_noise(row) for row in rank(material, "weighted_mean", seed=SEED)]
    assert [row_without_noise(row) for row in rank(other, "weighted_mean", seed=SEED)] == same


def row_without_noise(row):
    return replace(row, raw=None, spread=None)


@given(rounds(), st.data())
def test_permuting_the_proposals_changes_nothing(material: Material, data) -> None:
    order = data.draw(st.permutations(range(len(material.references))))
    other = replace(material, marks=material.marks[order], references=tuple(material.references[i] for i in order))
    assert rank(other, "weighted_mean", seed=SEED) == rank(material, "weighted_mean", seed=SEED)


@given(rounds())
def test_a_juror_who_marks_nothing_changes_nothing(material: Material) -> None:
    nobody = np.full((len(material.references), 1, 3), NAN)
    other = replace(material, marks=np.concatenate([material.marks, nobody], axis=1))
    same = [row_without_noise(row) for row in rank(material, "weighted_mean", seed=SEED)]
    assert [row_without_noise(row) for row in rank(other, "weighted_mean", seed=SEED)] == same


@given(rounds())
def test_a_missing_mark_never_counts_as_zero(material: Material) -> None:
    """With zeros in place of what is missing, no total is higher, and where something was missing none is the same."""
    zeros = replace(material, marks=np.nan_to_num(material.marks))
    totals = {row.reference: row.total for row in rank(zeros, "weighted_mean", seed=SEED)}
    for row in rank(material, "weighted_mean", seed=SEED):
        marks = material.marks[material.references.index(row.reference)]
        assert row.total is None or row.total >= totals[row.reference]
        if row.total and np.isnan(marks).any() and np.nan_to_num(marks, nan=1).all():
            assert row.total > totals[row.reference]


@given(rounds(), st.data())
def test_raising_a_mark_never_lowers_the_rank(material: Material, data) -> None:
    cell = tuple(data.draw(st.integers(0, size - 1)) for size in material.marks.shape)
    assume(material.marks[cell] < 5)
    marks = material.marks.copy()
    marks[cell] += 0.5
    name = material.references[cell[0]]
    before = {row.reference: row for row in rank(material, "weighted_mean", tie_break=("a", "lottery"), seed=SEED)}
    higher = replace(material, marks=marks)
    after = {row.reference: row for row in rank(higher, "weighted_mean", tie_break=("a", "lottery"), seed=SEED)}
    assume(before[name].rank is not None)
    assert after[name].rank <= before[name].rank
    assert after[name].order <= before[name].order
    assert after[name].total > before[name].total


@given(rounds(), st.binary(min_size=16, max_size=32))
def test_the_order_is_strict_and_follows_the_score(material: Material, seed: bytes) -> None:
    rows = [row for row in rank(material, "weighted_mean", tie_break=("b", "lottery"), seed=seed) if row.rank]
    assert [row.order for row in rows] == list(range(1, len(rows) + 1))
    for above, below in pairwise(rows):
        assert above.total >= below.total
        assert (above.rank == below.rank) == (below.reference in above.tied_with)
        assert below.rank in {above.rank, below.order}


@given(rounds())
def test_exact_totals_agree_with_floats(material: Material) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # the mean of nothing
        expected = (np.nanmean(material.marks * 20, axis=1) * [0.5, 0.3, 0.2]).sum(axis=1)
    for row in rank(material, "weighted_mean", seed=SEED):
        index = material.references.index(row.reference)
        assert float(NAN if row.total is None else row.total) == pytest.approx(expected[index], nan_ok=True)


def test_who_leads_whatever_jury_is_certain_of_the_top() -> None:
    chances = probability_in_top(one_criterion([5, 1, 2, NAN], [4, 2, 1, NAN], [5, 2, 2, NAN]), 1)
    assert chances["A"] == 1
    assert chances["B"] < 1
    assert np.isnan(chances["D"])


def test_a_coin_toss_is_even() -> None:
    """Two jurors who prefer one each: either is drawn twice in a quarter of the draws, and half of them tie."""
    chances = probability_in_top(one_criterion([5, 3], [3, 5]), 1, draws=20_000)
    assert chances == pytest.approx({"A": 0.75, "B": 0.75}, abs=0.015)


def test_the_figures_are_the_same_each_time() -> None:
    material = material_of(np.random.default_rng(3).integers(0, 11, (6, 4, 3)) / 2)
    assert probability_in_top(material, 2) == probability_in_top(material, 2)
    assert probability_in_top(material, 2, seed=1) != probability_in_top(material, 2, seed=2)


def test_a_top_that_holds_everybody_is_certain() -> None:
    assert set(probability_in_top(one_criterion([5, 3], [3, 5]), 2).values()) == {1.0}


@pytest.mark.parametrize("wrong", [{"k": 0}, {"k": 1, "draws": 0}])
def test_a_top_of_none_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="one draw"):
        probability_in_top(one_criterion([5]), **wrong)


@given(rounds(), st.integers(1, 4))
def test_chances_are_chances(material: Material, k: int) -> None:
    chances = probability_in_top(material, k, draws=50)
    ranked = {row.reference for row in rank(material, "weighted_mean", seed=SEED) if row.rank}
    assert {name for name, chance in chances.items() if not np.isnan(chance)} == ranked
    assert all(0 <= chances[name] <= 1 for name in ranked)
    assert sum(chances[name] for name in ranked) >= min(k, len(ranked)) - 1e-9


def test_batches_of_draws_change_nothing(monkeypatch) -> None:
    material = material_of(np.random.default_rng(3).integers(0, 11, (6, 4, 3)) / 2)
    whole = probability_in_top(material, 2)
    monkeypatch.setattr("scoring.bootstrap.CELLS_AT_ONCE", 180)
    assert probability_in_top(material, 2) == whole


def test_without_a_rubric_there_are_no_chances() -> None:
    assert np.isnan(probability_in_top(Material(("A",), np.zeros((1, 0, 0))), 1)["A"])


def test_importable_without_django() -> None:
    code = "import scoring.ranking, sys; assert not any(m.split('.')[0] == 'django' for m in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
