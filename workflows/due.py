"""Every term in the dossiers that somebody of the house reads: what, by when, on which article it rests. Never a query per row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tender.calendar import PENALTY_MOST, add_working_days, amsterdam_day, set_aside_deadline
from tender.commands.submitting import last_day, lawful_day, standstill
from tender.enums import APPLICANT_ROLES, DecisionState, GrantState, InstalmentState, ObjectionState, ReportState
from tender.enums import ApplicationState as A
from tender.models import Application, Decision, DefaultNotice, Grant, Instalment, Objection, ProgressReport, Recovery
from tender.models.objecting import UNDECIDED_OBJECTIONS
from tender.undertakings import FELL_AWAY, REGISTER_DAYS, REGISTER_SINCE, given_on, of_minimis
from workflows.rules.deadlines import promised
from workflows.rules.grants import RUNS
from workflows.term import UNDECIDED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from django.db.models import QuerySet
    from django.utils.functional import Promise

    from tender.models import User

KINDS: dict[str, str | Promise] = {
    "decide": _("we decide"),
    "promise": _("we decide, as we promised"),
    "default": _("they can put us in default after this day"),
    "penalty": _("we decide, or a penalty runs"),
    "fix": _("we decide what being late cost"),
    "objection": _("we decide on the objection"),
    "set_aside": _("we decide not to process it"),
    "pay": _("we pay"),
    "register": _("we put the aid into the central register"),
    "claim": _("we claim back what was paid too much"),
    "barred": _("our claim is barred"),
    "repair": _("they mend what is missing"),
    "respond": _("they respond to what we intend"),
    "complete_objection": _("they complete the objection"),
    "object": _("they can object"),
    "appeal": _("they can go to the court"),
    "reserve": _("the place on the reserve list ends"),
    "accept": _("they accept the grant"),
    "report": _("they report"),
    "pay_back": _("they pay back"),
}
"""The kinds of terms, ours first."""
OURS = frozenset({"objection", "decide", "promise", "default", "penalty", "fix", "set_aside", "pay", "register", "claim", "barred"})
ARTICLES: dict[str, str | Promise] = {
    "promise": _("our own promise"),
    "default": _("Awb 4:17"),
    "penalty": _("Awb 4:17"),
    "fix": _("Awb 4:18"),
    "set_aside": _("Awb 4:5, fourth paragraph"),
    "pay": _("Awb 4:87"),
    "register": _("Regulation (EU) 2023/2831, article 6"),
    "claim": _("Awb 4:57, fourth paragraph"),
    "barred": _("Awb 4:104"),
    "pay_back": _("Awb 4:57 and 4:87"),
    "repair": _("Awb 4:5, first paragraph"),
    "respond": _("Awb 4:7 and 4:8"),
    "object": _("Awb 6:7 and 6:8"),
    "objection": _("Awb 7:10"),
    "complete_objection": _("Awb 6:6"),
    "appeal": _("Awb 8:1 and 6:7"),
    "reserve": _("the scheme"),
    "accept": _("the scheme"),
    "report": _("the grant decision"),
}
"""What each rests on; that of a decision hangs on what happened (`article_of`)."""
OPEN_PAYMENTS = (InstalmentState.DUE, InstalmentState.APPROVED, InstalmentState.ORDERED)
OWED_REPORTS = (ReportState.ASKED, ReportState.DRAFT, ReportState.INCOMPLETE)


Row = tuple[str, Application, "date | None", str]
"""Kind, dossier, last day (None: there is none), and the article where the kind does not tell."""


@dataclass(frozen=True, slots=True)
class Due:
    """One term: of which dossier, of which kind, its last day, and the article."""

    kind: str
    application: Application
    day: date
    article: str
    today: date

    @property
    def what(self) -> str:
        """The kind in words."""
        return str(KINDS[self.kind])

    @property
    def left(self) -> int:
        """How many days are left; below zero, how many days ago it ended."""
        return (self.day - self.today).days

    @property
    def late(self) -> bool:
        """Whether we ourselves are late."""
        return self.left < 0 and self.kind in OURS

    @property
    def words(self) -> str:
        """How far off it is."""
        if self.left == 0:
            return str(_("today"))
        if self.left > 0:
            return ngettext("%(days)d day left", "%(days)d days left", self.left) % {"days": self.left}
        if self.late:
            return ngettext("%(days)d day too late", "%(days)d days too late", -self.left) % {"days": -self.left}
        return ngettext("ended %(days)d day ago", "ended %(days)d days ago", -self.left) % {"days": -self.left}


def read_in_the_house(user: User) -> QuerySet[Application]:
    """The dossiers somebody reads in another part than a judge's, and that are not their own."""
    return Application.objects.not_only_judged_by(user).exclude(pk__in=Application.objects.held_by(user, *APPLICANT_ROLES).values("pk"))


def all_due(user: User, at: datetime) -> list[Due]:
    """Every term of the dossiers that this person reads, the first in front. Nine queries at most, however many there are."""
    return due_in(read_in_the_house(user).values("pk"), at)


def due_in(mine: Any, at: datetime) -> list[Due]:
    """Every term of these dossiers (``mine``: a query of their keys), the first in front. Nine queries at most, however many there are."""
    today = amsterdam_day(at)
    found: list[Row] = [
        *(row for case in standing(mine) for row in of_the_dossier(case, at)),
        *of_notices(mine, today),
        *of_decisions(mine, today),
        *of_objections(mine, today),
        *of_grants(mine),
        *of_recoveries(mine),
    ]
    rows = [Due(kind, case, day, article or str(ARTICLES[kind]), today) for kind, case, day, article in found if day is not None]
    return sorted(rows, key=lambda row: (row.day, row.application.reference, row.kind))


def standing(mine: Any) -> QuerySet[Application]:
    """The dossiers that wait for a decision, or on the reserve list."""
    return Application.objects.filter(pk__in=mine, state__in=[*UNDECIDED, A.RESERVED]).with_rules().defer("draft", "summary", "checklist")


def of_the_dossier(case: Application, at: datetime) -> Iterator[Row]:
    """The terms of a dossier itself."""
    if case.state == A.RESERVED:
        yield "reserve", case, case.reserve_until, ""
    elif case.state == A.INCOMPLETE and case.repair_until is not None:
        ended = amsterdam_day(case.repair_until)
        if at < case.repair_until:
            yield "repair", case, ended, ""
        else:
            stood = standstill(case, ended=ended)
            yield "set_aside", case, set_aside_deadline(ended), ""
            yield from deciding(case, last_day(case, suspended=case.suspended_days + stood), stood=stood)
    else:
        yield from deciding(case, case.decide_by)
        yield "promise", case, promised(case), ""


def deciding(case: Application, by: date | None, *, stood: int = 0) -> Iterator[Row]:
    """Until when we decide, and where that is another day: after which they can put us in default. ``stood``: days not yet counted."""
    yield "decide", case, by, article_of(case, case.suspended_days + stood)
    lawful = lawful_day(case)
    if lawful != by:
        yield "default", case, lawful, ""


def day_of(at: datetime | None) -> date | None:
    """The day of an instant, where there is one."""
    return amsterdam_day(at) if at else None


def article_of(case: Application, stood: int) -> str:
    """What the last day to decide rests on: the term, with what was said or asked since (it then ``stood`` still)."""
    more = [article for article, holds in (("4:14", case.postponed_to), ("4:15", stood)) if holds]
    return ", ".join(["Awb 4:13", *more])


def of_notices(mine: Any, today: date) -> Iterator[Row]:
    """What being late costs: from when, while it costs more by the day; then until when we say how much it was."""
    for notice in notices(mine).unfixed():
        if notice.ended_on is None and notice.owed(today) < PENALTY_MOST:
            yield "penalty", notice.application, notice.starts, ""
        elif notice.owed(today):
            yield "fix", notice.application, notice.fix_by, ""


def notices(mine: Any) -> Any:
    """The notices of default in these dossiers, without those that were noted by mistake."""
    return DefaultNotice.objects.standing().filter(application__in=mine).select_related("application__organisation", "application__applicant")


def of_decisions(mine: Any, today: date) -> Iterator[Row]:
    """What the party can say of a decision, before it or after."""
    heard, published = Q(state=DecisionState.HEARING), Q(state=DecisionState.PUBLISHED, objection_until__gte=today)
    rows = Decision.objects.filter(heard | published, application__in=mine)
    for decision in rows.select_related("application__organisation", "application__applicant"):
        if decision.state == DecisionState.HEARING:
            yield "respond", decision.application, day_of(decision.respond_until), ""
        else:
            yield ("appeal" if decision.supersedes_id else "object"), decision.application, decision.objection_until, ""


def of_objections(mine: Any, today: date) -> Iterator[Row]:
    """Until when we decide on objections, they complete them, and they can go to the court."""
    decided = Q(state__in=[ObjectionState.INADMISSIBLE, ObjectionState.UNFOUNDED], appeal_until__gte=today)
    rows = Objection.objects.filter(Q(state__in=UNDECIDED_OBJECTIONS) | decided, application__in=mine)
    for objection in rows.select_related("application__organisation", "application__applicant"):
        if objection.outcome:
            yield "appeal", objection.application, objection.appeal_until, ""
            continue
        yield "objection", objection.application, objection.decide_by, ""
        if objection.state == ObjectionState.INCOMPLETE:
            yield "complete_objection", objection.application, objection.repair_until, ""


def of_grants(mine: Any) -> Iterator[Row]:
    """What is accepted, paid and reported."""
    party = ("application__organisation", "application__applicant")
    unreported = Q(aid_reported_on=None, decision__published_at__isnull=False) & ~Q(state__in=FELL_AWAY)
    grants = Grant.objects.filter(Q(state=GrantState.OFFERED) | unreported, application__in=mine)
    for grant in grants.select_related(*party, "decision", "stage__call__version"):
        if grant.state == GrantState.OFFERED:
            yield "accept", grant.application, day_of(grant.accept_until), ""
        if grant.aid_reported_on is None and of_minimis(grant.stage) and given_on(grant) >= REGISTER_SINCE:
            yield "register", grant.application, add_working_days(given_on(grant), REGISTER_DAYS), ""
    below = [f"grant__{name}" for name in party]
    payments = Instalment.objects.filter(grant__application__in=mine, state__in=OPEN_PAYMENTS)
    for part in payments.select_related(*below):
        yield "pay", part.grant.application, part.pay_by, ""
    reports = ProgressReport.objects.filter(grant__application__in=mine, grant__state__in=RUNS, state__in=OWED_REPORTS)
    for report in reports.select_related(*below):
        yield "report", report.grant.application, report.complete_by or report.due_on, ""


def of_recoveries(mine: Any) -> Iterator[Row]:
    """What is to come back: until when we can claim it; then by when it is paid, and when our claim is barred."""
    found = Recovery.objects.open().filter(grant__application__in=mine).prefetch_related("receipts")
    for recovery in found.select_related("grant__application__organisation", "grant__application__applicant", "decision"):
        case = recovery.grant.application
        if recovery.claimed_at is None:
            yield "claim", case, recovery.claim_until, ""
            continue
        part = recovery.next_part
        if part is not None:
            yield "pay_back", case, recovery.reminder_until or part.day, ""
            yield "barred", case, recovery.barred_after, ""


@dataclass(frozen=True, slots=True)
class Exposure:
    """What being late costs in one dossier: since when, what is owed today, and what it can come to."""

    notice: DefaultNotice
    owed: int
    most: int


def penalty_of(mine: Any, at: datetime) -> dict[str, Any]:
    """What being late costs in these dossiers, each and together; without what was decided before anything was owed."""
    today = amsterdam_day(at)
    told = [notice for notice in notices(mine) if notice.ended_on is None or notice.most]
    costs = [Exposure(notice, notice.owed(today), notice.most) for notice in told]
    return {"costs": costs, "owed": sum(each.owed for each in costs), "most": sum(each.most for each in costs)}
