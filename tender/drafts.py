"""The history of a draft: who changed what and when. One row per person, stage and about ten minutes of writing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tender.models import Application, DraftChange
from tender.schemes.cleaning import members_of
from tender.schemes.definition import FieldKind
from tender.schemes.rows import unnamed
from tender.schemes.wording import in_words
from tender.word_by_word import words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.db.models import QuerySet

    from tender.models import User
    from tender.schemes.definition import Field
    from tender.word_by_word import Piece

TOGETHER = timedelta(minutes=10)
"""How long one person's writing goes on in one row."""


# ── noting ────────────────────────────────────────────────────────────────────────────────────────────────────
def note_change(application: Application, before: Mapping[str, Any], *, by: User, at: datetime) -> None:
    """Write down what the draft now says otherwise than ``before``: two queries. The caller holds the lock on the draft; read along with
    taking that lock, the last row would be the one from before the wait.
    """
    now = application.draft
    changed = {key: [before.get(key), now[key]] for key in now if _differ(before.get(key), now[key])}
    last = DraftChange.objects.filter(application=application, stage=application.stage_id, by=by).order_by("-pk").first()
    merged = _merged(last.changes, changed) if last is not None and at - last.since <= TOGETHER else None
    if last is None or merged is None:
        DraftChange.objects.create(
            application=application, stage=application.stage, by=by, since=at, at=at, version=application.draft_version, changes=changed
        )
        return
    DraftChange.objects.filter(pk=last.pk).update(at=at, version=application.draft_version, changes=merged)


def _differ(one: Any, other: Any) -> bool:
    """Whether two answers read otherwise; the names of rows are no part of that."""
    return bool(unnamed(one) != unnamed(other))


def _merged(earlier: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any] | None:
    """Both as one; None where somebody else changed one of these answers in between."""
    found = dict(earlier)
    for key, (before, now) in changed.items():
        first, last = earlier.get(key, (before, before))
        if _differ(last, before):
            return None
        found[key] = [first, now]
    return {key: pair for key, pair in found.items() if _differ(*pair)}


# ── telling ───────────────────────────────────────────────────────────────────────────────────────────────────
def changes_of(application: Application) -> QuerySet[DraftChange]:
    """What was changed in a draft at all its stages, the newest first; what was undone at once is left out."""
    rows = application.draft_changes.exclude(changes={}).select_related("by", "stage__call__version")
    return rows.order_by("-at", "-pk")


@dataclass(frozen=True, slots=True)
class Told:
    """One answer before and after, for a reader: in whole, and as pieces that stayed, went or came."""

    key: str
    label: str
    before: str
    after: str
    pieces: tuple[Piece, ...]


def told(change: DraftChange, files: Mapping[str, str]) -> list[Told]:
    """What a row says, question by question in the order of the form. ``files``: their names by number."""
    fields = {field.key: field for field in change.stage.rules.form.fields()}
    pairs = ((field, change.changes[key]) for key, field in fields.items() if key in change.changes)
    return [_told(field, before, after, files) for field, (before, after) in pairs]


def _told(field: Field, before: Any, after: Any, files: Mapping[str, str]) -> Told:
    was, now = (_words(field, value, files) for value in (before, after))
    return Told(field.key, str(field.label), was, now, words(was, now))


def _words(field: Field, value: Any, files: Mapping[str, str]) -> str:
    if field.kind == FieldKind.FILE:
        return files.get(str(value), _("a file")) if value else ""
    said = in_words(field, value, get_language() or "nl")
    return said or _rows(field, value)


def _rows(field: Field, value: Any) -> str:
    """Rows that are not right (yet), as they were typed: one line each, in the order of the form (PostgreSQL keeps none)."""
    cells = [name for name, _cleaner in members_of(field)]

    def line(row: Any) -> str:
        return " · ".join(str(row[name]) for name in cells if row.get(name)) if isinstance(row, dict) else str(row)

    return "\n".join(map(line, value if isinstance(value, list) else []))
