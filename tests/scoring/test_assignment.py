from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scoring.assignment import Infeasible, Preference, _level, assign, even_shares, loads


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


# ── fixed pairs, groups and balance together ──────────────────────────────────────────────────────────────────
def test_the_rest_is_spread_around_what_is_fixed() -> None:
    fixed = conflicts_of("x..", "x..", "...", "...", "...", "...")
    found = assign(np.zeros((6, 3), dtype=bool), 1, Preference(fixed=fixed))
    assert (found & fixed == fixed).all()
    assert loads(found).tolist() == [2, 2, 2]


def test_who_has_more_fixed_than_an_even_share_gets_no_more_and_the_others_share_the_rest() -> None:
    fixed = conflicts_of("x..", "x..", "x..", "x..", "...", "...")
    assert loads(assign(np.zeros((6, 3), dtype=bool), 1, Preference(fixed=fixed))).tolist() == [4, 1, 1]


def test_each_proposal_may_need_its_own_number() -> None:
    found = assign(np.zeros((3, 3), dtype=bool), np.array([1, 2, 3]))
    assert found.sum(axis=1).tolist() == [1, 2, 3]
    assert loads(found).tolist() == [2, 2, 2]


def test_only_who_must_is_far_from_an_even_share() -> None:
    """One juror alone knows the theme of six of nine; the three others share the rest evenly."""
    theme = np.array([[True, False, False, False]] * 6 + [[True] * 4] * 3)
    found = assign(np.zeros((9, 4), dtype=bool), 2, Preference(np.tile([1.0, 0.9, 0.0, 0.0], (9, 1)), groups=(theme,)))
    assert loads(found).tolist() == [6, 4, 4, 4]


@pytest.mark.parametrize(
    ("fixed", "groups", "why", "group"),
    [
        (("...", ".x."), [], "A fixed juror has a conflict", ""),
        (("...", "x.x"), [], "2 jurors are fixed; 1 are needed", ""),
        (("...", "x.."), [np.array([[1, 1, 1], [0, 0, 1]], dtype=bool)], "cannot be of every group: theme", ""),
        (("...", "..."), [np.array([[1, 1, 1], [0, 1, 0]], dtype=bool)], "No juror of theme is without", "theme"),
    ],
)
def test_fixed_pairs_that_cannot_be_are_named(fixed, groups, why: str, group: str) -> None:
    with pytest.raises(Infeasible, match=why) as caught:
        assign(conflicts_of("...", ".x."), 1, Preference(groups=groups, names=("theme",), fixed=conflicts_of(*fixed)))
    assert (caught.value.proposal, caught.value.group) == (1, group)


def task(data) -> tuple[np.ndarray, int, Preference]:
    """Conflicts, a number, and a wish that has an answer: one is drawn first, and the rest fitted around it."""
    shape = data.draw(st.tuples(st.integers(1, 5), st.integers(2, 4)))
    per_proposal = data.draw(st.integers(1, shape[1]))
    answer = np.argsort(np.argsort(data.draw(arrays(np.int64, shape, elements=st.integers(0, 99))), axis=1), axis=1) < per_proposal
    few, often = st.sampled_from([False, False, True]), st.sampled_from([False, True])
    conflicts = data.draw(arrays(np.bool_, shape, elements=few)) & ~answer
    fixed = data.draw(arrays(np.bool_, shape, elements=few)) & answer
    group = data.draw(arrays(np.bool_, shape, elements=often))
    group |= ~(group & answer).any(axis=1, keepdims=True)
    expertise = data.draw(arrays(np.float64, shape, elements=st.integers(0, 4).map(lambda level: level / 4)))
    return conflicts, per_proposal, Preference(expertise, groups=(group,), fixed=fixed)


def apart(table: np.ndarray, conflicts: np.ndarray, per_proposal: int, fixed: np.ndarray) -> int:
    """How far apart the highest and the lowest load are, 0 for an even share; who has too few left, or too many fixed, does not count."""
    (least, most), got = even_shares(conflicts, per_proposal, fixed), loads(table)
    if ((least <= got) & (got <= most)).all():
        return 0
    level = _level(loads(fixed), loads(~conflicts), int(table.sum()))
    lowest = got[loads(~conflicts) >= level - 1].min(initial=level)
    return int(got[loads(fixed) <= level].max(initial=level) - lowest)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_conflict_the_number_what_is_fixed_one_of_each_group_and_no_balance_is_better(data) -> None:
    conflicts, per_proposal, wish = task(data)
    found = assign(conflicts, per_proposal, wish)
    assert not (found & conflicts).any()
    assert (found.sum(axis=1) == per_proposal).all()
    assert (found | ~wish.fixed).all()
    assert (found & wish.groups[0]).any(axis=1).all()
    allowed = [
        table
        for table in every_assignment(conflicts, per_proposal)
        if (table | ~wish.fixed).all() and (table & wish.groups[0]).any(axis=1).all()
    ]
    best = min(apart(table, conflicts, per_proposal, wish.fixed) for table in allowed)
    assert apart(found, conflicts, per_proposal, wish.fixed) == best
    flattest = min(np.ptp(loads(table)) for table in allowed)
    assert flattest > 1 or np.ptp(loads(found)) <= 1


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_in_another_order_nothing_changes_but_the_names(data) -> None:
    """Where several are equally good any may come; how good it is, and who is free of what, stays."""
    conflicts, per_proposal, wish = task(data)
    rows, columns = (np.array(data.draw(st.permutations(range(size)))) for size in conflicts.shape)
    place = np.ix_(rows, columns)
    moved = Preference(wish.expertise[place], groups=(wish.groups[0][place],), fixed=wish.fixed[place])
    here, there = assign(conflicts, per_proposal, wish), assign(conflicts[place], per_proposal, moved)
    assert apart(here, conflicts, per_proposal, wish.fixed) == apart(there, conflicts[place], per_proposal, moved.fixed)
    if apart(here, conflicts, per_proposal, wish.fixed) == 0:
        assert (here * wish.expertise).sum() == pytest.approx((there * moved.expertise).sum())
        least, most = even_shares(conflicts, per_proposal, wish.fixed)
        np.testing.assert_array_equal(even_shares(conflicts[place], per_proposal, moved.fixed), (least[columns], most[columns]))
