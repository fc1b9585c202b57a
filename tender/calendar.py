"""Terms and days of Dutch administrative law: pure functions over dates, no database, no clock.

Sources: Algemene termijnenwet (Atw) articles 1, 2, 3 and 4; Algemene wet bestuursrecht (Awb) articles 4:5, 4:13, 4:15, 4:17,
4:87, 6:7, 6:8, 6:9 and 7:10. A *day* is a calendar day in Amsterdam; a term starts on the day after the event that opens it.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import holidays

if TYPE_CHECKING:
    from collections.abc import Iterator

AMSTERDAM: Final = ZoneInfo("Europe/Amsterdam")

OBJECTION_WEEKS: Final = 6
PAYMENT_WEEKS: Final = 6
SET_ASIDE_WEEKS: Final = 4
POSTED_WEEKS: Final = 1
PAPERS_DAYS, FILE_DAYS = 10, 7
"""How many days before a hearing papers can be sent until, and from when on the file can be read."""
RECONSIDER_WEEKS: Final = 6
RECONSIDER_COMMITTEE_WEEKS: Final = 12
RECONSIDER_MORE_WEEKS: Final = 6
DEFAULT_DAYS: Final = 14  # between a notice of default and the first day of a penalty
PENALTY_STEPS: Final = ((14, 23), (14, 35), (14, 45))  # so many days at so many euros a day
PENALTY_DAYS: Final = sum(days for days, _euros in PENALTY_STEPS)
PENALTY_MOST: Final = sum(days * euros for days, euros in PENALTY_STEPS)
"""For how many days a penalty is owed at most, and how many euros it then is: 42 and 1,442."""
ROLLS_UP_TO_WEEKS: Final = 12  # Atw 4: longer terms do not roll
ROLLS_UP_TO_DAYS: Final = 90
SHORT_TERM_DAYS: Final = 3  # Atw 2: from three days on, a term holds at least two working days
SHORT_TERM_WORKING_DAYS: Final = 2
SATURDAY: Final = 5

# Atw 3(3): days equated with a public holiday by royal decree, made for some three years at a time: add the next here.
# In it: Besluit gelijkstelling 2023-2025 and Besluit gelijkstelling 2026-2028.
EQUATED: Final = frozenset(
    {
        date(2023, 4, 28),
        date(2023, 5, 19),
        date(2024, 5, 10),
        date(2024, 12, 27),
        date(2025, 5, 30),
        date(2026, 1, 2),
        date(2026, 5, 15),
        date(2027, 5, 7),
        date(2028, 4, 28),
        date(2028, 5, 26),
    }
)


@lru_cache(maxsize=256)
def public_holidays(year: int) -> frozenset[date]:
    """The public holidays of ``year`` (Atw 3): Good Friday and 5 May every year, equated days included."""
    named = holidays.country_holidays("NL", years=year, categories=("public", "optional"))
    return frozenset(named) | {day for day in EQUATED if day.year == year}


def amsterdam_day(at: datetime) -> date:
    """The calendar day in Amsterdam of the instant ``at``; ``ValueError`` for a datetime without a time zone."""
    if at.tzinfo is None:
        message = "A term is judged by an aware datetime."
        raise ValueError(message)
    return at.astimezone(AMSTERDAM).date()


def days_later(at: datetime, days: int) -> datetime:
    """The same time of the day in Amsterdam so many days later (or, negative, earlier), also where the clock was changed in between."""
    return (at.astimezone(AMSTERDAM) + timedelta(days=days)).astimezone(UTC)


def is_working_day(day: date) -> bool:
    """Whether ``day`` is no Saturday, no Sunday and no public holiday (Atw 3)."""
    return day.weekday() < SATURDAY and day not in public_holidays(day.year)


def next_working_day(day: date) -> date:
    """``day`` itself if it is a working day, else the first working day after it (Atw 1)."""
    return next(later for later in _days_from(day) if is_working_day(later))


def add_working_days(start: date, days: int) -> date:
    """The ``days``-th working day after ``start`` (which itself never counts); 0 gives ``start``.

    Errors: ``ValueError`` for a negative number.
    """
    if days < 0:
        message = "Working days are counted forward."
        raise ValueError(message)
    day = start
    for _ in range(days):
        day = next_working_day(day + timedelta(days=1))
    return day


def add_statutory_days(start: date, days: int | None = None, *, weeks: int | None = None) -> date:
    """The last day of a statutory term that starts on the day after ``start``.

    Give the term as the law words it: in ``days`` or in ``weeks``, exactly one of them. A term that ends on a Saturday,
    a Sunday or a public holiday rolls to the next working day (Atw 1); a term of three days or more holds at least two
    working days (Atw 2); terms over twelve weeks or ninety days (Atw 4) and terms counted back (negative) never roll.

    Errors: ``ValueError`` unless exactly one of ``days`` and ``weeks`` is given.
    """
    if days is not None and weeks is None:
        length, rolls = days, 0 <= days <= ROLLS_UP_TO_DAYS
    elif weeks is not None and days is None:
        length, rolls = 7 * weeks, 0 <= weeks <= ROLLS_UP_TO_WEEKS
    else:
        message = "Give the term in days or in weeks, exactly one of them."
        raise ValueError(message)
    last = start + timedelta(days=length)
    return _rolled(start, last) if rolls else last


def objection_deadline(published: date) -> date:
    """The last day to object to a decision made known to the party on ``published``: day 42, rolled (Awb 6:7, 6:8)."""
    return add_statutory_days(published, weeks=OBJECTION_WEEKS)


def decision_deadline(received: date, weeks: int, suspended_days: int = 0) -> date:
    """The last day to decide on an application received on ``received`` (Awb 4:13, 4:15).

    ``weeks`` is the term, ``suspended_days`` how long it stood still. Whether the end rolls hangs on the term alone:
    one over twelve weeks never does.
    """
    unrolled = received + timedelta(days=7 * weeks + suspended_days)
    return next_working_day(unrolled) if weeks <= ROLLS_UP_TO_WEEKS else unrolled


def suspension_days(invited: date, ended: date) -> int:
    """The days a decision term stands still: those between ``invited`` and ``ended``, neither counted (Awb 4:15).

    ``ended`` is the day of completion, or the last day of the repair term if it ran out unused.
    Errors: ``ValueError`` where ``ended`` lies before ``invited``.
    """
    if ended < invited:
        message = "A suspension cannot end before it began."
        raise ValueError(message)
    return max((ended - invited).days - 1, 0)


def payment_deadline(published: date, weeks: int = PAYMENT_WEEKS) -> date:
    """The last day to pay under a decision made known on ``published``: six weeks unless it says other (Awb 4:87)."""
    return add_statutory_days(published, weeks=weeks)


def set_aside_deadline(ended: date) -> date:
    """The last day to tell that an application is not processed, where the term for completing it ended on ``ended`` (Awb 4:5)."""
    return add_statutory_days(ended, weeks=SET_ASIDE_WEEKS)


def posted_in_time(last: date, *, posted: date, received: date) -> bool:
    """Whether what had to be in by ``last`` came in time: received by then, or posted by then and received within a week (Awb 6:9)."""
    return received <= last or (posted <= last and received <= add_statutory_days(last, weeks=POSTED_WEEKS))


def reconsideration_deadline(objection_until: date, *, committee: bool = False, postponed_weeks: int = 0, suspended_days: int = 0) -> date:
    """The last day to decide on an objection, from the end of the term for objecting (Awb 7:10).

    Six weeks, or twelve where a ``committee`` advises; ``postponed_weeks`` are put to it, six at most. What is more than twelve weeks
    together does not roll. Errors: ``ValueError`` for a postponement that the law does not know.
    """
    if not 0 <= postponed_weeks <= RECONSIDER_MORE_WEEKS:
        message = "A decision on an objection is postponed by six weeks at most."
        raise ValueError(message)
    weeks = RECONSIDER_COMMITTEE_WEEKS if committee else RECONSIDER_WEEKS
    return decision_deadline(objection_until, weeks + postponed_weeks, suspended_days)


def papers_until(hearing: date) -> date:
    """The last day on which a party can send papers before a hearing: ten days ahead (Awb 7:4). Counted back, so it does not roll."""
    return hearing - timedelta(days=PAPERS_DAYS)


def file_open_from(hearing: date) -> date:
    """The day from which on the file lies ready to be read: a week before the hearing (Awb 7:4)."""
    return hearing - timedelta(days=FILE_DAYS)


def penalty_starts(last: date, notified: date) -> date:
    """The first day for which a penalty is owed, once two weeks have passed since we were put in default (Awb 4:17, third paragraph).

    ``last`` was the last day to decide. The two weeks are counted as they are: what is owed is never shown too low.
    Errors: ``ValueError`` for a notice received before the term had passed, which puts nobody in default.
    """
    if notified <= last:
        message = "A notice of default before the term has passed has no effect."
        raise ValueError(message)
    return notified + timedelta(days=DEFAULT_DAYS + 1)


def penalty(first: date, until: date) -> int:
    """The euros owed for being late on each day from ``first`` to ``until``, both counted (Awb 4:17, second paragraph)."""
    left, owed = max((until - first).days + 1, 0), 0
    for days, euros in PENALTY_STEPS:
        owed += min(left, days) * euros
        left = max(left - days, 0)
    return owed


def _rolled(start: date, last: date) -> date:
    rolled = next_working_day(last)
    if (last - start).days < SHORT_TERM_DAYS:
        return rolled
    working = sum(is_working_day(start + timedelta(days=n)) for n in range(1, (rolled - start).days + 1))
    return add_working_days(rolled, max(SHORT_TERM_WORKING_DAYS - working, 0))


def _days_from(day: date) -> Iterator[date]:
    return (day + timedelta(days=n) for n in count())


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later; the last day of the month where that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
