from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from scoring.ranking import rank
from scoring.sheets import material, question_names
from tender.schemes.definition import Criterion, Method, Question, Rubric, Selection, Text

WORDS = Text("woord", "word")


def criterion(key: str, weight: str, *questions: str) -> Criterion:
    return Criterion(key, WORDS, None, Decimal(weight), None, tuple(Question(name, WORDS) for name in questions))


RUBRIC = Rubric(Decimal(1), Decimal(5), Decimal("0.5"), (criterion("a", "0.75", "p", "q"), criterion("b", "0.25", "p")))


def test_questions_are_named_as_marks_name_them() -> None:
    assert question_names(RUBRIC) == ("a.p", "a.q", "b.p")
    assert question_names(None) == ()


def test_rows_of_marks_become_an_array() -> None:
    made = material(
        ["X", "Y"],
        RUBRIC,
        [
            ("Y", "two", "b.p", Decimal("4.5")),
            ("X", "one", "a.p", Decimal(3)),
            ("X", "two", "a.q", None),
        ],
        received={"X": date(2026, 3, 1)},
        earlier={"Y": 2},
        rule=Selection(Method.PASS_FAIL, passes_needed=2, trim=Decimal("0.2")),
    )
    expected = np.full((2, 2, 3), np.nan)
    expected[0, 0, 0] = 3
    expected[1, 1, 2] = 4.5
    np.testing.assert_array_equal(made.marks, expected)
    assert (made.criterion_of, made.criteria, made.weights) == (
        (0, 0, 1),
        ("a", "b"),
        (Decimal("0.75"), Decimal("0.25")),
    )
    assert (made.minimum, made.maximum, made.passes_needed) == (1, 5, 2)
    assert (made.received, made.earlier) == ({"X": date(2026, 3, 1)}, {"Y": 2})


def test_without_a_rubric_an_order_can_still_be_made() -> None:
    rows = rank(material(["X", "Y"], earlier={"X": 2, "Y": 1}), "carried_over", seed=b"0" * 16)
    assert [row.reference for row in rows] == ["Y", "X"]


@pytest.mark.parametrize("row", [("Z", "one", "a.p", None), ("X", "one", "a.z", None)])
def test_a_mark_on_what_is_not_there_is_refused(row) -> None:
    with pytest.raises(KeyError):
        material(["X"], RUBRIC, [row])


def test_a_question_is_marked_once() -> None:
    row = ("X", "one", "a.p", Decimal(3))
    with pytest.raises(ValueError, match="twice"):
        material(["X"], RUBRIC, [row, row])
