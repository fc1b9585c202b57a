"""Links from a lower page to a higher one."""

from __future__ import annotations

from typing import Any

from django import template

from tender.onward import onward as address

register = template.Library()


@register.simple_tag
def onward(name: str, *args: Any) -> str:
    """The address of a page that the settings name; empty where there is none."""
    return address(name, *args)
