"""The one clock: the database's, read once when a request arrives (why not in SQL: docs/operating.md)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

READ = {
    "postgresql": "SELECT CLOCK_TIMESTAMP()",
    "sqlite": "SELECT STRFTIME('%Y-%m-%dT%H:%M:%f', 'NOW')",
}


def database_now() -> datetime:
    """What time the database says it is: aware, UTC, to the microsecond (SQLite: to the millisecond)."""
    with connection.cursor() as cursor:
        cursor.execute(READ[connection.vendor])
        (read,) = cursor.fetchone()
    return (datetime.fromisoformat(read).replace(tzinfo=UTC) if isinstance(read, str) else read).astimezone(UTC)


class StampMiddleware:
    """Stamp every request with ``request.at`` on arrival, before any lock or queue."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.at = database_now()  # type: ignore[attr-defined]
        return self.get_response(request)
