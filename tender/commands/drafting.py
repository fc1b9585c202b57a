"""Writing a draft: saved as typed, never lost, never silently overwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from tender.enums import ApplicationState, Role
from tender.models import Application
from tender.rules import has_part, repairable
from tender.schemes.answers import clean_partial

if TYPE_CHECKING:
    from datetime import datetime

    from tender.models import User

WRITABLE = (ApplicationState.DRAFT, ApplicationState.INCOMPLETE)


class Overtaken(Exception):
    """Someone else changed the same fields since this page was opened; ``theirs`` holds what they wrote."""

    def __init__(self, theirs: dict[str, Any]) -> None:
        super().__init__("overtaken")
        self.theirs = theirs


def may_write(application: Application, user: User) -> bool:
    """Whether this person may write in the draft now."""
    writable = application.state in WRITABLE or (application.state == ApplicationState.IN_REVIEW and application.revision_asked)
    return bool(writable) and has_part(application, user, Role.EDITOR, Role.SIGNER)


def writable(application: Application) -> frozenset[str]:
    """The questions that may be answered now: all of them, or only the formal points that were asked to be mended."""
    if application.state == ApplicationState.INCOMPLETE:
        return repairable(application)
    return frozenset(field.key for field in application.rules.form.fields())


def overtaken_by(stored: dict[str, Any], cleaned: dict[str, Any], seen: dict[str, Any] | None) -> dict[str, Any]:
    """What others wrote in the meantime: stored answers that are neither what the page showed nor what is saved now."""
    if seen is None:
        return {}
    return {key: stored.get(key) for key in cleaned if key in seen and stored.get(key) not in (seen[key], cleaned[key])}


@transaction.atomic
def save_draft(
    *, pk: int, actor: User, at: datetime, typed: dict[str, Any], seen: dict[str, Any] | None = None
) -> tuple[Application, dict[str, str]]:
    """Keep what was typed, right or wrong, field by field; returns the dossier and what is wrong with which field.

    ``seen``: what the writer's page showed in those fields; where the stored answer differs from it and from what was typed, nothing is
    saved and `Overtaken` says what the other wrote.
    """
    application = Application.objects.select_for_update(of=("self",)).with_rules().get(pk=pk)
    if not may_write(application, actor):
        raise PermissionDenied("write")
    open_now = writable(application)
    cleaned, faults = clean_partial(application.rules.form, {key: said for key, said in typed.items() if key in open_now})
    if theirs := overtaken_by(application.draft, cleaned, seen):
        raise Overtaken(theirs)
    if cleaned != {key: application.draft.get(key) for key in cleaned}:
        application.draft = {**application.draft, **cleaned}
        application.draft_version += 1
    application.draft_saved_at = at
    application.save(update_fields=["draft", "draft_version", "draft_saved_at"])
    return application, faults
