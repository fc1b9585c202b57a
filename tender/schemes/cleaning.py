"""One answer: from what was typed to what is kept. `clean` is idempotent: a kept value cleans to itself.

Kept values are plain JSON: text as text; money as ``"1234.56"``; numbers as ``"2.5"``; days as ``"2026-11-23"``;
yes/no as ``"yes"``/``"no"``; a choice by its value; several as a list in the order of the options; a file by the number
of its document; rows as a list of objects. Nothing filled in is ``None``.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from tender.schemes.definition import Column, Field, FieldKind
from tender.schemes.figures import AnswerFault, amount, in_euros, number, written
from tender.schemes.partners import HELIX_VALUES, SECTOR_VALUES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from tender.schemes.definition import Option

    Members = Sequence[tuple[str, Callable[[object], Any]]]

SHORT = 200
LONG = 40_000
CELL = 4_000
"""How many characters a long text in a row may have."""
YES_NO = {"yes": "yes", "no": "no", "true": "yes", "false": "no", "on": "yes", "ja": "yes", "nee": "no"}
BREAKS = re.compile(r"\r\n?|[\x0b\x0c\u2028\u2029\x85]")
UNSEEN = re.compile(r"[\x01-\x08\x0e-\x1f\x7f-\x9f\ufeff]")
"""Control characters that slip in with pasting and that no letter, spreadsheet or XML file can hold."""
UNSTORABLE = re.compile(r"[\x00\ud800-\udfff\ufffe\uffff]")
DUTCH_DAY = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})")
EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s.<>,;]{2,}")
DOCUMENT = re.compile(r"[A-Za-z0-9-]{1,64}")
KVK = re.compile(r"[0-9]{8}")
YEARS = range(1900, 2200)


def clean(field: Field, raw: object) -> Any:
    """``raw`` as it is kept for ``field``, or ``None`` for nothing; raises `AnswerFault` with how to mend it."""
    if raw is None or raw in ("", [], ()):
        return None
    kept = CLEANERS[field.kind](field, raw)
    return None if kept in ("", []) else kept


def words(text: str) -> int:
    """How many words ``text`` has: what white space sets apart."""
    return len(text.split())


def tidy(raw: object, *, lines: bool = False) -> str:
    """Typed text, trimmed, in one Unicode form; raises `AnswerFault` for what cannot be kept."""
    if isinstance(raw, int) and not isinstance(raw, bool):
        raw = str(raw)
    if not isinstance(raw, str):
        raise AnswerFault(_("Fill in text here."))
    if UNSTORABLE.search(raw):
        raise AnswerFault(_("The text holds a character that cannot be kept. Remove it, or type the text again."))
    text = UNSEEN.sub("", BREAKS.sub("\n", raw))
    text = unicodedata.normalize("NFC", text)
    return text.strip() if lines else " ".join(text.split())


def _short(field: Field, raw: object) -> str:
    return _text(tidy(raw), field.max_chars or SHORT, field.max_words)


def _long(field: Field, raw: object) -> str:
    return _text(tidy(raw, lines=True), field.max_chars or LONG, field.max_words)


def _text(text: str, most_characters: int, most_words: int | None) -> str:
    _within(text, most_characters, most_words)
    return text


def _within(text: str, most_characters: int, most_words: int | None) -> None:
    if most_words is not None and (over := words(text) - most_words) > 0:
        raise AnswerFault(
            ngettext(
                "Use at most %(most)d words: this is %(over)d word too long.",
                "Use at most %(most)d words: this is %(over)d words too long.",
                over,
            )
            % {"most": most_words, "over": over}
        )
    if (over := len(text) - most_characters) > 0:
        raise AnswerFault(
            ngettext(
                "Use at most %(most)d characters: this is %(over)d character too long.",
                "Use at most %(most)d characters: this is %(over)d characters too long.",
                over,
            )
            % {"most": most_characters, "over": over}
        )


def _number(field: Field | Column, raw: object) -> str:
    found = number(raw)
    _between(found, field, written)
    return written(found)


def _money(field: Field | Column, raw: object) -> str:
    found = amount(raw)
    _between(found, field, lambda value: in_euros(value, get_language() or "nl"))
    return format(found, "f")


def _between(found: Decimal, field: Field | Column, shown: Callable[[Decimal], str]) -> None:
    if field.minimum is not None and found < field.minimum:
        raise AnswerFault(_("Fill in %(least)s or more.") % {"least": shown(field.minimum)})
    if field.maximum is not None and found > field.maximum:
        raise AnswerFault(_("Fill in %(most)s or less.") % {"most": shown(field.maximum)})


def _date(raw: object) -> str:
    text = tidy(raw)
    try:
        dutch = DUTCH_DAY.fullmatch(text)
        day = date(*(int(part) for part in reversed(dutch.groups()))) if dutch else date.fromisoformat(text)
    except ValueError:
        raise AnswerFault(_("Fill in a date, for example 23-11-2026.")) from None
    if day.year not in YEARS:
        raise AnswerFault(_("Check the year of this date."))
    return day.isoformat()


def _choice(field: Field | Column, raw: object) -> str:
    return _one_of(field.options, raw)


def _one_of(options: Sequence[Option], raw: object) -> str:
    if not isinstance(raw, str) or raw not in {option.value for option in options}:
        raise AnswerFault(_("Choose one of the options."))
    return raw


def _multi_choice(field: Field, raw: object) -> list[str]:
    chosen = [raw] if isinstance(raw, str) else raw
    if not isinstance(chosen, list | tuple):
        raise AnswerFault(_("Choose one or more of the options."))
    for value in chosen:
        _one_of(field.options, value)
    return [option.value for option in field.options if option.value in chosen]


def _yes_no(raw: object) -> str:
    said = YES_NO.get(str(raw).strip().lower()) if isinstance(raw, str | bool) else None
    if said is None:
        raise AnswerFault(_("Choose yes or no."))
    return said


def _file(_field: Field, raw: object) -> str:
    text = tidy(raw)
    if not DOCUMENT.fullmatch(text):
        raise AnswerFault(_("Upload the file again."))
    return text


def as_iban(raw: object) -> str:
    """An account number as a bank writes it, without spaces; `AnswerFault` where no bank could have given it."""
    try:
        return str(IBAN(tidy(raw), validate_bban=True).compact)
    except SchwiftyException:
        said = _("This is not a valid IBAN. Check the letters and digits, for example NL91 ABNA 0417 1643 00.")
        raise AnswerFault(said) from None


def _iban(_field: Field, raw: object) -> str:
    return as_iban(raw)


def right_iban(text: str) -> bool:
    """Whether this is an account number that a bank could have given, written without spaces."""
    try:
        return as_iban(text) == text
    except AnswerFault:
        return False


def _kvk(_field: Field | None, raw: object) -> str:
    digits = re.sub(r"[\s.]", "", tidy(raw))
    if not KVK.fullmatch(digits):
        said = _("A KvK number has eight digits. You find it in the Business Register of the Chamber of Commerce.")
        raise AnswerFault(said)
    return digits


def members_of(field: Field) -> Members:
    """What a row of a field with rows consists of: name, and what cleans it."""
    if field.kind == FieldKind.PARTNERS:
        return PARTNER_MEMBERS
    return [(column.key, _cell(column)) for column in field.all_columns]


def filled(field: Field, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows in which anything was filled in."""
    names = [name for name, _cleaner in members_of(field)]
    return [row for row in rows if any(row.get(name) not in (None, "") for name in names)]


def _rows(field: Field, raw: object) -> list[dict[str, Any]]:
    if not isinstance(raw, list | tuple) or not all(isinstance(row, dict) for row in raw):
        raise AnswerFault(_("Fill in the rows again."))
    given = filled(field, raw)
    if len(given) > field.max_rows:
        raise AnswerFault(_("Use at most %(most)d rows.") % {"most": field.max_rows})
    said = _("Partner %(row)d: %(fault)s") if field.kind == FieldKind.PARTNERS else _("Row %(row)d: %(fault)s")
    return [_row(place, row, field, said) for place, row in enumerate(given)]


def _row(place: int, row: dict[str, Any], field: Field, said: str) -> dict[str, Any]:
    kept = {}
    for name, cleaner in members_of(field):
        try:
            kept[name] = cleaner(row.get(name))
        except AnswerFault as fault:
            raise AnswerFault(said % {"row": place + 1, "fault": fault.message}, (place, name)) from None
    years = [column.key for column in field.year_columns]
    if years and not any(kept[year] for year in years):
        lacks = _("fill in an amount in at least one year.")
        raise AnswerFault(said % {"row": place + 1, "fault": lacks}, (place, years[0]))
    return kept


def _cell(column: Column) -> Callable[[object], Any]:
    def cleaner(raw: object) -> Any:
        blank = raw is None or (isinstance(raw, str) and not raw.strip())
        kept = "" if blank else CELLS[column.kind](column, raw)
        if kept == "" and column.required:
            raise AnswerFault(_("fill in “%(column)s”.") % {"column": column.label})
        return kept

    return cleaner


def _needed(what: Callable[[], str], most: int) -> Callable[[object], str]:
    def cleaner(raw: object) -> str:
        text = tidy(raw or "")
        if not text:
            raise AnswerFault(what())
        _within(text, most, None)
        return text

    return cleaner


def _part(values: Sequence[str], what: Callable[[], str]) -> Callable[[object], str]:
    def cleaner(raw: object) -> str:
        if not isinstance(raw, str) or raw not in values:
            raise AnswerFault(what())
        return raw

    return cleaner


def _contribution(raw: object) -> str:
    if raw in (None, ""):
        raise AnswerFault(_("fill in the contribution of the partner in euros; 0 if there is none."))
    return format(amount(raw), "f")


def _email(raw: object) -> str:
    text = tidy(raw or "")
    if not EMAIL.fullmatch(text) or len(text) > SHORT:
        raise AnswerFault(_("fill in an e-mail address, for example naam@voorbeeld.nl."))
    return text


def _optional_kvk(raw: object) -> str:
    return _kvk(None, raw) if raw not in (None, "") else ""


PARTNER_MEMBERS: tuple[tuple[str, Callable[[object], Any]], ...] = (
    ("name", _needed(lambda: _("fill in the name of the partner."), 160)),
    ("kvk", _optional_kvk),
    ("helix", _part(HELIX_VALUES, lambda: _("choose what kind of organisation the partner is."))),
    ("sector", _part(SECTOR_VALUES, lambda: _("choose where the partner comes from."))),
    ("contribution", _contribution),
    ("contact", _needed(lambda: _("fill in who speaks for the partner."), 120)),
    ("email", _email),
)
CELLS: dict[FieldKind, Callable[[Column, object], Any]] = {
    FieldKind.SHORT_TEXT: lambda column, raw: _text(tidy(raw), SHORT, column.max_words),
    FieldKind.LONG_TEXT: lambda column, raw: _text(tidy(raw, lines=True), CELL, column.max_words),
    FieldKind.NUMBER: _number,
    FieldKind.MONEY: _money,
    FieldKind.DATE: lambda _column, raw: _date(raw),
    FieldKind.CHOICE: _choice,
    FieldKind.YES_NO: lambda _column, raw: _yes_no(raw),
}
CLEANERS: dict[FieldKind, Callable[[Field, object], Any]] = {
    FieldKind.SHORT_TEXT: _short,
    FieldKind.LONG_TEXT: _long,
    FieldKind.NUMBER: _number,
    FieldKind.MONEY: _money,
    FieldKind.DATE: lambda _field, raw: _date(raw),
    FieldKind.CHOICE: _choice,
    FieldKind.MULTI_CHOICE: _multi_choice,
    FieldKind.YES_NO: lambda _field, raw: _yes_no(raw),
    FieldKind.FILE: _file,
    FieldKind.TABLE: _rows,
    FieldKind.PARTNERS: _rows,
    FieldKind.IBAN: _iban,
    FieldKind.KVK: _kvk,
}
