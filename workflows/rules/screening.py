"""When: the screening of a dossier, by coach and desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tender.models import Application
    from tender.step import Step

MOST_NOTE = 2000
"""How many characters a note with one point of the checklist holds."""


def intake_fits(application: Application, step: Step) -> bool:
    """What is missing is named by questions of the form, and a call was held by now, with somebody."""
    asked = {field.key for field in application.rules.form.fields()}
    called_at = step.data.get("called_at")
    held = called_at is None or (called_at <= step.at and bool(step.data.get("called_with", "").strip()))
    return held and set(step.data.get("missing", [])) <= asked


def coach_weighed(application: Application, step: Step) -> bool:
    """The coach found this not serious: give a reason why it may be judged all the same, or propose that it is not eligible."""
    return application.intake_serious is not False or bool(str(step.data.get("reason", "")).strip())


def screening_fits(application: Application, step: Step) -> bool:
    """Notes belong to points of the checklist, and only formal gaps can be asked for, each once and with words."""
    points = {check.key for check in application.rules.checklist}
    notes, gaps = step.data.get("notes", {}), step.data.get("gaps", [])
    fields = [gap["field"] for gap in gaps]
    formal = {field.key for field in application.rules.form.fields() if field.formal}
    in_words = all(gap["words"].strip() for gap in gaps) and all(len(note) <= MOST_NOTE for note in notes.values())
    return points >= {*notes, *step.data.get("checklist", {})} and formal >= set(fields) and len(set(fields)) == len(fields) and in_words
