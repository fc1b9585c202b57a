"""De minimis: three rolling years, in any order of receipt, to the cent and to the day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tender.schemes.definition import AidBasis
from tender.state_aid import Aid, Balance, counts, in_force, instruments, prior_of, weigh

DAYS = st.dates(date(2021, 1, 1), date(2031, 12, 31))
EUROS = st.decimals(min_value="0.01", max_value="300000", places=2)
AIDS = st.lists(st.builds(Aid, DAYS, EUROS), max_size=12)
MINIMIS = in_force("de_minimis", date(2026, 6, 1))


@given(AIDS, AIDS, DAYS, st.randoms())
def test_the_order_in_which_it_is_told_does_not_matter(known, declared, day, chance):
    before = prior_of(known, declared, day)
    chance.shuffle(known)
    chance.shuffle(declared)
    assert prior_of(known, declared, day) == before


@given(AIDS, AIDS, DAYS, st.builds(Aid, DAYS, EUROS))
def test_more_aid_never_counts_for_less(known, declared, day, more):
    """What is known beside adds exactly itself where nothing was declared, and never more than itself where something was."""
    before = prior_of(known, declared, day)
    assert before <= prior_of([*known, more], declared, day) <= before + more.amount
    assert before <= prior_of(known, [*declared, more], day)
    added = more.amount if counts(more.day, day) else Decimal(0)
    assert prior_of([*known, more], [], day) == prior_of(known, [], day) + added


@given(AIDS, AIDS, DAYS)
def test_linked_parties_together_have_at_least_what_each_has(ones, others, day):
    assert prior_of([*ones, *others], [], day) == prior_of(ones, [], day) + prior_of(others, [], day)


@given(AIDS, DAYS, EUROS)
def test_what_fits_leaves_no_undertaking_above_the_threshold_and_the_next_cent_does_not_fit(known, day, new):
    balance = weigh(MINIMIS, known=known, declared=[], pending=Decimal(0), new=new, day=day)
    assert balance.fits == (new <= balance.available)
    full = weigh(MINIMIS, known=known, declared=[], pending=Decimal(0), new=balance.available, day=day)
    assert full.fits
    assert not weigh(MINIMIS, known=known, declared=[], pending=full.new, new=Decimal("0.01"), day=day).fits


@given(DAYS)
def test_the_window_is_three_years_and_moves_with_the_day(day):
    counted = [day - timedelta(days=back) for back in range(1100) if counts(day - timedelta(days=back), day)]
    assert counted[0] == day
    assert len(counted) in {1095, 1096}, "every day of it, without a hole"
    assert not counts(day + timedelta(days=1), day)


@pytest.mark.parametrize(
    ("given_on", "day", "in_it"),
    [
        (date(2025, 3, 10), date(2028, 3, 10), False),  # the same day, three years on
        (date(2025, 3, 11), date(2028, 3, 10), True),
        (date(2028, 3, 10), date(2028, 3, 10), True),
        (date(2025, 2, 28), date(2028, 2, 29), False),  # 29 February has no day three years before: the last of February
        (date(2025, 3, 1), date(2028, 2, 29), True),
        (date(2024, 2, 29), date(2027, 2, 28), True),
        (date(2024, 2, 29), date(2027, 3, 1), False),
    ],
)
def test_the_edge_of_three_years(given_on, day, in_it):
    assert counts(given_on, day) is in_it


def test_a_declared_total_holds_what_we_knew_of_then():
    day, said = date(2026, 6, 1), date(2026, 3, 1)
    known = [Aid(date(2026, 1, 1), Decimal(100)), Aid(date(2026, 4, 1), Decimal(10))]
    assert prior_of(known, [Aid(said, Decimal(250))], day) == 260
    assert prior_of(known, [Aid(said, Decimal(50))], day) == 110, "too little was declared: what we know counts"
    assert prior_of(known, [Aid(date(2023, 6, 1), Decimal(250))], day) == 110, "declared three years ago"
    assert prior_of(known, [Aid(said, Decimal(250)), Aid(said, Decimal(300))], day) == 310, "two linked parties: the larger total"


def test_what_is_refused_says_what_is_left():
    balance = Balance(Decimal(300000), Decimal(200000), Decimal(50000), Decimal(50001))
    assert (balance.together, balance.available, balance.fits) == (Decimal(300001), Decimal(50000), False)
    assert Balance(Decimal(300000), Decimal(310000), Decimal(0), Decimal(0)).fits, "nothing new is nothing too much"
    assert Balance(Decimal(300000), Decimal(310000), Decimal(0), Decimal(1)).available == 0


def test_thresholds_are_versions_with_days():
    """The list agrees with what a scheme can name; no two versions of one hold on a day; the block exemption ends with 2026."""
    assert {each.key for each in instruments()} == set(AidBasis)
    for one in instruments():
        assert [each for each in instruments() if each.key == one.key and each.since <= one.since <= (each.until or one.since)] == [one]
    assert in_force("de_minimis", date(2023, 12, 31)).threshold == 200000
    assert in_force("de_minimis", date(2013, 12, 31)) is None
    assert in_force("de_minimis", date(2024, 1, 1)).threshold == 300000
    assert in_force("gber", date(2026, 12, 31)).regulation == "(EU) 651/2014"
    assert in_force("gber", date(2027, 1, 1)) is None
    assert weigh(in_force("gber", date(2026, 1, 1)), known=[], declared=[], pending=Decimal(0), new=Decimal(1), day=date(2026, 1, 1)) is None
