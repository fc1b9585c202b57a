"""The sitting of the panel on a round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring.models import Meeting
from scoring.queries import missing_sheets

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from tender.models import Stage, User
    from tender.step import Facts


def convene_meeting(stage: Stage, *, at: datetime, present: Iterable[int], reason: str) -> Facts:
    """Open the meeting: who is there, and which missing sheets are accepted, by name and with a reason."""
    missing = [[sheet.application.reference, str(sheet.juror)] for sheet in missing_sheets(stage)]
    meeting, _ = Meeting.objects.update_or_create(stage=stage, defaults={"convened_at": at, "missing_sheets": missing})
    meeting.present.set(present)
    return {"present": sorted(present), "missing": missing, "reason": reason}


def write_minutes(stage: Stage, *, number: int | None, text: str) -> Facts:
    """Write the minutes, and how many the panel will nominate; a signature under an earlier text falls."""
    Meeting.objects.filter(stage=stage).update(number=number, minutes=text, signed_by=None, signed_at=None)
    return {"number": number, "minutes": text}


def sign_minutes(stage: Stage, *, by: User, at: datetime) -> Facts:
    """Sign the minutes as they are."""
    meeting = stage.meeting
    meeting.signed_by, meeting.signed_at = by, at
    meeting.save(update_fields=["signed_by", "signed_at"])
    return {"number": meeting.number, "minutes": meeting.minutes}
