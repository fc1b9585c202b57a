"""Writing a draft: saved as typed, never lost, never silently overwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from tender.drafts import note_change
from tender.enums import ApplicationState, Role
from tender.models import Application
from tender.rules import has_part, repairable, written_too_late
from tender.schemes.answers import clean_partial
from tender.schemes.cowriting import join
from tender.schemes.rows import unnamed

if TYPE_CHECKING:
    from datetime import datetime

    from tender.models import User
    from tender.schemes.definition import Form
    from tender.schemes.rows import Merged

WRITABLE = (ApplicationState.DRAFT, ApplicationState.INCOMPLETE)


class Overtaken(Exception):
    """Someone else changed the same fields since this page was opened; ``theirs`` holds what they wrote, ``rows`` in which cells."""

    def __init__(self, theirs: dict[str, Any], rows: dict[str, Merged] | None = None) -> None:
        super().__init__("overtaken")
        self.theirs, self.rows = theirs, rows or {}


class TooLate(Exception):
    """The closing came while the page was open: nothing is saved."""


def is_open(application: Application) -> bool:
    """Whether there is a draft to write in and to hand in now."""
    return application.state in WRITABLE or (application.state == ApplicationState.IN_REVIEW and bool(application.revision_asked))


def may_write(application: Application, user: User) -> bool:
    """Whether this person may write in the draft now; who only signs does not."""
    return is_open(application) and has_part(application, user, Role.EDITOR)


def may_sign(application: Application, user: User) -> bool:
    """Whether this person may sign what is in the draft now."""
    return is_open(application) and has_part(application, user, Role.SIGNER)


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


def joined_with(
    form: Form, stored: dict[str, Any], typed: dict[str, Any], seen: dict[str, Any] | None
) -> tuple[dict[str, Any], dict[str, str]]:
    """What to keep of what was typed beside what others wrote meanwhile, and what is wrong with it; raises `Overtaken`."""
    cleaned, faults = clean_partial(form, typed)
    joined = join(form, stored, cleaned, seen)
    if joined.theirs:
        raise Overtaken(joined.theirs, joined.rows)
    # Of rows that two wrote in, what is wrong is looked at afresh; all else is as it was typed (what cannot be kept is no longer in it).
    kept, merged = clean_partial(form, joined.kept)
    wrong = {key: (faults if joined.kept[key] == cleaned[key] else merged).get(key, "") for key in kept}
    return kept, {key: fault for key, fault in wrong.items() if fault}


@transaction.atomic
def save_draft(
    *, pk: int, actor: User, at: datetime, typed: dict[str, Any], seen: dict[str, Any] | None = None
) -> tuple[Application, dict[str, str]]:
    """Keep what was typed, right or wrong, field by field; returns the dossier and what is wrong with which field.

    ``seen``: what the writer's page showed in those fields. What only others changed stays; where the stored answer (of rows: a cell)
    differs from it and from what was typed, nothing is saved and `Overtaken` says what the other wrote. Past the closing: `TooLate`.
    """
    application = Application.objects.select_for_update(of=("self",)).with_rules().get(pk=pk)
    if not may_write(application, actor):
        raise PermissionDenied("write")
    if written_too_late(application, at):
        raise TooLate
    before, open_now = application.draft, writable(application)
    here = {key: said for key, said in typed.items() if key in open_now}
    cleaned, faults = joined_with(application.rules.form, application.draft, here, seen)
    application.draft = {**before, **cleaned}
    if any(unnamed(said) != unnamed(before.get(key)) for key, said in cleaned.items()):  # that rows got names is no change
        application.draft_version += 1
        note_change(application, before, by=actor, at=at)
    application.draft_saved_at = at
    application.save(update_fields=["draft", "draft_version", "draft_saved_at"])
    return application, faults
