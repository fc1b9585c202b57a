from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from scoring.lottery import draw
from scoring.selection import Draw, Money, Outcome, Place, Standing, Tie, select
from tender.schemes.definition import Criterion, Cutoff, Method, Question, Reserve, Rubric, Selection, Text
from tests.factories.ranked import LOTTERY_SEED as SEED
from tests.factories.ranked import rows_of

RULE = Selection(Method.WEIGHTED_MEAN)
LOST, OVER, BEYOND, IN = Standing.LOTTERY_LOST, Standing.OVER_CEILING, Standing.BEYOND_CUT, Standing.SELECTED


def euros(*amounts: int) -> dict[str, Decimal]:
    return {name: Decimal(amount) for name, amount in zip("ABCDEFGHIJKLMNOP", amounts, strict=False)}


def rubric_with_floor(floor: int) -> Rubric:
    words = Text("a", "a")
    criteria = tuple(
        Criterion(key, words, None, Decimal("0.5"), lowest, (Question("q", words),)) for key, lowest in (("a", Decimal(floor)), ("b", None))
    )
    return Rubric(Decimal(0), Decimal(5), Decimal("0.5"), criteria)


def standings(outcome: Outcome) -> dict[str, Standing]:
    return {place.reference: place.standing for place in outcome.places}


def granted(outcome: Outcome) -> dict[str, Decimal]:
    return {place.reference: place.granted for place in outcome.selected()}


def test_the_floor_itself_is_enough() -> None:
    outcome = select(rows_of(80, 60, 59, None), replace(RULE, floor=Decimal(60)), seed=SEED)
    assert standings(outcome) == {"A": IN, "B": IN, "C": Standing.BELOW_FLOOR, "D": Standing.NOT_RANKABLE}
    short = outcome.place("C").shortfalls[0]
    assert (short.floor, short.value, short.required) == ("total", 59, 60)
    assert (outcome.cut.ranked, outcome.cut.eligible, outcome.cut.line) == (3, 2, 60)


def test_a_total_a_hair_under_the_floor_is_under_it() -> None:
    rows = [replace(row, total=Fraction(60) - Fraction(1, 10**9)) for row in rows_of(60)]
    assert standings(select(rows, replace(RULE, floor=Decimal(60)), seed=SEED)) == {"A": Standing.BELOW_FLOOR}


def test_every_floor_that_is_missed_is_named() -> None:
    rule = replace(RULE, floor=Decimal(60))
    outcome = select(rows_of(70, 50), rule, rubric_with_floor(75), seed=SEED)
    assert [[short.floor for short in place.shortfalls] for place in outcome.places] == [["a"], ["total", "a"]]


def test_a_floor_without_a_score_cannot_be_judged() -> None:
    rows = [replace(rows_of(70)[0], total=None)]
    assert standings(select(rows, replace(RULE, floor=Decimal(60)), seed=SEED)) == {"A": Standing.NOT_RANKABLE}


@pytest.mark.parametrize(
    ("needed", "passes", "standing"),
    [(2, 2, IN), (2, 1, Standing.BELOW_FLOOR), (None, 3, IN), (None, 2, Standing.BELOW_FLOOR)],
)
def test_too_few_passes_is_a_floor(needed: int | None, passes: int, standing: Standing) -> None:
    outcome = select(rows_of(50, passes=passes), Selection(Method.PASS_FAIL, passes_needed=needed), seed=SEED)
    assert standings(outcome) == {"A": standing}
    assert all(short.floor == "passes" for short in outcome.place("A").shortfalls)


AIM = replace(RULE, aim=3, most=4)


@pytest.mark.parametrize(
    ("totals", "selected", "tie"),
    [
        ((90, 80, 70, 60, 50), 3, Tie.NONE),
        ((90, 80), 2, Tie.NONE),
        ((90, 80, 70), 3, Tie.NONE),
        ((90, 80, 70, 70, 50), 4, Tie.ALL_IN),
        ((90, 80, 80, 50, 50), 3, Tie.NONE),  # the tie lies above the line
        ((90, 70, 70, 70, 70), 3, Tie.LOTTERY),  # five would be over the most
        ((), 0, Tie.NONE),
    ],
)
def test_the_number_aimed_at(totals: tuple[int, ...], selected: int, tie: Tie) -> None:
    outcome = select(rows_of(*totals), AIM, seed=SEED)
    assert (outcome.cut.selected, outcome.cut.tie) == (selected, tie)


def test_the_lottery_takes_the_number_aimed_at_and_names_who_lost() -> None:
    outcome = select(rows_of(90, 70, 70, 70, 70, 60), AIM, seed=SEED)
    drawn = draw(SEED, "BCDE")
    assert [place.reference for place in outcome.selected()] == ["A", *drawn[:2]]
    assert outcome.draws == (Draw(2, tuple(drawn)),)
    assert [standings(outcome)[name] for name in (*drawn[2:], "F")] == [LOST, LOST, BEYOND]
    assert {outcome.place(name).ground for name in drawn[2:]} == {BEYOND}
    assert [place.order for place in outcome.places] == [1, 2, 3, 4, 5, 6]


def test_a_tie_broken_by_a_criterion_is_no_lottery() -> None:
    rows = [replace(row, rank=index) for index, row in enumerate(rows_of(90, 80, 70, 70, 70), 1)]
    outcome = select(rows, AIM, seed=SEED)
    assert (outcome.cut.selected, outcome.cut.tie, outcome.draws) == (3, Tie.CRITERION, ())


@pytest.mark.parametrize(("number", "selected"), [(3, 3), (4, 4)])
def test_the_meeting_fixes_the_number(number: int, selected: int) -> None:
    rule = replace(RULE, meeting_fixes=(3, 4), floor=Decimal(60))
    assert select(rows_of(90, 80, 75, 70, 65), rule, number=number, seed=SEED).cut.selected == selected
    assert select(rows_of(90, 80, 59), rule, number=number, seed=SEED).cut.selected == 2  # fewer only for the floors


def test_the_meeting_takes_no_extra_for_a_tie() -> None:
    outcome = select(rows_of(90, 80, 70, 70), replace(RULE, meeting_fixes=(3, 4)), number=3, seed=SEED)
    assert (outcome.cut.selected, outcome.cut.tie) == (3, Tie.LOTTERY)


@pytest.mark.parametrize(("bounds", "number"), [((3, 4), None), ((3, 4), 2), ((3, 4), 5), (None, 3)])
def test_the_meeting_fixes_within_its_bounds(bounds: tuple[int, int] | None, number: int | None) -> None:
    with pytest.raises(ValueError, match=r"meeting"):
        select(rows_of(90), replace(RULE, meeting_fixes=bounds), number=number, seed=SEED)


CUTOFFS = [
    # cutoff, flat, amounts asked, ceiling, granted, rank at which the ceiling was reached
    (Cutoff.PARTIAL, False, (40, 40, 40, 10), 100, {"A": 40, "B": 40, "C": 20}, 3),
    (Cutoff.PARTIAL, False, (40, 60, 40, 10), 100, {"A": 40, "B": 60}, 2),
    (Cutoff.PARTIAL, False, (40, 40), 100, {"A": 40, "B": 40}, None),
    (Cutoff.PARTIAL, True, (40, 40, 40, 40), 100, {"A": 40, "B": 40}, 3),
    (Cutoff.STOP, False, (40, 40, 40, 10), 100, {"A": 40, "B": 40}, 3),
    (Cutoff.SKIP_TO_FIT, False, (40, 40, 40, 10), 100, {"A": 40, "B": 40, "D": 10}, 3),
    (Cutoff.SKIP_TO_FIT, False, (40, 70, 40, 20), 100, {"A": 40, "C": 40, "D": 20}, 2),
    (Cutoff.PRO_RATA, False, (40, 40, 40, 40), 100, {"A": 25, "B": 25, "C": 25, "D": 25}, 1),
    (Cutoff.PRO_RATA, False, (40, 40), 100, {"A": 40, "B": 40}, None),
    (Cutoff.PARTIAL, False, (40, 40), 0, {}, 1),
]


@pytest.mark.parametrize(("cutoff", "flat", "asked", "ceiling", "expected", "reached"), CUTOFFS)
def test_what_happens_at_the_ceiling(cutoff, flat, asked, ceiling, expected, reached) -> None:
    money = Money(euros(*asked), Decimal(ceiling), flat=flat)
    outcome = select(rows_of(*range(90, 90 - len(asked), -1)), replace(RULE, cutoff=cutoff), money=money, seed=SEED)
    assert granted(outcome) == expected
    assert outcome.cut.ceiling_rank == reached
    assert outcome.cut.used == sum(expected.values())
    out = {place.standing for place in outcome.places} - {IN}
    assert out <= {OVER}
    assert {place.reference for place in outcome.places if place.partial} == {
        name for name, amount in expected.items() if amount < money.amounts[name]
    }


def test_pro_rata_rounds_down_to_cents() -> None:
    money = Money(euros(10, 10, 10), Decimal(20))
    outcome = select(rows_of(90, 80, 70), replace(RULE, cutoff=Cutoff.PRO_RATA), money=money, seed=SEED)
    assert granted(outcome) == dict.fromkeys("ABC", Decimal("6.66"))
    assert outcome.cut.used == Decimal("19.98")


def test_the_last_euro_of_a_tied_day_goes_to_the_lottery() -> None:
    money = Money(euros(40, 40, 40), Decimal(80))
    rule = Selection(Method.FIRST_COME, cutoff=Cutoff.STOP)
    outcome = select(rows_of(90, 70, 70, total=None), rule, money=money, seed=SEED)
    winner, loser = draw(SEED, "BC")
    assert granted(outcome) == {"A": 40, winner: 40}
    assert outcome.place(loser) == Place(loser, 2, 3, LOST, OVER, Decimal(40))
    assert (outcome.cut.tie, outcome.draws) == (Tie.LOTTERY, (Draw(2, (winner, loser)),))


def test_a_rule_outside_the_ceiling_divides_nothing() -> None:
    money = Money(euros(40, 40), Decimal(10))
    outcome = select(rows_of(90, 80), replace(RULE, within_ceiling=False), money=money, seed=SEED)
    assert granted(outcome) == {"A": 40, "B": 40}
    assert outcome.cut.ceiling is None


def test_a_stage_without_money_grants_nothing() -> None:
    assert granted(select(rows_of(90), RULE, seed=SEED)) == {"A": 0}


def test_the_reserve_list_follows_the_order() -> None:
    rule = replace(RULE, aim=2, floor=Decimal(60), reserve=Reserve(2, 26))
    money = Money(euros(40, 40, 40, 40, 40, 40), Decimal(60))
    outcome = select(rows_of(90, 80, 70, 65, 62, 50), rule, money=money, seed=SEED)
    assert [(place.reference, place.reserve, place.ground) for place in outcome.reserves()] == [
        ("C", 1, BEYOND),
        ("D", 2, BEYOND),
    ]
    assert outcome.place("B").partial
    assert [standings(outcome)[name] for name in "EF"] == [BEYOND, Standing.BELOW_FLOOR]


def test_tied_reserves_are_drawn_and_the_draw_is_told() -> None:
    outcome = select(rows_of(90, 70, 70), replace(RULE, aim=1, reserve=Reserve(2, 26)), seed=SEED)
    assert tuple(place.reference for place in outcome.reserves()) == outcome.draws[0].order == tuple(draw(SEED, "BC"))


def test_who_took_no_part_has_no_place() -> None:
    with pytest.raises(KeyError):
        select(rows_of(90), RULE, seed=SEED).place("Z")


@pytest.mark.parametrize(("amounts", "error"), [({"A": Decimal(-1)}, ValueError), ({}, KeyError)])
def test_faults_in_money_are_refused(amounts: dict[str, Decimal], error: type[Exception]) -> None:
    with pytest.raises(error):
        select(rows_of(90), RULE, money=Money(amounts, Decimal(100)), seed=SEED)
