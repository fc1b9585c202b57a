"""Which rows of the jury's work there are, and which are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Max

from scoring.models import MarkChange, Meeting, MeetingItem, Scoresheet
from scoring.models.sheet import IN_ROUND
from scoring.sheets import question_names
from tender.canonical import digest
from tender.enums import Role
from tender.models import Application

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tender.models import Stage, User


def question_keys(stage: Stage) -> list[str]:
    """The questions of a stage's rubric as ``criterion.question``, in order; none where there is no rubric."""
    return list(question_names(stage.rules.rubric))


def in_round(stage: Stage) -> QuerySet[Application]:
    """The applications that are judged in a round."""
    return Application.objects.filter(stage=stage, state__in=IN_ROUND)


def unassigned(stage: Stage) -> QuerySet[Application]:
    """The applications that lack sheets, as `ScoresheetQuerySet.unassigned`."""
    return Scoresheet.objects.unassigned(stage)


def missing_sheets(stage: Stage) -> QuerySet[Scoresheet]:
    """The sheets of a round that count and are not in, as `ScoresheetQuerySet.missing`."""
    return Scoresheet.objects.missing(stage)


def judges(user: User) -> bool:
    """Whether this person judges anything: by a seat in a panel, or as an assessor."""
    return user.has_role(Role.ASSESSOR) or user.seats.exists()


def pulse(stage: Stage, cases: QuerySet[Application]) -> str:
    """What a page of the meeting compares to know whether anything changed on these ``cases``, those that its reader may see: newest change
    of a mark, sheets that stand, the rooms, the state. Four small queries."""
    newest = MarkChange.objects.filter(mark__sheet__stage=stage, mark__sheet__application__in=cases).aggregate(newest=Max("pk"))["newest"]
    noted = MeetingItem.objects.filter(meeting__stage=stage, application__in=cases).aggregate(noted=Max("noted_at"))["noted"]
    signed = Meeting.objects.filter(stage=stage).values_list("signed_at", flat=True).first()
    stands = Scoresheet.objects.done().filter(stage=stage, application__in=cases).count()
    return f"{newest or 0}-{stands}-{digest([str(noted), str(signed), stage.state])[:12]}"


def newest_change(seen: str) -> int:
    """The newest change of a mark at a `pulse`, by primary key; 0 for anything that is no pulse."""
    first = seen.split("-", maxsplit=1)[0]
    return int(first) if first.isascii() and first.isdigit() else 0
