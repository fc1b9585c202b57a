"""Marks, saved as they are given."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from scoring.models import Mark, PracticeSheet, Scoresheet
from scoring.queries import question_keys
from tender.commands.drafting import Overtaken, overtaken_by
from tender.enums import SheetState

if TYPE_CHECKING:
    from datetime import datetime

    from tender.models import Stage, User


WHOLE = "comment"
"""Under this key the remarks on the whole stand among the answers; a question's key has a dot."""


@transaction.atomic
def save_marks(
    *, pk: int, actor: User, at: datetime, marks: dict[str, dict[str, Any]], comment: str | None = None, seen: dict[str, Any] | None = None
) -> Scoresheet:
    """Keep what a juror gave so far. ``marks``: per question ``{"value": Decimal | None, "unable": bool, "comment": str}``.

    ``seen``: what the juror's page showed, as `answers_on` has it; where the sheet differs from it and from what is given now, another
    window saved in between, nothing is kept, and `Overtaken` says what it holds.
    Raises `PermissionDenied` on another's or a sealed sheet, `ValidationError` for a mark off the scale or an unknown question.
    """
    sheet = Scoresheet.objects.select_for_update(of=("self",)).select_related("stage__call__version").get(pk=pk)
    if not Scoresheet.objects.of(actor).filter(pk=pk, state=SheetState.STARTED).exists():
        raise PermissionDenied("mark")
    for question, mark in checked(sheet, marks, comment, seen).items():
        Mark.objects.update_or_create(sheet=sheet, question=question, defaults=mark)
    if comment is not None:
        sheet.comment = comment
    sheet.saved_at = at
    sheet.save(update_fields=["comment", "saved_at"])
    return sheet


@transaction.atomic
def save_practice(
    *, pk: int, actor: User, at: datetime, marks: dict[str, dict[str, Any]], comment: str = "", seen: dict[str, Any] | None = None
) -> PracticeSheet:
    """Keep what a member gave a practice proposal so far; as `save_marks`, and raises the same."""
    sheet = PracticeSheet.objects.select_for_update(of=("self",)).select_related("stage__call__version").get(pk=pk)
    if sheet.juror_id != actor.pk or sheet.state != SheetState.STARTED:
        raise PermissionDenied("mark")
    sheet.keep(checked(sheet, marks, comment, seen))
    sheet.comment, sheet.saved_at = comment, at
    sheet.save(update_fields=["answers", "comment", "saved_at"])
    return sheet


def checked(
    sheet: Scoresheet | PracticeSheet, marks: dict[str, dict[str, Any]], comment: str | None, seen: dict[str, Any] | None
) -> dict[str, dict[str, Any]]:
    """Marks that this form has, whole: “not able to judge” has no value. `Overtaken` where the form holds what the page had not ``seen``,
    `ValidationError` for any other mark."""
    if theirs := overtaken_by(answers_on(sheet), as_answers(marks, comment), seen):
        raise Overtaken(theirs)
    known, found = set(question_keys(sheet.stage)), {}
    for question, given in marks.items():
        if question not in known:
            raise ValidationError(_("There is no question “%(key)s” on this form.") % {"key": question})
        unable = bool(given.get("unable"))
        value = None if unable else on_scale(sheet.stage, given.get("value"))
        found[question] = {"value": value, "unable": unable, "comment": given.get("comment", "")}
    return found


def answers_on(sheet: Scoresheet | PracticeSheet) -> dict[str, Any]:
    """What a sheet holds, per question and for the whole, such that it can be compared with what a page showed."""
    kept = {key: {"value": mark.value, "unable": mark.unable, "comment": mark.comment} for key, mark in sheet.given.items()}
    return as_answers(kept, sheet.comment)


def as_answers(marks: dict[str, dict[str, Any]], comment: str | None) -> dict[str, Any]:
    """Marks in the one manner in which they compare; a question without mark and remark is None."""
    said = {key: [_plain(given.get("value")), bool(given.get("unable")), given.get("comment", "")] for key, given in marks.items()}
    found: dict[str, Any] = {key: answer if any(answer) else None for key, answer in said.items()}
    return found if comment is None else {**found, WHOLE: comment or None}


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{Decimal(value):.2f}"


def on_scale(stage: Stage, value: Decimal | None) -> Decimal | None:
    """The mark itself, if the rubric has it; `ValidationError` if not."""
    rubric = stage.rules.rubric
    if value is None or rubric is None:
        return None
    if not rubric.has(value):
        raise ValidationError(
            _("Give a mark from %(low)s to %(high)s in steps of %(step)s.")
            % {"low": rubric.minimum, "high": rubric.maximum, "step": rubric.step}
        )
    return value
