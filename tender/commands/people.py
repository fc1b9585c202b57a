"""People: what they are called and which language they read."""

from __future__ import annotations

from django.db import transaction

from tender.models import User


@transaction.atomic
def introduce(*, pk: int, name: str, language: str) -> User:
    """Note what somebody is called and which language they read."""
    user = User.objects.select_for_update().get(pk=pk)
    user.name, user.language = name, language
    user.save(update_fields=["name", "language"])
    return user
