"""The sitting of the panel on a round: who is there, who is in the room for what, what changes, and what is minuted."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from scoring.minuting import record_of
from scoring.models import Mark, MarkChange, Meeting, MeetingItem
from scoring.queries import in_round, missing_sheets
from scoring.quorum import recusals, voters

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from scoring.models import Scoresheet
    from tender.models import Stage, User
    from tender.step import Facts, Step


def convene_meeting(stage: Stage, *, at: datetime, present: Iterable[int], reason: str) -> Facts:
    """Open the meeting: who is there, and which missing sheets are accepted, by name and with a reason.

    Everybody who is there and may vote is in the room for every application, but for whom an interest in it keeps out.
    """
    missing = [[sheet.application.reference, str(sheet.juror)] for sheet in missing_sheets(stage)]
    accepted = [[*sheet, reason] for sheet in missing]
    meeting, _ = Meeting.objects.update_or_create(stage=stage, defaults={"convened_at": at, "missing_sheets": accepted})
    meeting.present.set(present)
    there, out = set(present) & voters(stage), recusals(stage)
    for application in in_round(stage).order_by("pk"):
        item, _made = MeetingItem.objects.update_or_create(meeting=meeting, application=application, defaults={"noted_at": at})
        item.present.set(there - out.get(application.pk, set()))
    return {"present": sorted(present), "missing": missing, "reason": reason}


def note_room(stage: Stage, *, step: Step) -> Facts:
    """Note who is in the room for one application, and what the secretary adds; who came late is in the meeting from now on. A signature
    under the minutes falls: it was under another record."""
    Meeting.objects.filter(stage=stage).update(signed_by=None, signed_at=None)
    application, present, note = step.data["application"], step.data["present"], step.data.get("note", "")
    item = stage.meeting.items.select_related("application").get(application=application)
    stage.meeting.present.add(*present)
    item.present.set(present)
    item.note, item.noted_at = note, step.at
    item.save(update_fields=["note", "noted_at"])
    return {"reference": item.application.reference, "present": sorted(present), "note": note}


def amend_mark(sheet: Scoresheet, *, step: Step) -> Facts:
    """Change one mark in the meeting. The independent one stays on record beside it, with the reason."""
    question, value, reason = step.data["question"], step.data["value"], step.data["reason"]
    mark, _made = Mark.objects.get_or_create(sheet=sheet, question=question)
    before = mark.value
    mark.value, mark.unable = value, value is None
    mark.save(update_fields=["value", "unable"])
    MarkChange.objects.create(mark=mark, before=before, after=value, reason=reason, at=step.at, event_id=step.event_id)
    return {"question": question, "before": before, "after": value, "reason": reason}


def write_minutes(stage: Stage, *, number: int | None, text: str) -> Facts:
    """Write the minutes, and how many the panel will nominate; a signature under an earlier text falls."""
    Meeting.objects.filter(stage=stage).update(number=number, minutes=text, signed_by=None, signed_at=None)
    return {"number": number, "minutes": text}


def sign_minutes(stage: Stage, *, by: User, at: datetime) -> Facts:
    """Sign the minutes as they are, with all that is on record of the meeting: their file is made of nothing else."""
    meeting = stage.meeting
    meeting.signed_by, meeting.signed_at = by, at
    meeting.save(update_fields=["signed_by", "signed_at"])
    return {"number": meeting.number, "minutes": meeting.minutes, "record": asdict(record_of(stage))}
