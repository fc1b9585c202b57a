"""What `manage.py check --deploy` warns of beside what Django does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.checks import Tags, Warning, register  # noqa: A004  (the name that Django gives it)

if TYPE_CHECKING:
    from django.core.checks import CheckMessage

OF_ONE_PROCESS = ("LocMemCache", "DummyCache")


@register(Tags.caches, deploy=True)
def cache_is_shared(**_given: Any) -> list[CheckMessage]:
    """A cache that each process has for itself counts sign-in attempts, and tells who has a form open, for that process alone."""
    if not settings.CACHES["default"]["BACKEND"].endswith(OF_ONE_PROCESS):
        return []
    return [
        Warning(
            "Each web process has a cache of its own.",
            hint="Set CACHE_URL to a Redis that all web processes share; see docs/operating.md. With one web process, silence this check.",
            id="drietrap.W001",
        )
    ]
