"""The secret address of somebody's calendar: made, made anew, stopped."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from django.db import transaction

from tender.models import CalendarAddress, User

if TYPE_CHECKING:
    from datetime import datetime

BYTES = 32
"""Of the secret: nobody guesses it."""


def hashed(secret: str) -> str:
    """What is kept of a secret. It is long and random, so one round of SHA-256 hides it well."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_address(*, actor: User, at: datetime, language: str) -> str:
    """A new secret for the calendar of ``actor``; the one before stops. It is told this once, and only its hash is kept."""
    User.objects.select_for_update().get(pk=actor.pk)  # two presses at once make two secrets, one after the other
    stop_address(actor=actor, at=at)
    secret = secrets.token_urlsafe(BYTES)
    CalendarAddress.objects.create(user=actor, secret_sha256=hashed(secret), language=language, made_at=at)
    return secret


def stop_address(*, actor: User, at: datetime) -> bool:
    """Stop the address that ``actor`` has; says whether there was one."""
    return bool(CalendarAddress.objects.filter(user=actor, stopped_at=None).update(stopped_at=at))
