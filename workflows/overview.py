"""The work of the house at a glance: how far the rounds are, which terms are at risk, what being late costs, who has what.

Counts only, over every dossier but those that an interest, or a part of one's own, closes to who looks. Never a query per row.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, Min, OuterRef, Q, Subquery

from scoring.models import Conflict, Placing, Ranking
from tender.calendar import PENALTY_MOST, amsterdam_day
from tender.enums import APPLICANT_ROLES, GIVES, DecisionState, Role, StageState
from tender.enums import ApplicationState as A
from tender.models import Application, Call, CaseRole, Decision, DefaultNotice, Stage, StandIn, Submission, people_of_their_own
from workflows.due import OURS, due_in, notices
from workflows.models import WorkItem
from workflows.queries import closed_rounds
from workflows.term import UNDECIDED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from django.db.models import QuerySet

    from tender.models import User
    from workflows.due import Due

BEGUN = (
    StageState.OPEN, StageState.PAUSED, StageState.CLOSED, StageState.SCORING, StageState.MEETING, StageState.RANKED, StageState.DECIDING,
    StageState.PUBLISHED,
)  # fmt: skip
"""The rounds that are on their way."""
JUDGED = (A.ELIGIBLE, A.IN_REVIEW, A.RANKED)
DROPPED = (DecisionState.DISCARDED, DecisionState.SUPERSEDED)
AHEAD = (0, 7, 14, 28, 42)
"""So many days from today being late is reckoned ahead."""


def open_to(user: User) -> QuerySet[Application]:
    """The dossiers that count for this person: all but those that an interest closes to them, and their own; for an auditor, all."""
    if user.has_role(Role.AUDITOR):
        return Application.objects.all()
    rounds = closed_rounds(user)
    passed = Submission.objects.filter(stage__in=rounds).values("application")
    shut = Q(pk__in=Conflict.objects.recused(user).values("application")) | Q(stage__in=rounds) | Q(pk__in=passed)
    return Application.objects.exclude(shut).exclude(pk__in=Application.objects.held_by(user, *APPLICANT_ROLES).values("pk"))


# ── how far the rounds are ────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Funnel:
    """How many came how far in one stage."""

    stage: Stage
    handed_in: int
    eligible: int
    judged: int
    selected: int

    @property
    def bars(self) -> list[tuple[int, str]]:
        """Each number with its width as hundredths of the first, for a picture."""
        most = max(self.handed_in, self.eligible, self.judged, self.selected, 1)
        return [(number, f"{100 * number / most:.1f}") for number in (self.handed_in, self.eligible, self.judged, self.selected)]


def funnels(mine: QuerySet[Application]) -> list[Funnel]:
    """Every stage that is on its way, the newest call first. Five queries, however many there are."""
    cases = mine.values("pk")
    handed_in = numbers(Submission.objects.filter(application__in=cases), Count("application", distinct=True))
    latest = Ranking.objects.filter(stage=OuterRef("ranking__stage")).order_by("-version").values("pk")[:1]
    placed = Placing.objects.filter(ranking=Subquery(latest), application__in=cases)
    ranked = numbers(placed, Count("pk"), by="ranking__stage")
    chosen = numbers(placed.filter(outcome="selected"), Count("pk"), by="ranking__stage")
    here = {row["stage"]: row for row in mine.order_by().values("stage").annotate(
        eligible=Count("pk", filter=Q(state__in=JUDGED)), judged=Count("pk", filter=Q(state=A.RANKED)),
    )}  # fmt: skip
    given = Decision.objects.filter(application__in=cases, kind__in=GIVES).exclude(state__in=DROPPED)
    awarded = numbers(given, Count("pk"))
    stages = Stage.objects.filter(state__in=BEGUN).select_related("call__version").order_by("-call__year", "call__reference", "number")
    found = []
    for stage in stages:
        now = here.get(stage.pk, {"eligible": 0, "judged": 0})
        placings = ranked.get(stage.pk, 0)
        found.append(
            Funnel(
                stage, handed_in.get(stage.pk, 0), max(now["eligible"], placings), max(now["judged"], placings),
                max(chosen.get(stage.pk, 0), awarded.get(stage.pk, 0)),
            )
        )  # fmt: skip
    return found


def numbers(rows: QuerySet[Any, Any], what: Count, *, by: str = "stage") -> dict[int, int]:
    """A count per stage, in one query."""
    return dict(rows.order_by().values_list(by).annotate(number=what).values_list(by, "number"))


# ── which terms are at risk ───────────────────────────────────────────────────────────────────────────────────
@dataclass(slots=True)
class AtRisk:
    """Our own terms in one call: how many have passed, end within a week, end before the horizon; and the first of those still to come."""

    call: Call
    late: int = 0
    week: int = 0
    soon: int = 0
    first: date | None = None

    @property
    def total(self) -> int:
        """How many there are together."""
        return self.late + self.week + self.soon


def at_risk(mine: Any, at: datetime, days: int) -> list[AtRisk]:
    """Per call, our own terms that have passed or end within so many days, the worst call first."""
    near = [row for row in due_in(mine, at) if row.kind in OURS and row.left <= days]
    calls = Call.objects.in_bulk({row.application.call_id for row in near})
    found = {pk: AtRisk(call) for pk, call in calls.items()}
    for row in near:
        note(found[row.application.call_id], row)
    return sorted(found.values(), key=lambda each: (-each.late, -each.week, -each.soon, each.call.reference))


def note(risk: AtRisk, row: Due) -> None:
    """Count one term."""
    if row.left < 0:
        risk.late += 1
        return
    if row.left <= 7:  # noqa: PLR2004  a week
        risk.week += 1
    else:
        risk.soon += 1
    risk.first = min(risk.first or row.day, row.day)


# ── what being late costs ─────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Exposure:
    """What being late costs in euros: today, each day from here, on days to come if nothing is decided, and at most; and how many late
    dossiers nobody has put us in default on yet, with what those could come to."""

    notices: int
    owed: int
    a_day: int
    most: int
    ahead: list[tuple[date, int]]
    silent: int

    @property
    def could_be(self) -> int:
        """What the silent ones could come to, at most."""
        return self.silent * PENALTY_MOST

    @property
    def points(self) -> str:
        """The sums of the days ahead as a line in a picture of 300 by 100."""
        most, last = max(self.most, 1), AHEAD[-1]
        return " ".join(
            f"{300 * days / last:.1f},{100 - 96 * euros / most:.1f}" for days, (_day, euros) in zip(AHEAD, self.ahead, strict=True)
        )


def exposure(mine: Any, at: datetime) -> Exposure:
    """What being late costs in these dossiers, those that were decided too late with those that still wait."""
    today = amsterdam_day(at)
    told: list[DefaultNotice] = [each for each in notices(mine) if each.ended_on is None or each.most]
    by = {days: sum(each.owed(today + timedelta(days=days)) for each in told) for days in (*AHEAD, 1)}
    put = DefaultNotice.objects.running().filter(application=OuterRef("pk"), stage=OuterRef("stage"))
    late = Application.objects.filter(pk__in=mine, state__in=UNDECIDED, decide_by__lt=today).exclude(Exists(put))
    return Exposure(
        notices=len(told), owed=by[0], a_day=by[1] - by[0], most=sum(each.most for each in told),
        ahead=[(today + timedelta(days=days), by[days]) for days in AHEAD], silent=late.count(),
    )  # fmt: skip


# ── who has what ──────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(slots=True)
class Load:
    """What one case officer has: dossiers that wait for a decision, things to do in them, since when the oldest, how many at risk."""

    user: User
    dossiers: int = 0
    tasks: int = 0
    oldest: datetime | None = None
    risk: int = 0
    away: StandIn | None = None
    share: str = field(default="0.0")


def loads(mine: Any, at: datetime, days: int) -> list[Load]:
    """Every case officer, who has most first. Four queries, however many officers and dossiers there are."""
    by = amsterdam_day(at) + timedelta(days=days)
    found = {user.pk: Load(user) for user in people_of_their_own([Role.OFFICER]).filter(is_active=True)}
    parts = CaseRole.objects.open().filter(role=Role.OFFICER, user__in=found, application__in=mine, application__state__in=UNDECIDED)
    counted = (
        parts.order_by().values("user").annotate(number=Count("application"), risk=Count("pk", filter=Q(application__decide_by__lte=by)))
    )
    for row in counted:
        found[row["user"]].dossiers, found[row["user"]].risk = row["number"], row["risk"]
    theirs = Q(application__case_roles__role=Role.OFFICER, application__case_roles__until=None, application__case_roles__user__in=found)
    waiting = WorkItem.objects.filter(theirs, process__finished=None, escalated=False, role=Role.OFFICER, application__in=mine)
    items = waiting.order_by().values("application__case_roles__user").annotate(number=Count("pk", distinct=True), oldest=Min("since"))
    for item in items:
        load = found[item["application__case_roles__user"]]
        load.tasks, load.oldest = item["number"], item["oldest"]
    for away in StandIn.objects.running().filter(absent__in=found).select_related("stands_in"):
        found[away.absent_id].away = away
    return ordered(found.values())


def ordered(rows: Iterable[Load]) -> list[Load]:
    """Who has most first, each with its width as hundredths of the most, for a picture."""
    listed = sorted(rows, key=lambda each: (-each.dossiers, -each.tasks, each.user.name, each.user.pk))
    most = max((each.dossiers for each in listed), default=0) or 1
    for each in listed:
        each.share = f"{100 * each.dossiers / most:.1f}"
    return listed
