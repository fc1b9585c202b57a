from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase

if TYPE_CHECKING:
    from datetime import datetime

    from django_htmx.middleware import HtmxDetails

    from tender.models import User


R = TypeVar("R", bound=HttpResponseBase)


def private(response: R) -> R:
    """Not guessed at, and not kept by anybody on the way."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


class SignedIn(HttpRequest):
    """A request that passed ``LoginRequiredMixin`` and the stamping middleware."""

    user: User
    at: datetime
    htmx: HtmxDetails
