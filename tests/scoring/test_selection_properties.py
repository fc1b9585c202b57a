"""What holds of every selection, whatever the scores, the rule, the amounts and the seed."""

from __future__ import annotations

from decimal import Decimal
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from scoring.selection import Money, Standing, select
from tender.schemes.definition import Cutoff, Method, Reserve, Selection
from tests.factories.ranked import LOTTERY_SEED as SEED
from tests.factories.ranked import rows_of

RULE = Selection(Method.WEIGHTED_MEAN)
LOST, OVER, BEYOND, IN = Standing.LOTTERY_LOST, Standing.OVER_CEILING, Standing.BEYOND_CUT, Standing.SELECTED
SCORES = st.lists(st.one_of(st.none(), st.integers(40, 50)), max_size=12)
AMOUNTS = st.lists(st.decimals(0, 60_000, places=2), min_size=12, max_size=12)
SEEDS = st.binary(min_size=16, max_size=32)


@st.composite
def rules(pick) -> Selection:
    aim = pick(st.one_of(st.none(), st.integers(1, 8)))
    return Selection(
        Method.WEIGHTED_MEAN,
        floor=pick(st.sampled_from([None, Decimal(43), Decimal(46)])),
        aim=aim,
        most=None if aim is None else aim + pick(st.integers(0, 3)),
        cutoff=pick(st.sampled_from(list(Cutoff))),
        reserve=pick(st.sampled_from([None, Reserve(1, 26), Reserve(4, 26)])),
    )


@given(SCORES, rules(), AMOUNTS, st.decimals(0, 200_000, places=2), st.booleans(), SEEDS)
def test_the_ceiling_is_never_exceeded(totals, rule, asked, ceiling, flat, seed) -> None:
    money = Money(dict(zip("ABCDEFGHIJKL", asked, strict=True)), ceiling, flat=flat)
    outcome = select(rows_of(*totals), rule, money=money, seed=seed)
    assert outcome.cut.used == sum(place.granted for place in outcome.places) <= ceiling
    assert all(0 <= place.granted <= place.asked for place in outcome.places)
    assert all(place.granted == 0 for place in outcome.places if place.standing is not IN)
    assert all(place.partial == (place.granted < place.asked) for place in outcome.selected())


@given(SCORES, rules(), AMOUNTS, st.decimals(0, 200_000, places=2), SEEDS)
def test_every_proposal_has_one_fate_and_the_figures_add_up(totals, rule, asked, ceiling, seed) -> None:
    rows = rows_of(*totals)
    outcome = select(rows, rule, money=Money(dict(zip("ABCDEFGHIJKL", asked, strict=True)), ceiling), seed=seed)
    assert sorted(place.reference for place in outcome.places) == [row.reference for row in rows]
    assert outcome.cut.selected == len(outcome.selected())
    assert outcome.cut.selected <= outcome.cut.inside <= (rule.most or len(rows))
    assert [place.reserve for place in outcome.reserves()] == list(range(1, len(outcome.reserves()) + 1))
    assert len(outcome.reserves()) <= (rule.reserve.places if rule.reserve else 0)
    for place in outcome.places:
        total = next(row.total for row in rows if row.reference == place.reference)
        missed = rule.floor is not None and total is not None and total < rule.floor
        assert (place.standing is Standing.BELOW_FLOOR) == missed
        assert (place.standing is Standing.NOT_RANKABLE) == (total is None)
        assert (place.ground is None) == (place.standing is IN)


@given(SCORES, rules(), SEEDS, st.randoms())
def test_the_order_in_which_rows_come_does_not_matter(totals, rule, seed, random) -> None:
    rows = rows_of(*totals)
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert select(shuffled, rule, seed=seed) == select(rows, rule, seed=seed)


@given(SCORES, rules(), AMOUNTS, st.decimals(0, 200_000, places=2), SEEDS)
def test_nobody_passes_a_better_one_unless_the_rule_skips(totals, rule, asked, ceiling, seed) -> None:
    money = Money(dict(zip("ABCDEFGHIJKL", asked, strict=True)), ceiling)
    outcome = select(rows_of(*totals), rule, money=money, seed=seed)
    ranks = [place.rank for place in outcome.selected()]
    left_out = [place.rank for place in outcome.places if place.ground in {OVER, BEYOND}]
    if rule.cutoff is not Cutoff.SKIP_TO_FIT and ranks and left_out:
        assert max(ranks) <= min(left_out)


@given(SCORES, rules(), SEEDS)
def test_only_equals_lose_a_lottery(totals, rule, seed) -> None:
    outcome = select(rows_of(*totals), rule, seed=seed)
    selected = {place.rank for place in outcome.selected()}
    drawn = {draw.rank for draw in outcome.draws}
    for place in outcome.places:
        if place.standing is LOST:
            assert place.rank in selected & drawn


@given(st.lists(st.decimals(0, 60_000, places=2), max_size=12), st.decimals(0, 200_000, places=2))
def test_a_partial_award_leaves_nothing_over_unless_everybody_is_served(asked, ceiling) -> None:
    names = "ABCDEFGHIJKL"[: len(asked)]
    money = Money(dict(zip(names, asked, strict=True)), ceiling)
    outcome = select(rows_of(*range(90, 90 - len(asked), -1)), RULE, money=money, seed=SEED)
    assert outcome.cut.used == min(ceiling, sum(asked))
    assert [place.granted for place in outcome.places] == [
        max(Decimal(0), min(ask, ceiling - (before - ask))) for ask, before in zip(asked, accumulate(asked), strict=True)
    ]
