"""What holds of every ranking by the weighted mean, whatever the marks; and that the lottery is fair."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scoring.lottery import draw
from scoring.methods import Material
from scoring.ranking import METHODS, rank

SEED = b"a seed for the properties of rankings"
MARKED = [name for name in METHODS if name not in {"first_come", "carried_over", "pass_fail"}]
WEIGHTS = (Decimal("0.5"), Decimal("0.3"), Decimal("0.2"))
MARKS = st.one_of(st.just(float("nan")), st.integers(0, 10).map(lambda half: half / 2))


def tables(proposals=6, jurors=5):
    """Marks (proposals, jurors, questions): half points of 0 to 5, and some not given."""
    shape = st.tuples(st.integers(2, proposals), st.integers(1, jurors), st.just(len(WEIGHTS)))
    return shape.flatmap(lambda size: arrays(np.float64, size, elements=MARKS))


def stuff(marks):
    """The material of a rubric of three criteria of one question each."""
    references = tuple(f"CX26-{number:04}" for number in range(1, len(marks) + 1))
    return Material(references, marks, (0, 1, 2), ("urgency", "making", "plan"), WEIGHTS, maximum=Decimal(5))


def of(rows):
    return {row.reference: (row.rank, row.order, row.total, row.merit) for row in rows}


@pytest.mark.parametrize("method", MARKED)
@given(marks=tables(), turn=st.randoms(use_true_random=False))
def test_who_is_called_first_changes_nothing(method, marks, turn):
    jurors = list(range(marks.shape[1]))
    turn.shuffle(jurors)
    assert of(rank(stuff(marks), method, seed=SEED)) == of(rank(stuff(marks[:, jurors]), method, seed=SEED))


@pytest.mark.parametrize("method", MARKED)
@given(marks=tables())
def test_a_sheet_on_which_nothing_could_be_judged_changes_nothing(method, marks):
    missing = np.concatenate([marks, np.full((len(marks), 1, marks.shape[2]), np.nan)], axis=1)
    assert of(rank(stuff(marks), method, seed=SEED)) == of(rank(stuff(missing), method, seed=SEED))


@given(marks=tables(), data=st.data())
def test_a_higher_mark_never_costs_a_place(marks, data):
    places = np.argwhere(~np.isnan(marks) & (marks < 5))
    assume(len(places))
    proposal, juror, question = data.draw(st.sampled_from(places.tolist()))
    raised = marks.copy()
    raised[proposal, juror, question] = data.draw(st.integers(int(2 * marks[proposal, juror, question]) + 1, 10)) / 2
    before = rank(stuff(marks), "weighted_mean", seed=SEED)
    after = rank(stuff(raised), "weighted_mean", seed=SEED)
    name = stuff(marks).references[proposal]
    then, now = (next(row for row in rows if row.reference == name) for rows in (before, after))
    assume(then.rank is not None)
    assert now.rank <= then.rank
    assert now.order <= then.order
    assert now.total > then.total
    others = [row.reference for row in before if row.reference != name]
    assert [row.reference for row in after if row.reference != name] == others, "and the others keep their order"


@given(marks=tables(proposals=6), data=st.data())
def test_what_a_proposal_gets_does_not_hang_on_who_else_applies(marks, data):
    left = data.draw(st.integers(0, len(marks) - 1))
    whole = stuff(marks)
    kept = [index for index in range(len(marks)) if index != left]
    fewer = replace(whole, references=tuple(whole.references[index] for index in kept), marks=marks[kept])
    order = [row.reference for row in rank(whole, "weighted_mean", seed=SEED) if row.reference != whole.references[left]]
    assert [row.reference for row in rank(fewer, "weighted_mean", seed=SEED)] == order


def test_the_lottery_is_uniform_over_ten_thousand_seeds():
    """Chi-square over the six orders of three references: 20.5 is exceeded once in a thousand by a fair draw (5 degrees of freedom)."""
    names = ["CX26-0003", "CX26-0007", "CX26-0011"]
    drawn = Counter(tuple(draw(f"seed number {number:06}".encode(), names)) for number in range(10_000))
    assert len(drawn) == 6
    expected = 10_000 / 6
    assert sum((count - expected) ** 2 / expected for count in drawn.values()) < 20.5
