"""Putting one answer back as it was, out of the history of the draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from tender.commands.drafting import may_write, save_draft, writable
from tender.models import Application, DraftChange
from tender.schemes.definition import FieldKind

if TYPE_CHECKING:
    from datetime import datetime

    from tender.models import User


@transaction.atomic
def put_back(*, pk: int, key: str, actor: User, at: datetime, seen: Any) -> Application:
    """Answer the question ``key`` again as it was before change ``pk``; that is a change as any other, with its own row.

    ``seen``: what the draft says now, as the page showed it. Raises `Overtaken` where somebody wrote something else since.
    """
    change = DraftChange.objects.get(pk=pk)
    application = Application.objects.select_for_update(of=("self",)).with_rules().get(pk=change.application_id)
    if not may_write(application, actor) or key not in writable(application) & set(change.changes) or change.stage_id != application.stage_id:
        raise PermissionDenied("write")
    before = change.changes[key][0]
    saved, _faults = save_draft(pk=application.pk, actor=actor, at=at, typed={key: before}, seen={key: seen})
    if application.rules.form.field(key).kind == FieldKind.FILE:
        files = application.documents.filter(field=key)
        files.filter(removed_at=None).exclude(pk=before).update(removed_at=at)
        files.filter(pk=before).update(removed_at=None)
    return saved
