"""What is asked of every partner of a consortium, and the words for the parts they play."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tender.schemes.definition import Option, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HELIX: tuple[Option, ...] = (
    Option("business", Text("bedrijf", "business")),
    Option("knowledge", Text("kennisinstelling of school", "knowledge institution or school")),
    Option("government", Text("overheid", "government")),
    Option("society", Text("maatschappelijke organisatie of bewoners", "civil society or residents")),
)
"""The four sides of the quadruple helix: what kind of organisation a partner is."""

SECTORS: tuple[Option, ...] = (
    Option("creative", Text("creatieve industrie", "creative industry")),
    Option("theme", Text("het thema van de aanvraag", "the theme of the application")),
    Option("education", Text("onderwijs", "education")),
    Option("hub", Text("creatieve hub", "creative hub")),
    Option("festival", Text("festival", "festival")),
    Option("other", Text("anders", "other")),
)
"""Where a partner comes from; a consortium rule asks for sectors, and may ask for helix roles."""

PARTNER_KEYS = ("name", "kvk", "helix", "sector", "contribution", "contact", "email")
"""The members of a partner row, in the order in which they are asked. Only ``kvk`` may be left empty."""

HELIX_VALUES = tuple(option.value for option in HELIX)
SECTOR_VALUES = tuple(option.value for option in SECTORS)


def part_label(value: str) -> Text:
    """The words for a helix role or a sector; ``KeyError`` for one that is not known."""
    return {option.value: option.label for option in (*HELIX, *SECTORS)}[value]


def partner_key(row: Mapping[str, Any]) -> str:
    """By what a partner is known: its KvK number, or its name where it has none."""
    return str(row["kvk"] or row["name"].casefold())[:170]


def named_twice(rows: Iterable[Mapping[str, Any]]) -> str:
    """The name of the first partner that stands in the list before; empty where each stands in it once."""
    known: set[str] = set()
    for row in rows:
        key = partner_key(row)
        if key in known:
            return str(row["name"])
        known.add(key)
    return ""
