"""What a visitor sees when a request cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.shortcuts import render

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that is too large says so; any other that cannot be read says what to do."""
    if isinstance(exception, TOO_MUCH):
        return render(request, "tender/too_large.html", status=413)
    return render(request, "400.html", status=400)
