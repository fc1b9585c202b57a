"""What the jury has to do and may see: rounds, covers and sheets, without those an interest closes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, Min, OuterRef, Q

from scoring.models import Conflict, PanelMember, Ranking, Scoresheet
from scoring.models.sheet import DONE, IN_ROUND
from scoring.rules import is_chair
from scoring.sheets import question_names
from tender.calendar import amsterdam_day
from tender.enums import ConflictState, Role, SeatState, SheetState, StageState
from tender.models import Application, Stage
from tender.schemes.definition import Assess
from tender.step import Step
from workflows.queries import closed_rounds

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models import QuerySet

    from tender.models import User

RUNNING = (StageState.PLANNED, StageState.OPEN, StageState.PAUSED, StageState.CLOSED, StageState.SCORING, StageState.MEETING,
           StageState.RANKED, StageState.DECIDING, StageState.PUBLISHED)  # fmt: skip
SITTING = (StageState.MEETING, StageState.RANKED, StageState.DECIDING, StageState.PUBLISHED, StageState.FINISHED)
"""From when on the panel sees each other's marks."""
LEADS = (Role.CHAIR, Role.DEPUTY, Role.SECRETARY)


@dataclass(slots=True)
class Round:
    """One round on somebody's reading list."""

    stage: Stage
    part: str
    to_declare: int = 0
    declared: int = 0
    doubtful: int = 0
    to_judge: int = 0
    """How many declarations of others wait for this person, as chair or in the chair's place."""
    sheets: list[Any] = field(default_factory=list)

    @property
    def done(self) -> int:
        """How many of their sheets are in."""
        return sum(sheet.state in DONE for sheet in self.sheets)

    @property
    def leads(self) -> bool:
        """Whether they lead the round, and so see how far everybody is."""
        return self.part in LEADS

    @property
    def sits(self) -> bool:
        """Whether the sheets of all lie side by side now, for a member of the panel."""
        return self.part != Role.ASSESSOR and self.stage.state in SITTING

    @property
    def busy(self) -> bool:
        """Whether something waits for them here."""
        return bool(self.to_declare or self.to_judge) or any(sheet.state not in DONE for sheet in self.sheets)


def seats_of(user: User, *, at: datetime) -> dict[int, str]:
    """The stages at which this person sits in the panel now, with their part."""
    day = amsterdam_day(at)
    held = PanelMember.objects.filter(user=user, state=SeatState.ACCEPTED, since__lte=day).filter(Q(until=None) | Q(until__gte=day))
    return dict(held.filter(panel__seatings__isnull=False).values_list("panel__seatings__stage_id", "part"))


def invitations(user: User) -> QuerySet[PanelMember]:
    """The seats this person was asked to take and has not answered, the oldest first."""
    return PanelMember.objects.filter(user=user, state=SeatState.INVITED).select_related("panel").order_by("pk")


def reading_list(user: User, *, at: datetime) -> list[Round]:
    """Every round in which this person judges, the ones that wait for them first. A round that their interest closes is not there.

    Seven queries, however many rounds and sheets; for who leads a round one more, and what it takes to judge each doubt.
    """
    seats, closed = seats_of(user, at=at), closed_rounds(user)
    sheets = list(own_sheets(user).exclude(stage__in=closed))
    known = {*seats, *(sheet.stage_id for sheet in sheets)}
    assessor = user.has_role(Role.ASSESSOR)
    rows = Stage.objects.filter(state__in=RUNNING).exclude(pk__in=closed).select_related("call__version").annotate(
        ranked=Exists(Ranking.objects.filter(stage=OuterRef("pk"))),
        due=Min("applications__decide_by", filter=Q(applications__state__in=IN_ROUND)),
    )  # fmt: skip
    rounds = {
        stage.pk: Round(stage, seats.get(stage.pk, Role.ASSESSOR))
        for stage in rows.order_by("closes_at", "pk")
        if stage.pk in known or (assessor and stage.rules.assess == Assess.ASSESSORS)
    }
    for sheet in sheets:
        if sheet.stage_id in rounds:
            rounds[sheet.stage_id].sheets.append(sheet)
    count_declarations(user, rounds, assessor=assessor)
    count_doubts(rounds, Step(actor=user, at=at))
    return sorted(rounds.values(), key=lambda one: not one.busy)


def own_sheets(user: User) -> QuerySet[Any]:
    """A person's own sheets with what a list shows, and how many questions are ``answered``."""
    answered = Count("marks", filter=Q(marks__unable=True) | Q(marks__value__isnull=False))
    mine = Scoresheet.objects.of(user).select_related("application__organisation", "application__applicant")
    return mine.annotate(answered=answered).order_by("application__reference")


def count_declarations(user: User, rounds: dict[int, Round], *, assessor: bool) -> None:
    """Note per round how many declarations are due, were made, and wait for the chair."""
    said = Conflict.objects.filter(user=user, application__stage__in=rounds, application__state__in=IN_ROUND)
    for stage, state, number in said.values_list("application__stage", "state").annotate(number=Count("pk")).order_by():
        rounds[stage].to_declare += number if state == ConflictState.ASKED else 0
        rounds[stage].declared += number if state != ConflictState.ASKED else 0
        rounds[stage].doubtful += number if state == ConflictState.DOUBTFUL else 0
    alone = [pk for pk, one in rounds.items() if one.stage.rules.assess == Assess.ASSESSORS] if assessor else []
    silent = Application.objects.filter(stage__in=alone, state__in=IN_ROUND).exclude(conflicts__user=user)
    for stage, number in silent.values_list("stage").annotate(number=Count("pk")).order_by():
        rounds[stage].to_declare += number


def count_doubts(rounds: dict[int, Round], step: Step) -> None:
    """Note per round how many doubts wait for this very person."""
    led = [pk for pk, one in rounds.items() if one.part in {Role.CHAIR, Role.DEPUTY}]
    if not led:
        return
    waiting = Conflict.objects.filter(application__stage__in=led, state=ConflictState.DOUBTFUL)
    for doubt in waiting.select_related("application__stage__call__version"):
        rounds[doubt.application.stage_id].to_judge += is_chair(doubt, step)


def round_of(user: User, *, call: str, key: str, at: datetime) -> Round | None:
    """One round in which this person judges; None where there is no such round for them, or their interest closes it."""
    stage = Stage.objects.filter(call__reference=call, key=key).select_related("call__version").first()
    if stage is None or stage.pk in closed_rounds(user):
        return None
    part = seats_of(user, at=at).get(stage.pk)
    if part is None and stage.rules.assess == Assess.ASSESSORS and user.has_role(Role.ASSESSOR):
        part = Role.ASSESSOR
    return Round(stage, part) if part else None


def to_declare(stage: Stage, user: User) -> QuerySet[Application]:
    """The dossiers of a round on whose cover this person must say whether they have an interest; an assessor is asked by nobody."""
    here = Application.objects.filter(stage=stage, state__in=IN_ROUND).order_by("reference")
    mine = Conflict.objects.filter(application=OuterRef("pk"), user=user)
    asked = here.filter(Exists(mine.filter(state=ConflictState.ASKED)))
    return here.filter(Q(pk__in=asked) | ~Exists(mine)) if stage.rules.assess == Assess.ASSESSORS else asked


def declared(stage: Stage, user: User) -> QuerySet[Conflict]:
    """What this person declared in a round so far, by reference."""
    said = Conflict.objects.filter(user=user, application__stage=stage).exclude(state=ConflictState.ASKED)
    return said.select_related("application").order_by("application__reference")


def open_cases(stage: Stage, user: User) -> QuerySet[Application]:
    """The dossiers of a round that are, or were, scored here and in which this person declared to have no interest."""
    scored = Scoresheet.objects.counting().filter(stage=stage).values("application_id")
    clear = Conflict.objects.clear().filter(user=user).values("application_id")
    found = Application.objects.filter(pk__in=scored).filter(pk__in=clear)
    return found.select_related("organisation", "applicant").order_by("reference")


def progress(stage: Stage, cases: QuerySet[Application]) -> list[dict[str, Any]]:
    """Per judge how many sheets they have and how many are in: no marks."""
    sheets = Scoresheet.objects.counting().filter(stage=stage, application__in=cases)
    rows = sheets.values("juror__name").annotate(total=Count("pk"), done=Count("pk", filter=Q(state__in=DONE)))
    return [dict(row) for row in rows.order_by("juror__name")]


def questions(stage: Stage) -> int:
    """How many questions a sheet of this stage has."""
    return len(question_names(stage.rules.rubric))


def deadline(one: Round) -> date | None:
    """The first day on which a decision is due, where something of this round still waits."""
    return one.stage.decide_by or getattr(one.stage, "due", None)


def next_sheet(user: User, sheet: Scoresheet) -> Scoresheet | None:
    """The next of one's own sheets of a round that is not in yet."""
    left = Scoresheet.objects.of(user).filter(stage=sheet.stage, state__in=[SheetState.ASSIGNED, SheetState.STARTED])
    return left.exclude(pk=sheet.pk).order_by("application__reference").first()
