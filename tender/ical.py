"""Dates as a calendar program reads them (RFC 5545): pure, it reads no case and no clock.

Whoever has dates to tell makes an `Entry` of each and hands them to `calendar_of`; `as_download` and `as_feed` wrap the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.http import HttpResponse
from icalendar import Calendar, Event

from tender.calendar import AMSTERDAM

if TYPE_CHECKING:
    from collections.abc import Iterable

MIME: Final = "text/calendar; charset=utf-8"
PRODUCT: Final = "-//Drietrap//Drietrap//NL"
HOST: Final = "drietrap"
"""Behind the @ of every UID: a name of the product and not of the server, so that moving house doubles nobody's dates."""
REFRESH: Final = timedelta(hours=6)
MINUTE: Final = 60
ZONE_FROM, ZONE_UNTIL = date(2020, 1, 1), date(2040, 1, 1)
"""Over which years the changes of clock are written out; without, each file would begin in 1970."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a calendar.

    ``uid`` is what it stays known by and holds no personal data (``call-CX26-programming-closes``); ``starts`` is an aware instant, or
    a day for something that lasts the day; without ``ends`` an instant has no length. ``sequence`` grows with each change
    (`sequence_of` where a date can only move later); ``written`` is when it is told (now).
    """

    uid: str
    summary: str
    starts: datetime | date
    written: datetime
    ends: datetime | None = None
    sequence: int = 0
    text: str = ""
    place: str = ""
    url: str = ""
    cancelled: bool = False


def sequence_of(at: datetime | date) -> int:
    """A sequence for a date that only ever moves later (a deadline that is extended): the later it lies, the higher."""
    return int(at.timestamp()) // MINUTE if isinstance(at, datetime) else at.toordinal()


def calendar_of(name: str, entries: Iterable[Entry]) -> bytes:
    """A calendar called ``name`` with these entries, instants in Amsterdam time with the rules of that zone beside them."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", AMSTERDAM.key)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for entry in entries:
        calendar.add_component(_event(entry))
    calendar.add_missing_timezones(first_date=ZONE_FROM, last_date=ZONE_UNTIL)
    return bytes(calendar.to_ical())


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@{HOST}")
    event.add("dtstamp", entry.written)
    event.add("sequence", entry.sequence)
    event.add("summary", entry.summary)
    event.add("dtstart", _there(entry.starts))
    if entry.ends is not None:
        event.add("dtend", _there(entry.ends))
    for key, value in (("description", entry.text), ("location", entry.place), ("url", entry.url)):
        if value:
            event.add(key, value)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE" if entry.ends is not None else "TRANSPARENT")  # a deadline keeps nobody busy
    return event


def _there(moment: datetime | date) -> datetime | date:
    return moment.astimezone(AMSTERDAM) if isinstance(moment, datetime) else moment


def as_download(name: str, entries: Iterable[Entry], *, filename: str) -> HttpResponse:
    """The calendar as a file to keep, ``filename`` without its ending."""
    response = as_feed(name, entries)
    response["Content-Disposition"] = f'attachment; filename="{filename}.ics"'
    return response


def as_feed(name: str, entries: Iterable[Entry]) -> HttpResponse:
    """The calendar as an answer to a program that comes back for it."""
    response = HttpResponse(calendar_of(name, entries), content_type=MIME)
    response["X-Content-Type-Options"] = "nosniff"
    return response
