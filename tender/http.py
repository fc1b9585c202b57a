from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from datetime import datetime

    from django_htmx.middleware import HtmxDetails

    from tender.models import User


class SignedIn(HttpRequest):
    """A request that passed ``LoginRequiredMixin`` and the stamping middleware."""

    user: User
    at: datetime
    htmx: HtmxDetails
