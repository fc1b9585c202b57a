"""How days, instants, money and figures are written in a letter: in its own language, whatever language is active."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from tender.calendar import AMSTERDAM

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

NO_BREAK = "\N{NO-BREAK SPACE}"
CENT = Decimal("0.01")
MONTHS = {
    "nl": (
        *("januari", "februari", "maart", "april", "mei", "juni"),
        *("juli", "augustus", "september", "oktober", "november", "december"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
COUNTED = {
    "nl": ("nul", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen"),
    "en": ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
}


def _language(language: str) -> str:
    return "en" if language.startswith("en") else "nl"


def day(value: date, language: str) -> str:
    """``23 november 2026``, ``23 November 2026``."""
    return f"{value.day}{NO_BREAK}{MONTHS[_language(language)][value.month - 1]}{NO_BREAK}{value.year}"


def moment(value: datetime, language: str) -> str:
    """``23 november 2026 om 17:00 uur``, ``23 November 2026 at 17:00``, as the clocks say in Amsterdam."""
    there = value.astimezone(AMSTERDAM)
    clock = f"{there:%H:%M}"
    if _language(language) == "en":
        return f"{day(there, language)} at{NO_BREAK}{clock}"
    return f"{day(there, language)} om{NO_BREAK}{clock}{NO_BREAK}uur"


def money(value: Decimal, language: str) -> str:
    """``€ 5.000,00``, ``€5,000.00``."""
    text = f"{Decimal(value).quantize(CENT, ROUND_HALF_UP):,.2f}"
    if _language(language) == "en":
        return f"€{text}"
    return f"€{NO_BREAK}{text.translate(str.maketrans(',.', '.,'))}"


def number(value: Decimal, language: str) -> str:
    """A figure without needless decimals: ``78,25``, ``60``."""
    text = f"{Decimal(value).quantize(CENT, ROUND_HALF_UP):f}".rstrip("0").rstrip(".")
    return text if _language(language) == "en" else text.replace(".", ",")


def percent(share: Decimal, language: str) -> str:
    """A share of 1 as hundredths: ``40%``."""
    return f"{number(share * 100, language)}%"


def count(value: int, language: str) -> str:
    """A small number in words: ``twee``, ``two``; figures from ten on."""
    small = COUNTED[_language(language)]
    return small[value] if 0 <= value < len(small) else str(value)


def listed(items: Iterable[str], language: str) -> str:
    """``a, b en c``."""
    *first, last = list(items) or [""]
    joint = " and " if _language(language) == "en" else " en "
    return f"{', '.join(first)}{joint}{last}" if first else last


def closed(text: str) -> str:
    """A sentence that somebody wrote, with its full stop: others follow it."""
    text = text.strip()
    return text if not text or text[-1] in ".!?…" else f"{text}."


def capital(text: str) -> str:
    """The text with a capital to begin with, for the head of a line; a capital in Dutch carries no accent (Eén)."""
    return text[:1].upper().replace("É", "E") + text[1:]


def with_article(name: str, language: str) -> str:
    """A name as it stands in a sentence: ``de Creative Council``."""
    if name.lower().startswith(("de ", "het ", "the ")):
        return name
    return f"{'the' if _language(language) == 'en' else 'de'} {name}"


def kilobytes(size: int, language: str) -> str:
    """The size of a file: ``12 kB``."""
    return f"{number(Decimal(max(1, round(size / 1000))), language)}{NO_BREAK}kB"
