"""Numbers as people type them: ``1.234,56``, ``1234.56``, ``€ 5.000``. Never a float; never a guess.

A comma is a decimal comma. A point followed by exactly three digits sets thousands apart, so ``5.000`` is five thousand
and ``5.00`` is five.
"""

from __future__ import annotations

import re
from decimal import Decimal

from django.utils.translation import gettext as _

CENT = Decimal("0.01")
MOST = Decimal("9999999999.99")
"""The most that any amount may be: what the database keeps (ten digits before the comma)."""

ROUND = re.compile(r"[0-9]{1,20}")
DUTCH_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(\.[0-9]{3})+")
ENGLISH = re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+\.[0-9]+")
DECIMALS = re.compile(r"[0-9]+")
MINUS = ("-", "\N{MINUS SIGN}", "\N{EN DASH}")
SPACES = re.compile(r"[\s\u00a0\u202f']+")
CURRENCY = re.compile(r"^(€|euro?)|(€|euro?)$", re.IGNORECASE)
NO_CENTS = re.compile("[,.](-{1,2}|\N{EN DASH}|=)$")


class AnswerFault(ValueError):
    """An answer that cannot stand; ``message`` says how to mend it, in the language of the moment.

    ``cell``: in which row (from 0) and column of an answer with rows, where it is one cell that is wrong.
    """

    def __init__(self, message: str, cell: tuple[int, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.cell = cell


def amount(raw: object) -> Decimal:
    """The amount of money in ``raw``, with two places; raises `AnswerFault`."""
    text = _plain(raw)
    text = NO_CENTS.sub("", CURRENCY.sub("", text))
    return number(text, _("Fill in an amount of money, for example 1.234,56.")).quantize(CENT)


def number(raw: object, what: str = "") -> Decimal:
    """The number of 0 or more in ``raw``, with at most two decimals; raises `AnswerFault`."""
    text = _plain(raw)
    if text.startswith(MINUS):
        raise AnswerFault(_("Fill in 0 or more; a negative number cannot be used here."))
    whole, decimals = _parts(text) or ("", "")
    if not whole:
        raise AnswerFault(what or _("Fill in a number, for example 12 or 2,5."))
    if len(decimals) > -int(CENT.as_tuple().exponent):
        raise AnswerFault(_("Use at most two decimals, for example 1.234,56. Write thousands as 1234 or 1.234."))
    found = Decimal(f"{whole}.{decimals or 0}")
    if found > MOST:
        raise AnswerFault(_("This number is too large: fill in less than 10 billion."))
    return found


def _plain(raw: object) -> str:
    """What was typed without white space; JSON numbers by the digits they were written in."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
        return ""
    text = str(raw) if isinstance(raw, str | float) else format(raw, "f" if isinstance(raw, Decimal) else "d")
    return SPACES.sub("", text)


def _parts(text: str) -> tuple[str, str] | None:
    """The digits before and after the decimal sign; None where it is no number."""
    if ENGLISH.fullmatch(text):
        text = text.replace(",", "")
        whole, _point, decimals = text.partition(".")
        return whole, decimals
    whole, comma, decimals = text.partition(",")
    if DUTCH_THOUSANDS.fullmatch(whole):
        whole = whole.replace(".", "")
    elif not comma:
        whole, comma, decimals = text.partition(".")
    fits = ROUND.fullmatch(whole) and (DECIMALS.fullmatch(decimals) or not comma)
    return (whole, decimals) if fits else None


def written(value: Decimal) -> str:
    """A number as it is kept in JSON: plain digits, no exponent, no needless zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_euros(value: Decimal, language: str = "nl") -> str:
    """An amount for a reader: ``€ 5.000`` or ``€ 1.234,56`` in Dutch, ``€5,000`` in English."""
    text = f"{value:,.2f}".removesuffix(".00")
    if language.startswith("en"):
        return f"€{text}"
    return "€\u00a0" + text.translate(str.maketrans(",.", ".,"))
