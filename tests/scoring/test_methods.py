from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from scoring.methods import Material, NotRankable, juror_criteria, juror_totals, pass_fail, weighted_mean
from scoring.ranking import METHODS
from tender.schemes.definition import Method

NAN = float("nan")
HALF = (Decimal("0.5"), Decimal("0.5"))
SCALE = (Decimal(0), Decimal(5))


def test_one_function_per_method_of_the_contract() -> None:
    assert set(METHODS) == set(Method)


def test_the_weighted_mean_by_hand() -> None:
    """Two jurors, criterion A with two questions, criterion B with one; weights 3/5 and 2/5."""
    marks = np.array([[[4, 5, 3], [3, 4, 2]]], dtype=float)
    criteria, totals = weighted_mean(marks, (0, 0, 1), (Decimal("0.6"), Decimal("0.4")), *SCALE)
    assert criteria == ((Fraction(80), Fraction(50)),)
    assert totals == (Fraction(68),)


def test_questions_share_the_weight_of_their_criterion() -> None:
    one = weighted_mean(np.array([[[4.0, 2.0]]]), (0, 1), HALF, *SCALE)
    many = weighted_mean(np.array([[[4.0, 4.0, 4.0, 4.0, 2.0]]]), (0, 0, 0, 0, 1), HALF, *SCALE)
    assert one == many


def test_a_scale_need_not_start_at_zero() -> None:
    _, totals = weighted_mean(np.array([[[1.0]], [[5.5]], [[10.0]]]), (0,), (Decimal(1),), Decimal(1), Decimal(10))
    assert totals == (Fraction(0), Fraction(50), Fraction(100))


@pytest.mark.parametrize(
    ("marks", "criteria", "total"),
    [
        ([[4, 3], [NAN, 2]], (80, 50), 65),  # one juror left A open
        ([[4, 3], [NAN, NAN]], (80, 60), 70),  # one juror marked nothing
        ([[0, 0], [NAN, NAN]], (0, 0), 0),  # a zero is a mark
        ([[4, NAN], [2, NAN]], (60, None), None),  # nobody marked B
        ([[NAN, NAN], [NAN, NAN]], (None, None), None),
    ],
)
def test_a_missing_mark_is_left_out_and_never_zero(marks: list, criteria: tuple, total: int | None) -> None:
    assert weighted_mean(np.array([marks], dtype=float), (0, 1), HALF, *SCALE) == ((criteria,), (total,))


def test_a_question_left_open_shifts_nothing_to_another_juror() -> None:
    """A juror's criterion is the mean of what they answered: 4 and (2 + 3) / 2, not (4 + 4 + 2 + 3) / 4."""
    marks = np.array([[[4, NAN], [2, 3]]], dtype=float)
    assert weighted_mean(marks, (0, 0), (Decimal(1),), *SCALE)[1] == (Fraction(65),)


def test_totals_are_exact() -> None:
    """Three jurors at 1/3 each of a mark cannot be told from 60 in floats; here they are 60."""
    marks = np.array([[[2.9], [3.0], [3.1]], [[3.0], [3.0], [3.0]]])
    assert weighted_mean(marks, (0,), (Decimal(1),), *SCALE)[1] == (Fraction(60), Fraction(60))


def test_no_jurors_at_all() -> None:
    assert weighted_mean(np.zeros((2, 0, 1)), (0,), (Decimal(1),), *SCALE) == (((None,), (None,)), (None, None))


@pytest.mark.parametrize(
    ("marks", "criterion_of", "weights", "fault"),
    [
        (np.zeros((1, 1)), (0,), (Decimal(1),), "by jurors by questions"),
        (np.zeros((1, 1, 2)), (0,), (Decimal(1),), "every question has a criterion"),
        (np.zeros((1, 1, 1)), (1,), (Decimal(1),), "has a weight"),
        (np.zeros((1, 1, 1)), (0,), (Decimal("0.9"),), "sum to 1"),
        (np.full((1, 1, 1), 5.5), (0,), (Decimal(1),), "from 0 to 5"),
        (np.full((1, 1, 1), -0.5), (0,), (Decimal(1),), "from 0 to 5"),
    ],
)
def test_faults_are_refused(marks, criterion_of, weights, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        weighted_mean(marks, criterion_of, weights, *SCALE)


@pytest.mark.parametrize(
    ("references", "marks", "weights", "fault"),
    [
        (("A", "A"), np.zeros((2, 1, 1)), (Decimal(1),), "once"),
        (("A",), np.zeros((2, 1, 1)), (Decimal(1),), "one proposal per reference"),
        (("A",), np.zeros((1, 1, 1)), HALF, "one weight"),
    ],
)
def test_material_fits_together(references, marks, weights, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        Material(references, marks, criterion_of=(0,), criteria=("a",), weights=weights)


@pytest.mark.parametrize(
    ("sheets", "needed", "verdict"),
    [
        ([[1, 1], [1, 1]], 2, (2, True, True)),
        ([[1, 1], [1, 0]], 2, (1, False, True)),
        ([[1, 1], [1, 0]], 1, (1, True, True)),
        ([[1, 1], [1, 1]], None, (2, True, True)),
        ([[1, 1], [0, 0]], None, (1, False, True)),
        ([[1, 1], [1, NAN]], 2, (1, False, False)),  # the open question may still pass
        ([[1, 1], [0, NAN]], 2, (1, False, True)),  # it cannot help any more
        ([[1, 1], [1, NAN]], 1, (1, True, True)),  # nor hurt
        ([[1, 1], [NAN, NAN]], 2, (1, False, False)),  # a sheet that is not there is not a fail
        ([[0, 1], [NAN, NAN]], 2, (0, False, True)),
        ([[NAN, NAN], [NAN, NAN]], 2, (0, False, False)),
        ([[NAN, NAN], [NAN, NAN]], None, (0, False, False)),
        ([[NAN, NAN], [1, 1]], None, (1, True, True)),
    ],
)
def test_pass_or_fail(sheets: list, needed: int | None, verdict: tuple) -> None:
    passes, passed, decided = pass_fail(np.array([sheets], dtype=float), needed, Decimal(1))
    assert (passes[0], passed[0], decided[0]) == verdict


def test_pass_fail_orders_who_passed_by_day_of_receipt() -> None:
    marks = np.array([[[1.0]], [[1.0]], [[0.0]], [[NAN]]])
    received = {"A": date(2026, 3, 2), "B": date(2026, 3, 1), "C": date(2026, 2, 1), "D": date(2026, 1, 1)}
    material = Material(("A", "B", "C", "D"), marks, (0,), ("a",), (Decimal(1),), Decimal(0), Decimal(1), received=received)
    scores = METHODS["pass_fail"](material)
    assert sorted("ABC", key=lambda name: scores.merit["ABC".index(name)], reverse=True) == ["B", "A", "C"]
    assert scores.reasons == (None, None, None, NotRankable.OPEN_QUESTIONS)
    assert scores.passes == (1, 1, 0, 0)


def test_first_come_is_by_day() -> None:
    material = Material(("A", "B", "C"), np.zeros((3, 0, 0)), received={"A": date(2026, 3, 2), "B": date(2026, 3, 2)})
    scores = METHODS["first_come"](material)
    assert scores.merit[0] == scores.merit[1]
    assert scores.reasons == (None, None, NotRankable.NOT_RECEIVED)
    assert scores.totals == (None, None, None)


def test_an_order_is_carried_over() -> None:
    scores = METHODS["carried_over"](Material(("A", "B", "C"), np.zeros((3, 0, 0)), earlier={"A": 4, "B": 1}))
    assert scores.merit == ((Fraction(-4),), (Fraction(-1),), None)
    assert scores.reasons[2] is NotRankable.NO_EARLIER_PLACE


def test_what_each_juror_made_of_it() -> None:
    marks = np.array([[[4, 2], [NAN, 3], [NAN, NAN]]], dtype=float)
    material = Material(("A",), marks, (0, 1), ("a", "b"), (Decimal("0.75"), Decimal("0.25")))
    np.testing.assert_allclose(juror_criteria(material), [[[80, 40], [NAN, 60], [NAN, NAN]]])
    np.testing.assert_allclose(juror_totals(material), [[70, 60, NAN]])
