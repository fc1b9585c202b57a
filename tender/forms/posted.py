"""What a page of questions sends, as answers; and a token of what it showed, to notice that somebody else wrote."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tender.forms.questions import PREFIX
from tender.forms.rows import NAMED
from tender.schemes.balancing import rows_in
from tender.schemes.cleaning import members_of
from tender.schemes.cowriting import CHANGED, RowMarks, mark
from tender.schemes.definition import Field, FieldKind
from tender.schemes.rows import HAS_ROWS, ROW, marks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import QueryDict


def posted(fields: Iterable[Field], data: QueryDict) -> dict[str, Any]:
    """The answers in ``data`` to those of ``fields`` that it speaks of. Files come apart, never by their number."""
    answers: dict[str, Any] = {}
    for field in fields:
        name = f"{PREFIX}-{field.key}"
        if field.kind in HAS_ROWS:
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
    keys = [key for key, _cleaner in members_of(field)]
    places = [place for place in places if f"{name}-{place}-DELETE" not in data]
    rows = [{key: data.get(f"{name}-{place}-{key}", "").strip() for key in keys} for place in places]
    names = [data.get(f"{name}-{place}-{NAMED}", "") for place in places]
    return [{**row, ROW: called} if called else row for row, called in zip(rows, names, strict=True) if any(row.values())]


def seen_token(fields: Iterable[Field], answers: Mapping[str, Any]) -> str:
    """What a page showed: ``key:mark`` per question, and ``key/row:mark.mark.mark`` per row."""
    return " ".join(token for field in fields if field.kind != FieldKind.FILE for token in _tokens(field, answers.get(field.key)))


def _tokens(field: Field, answer: Any) -> list[str]:
    rows = rows_in(answer) if field.kind in HAS_ROWS else []
    return [f"{field.key}/{row}:{'.'.join(each)}" for row, each in marks(field, rows).items()] or [f"{field.key}:{mark(answer)}"]


def seen_of(token: str, stored: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that a page showed: the stored one where its mark still fits, else something that no answer is; of rows, their marks.

    Read before the row is locked: who writes in between changes the stored answer, which then differs from what was seen.
    """
    seen: dict[str, Any] = {}
    for each in token.split():
        key, _colon, was = each.partition(":")
        key, _slash, row = key.partition("/")
        if row:
            seen.setdefault(key, RowMarks())[row] = was.split(".")
        else:
            now = stored.get(key)
            seen[key] = now if mark(now) == was else {CHANGED: was}
    return seen
