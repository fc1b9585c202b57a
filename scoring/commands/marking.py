"""Marks, saved as they are given."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from scoring.models import Mark, Scoresheet
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
    if theirs := overtaken_by(answers_on(sheet), as_answers(marks, comment), seen):
        raise Overtaken(theirs)
    known = set(question_keys(sheet.stage))
    for question, given in marks.items():
        if question not in known:
            raise ValidationError(_("There is no question “%(key)s” on this form.") % {"key": question})
        unable = bool(given.get("unable"))
        value = None if unable else on_scale(sheet.stage, given.get("value"))
        Mark.objects.update_or_create(
            sheet=sheet, question=question, defaults={"value": value, "unable": unable, "comment": given.get("comment", "")}
        )
    if comment is not None:
        sheet.comment = comment
    sheet.saved_at = at
    sheet.save(update_fields=["comment", "saved_at"])
    return sheet


def answers_on(sheet: Scoresheet) -> dict[str, Any]:
    """What a sheet holds, per question and for the whole, such that it can be compared with what a page showed."""
    kept = {mark.question: {"value": mark.value, "unable": mark.unable, "comment": mark.comment} for mark in sheet.marks.all()}
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
    if not rubric.minimum <= value <= rubric.maximum or (value - rubric.minimum) % rubric.step:
        raise ValidationError(
            _("Give a mark from %(low)s to %(high)s in steps of %(step)s.")
            % {"low": rubric.minimum, "high": rubric.maximum, "step": rubric.step}
        )
    return value
