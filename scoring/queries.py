"""Which rows of the jury's work there are, and which are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring.models import Scoresheet
from scoring.models.sheet import IN_ROUND
from scoring.sheets import question_names
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
