"""What is written when a dossier is screened: the coach's intake, the desk's findings, and an application that is judged as it came."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tender.calendar import amsterdam_day
from tender.commands.submitting import last_day, standstill

if TYPE_CHECKING:
    from datetime import datetime

    from tender.models import Application
    from tender.step import Facts, Step


def note_intake(application: Application, step: Step) -> Facts:
    """Keep what the coach found: serious or not, what is missing, and the call with the maker where there was one."""
    said = step.data
    application.intake_serious, application.intake_note = said["serious"], said["note"]
    application.intake_missing = said.get("missing", [])
    application.intake_called_at, application.intake_called_with = said.get("called_at"), said.get("called_with", "")
    return {
        "serious": application.intake_serious, "note": application.intake_note, "missing": application.intake_missing,
        "called_at": application.intake_called_at, "called_with": application.intake_called_with,
    }  # fmt: skip


def note_screening(application: Application, step: Step) -> Facts:
    """Keep what the desk found so far: the points that are in order, a note with each, and the gaps to be asked for."""
    application.checklist = step.data["checklist"]
    application.checklist_notes, application.gaps_found = step.data["notes"], step.data["gaps"]
    return {"checklist": application.checklist, "notes": application.checklist_notes, "gaps": application.gaps_found}


def judge_as_it_is(application: Application, *, reason: str) -> Facts:
    """Go on with what was handed in first: what we asked for is not waited for any more, and the term for deciding runs again."""
    gaps, ended = application.gaps, amsterdam_day(cast("datetime", application.repair_until))
    application.suspended_days += standstill(application, ended=ended)
    application.gaps, application.gaps_found = [], []
    application.decide_by = last_day(application, suspended=application.suspended_days)
    return {"gaps": gaps, "reason": reason, "decide_by": application.decide_by}
