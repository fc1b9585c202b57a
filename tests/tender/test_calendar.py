from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tender.calendar import (
    PENALTY_DAYS,
    PENALTY_MOST,
    add_months,
    add_statutory_days,
    add_working_days,
    amsterdam_day,
    days_later,
    decision_deadline,
    file_open_from,
    is_working_day,
    next_working_day,
    objection_deadline,
    papers_until,
    payment_deadline,
    penalty,
    penalty_starts,
    posted_in_time,
    public_holidays,
    reconsideration_deadline,
    set_aside_deadline,
    suspension_days,
)

THIRTY_YEARS = st.dates(date(2010, 1, 1), date(2040, 12, 31))


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("published", "last"),
    [
        ("2026-11-13", "2026-12-28"),  # day 42 is Christmas Day; Saturday and Sunday follow
        ("2026-02-20", "2026-04-07"),  # day 42 is Good Friday; the weekend and Easter Monday follow
        ("2026-03-16", "2026-04-28"),  # King's Day
        ("2026-03-24", "2026-05-06"),  # 5 May, every year
        ("2026-04-02", "2026-05-18"),  # Ascension Day and the equated Friday
        ("2026-11-20", "2027-01-04"),  # New Year's Day, a Friday
        ("2026-06-01", "2026-07-13"),  # an ordinary Monday
        ("2026-06-06", "2026-07-20"),  # a Saturday
    ],
)
def test_objection_deadline(published: str, last: str) -> None:
    assert objection_deadline(d(published)) == d(last)


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2026, {"01-01", "01-02", "04-03", "04-06", "04-27", "05-05", "05-14", "05-15", "05-25", "12-25"}),
        (2027, {"01-01", "03-26", "03-29", "04-27", "05-05", "05-06", "05-07", "05-17"}),
    ],
)
def test_holidays_on_weekdays(year: int, days: set[str]) -> None:
    first = date(year, 1, 1)
    closed = {first + timedelta(days=n) for n in range(365) if not is_working_day(first + timedelta(days=n))}
    assert {f"{day:%m-%d}" for day in closed if day.weekday() < 5} == days


@pytest.mark.parametrize("year", range(2010, 2041))
def test_every_year_has_its_fixed_days(year: int) -> None:
    """5 May closes every year, not once in five, and King's Day moves to Saturday when it falls on a Sunday."""
    closed = public_holidays(year)
    assert {date(year, 1, 1), date(year, 5, 5), date(year, 12, 25), date(year, 12, 26)} <= closed
    kings = date(year, 4, 30 if year < 2014 else 27)
    assert (kings if kings.weekday() != 6 else kings - timedelta(days=1)) in closed


@pytest.mark.parametrize(
    ("start", "term", "last"),
    [
        ("2026-01-05", {"weeks": 8}, "2026-03-02"),
        ("2026-01-03", {"weeks": 12}, "2026-03-30"),  # a Saturday rolls
        ("2026-01-03", {"weeks": 13}, "2026-04-04"),  # a Saturday, over twelve weeks: stays
        ("2026-01-03", {"weeks": 22}, "2026-06-06"),
        ("2026-01-03", {"days": 84}, "2026-03-30"),
        ("2026-01-04", {"days": 90}, "2026-04-07"),  # Saturday 4 April, then Easter
        ("2026-01-03", {"days": 91}, "2026-04-04"),
        ("2026-06-15", {"days": -2}, "2026-06-13"),  # counted back: a Saturday stays
        ("2026-06-15", {"weeks": -1}, "2026-06-08"),
        ("2026-04-02", {"days": 3}, "2026-04-08"),  # Atw 2: Tuesday alone is not two working days
        ("2026-04-02", {"days": 1}, "2026-04-07"),  # too short for Atw 2
        ("2026-06-15", {"days": 0}, "2026-06-15"),
    ],
)
def test_statutory_terms(start: str, term: dict[str, int], last: str) -> None:
    assert add_statutory_days(d(start), **term) == d(last)


def test_days_may_be_given_by_position() -> None:
    assert add_statutory_days(d("2026-11-13"), 42) == d("2026-12-28")


@pytest.mark.parametrize("term", [{}, {"days": 3, "weeks": 1}])
def test_a_term_is_worded_one_way(term: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="exactly one"):
        add_statutory_days(d("2026-06-15"), **term)


@pytest.mark.parametrize(
    ("received", "weeks", "suspended", "last"),
    [
        ("2026-01-05", 8, 0, "2026-03-02"),
        ("2026-01-05", 8, 13, "2026-03-16"),  # Sunday 15 March rolls
        ("2026-01-03", 13, 0, "2026-04-04"),
        ("2026-01-05", 12, 7, "2026-04-07"),  # Easter Monday: the term itself is twelve weeks
        ("2026-01-05", 22, 5, "2026-06-13"),
    ],
)
def test_decision_deadline(received: str, weeks: int, suspended: int, last: str) -> None:
    assert decision_deadline(d(received), weeks, suspended) == d(last)


@pytest.mark.parametrize(
    ("invited", "ended", "days"),
    [
        ("2026-03-02", "2026-03-16", 13),
        ("2026-03-02", "2026-03-03", 0),
        ("2026-03-02", "2026-03-02", 0),
    ],
)
def test_suspension(invited: str, ended: str, days: int) -> None:
    assert suspension_days(d(invited), d(ended)) == days


def test_a_suspension_cannot_end_before_it_began() -> None:
    with pytest.raises(ValueError, match="before it began"):
        suspension_days(d("2026-03-02"), d("2026-03-01"))


def test_payment_within_six_weeks() -> None:
    assert payment_deadline(d("2026-11-13")) == d("2026-12-28")
    assert payment_deadline(d("2026-06-01"), weeks=4) == d("2026-06-29")


@pytest.mark.parametrize(
    ("start", "days", "day"),
    [
        ("2026-06-05", 10, "2026-06-19"),
        ("2026-04-02", 1, "2026-04-07"),
        ("2026-12-24", 3, "2026-12-30"),
        ("2026-06-06", 0, "2026-06-06"),
    ],
)
def test_working_days(start: str, days: int, day: str) -> None:
    assert add_working_days(d(start), days) == d(day)


def test_working_days_count_forward_only() -> None:
    with pytest.raises(ValueError, match="forward"):
        add_working_days(d("2026-06-05"), -1)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 1, 1, 22, 59, 59, tzinfo=UTC), "2026-01-01"),
        (datetime(2026, 1, 1, 23, 0, tzinfo=UTC), "2026-01-02"),
        (datetime(2026, 7, 1, 21, 59, 59, tzinfo=UTC), "2026-07-01"),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), "2026-07-02"),
    ],
)
def test_amsterdam_day(at: datetime, day: str) -> None:
    assert amsterdam_day(at) == d(day)


def test_a_naive_instant_has_no_day() -> None:
    with pytest.raises(ValueError, match="aware"):
        amsterdam_day(datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2027-12-31", 2, "2028-02-29"),
        ("2026-03-15", 0, "2026-03-15"),
        ("2026-11-30", 14, "2028-01-30"),
    ],
)
def test_months_end_where_the_month_ends(day: str, months: int, later: str) -> None:
    assert add_months(d(day), months) == d(later)


@given(THIRTY_YEARS, st.integers(3, 12))
def test_a_short_term_ends_on_the_first_working_day(start: date, weeks: int) -> None:
    last = add_statutory_days(start, weeks=weeks)
    due = start + timedelta(weeks=weeks)
    assert is_working_day(last)
    assert last == next_working_day(due)
    assert 0 <= (last - due).days <= 5


@given(THIRTY_YEARS, st.integers(13, 60))
def test_a_long_term_never_rolls(start: date, weeks: int) -> None:
    assert add_statutory_days(start, weeks=weeks) == decision_deadline(start, weeks) == start + timedelta(weeks=weeks)


@given(THIRTY_YEARS, THIRTY_YEARS)
def test_who_hears_later_never_has_to_object_earlier(one: date, other: date) -> None:
    earlier, later = sorted([one, other])
    assert objection_deadline(earlier) <= objection_deadline(later)


@given(THIRTY_YEARS, st.integers(3, 90))
def test_a_term_of_three_days_holds_two_working_days(start: date, days: int) -> None:
    last = add_statutory_days(start, days)
    term = [start + timedelta(days=n) for n in range(1, (last - start).days + 1)]
    assert sum(map(is_working_day, term)) >= 2


@given(THIRTY_YEARS, st.integers(0, 40))
def test_working_days_are_counted_one_by_one(start: date, days: int) -> None:
    last = add_working_days(start, days)
    between = [start + timedelta(days=n) for n in range(1, (last - start).days + 1)]
    assert sum(map(is_working_day, between)) == days
    assert days == 0 or is_working_day(last)


@given(THIRTY_YEARS, st.integers(1, 12), st.integers(0, 60), st.integers(0, 60))
def test_a_longer_suspension_never_brings_the_decision_forward(day: date, weeks: int, one: int, other: int) -> None:
    fewer, more = sorted([one, other])
    assert decision_deadline(day, weeks, fewer) <= decision_deadline(day, weeks, more)


def test_importable_without_django() -> None:
    code = "import tender.calendar, sys; assert not any(m.split('.')[0] == 'django' for m in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("at", "days", "later"),
    [
        ("2026-03-20T16:00:00+00:00", 14, "2026-04-03T15:00:00+00:00"),  # 17:00 in Amsterdam, before and after 29 March
        ("2026-10-20T15:00:00+00:00", 14, "2026-11-03T16:00:00+00:00"),  # before and after 25 October
        ("2026-04-03T15:00:00+00:00", -14, "2026-03-20T16:00:00+00:00"),
        ("2026-03-28T23:30:00+00:00", 1, "2026-03-29T22:30:00+00:00"),  # half past midnight, two nights in a row
    ],
)
def test_a_term_of_days_ends_at_the_same_time_of_the_day(at: str, days: int, later: str) -> None:
    assert days_later(datetime.fromisoformat(at), days) == datetime.fromisoformat(later)


# ── set aside, posted, reconsidered ───────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("ended", "last"),
    [
        ("2026-06-01", "2026-06-29"),
        ("2026-06-06", "2026-07-06"),  # a Saturday
        ("2026-11-27", "2026-12-28"),  # Christmas Day, 26 December and the Sunday after
    ],
)
def test_set_aside_deadline(ended: str, last: str) -> None:
    assert set_aside_deadline(d(ended)) == d(last)


@pytest.mark.parametrize(
    ("posted", "received", "in_time"),
    [
        ("2026-12-28", "2026-12-28", True),
        ("2026-12-28", "2027-01-04", True),  # a week later, a Monday
        ("2026-12-28", "2027-01-05", False),
        ("2026-12-29", "2026-12-30", False),  # posted too late
        ("2026-12-20", "2027-01-05", False),  # posted in time, and more than a week on its way
    ],
)
def test_posted_in_time(posted: str, received: str, *, in_time: bool) -> None:
    assert posted_in_time(d("2026-12-28"), posted=d(posted), received=d(received)) is in_time


def test_a_week_for_the_post_that_ends_on_a_free_day_goes_on() -> None:
    """A week after Friday 18 December is Christmas Day; the next day that is none is Monday the 28th."""
    last = d("2026-12-18")
    assert posted_in_time(last, posted=last, received=d("2026-12-28"))
    assert not posted_in_time(last, posted=last, received=d("2026-12-29"))


def test_before_a_hearing_days_are_counted_back_and_do_not_roll() -> None:
    hearing = date(2026, 12, 15)
    assert (papers_until(hearing), file_open_from(hearing)) == (date(2026, 12, 5), date(2026, 12, 8)), "the fifth is a Saturday"


@pytest.mark.parametrize(
    ("until", "how", "last"),
    [
        ("2026-12-28", {}, "2027-02-08"),
        ("2026-12-28", {"committee": True}, "2027-03-22"),
        ("2027-01-02", {"committee": True}, "2027-03-30"),  # twelve weeks on is Saturday; Easter follows
        ("2026-12-28", {"postponed_weeks": 6}, "2027-03-22"),
        ("2026-12-26", {"committee": True, "postponed_weeks": 6}, "2027-05-01"),  # a Saturday, and eighteen weeks: stays
        ("2026-12-28", {"suspended_days": 5}, "2027-02-15"),  # a Saturday
    ],
)
def test_reconsideration_deadline(until: str, how: dict[str, int], last: str) -> None:
    assert reconsideration_deadline(d(until), **how) == d(last)  # type: ignore[arg-type]


@pytest.mark.parametrize("weeks", [-1, 7])
def test_an_objection_is_postponed_by_six_weeks_at_most(weeks: int) -> None:
    with pytest.raises(ValueError, match="six weeks"):
        reconsideration_deadline(d("2026-12-28"), postponed_weeks=weeks)


# ── the penalty ───────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("until", "owed"),
    [
        ("2026-03-15", 0),
        ("2026-03-16", 23),
        ("2026-03-29", 14 * 23),
        ("2026-03-30", 14 * 23 + 35),
        ("2026-04-12", 14 * (23 + 35)),
        ("2026-04-13", 14 * (23 + 35) + 45),
        ("2026-04-26", 1442),
        ("2026-04-27", 1442),
        ("2027-04-27", 1442),
    ],
)
def test_penalty(until: str, owed: int) -> None:
    """Put in default on 1 March: the fortnight ends on the 15th."""
    first = penalty_starts(d("2026-02-28"), d("2026-03-01"))
    assert first == d("2026-03-16")
    assert penalty(first, d(until)) == owed


def test_who_complains_before_the_term_has_passed_puts_nobody_in_default() -> None:
    with pytest.raises(ValueError, match="before the term"):
        penalty_starts(d("2026-03-01"), d("2026-03-01"))


@given(THIRTY_YEARS, st.integers(-60, 400), st.integers(0, 60))
def test_a_penalty_only_grows_and_has_an_end(first: date, days: int, more: int) -> None:
    one, other = first + timedelta(days=days), first + timedelta(days=days + more)
    assert 0 <= penalty(first, one) <= penalty(first, other) <= PENALTY_MOST == 1442
    assert (penalty(first, one) == PENALTY_MOST) == (days + 1 >= PENALTY_DAYS)
    assert (penalty(first, one) == 0) == (days < 0)


@given(THIRTY_YEARS, st.integers(1, 100), st.integers(0, 100))
def test_no_penalty_within_a_fortnight_of_the_notice_nor_earlier_for_a_later_one(last: date, late: int, more: int) -> None:
    notified = last + timedelta(days=late)
    first = penalty_starts(last, notified)
    assert penalty(first, notified + timedelta(days=14)) == 0 < penalty(first, notified + timedelta(days=15))
    assert first <= penalty_starts(last, notified + timedelta(days=more))


# ── over thirty years ─────────────────────────────────────────────────────────────────────────────────────────────
@given(THIRTY_YEARS)
def test_what_may_roll_never_ends_on_a_free_day(day: date) -> None:
    ends = [objection_deadline(day), payment_deadline(day), set_aside_deadline(day), decision_deadline(day, 8),
            reconsideration_deadline(day), reconsideration_deadline(day, committee=True),
            reconsideration_deadline(day, postponed_weeks=6)]  # fmt: skip
    assert all(map(is_working_day, ends))


@given(THIRTY_YEARS, st.integers(0, 60), st.integers(1, 6))
def test_what_may_not_roll_never_does(day: date, stood_still: int, weeks: int) -> None:
    for long in (13, 22):
        assert decision_deadline(day, long, stood_still) == day + timedelta(weeks=long, days=stood_still)
    postponed = reconsideration_deadline(day, committee=True, postponed_weeks=weeks, suspended_days=stood_still)
    assert postponed == day + timedelta(weeks=12 + weeks, days=stood_still)


@given(THIRTY_YEARS, st.integers(0, 60), st.integers(0, 60), st.integers(0, 40))
def test_a_later_start_or_a_longer_standstill_never_ends_a_term_earlier(day: date, fewer: int, more: int, later: int) -> None:
    other = day + timedelta(days=later)
    assert set_aside_deadline(day) <= set_aside_deadline(other)
    for committee in (False, True):
        first = reconsideration_deadline(day, committee=committee, suspended_days=fewer)
        assert first <= reconsideration_deadline(other, committee=committee, suspended_days=fewer + more)
        assert first <= reconsideration_deadline(day, committee=committee, suspended_days=fewer, postponed_weeks=6)


@given(THIRTY_YEARS, st.integers(0, 20), st.integers(0, 30))
def test_what_is_received_earlier_is_never_too_late_where_the_later_is_in_time(last: date, posted: int, on_its_way: int) -> None:
    sent = last - timedelta(days=posted)
    came = sent + timedelta(days=on_its_way)
    if posted_in_time(last, posted=sent, received=came):
        assert posted_in_time(last, posted=sent, received=max(sent, came - timedelta(days=1)))
    assert posted_in_time(last, posted=sent, received=last)
