"""Reads a parsed TOML table into the frozen dataclasses of `definition`, noting every fault with its exact path.

The dataclasses are the grammar: which keys there are, of which type, and which may be left out. What cannot be read
gets a neutral stand-in, so that the rest is still looked at.
"""

from __future__ import annotations

import difflib
from dataclasses import MISSING, Field, fields, is_dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, TypeVar, cast, get_args, get_origin, get_type_hints

from tender.schemes.definition import Field as FormField
from tender.schemes.definition import LetterText, Option, PracticeAnchor, Text
from tender.schemes.faults import KEY, Report, labels, quoted, within
from tender.schemes.merge import fields_in

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

LANGUAGES = {"nl": "Dutch", "en": "English"}
IDENTITY: dict[type, str] = {Option: "value", LetterText: "kind", PracticeAnchor: "question"}
"""What an item of a list is called by; anything else by its ``key``."""
LARGEST = Decimal(10) ** 12
MOST_PLACES = 6


@cache
def hints_of(kind: Any) -> dict[str, Any]:
    """The resolved types of a dataclass's members."""
    return get_type_hints(kind)


class Reader:
    """Turns raw TOML values into typed ones; every fault goes into ``report``."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def table(self, kind: type[T], raw: object, path: str) -> T:
        """The table ``raw`` as an object of the dataclass ``kind``."""
        if not isinstance(raw, dict):
            self._report.broken(path, f"must be a table, not {_named(raw)}")
            return cast("T", neutral(kind))
        members = fields(kind)  # type: ignore[arg-type]  # a dataclass, as every hint that leads here
        known = [member.name for member in members]
        for name in raw:
            if name not in known:
                self._report.broken(within(path, quoted(name)), f"is not a known key{_hint(name, known)}")
        hints = hints_of(cast("Any", kind))
        return kind(**{member.name: self._member(member, hints[member.name], raw, path) for member in members})

    def _member(self, member: Field[Any], hint: object, raw: dict[str, object], path: str) -> Any:
        at = within(path, member.name)
        if member.name in raw:
            value = self.value(hint, raw[member.name], at)
            if isinstance(value, str) and value and member.name == "key" and not KEY.fullmatch(value):
                self._report.add(at, "must be lower-case letters, digits and underscores, and start with a letter")
            return value
        if member.default is not MISSING:
            return member.default
        if NoneType in get_args(hint):
            return None
        if isinstance(hint, type) and is_dataclass(hint) and _all_default(hint):
            return hint()
        return self._neutral(hint, at, "is missing")

    def value(self, hint: Any, raw: object, path: str) -> Any:
        """The value ``raw`` as ``hint`` says."""
        if get_origin(hint) is UnionType:
            plain = next(part for part in get_args(hint) if part is not NoneType)
            before = len(self._report.faults)
            value = self.value(plain, raw, path)
            return value if len(self._report.faults) == before or is_dataclass(value) else None
        if get_origin(hint) is tuple:
            return self._sequence(get_args(hint), raw, path)
        if hint is Text:
            return self._text(raw, path)
        if is_dataclass(hint):
            return self.table(hint, raw, path)  # type: ignore[arg-type]  # a class: the hint of a member
        if issubclass(hint, StrEnum):
            return self._choice(hint, raw, path)
        return self._scalar(hint, raw, path)

    def _sequence(self, parts: tuple[Any, ...], raw: object, path: str) -> tuple[Any, ...]:
        if not isinstance(raw, list):
            return self._neutral(tuple, path, f"must be a list, not {_named(raw)}")  # type: ignore[no-any-return]
        if parts[-1] is not Ellipsis:
            if len(raw) != len(parts):
                return self._neutral(tuple, path, f"must hold exactly {len(parts)} values")  # type: ignore[no-any-return]
            pairs = enumerate(zip(parts, raw, strict=True))
            return tuple(self.value(part, item, f"{path}[{index}]") for index, (part, item) in pairs)
        kind = parts[0]
        if not is_dataclass(kind) or kind is Text:
            return tuple(self.value(kind, item, f"{path}[{i}]") for i, item in enumerate(raw))
        return self._items(kind, raw, path)  # type: ignore[arg-type]  # a class: the hint of a member

    def _items(self, kind: type[T], raw: list[object], path: str) -> tuple[T, ...]:
        name = IDENTITY.get(kind, "key")
        keys = [key if isinstance(item, dict) and isinstance(key := item.get(name), str) else "" for item in raw]
        paths = labels(path, keys)
        found = []
        for index, (item, at) in enumerate(zip(raw, paths, strict=True)):
            if not isinstance(item, dict):
                self._report.broken(at, f"must be a table, not {_named(item)}")
                self._report.spoiled(path)
                continue
            # the keys of form fields must differ through a whole stage: the forms check sees to those
            if keys[index] in keys[:index] and keys[index] and kind is not FormField:
                first = f"{path}[{keys.index(keys[index])}]"
                self._report.add(within(at, name), f"“{keys[index]}” is used twice; the first is {first}")
            found.append(self.table(kind, item, at))
        return tuple(found)

    def _text(self, raw: object, path: str) -> Text:
        if not isinstance(raw, dict):
            self._report.broken(path, f"must hold a text in two languages, nl and en, not {_named(raw)}")
            return Text("", "")
        for name in raw:
            if name not in LANGUAGES:
                self._report.broken(within(path, quoted(name)), "is not a language of this scheme: a text has nl and en")
        nl, en = (self._language(raw, code, path) for code in LANGUAGES)
        if nl and en and (lone := set(fields_in(nl)) ^ set(fields_in(en))):
            shown = ", ".join(f"{{{name}}}" for name in sorted(lone))
            self._report.add(path, f"both languages must use the same merge fields; only in one: {shown}")
        return Text(nl, en)

    def _language(self, raw: dict[str, object], code: str, path: str) -> str:
        at = within(path, code)
        if code not in raw:
            self._report.broken(at, f"the {LANGUAGES[code]} text is missing")
            return ""
        return str(self._scalar(str, raw[code], at))

    def _choice(self, kind: type[StrEnum], raw: object, path: str) -> StrEnum:
        known = [str(each) for each in kind]
        if isinstance(raw, str) and raw in known:
            return kind(raw)
        self._report.broken(path, f"must be one of {', '.join(known)}, not {_named(raw)}")
        return next(iter(kind))

    def _scalar(self, kind: type, raw: object, path: str) -> Any:
        fault = SCALARS[kind](raw)
        if fault:
            return self._neutral(kind, path, fault)
        return Decimal(raw) if kind is Decimal else raw  # type: ignore[arg-type]  # a number: just looked at

    def _neutral(self, hint: Any, path: str, message: str) -> Any:
        self._report.broken(path, message)
        return neutral(hint)


def neutral(hint: Any) -> Any:
    """A stand-in of the right type for what could not be read."""
    if NoneType in get_args(hint):
        return None
    if hint is tuple or get_origin(hint) is tuple:
        return ()
    if is_dataclass(hint):
        known = hints_of(hint)  # type: ignore[arg-type]  # a class: the hint of a member
        return hint(
            **{  # type: ignore[operator]
                member.name: neutral(known[member.name]) if member.default is MISSING else member.default for member in fields(hint)
            }
        )
    if issubclass(hint, StrEnum):
        return next(iter(hint))
    return hint()


def _all_default(kind: Any) -> bool:
    return all(member.default is not MISSING for member in fields(kind))


def _string(raw: object) -> str:
    if not isinstance(raw, str):
        return f"must be a text in quotes, not {_named(raw)}"
    if not raw.strip():
        return "is empty"
    if any(ord(each) < ord(" ") and each not in "\n\t" for each in raw):
        return "holds a control character"
    return ""


def _whole(raw: object) -> str:
    if not isinstance(raw, int) or isinstance(raw, bool):
        return f"must be a whole number, not {_named(raw)}"
    return "" if 0 <= raw < LARGEST else "must be 0 or more, and below 10^12"


def _decimal(raw: object) -> str:
    if isinstance(raw, bool) or not isinstance(raw, int | Decimal):
        return f"must be a number, not {_named(raw)}"
    number = Decimal(raw)
    if not number.is_finite() or abs(number) > LARGEST:
        return "must be a number of at most 10^12"
    places = -int(number.normalize().as_tuple().exponent)
    return "" if places <= MOST_PLACES else f"must have at most {MOST_PLACES} decimals"


def _yes_or_no(raw: object) -> str:
    return "" if isinstance(raw, bool) else f"must be true or false, not {_named(raw)}"


SCALARS: dict[type, Callable[[object], str]] = {str: _string, int: _whole, Decimal: _decimal, bool: _yes_or_no}
"""Per type: what is wrong with a raw value, in words; empty when it is good."""


def _named(raw: object) -> str:
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, str):
        return f"“{raw[:40]}”"
    if isinstance(raw, int | Decimal):
        return f"the number {raw}"[:60]
    if isinstance(raw, dict):
        return "a table"
    return "a list" if isinstance(raw, list) else "a date or a time"


def _hint(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]}?" if near else f"; known here: {', '.join(known)}"
