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
    from collections.abc import Iterable

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


def pulse(stage: Stage) -> str:
    """What a page of the meeting compares to know whether anything changed: newest change of a mark, sheets that stand, the rooms, the
    state. Four small queries."""
    newest = MarkChange.objects.filter(mark__sheet__stage=stage).aggregate(newest=Max("pk"))["newest"] or 0
    noted = MeetingItem.objects.filter(meeting__stage=stage).aggregate(noted=Max("noted_at"))["noted"]
    signed = Meeting.objects.filter(stage=stage).values_list("signed_at", flat=True).first()
    stands = Scoresheet.objects.done().filter(stage=stage).count()
    return f"{newest}-{stands}-{digest([str(noted), str(signed), stage.state])[:12]}"


def changed_since(stage: Stage, seen: str, cases: Iterable[Application]) -> list[Application]:
    """Those of these applications on which a mark changed after the `pulse` that was ``seen``."""
    first = seen.split("-", maxsplit=1)[0]
    newer = MarkChange.objects.filter(mark__sheet__stage=stage, pk__gt=int(first) if first.isascii() and first.isdigit() else 0)
    changed = set(newer.values_list("mark__sheet__application_id", flat=True))
    return [case for case in cases if case.pk in changed]
