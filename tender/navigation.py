"""The menu of every page: a list of URL names in the settings, read here for whoever is looking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from tender.accounts import theirs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import HttpRequest


def _allowed(request: HttpRequest, roles: Iterable[str]) -> bool:
    """Whether this visitor may see an item.

    No roles is everyone, ``*`` whoever is signed in, ``-`` who is signed in without a role in the house.
    """
    wanted = tuple(roles)
    user = getattr(request, "user", None)
    if not wanted:
        return True
    if not (user and user.is_authenticated):
        return False
    return "*" in wanted or ("-" in wanted and not user.roles) or user.has_role(*wanted)


def _entries(request: HttpRequest, items: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The items this visitor may see whose URL name exists; the longest path that fits is the current one."""
    entries: list[dict[str, Any]] = []
    for item in items:
        if not _allowed(request, item.get("roles", ())) or not theirs(item, getattr(request, "user", None)):
            continue
        try:
            url = reverse(item["url"])
        except NoReverseMatch:
            continue
        entries.append({"label": str(item["label"]), "url": url, "current": False})
    fitting = [e for e in entries if request.path == e["url"] or (e["url"] != "/" and request.path.startswith(e["url"]))]
    if fitting:
        max(fitting, key=lambda entry: len(entry["url"]))["current"] = True
    return entries


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``navigation`` for the header and ``footer_navigation`` for the foot of the page."""
    return {
        "navigation": _entries(request, getattr(settings, "NAVIGATION", ())),
        "footer_navigation": _entries(request, getattr(settings, "FOOTER_NAVIGATION", ())),
    }
