"""What a page of questions sends, as answers; and a token of what it showed, to notice that somebody else wrote."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tender.canonical import digest
from tender.forms.questions import PREFIX, ROWS
from tender.forms.rows import heads_of
from tender.schemes.definition import Field, FieldKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import QueryDict

MARK = 12
"""Hex digits of a mark: enough to notice a change, short enough for a page."""


def posted(fields: Iterable[Field], data: QueryDict) -> dict[str, Any]:
    """The answers in ``data`` to those of ``fields`` that it speaks of. Files come apart, never by their number."""
    answers: dict[str, Any] = {}
    for field in fields:
        name = f"{PREFIX}-{field.key}"
        if field.kind in ROWS:
            rows = _rows(field, name, data)
            if rows is not None:
                answers[field.key] = rows
        elif field.kind == FieldKind.MULTI_CHOICE:
            answers[field.key] = data.getlist(name)
        elif field.kind != FieldKind.FILE and name in data:
            answers[field.key] = data[name]
    return answers


def _rows(field: Field, name: str, data: QueryDict) -> list[dict[str, str]] | None:
    """The filled rows in order of their numbers; None where the page had none of them."""
    pattern = re.compile(rf"{re.escape(name)}-([0-9]{{1,4}})-")
    places = sorted({int(found[1]) for key in data if (found := pattern.match(key))})
    if not places:
        return None
    keys = [head.key for head in heads_of(field)]
    places = [place for place in places if f"{name}-{place}-DELETE" not in data]
    rows = [{key: data.get(f"{name}-{place}-{key}", "").strip() for key in keys} for place in places]
    return [row for row in rows if any(row.values())]


def mark(value: Any) -> str:
    """A short mark of an answer."""
    return digest(value)[:MARK] if value not in (None, "", []) else ""


def seen_token(fields: Iterable[Field], answers: Mapping[str, Any]) -> str:
    """What a page showed, as ``key:mark`` per question."""
    return " ".join(f"{field.key}:{mark(answers.get(field.key))}" for field in fields if field.kind != FieldKind.FILE)


def seen_of(token: str, stored: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that a page showed: the stored one where its mark still fits, else something that no answer is.

    Read before the row is locked: who writes in between changes the stored answer, which then differs from what was seen.
    """
    seen = {}
    for each in token.split():
        key, _colon, was = each.partition(":")
        now = stored.get(key)
        seen[key] = now if mark(now) == was else {"changed": was}
    return seen
