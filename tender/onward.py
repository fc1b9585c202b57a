"""The few links from a lower page to a higher one: names in the settings, as the menu's are."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse


def onward(name: str, *args: Any) -> str:
    """The address of a page higher in the tower; empty where this house has no such page."""
    target = getattr(settings, "ONWARD", {}).get(name)
    if not target:
        return ""
    try:
        return reverse(target, args=args)
    except NoReverseMatch:
        return ""
