"""The one clock: the database's, and by it the moment a request *arrived*, however long it then stood in our queue (docs/operating.md)."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection
from django.http import UnreadablePostError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest, HttpResponse

READ = {
    "postgresql": "SELECT CLOCK_TIMESTAMP()",
    "sqlite": "SELECT STRFTIME('%Y-%m-%dT%H:%M:%f', 'NOW')",
}
GRACE = timedelta(minutes=5)
"""How long after closing its effects start: what arrived in time may still be in a queue. Nothing counts as having waited longer."""
ARRIVED = "drietrap.arrived"
"""Where the web server puts when a request arrived, by `time.monotonic` (settings/arrival.py). No visitor can set it: headers are HTTP_…"""
SLOW = 5.0
"""Of what takes longer to come in (seconds) the first byte says nothing: it was spun out, and counts from when it was complete."""
PROXY_BOUND = 60.0
"""How many seconds back a proxy's stamp is believed."""
RESOLUTION = 0.001
"""How coarse a reading may be, in seconds: SQLite cuts off what is below the millisecond."""
STAMP = re.compile(r"(?:t=)?(\d{10,17}(?:\.\d{1,9})?)", re.ASCII)


def database_now() -> datetime:
    """What time the database says it is: aware, UTC, to the microsecond (SQLite: to the millisecond)."""
    with connection.cursor() as cursor:
        cursor.execute(READ[connection.vendor])
        (read,) = cursor.fetchone()
    return (datetime.fromisoformat(read).replace(tzinfo=UTC) if isinstance(read, str) else read).astimezone(UTC)


class Offset:
    """How far the database's clock is from this process's own, which never jumps.

    A reading takes time, and the database looks at its clock somewhere in it, so it tells no more than that the offset lies between two
    bounds. Readings together narrow those down. One that contradicts them says that a clock was set, and begins anew.
    """

    def __init__(self) -> None:
        self.least, self.most = float("-inf"), float("inf")

    def learn(self, read: datetime, before: float, after: float) -> None:
        """Take in what the database said between two moments of our own."""
        least, most = read.timestamp() - after, read.timestamp() - before + RESOLUTION
        agree = least <= self.most and self.least <= most
        self.least, self.most = (max(self.least, least), min(self.most, most)) if agree else (least, most)

    def at(self, moment: float) -> datetime:
        """A moment of our own by the database's clock; where it is not known exactly, the earliest it can be."""
        return datetime.fromtimestamp(moment + self.least, UTC)


OFFSET = Offset()


def started_at_proxy(header: str) -> float | None:
    """When a proxy says that a request reached it, in seconds since 1970: ``X-Request-Start`` in seconds, milli- or microseconds."""
    found = STAMP.fullmatch(header.strip())
    if found is None:
        return None
    said = float(found[1])
    for unit in (1e6, 1e3):
        if said >= 1e8 * unit:
            return said / unit
    return said


def arrived(meta: Mapping[str, Any], now: float) -> float | None:
    """When a request arrived, by our own clock; None where nobody noted it. A proxy is believed only if the settings say so, and only
    within a minute: it must set the header itself, whatever the visitor sent.
    """
    moments = [meta[ARRIVED]] if ARRIVED in meta else []
    if settings.PROXY_STAMPS:
        started = started_at_proxy(meta.get("HTTP_X_REQUEST_START", ""))
        waited = time.time() - started if started is not None else -1.0
        if 0 <= waited <= PROXY_BOUND:
            moments.append(now - waited)
    return max(min(moments), now - GRACE.total_seconds()) if moments else None


def arrival(meta: Mapping[str, Any]) -> datetime:
    """When a request arrived, by the database's clock."""
    connection.ensure_connection()  # so that waiting for one does not blur the reading
    before = time.monotonic()
    now = database_now()
    after = time.monotonic()
    OFFSET.learn(now, before, after)
    moment = arrived(meta, after)
    return now if moment is None else min(now, OFFSET.at(moment))


class StampMiddleware:
    """Stamp every request with ``request.at``, the moment it arrived, before any lock."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.at = arrival(request.META)  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Take in what is sent along before anything is done with it: else a request could arrive before a deadline, and what it asks be
        chosen long after.
        """
        begun = time.monotonic()
        with suppress(UnreadablePostError):  # the visitor left: who checks the token finds the same, and says so
            request.POST  # noqa: B018  reading is what it is for
        if time.monotonic() - begun > SLOW:
            request.at = database_now()  # type: ignore[attr-defined]
