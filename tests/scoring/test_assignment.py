from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scoring.assignment import Infeasible, Preference, assign, loads


def conflicts_of(*rows: str) -> np.ndarray:
    """``x`` is a conflict."""
    return np.array([[cell == "x" for cell in row] for row in rows])


def every_assignment(conflicts: np.ndarray, per_proposal: int):
    seats = [list(combinations(np.flatnonzero(~row), per_proposal)) for row in conflicts]
    for choice in product(*seats):
        table = np.zeros(conflicts.shape, dtype=bool)
        for proposal, jurors in enumerate(choice):
            table[proposal, list(jurors)] = True
        yield table


def test_the_work_is_spread_evenly_and_nobody_meets_a_conflict() -> None:
    random = np.random.default_rng(1)
    conflicts = random.random((40, 9)) < 0.1
    found = assign(conflicts, 3)
    assert (found.sum(axis=1) == 3).all()
    assert not (found & conflicts).any()
    assert set(loads(found)) == {13, 14}


def test_the_same_question_has_the_same_answer() -> None:
    conflicts = np.random.default_rng(1).random((30, 8)) < 0.1
    np.testing.assert_array_equal(assign(conflicts, 3), assign(conflicts, 3))


def test_expertise_is_preferred_within_balance() -> None:
    expertise = np.array([[1.0, 0.9, 0.0], [1.0, 0.0, 0.2], [1.0, 0.0, 0.1]])
    found = assign(np.zeros((3, 3), dtype=bool), 1, Preference(expertise))
    np.testing.assert_array_equal(found, [[0, 1, 0], [0, 0, 1], [1, 0, 0]])


def test_a_juror_in_conflict_with_everything_stays_out_of_the_balance() -> None:
    found = assign(conflicts_of("..x", "..x", "..x", "..x"), 1)
    assert loads(found).tolist() == [2, 2, 0]


def test_a_juror_with_few_left_does_those_and_the_others_share_the_rest() -> None:
    found = assign(conflicts_of("...", "..x", "..x", "..x", "..x", "..x", "..x"), 1)
    assert loads(found).tolist() == [3, 3, 1]


def test_the_others_take_what_a_juror_cannot() -> None:
    found = assign(conflicts_of("..", ".x", ".x", ".x"), 1)
    assert loads(found).tolist() == [3, 1]


def test_where_balance_is_impossible_it_is_as_near_as_may_be() -> None:
    """The first juror alone can take three proposals; the two others have the fourth between them."""
    found = assign(conflicts_of(".xx", ".xx", ".xx", "..."), 1)
    assert loads(found).tolist()[0] == 3
    assert (found.sum(axis=1) == 1).all()


def test_one_of_every_group() -> None:
    theme = np.array([[1, 0, 0, 0], [0, 1, 0, 0]], dtype=bool)
    creative = np.tile([False, False, False, True], (2, 1))
    found = assign(np.zeros((2, 4), dtype=bool), 2, Preference(groups=(theme, creative)))
    np.testing.assert_array_equal(found, theme | creative)


@pytest.mark.parametrize(
    ("conflicts", "per_proposal", "groups", "why"),
    [
        (("...", "xx."), 2, [], "1 of 3 jurors have no conflict; 2 are needed"),
        (("...", "xx."), 1, [np.array([[1, 1, 1], [1, 1, 0]], dtype=bool)], "No juror of theme is without a conflict"),
        (
            ("...", "..."),
            1,
            [np.array([[1, 1, 1], [1, 0, 0]], dtype=bool), np.array([[1, 1, 1], [0, 1, 1]], dtype=bool)],
            "1 jurors cannot be of every group: theme, group 2",
        ),
    ],
)
def test_what_cannot_be_covered_is_named(conflicts, per_proposal, groups, why: str) -> None:
    with pytest.raises(Infeasible, match=why) as caught:
        assign(conflicts_of(*conflicts), per_proposal, Preference(groups=groups, names=("theme",)))
    assert caught.value.proposal == 1
    assert caught.value.why == str(caught.value)


def test_no_proposals_need_nobody() -> None:
    assert assign(np.zeros((0, 3), dtype=bool), 2).shape == (0, 3)


@pytest.mark.parametrize(
    ("conflicts", "per_proposal", "preference"),
    [
        (np.zeros(3, dtype=bool), 1, None),
        (np.zeros((2, 3), dtype=bool), 0, None),
        (np.zeros((2, 3), dtype=bool), 1, Preference(np.zeros((3, 2)))),
        (np.zeros((2, 3), dtype=bool), 1, Preference(groups=(np.zeros((1, 3), dtype=bool),))),
    ],
)
def test_faults_are_refused(conflicts, per_proposal: int, preference) -> None:
    with pytest.raises(ValueError, match=r"same jurors|one juror"):
        assign(conflicts, per_proposal, preference)


@settings(max_examples=40, deadline=None)
@given(
    arrays(np.bool_, st.tuples(st.integers(1, 4), st.integers(2, 4)), elements=st.sampled_from([False, False, True])),
    st.integers(1, 2),
    st.data(),
)
def test_no_assignment_is_better_balanced_and_none_so_balanced_is_more_expert(conflicts, per_proposal, data) -> None:
    assume(((~conflicts).sum(axis=1) >= per_proposal).all())
    expertise = data.draw(arrays(np.float64, conflicts.shape, elements=st.integers(0, 4).map(lambda level: level / 4)))
    found = assign(conflicts, per_proposal, Preference(expertise))
    assert (found.sum(axis=1) == per_proposal).all()
    assert not (found & conflicts).any()
    even = [table for table in every_assignment(conflicts, per_proposal) if np.ptp(loads(table)) <= 1]
    if even:
        assert np.ptp(loads(found)) <= 1
        assert (found * expertise).sum() == pytest.approx(max((table * expertise).sum() for table in even))


@settings(max_examples=40, deadline=None)
@given(
    arrays(np.bool_, st.tuples(st.integers(1, 4), st.integers(2, 4)), elements=st.sampled_from([False, False, True])),
    st.integers(1, 3),
    st.data(),
)
def test_infeasible_means_that_there_is_none(conflicts, per_proposal, data) -> None:
    groups = [data.draw(arrays(np.bool_, conflicts.shape)) for _ in range(2)]

    def covers(table: np.ndarray) -> bool:
        return all((table & group).any(axis=1).all() for group in groups)

    possible = any(covers(table) for table in every_assignment(conflicts, per_proposal))
    try:
        found = assign(conflicts, per_proposal, Preference(groups=groups))
    except Infeasible:
        assert not possible
    else:
        assert possible
        assert covers(found)
