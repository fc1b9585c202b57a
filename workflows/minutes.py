"""The signed minutes of a meeting as a file: which stands, and who may have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring.models import Conflict, Meeting, MeetingItem, Seating
from scoring.rules import kept_out
from tender.calendar import amsterdam_day
from tender.enums import APPLICANT_ROLES, CASE_STAFF_ROLES, Role
from tender.models import Application, Document
from workflows.jury import SITTING

if TYPE_CHECKING:
    from datetime import datetime

    from tender.models import Stage, User

FIELD = "minutes"


def signed_minutes(stage: Stage) -> Document | None:
    """The file of the signature that stands; none where none was given, where the text was changed since, or until it is printed."""
    at = Meeting.objects.filter(stage=stage).values_list("signed_at", flat=True).first()
    if at is None:
        return None
    return stage.documents.filter(field=FIELD, uploaded_at=at, removed_at=None).order_by("pk").last()


def may_read_minutes(stage: Stage, user: User, *, at: datetime) -> bool:
    """Whether this person may read the minutes of a meeting: who audits; else people of the panel or the house to whom every application
    on the agenda is open.

    They are one text about the whole meeting. So an interest in one application keeps its owner from all of it, also where the scheme
    keeps them out of no more than that one.
    """
    if stage.state not in SITTING:
        return False
    if user.has_role(Role.AUDITOR):
        return True
    sits = Seating.objects.seats(stage, on=amsterdam_day(at)).filter(user=user).exists()
    if not (sits or user.has_role(*CASE_STAFF_ROLES)) or kept_out(stage, user):
        return False
    agenda = MeetingItem.objects.filter(meeting__stage=stage).values("application_id")
    recused = Conflict.objects.recused(user).filter(application__in=agenda)
    own = Application.objects.held_by(user, *APPLICANT_ROLES).filter(pk__in=agenda)
    if recused.exists() or own.exists():
        return False
    clear = Conflict.objects.clear().filter(user=user).values("application_id")
    judged = clear if sits else clear.none()
    return not agenda.exclude(application__in=judged).exclude(application__in=Application.objects.visible_to(user)).exists()
