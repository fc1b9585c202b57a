"""Who else has a form open: kept for a minute in the cache, for nothing hangs on it. What two write at once is seen to by saving."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.cache import cache

from tender.enums import Role
from tender.models import CaseRole

if TYPE_CHECKING:
    from tender.models import User

KEPT = 60
"""Seconds for which somebody counts as being there; a page that stands open says so every twenty."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody who has a form open, and the part of it they are at."""

    name: str
    part: str


def _key(application: int, form: str, user: int) -> str:
    return f"writing:{application}:{form}:{user}"


def arrive(application: int, form: str, user: User, part: str) -> None:
    """Note that somebody has this part of a form open."""
    cache.set(_key(application, form, user.pk), part, KEPT)


def others(application: int, form: str, user: User) -> list[Writer]:
    """Who else may write in this form and has it open, by name."""
    parts = CaseRole.objects.open().filter(application=application, role__in=[Role.EDITOR, Role.SIGNER]).exclude(user=user)
    people = {each.user_id: each.user for each in parts.select_related("user").order_by("user__name")}
    there = cache.get_many([_key(application, form, pk) for pk in people]) if people else {}
    return [Writer(str(person), there[_key(application, form, pk)]) for pk, person in people.items() if _key(application, form, pk) in there]
