"""The dashboard of a round: where it stands, what is left of the money and the time, who has to do what."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Min, Q
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from scoring.models import Conflict, Placing, Scoresheet
from scoring.queries import in_round, unassigned
from scoring.rules import kept_out
from tender.calendar import amsterdam_day
from tender.enums import JURY_ROLES, Account, ApplicationState, ConflictState, Role, SheetState
from tender.models import Application, Question, Submission
from tender.schemes.definition import Amount, Assess, Intake
from tender.step import Step
from tender.templatetags.drietrap import day
from workflows.charts import chart_of
from workflows.ledger import by_source
from workflows.pages.asking import QuestionsPage
from workflows.pages.officer_calls import ladder_step
from workflows.pages.officer_heat import heat_map
from workflows.pages.officer_whole import address
from workflows.pages.room import DECLARING_ROLES, MONEY_ROLES, StagePage, trail, undeclared
from workflows.pages.step import asked_before
from workflows.pitching import waiting as waiting_to_present
from workflows.rules.objecting import brought_back_here
from workflows.steps import open_steps

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet
    from django.http import HttpResponse

    from tender.http import SignedIn
    from tender.models import Stage, User
    from workflows.models import StageMachine

UNDECIDED = (
    ApplicationState.SUBMITTED,
    ApplicationState.INCOMPLETE,
    ApplicationState.ELIGIBLE,
    ApplicationState.IN_REVIEW,
    ApplicationState.RANKED,
)
ASIDE = ("extend", "ask_rerank", "rerank", "ask_cancel", "cancel")
"""Steps that do not bring a round further."""
ON_ANOTHER_PAGE = ("draw_up", "schedule")
"""Steps that are taken where the decisions are: on the page of the board's list, on that of publication."""
QUIET = ("unschedule",)
"""Steps that are not shown while there is nothing to take back."""


class StageDashboard(StagePage):
    """One round on one page."""

    def get(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """Everything an officer asks of a round; to who has an interest in it, that it is closed."""
        stage = self.stage(request, call, key)
        if kept_out(stage, request.user):
            context = {"stage": stage, "trail": trail(), "rules": stage.rules, "ladder": ladder(stage)}
            return render(request, "workflows/officer/stage_closed.html", context)
        ranking = stage.rankings.order_by("-version").first()
        context = {
            "stage": stage,
            "trail": trail(),
            "ranking": ranking,
            "rules": stage.rules,
            "ladder": ladder(stage),
            "steps": steps(stage, request),
            "work": work(stage, request.user, ranked=ranking is not None),
            "funnel": funnel(stage, request.user),
            "states": states(stage, request.user),
            "pots": pots(stage),
            "may_read_ledger": request.user.has_role(*MONEY_ROLES),
            "clock": clock(stage, request.user, amsterdam_day(request.at)),
            "declared": declared(stage, request.user),
            "sheets": sheets(stage, request.user),
            "heat": heat_map(ranking, request.user) if ranking else None,
            "chart": chart_of("stage", stage.pk),
        }
        return render(request, "workflows/officer/stage.html", context)


def ladder(stage: Stage) -> list[dict[str, Any]]:
    """The stages of the call, this one marked."""
    counted = Submission.objects.filter(stage__call=stage.call).values_list("stage")
    received = dict(counted.annotate(number=Count("application", distinct=True)))
    stages = list(stage.call.stages.all())
    return [ladder_step(each, received.get(each.pk, 0), current=each.pk == stage.pk) for each in stages]


def steps(stage: StageMachine, request: SignedIn) -> list[dict[str, Any]]:
    """The steps open to this person on the round, each with its page and what stands in the way; of what was asked, who waits since when."""
    back, rows = request.path, []
    for step in open_steps(stage, actor=request.user, at=request.at):
        if step.name in ON_ANOTHER_PAGE or (step.unmet and step.name in QUIET):
            continue
        if step.name in {"ask_rerank", "rerank"} and not brought_back_here(stage, Step(actor=request.user, at=request.at)):
            continue  # after publication this is for a founded objection alone
        asked = asked_before(stage, step.name.removeprefix("ask_")) if step.name.startswith("ask_") else None
        rows.append(
            {
                "label": step.label,
                "unmet": step.unmet,
                "asked": asked,
                "forward": not step.unmet and asked is None and step.name not in ASIDE,
                "url": address(stage, step.name, back=back),
            }
        )
    return rows


def work(stage: Stage, user: User, *, ranked: bool) -> list[dict[str, Any]]:
    """What there is to do in the round, as a task list: each with its page and how far it is."""
    closed = closed_to(user)
    waiting = stage.applications.filter(state__in=[ApplicationState.SUBMITTED, ApplicationState.INCOMPLETE])
    screening = waiting.exclude(pk__in=closed).count()
    open_decisions = stage.decisions.open().exclude(application__in=closed).count()
    tasks = []
    if user.has_role(*DECLARING_ROLES):
        tasks.append((_("Declare whether you have an interest"), "declare_round", declaring(stage, user)))
    if stage.rules.assess == Assess.JURY:
        tasks.append((_("The panel that judges"), "panel", seated(stage)))
    tasks.append((_("Screening"), "screening", to_do(screening, _("%(number)s to screen"))))
    if stage.rules.assess != Assess.NONE:
        tasks.append((_("Who scores what"), "assign", assigning(stage)))
    tasks += presenting(stage, user)
    if ranked:
        tasks.append((_("Ranking"), "ranking", ("ok", _("fixed"))))
    if user.has_role(*MONEY_ROLES):
        tasks.append((_("Decisions"), "decisions", to_do(open_decisions, _("%(number)s on a desk"))))
    tasks += asked_about(stage, user)
    where = [stage.call.reference, stage.key]
    return [
        {"label": label, "url": reverse(f"workflows:{name}", args=where), "status": status, "status_label": words}
        for label, name, (status, words) in tasks
    ]


def presenting(stage: Stage, user: User) -> list[tuple[str, str, tuple[str, str]]]:
    """The moments to present, where makers do, with how many have still to choose one."""
    if not stage.rules.pitch:
        return []
    return [(_("Moments to present"), "pitch_slots", to_do(waiting_to_present(stage, user), _("%(number)s to choose a moment")))]


def to_do(number: int, words: str) -> tuple[str, str]:
    """A count as a status: nothing left is fine."""
    return ("busy", words % {"number": number}) if number else ("ok", _("nothing waits"))


def asked_about(stage: Stage, user: User) -> list[tuple[str, str, tuple[str, str]]]:
    """The questions about the call, for who reads them: how many wait for an answer, and until when the first."""
    if not user.has_role(*QuestionsPage.roles):
        return []
    waiting = Question.objects.about([stage.call]).waiting().aggregate(number=Count("pk"), first=Min("answer_by"))
    words = _("%(number)s to answer, the first before %(day)s") % {"number": waiting["number"], "day": day(waiting["first"])}
    return [(_("Questions about the call"), "questions", ("busy", words) if waiting["number"] else ("ok", _("nothing waits")))]


def declaring(stage: Stage, user: User) -> tuple[str, str]:
    """How many dossiers this person still has to declare on."""
    left = undeclared(stage, user).count()
    return ("warning", _("%(number)s to declare") % {"number": left}) if left else ("ok", _("all declared"))


def seated(stage: Stage) -> tuple[str, str]:
    """Which panel sits."""
    seating = getattr(stage, "seating", None)
    return ("ok", str(seating.panel)) if seating is not None else ("warning", _("no panel yet"))


def assigning(stage: Stage) -> tuple[str, str]:
    """Whether every application that is judged has its sheets."""
    lacking = unassigned(stage).count()
    if lacking:
        return "busy", _("%(number)s without enough assessors") % {"number": lacking}
    return ("ok", _("all assigned")) if in_round(stage).exists() else ("neutral", _("nothing to assign"))


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a funnel."""

    label: str
    number: int
    share: str


def closed_to(user: User) -> QuerySet[Any]:
    """The dossiers in which this person has an interest: they are in no count of theirs."""
    return Conflict.objects.recused(user).values("application")


def funnel(stage: Stage, user: User) -> list[Bar]:
    """How many were handed in, found eligible, judged and selected at this stage, now and in the past, of those open to this person."""
    closed = closed_to(user)
    handed_in = Application.objects.filter(submissions__stage=stage).exclude(pk__in=closed).distinct().count()
    latest = stage.rankings.order_by("-version").first()
    placed = latest.placings.exclude(application__in=closed) if latest else Placing.objects.none()
    counted = placed.aggregate(ranked=Count("pk"), selected=Count("pk", filter=Q(outcome="selected")))
    ranked, selected = counted["ranked"], counted["selected"]
    here = stage.applications.exclude(pk__in=closed).aggregate(
        eligible=Count("pk", filter=Q(state__in=[ApplicationState.ELIGIBLE, ApplicationState.IN_REVIEW, ApplicationState.RANKED])),
        judged=Count("pk", filter=Q(state=ApplicationState.RANKED)),
    )
    awards = stage.decisions.filter(kind__in=["admit", "award"]).exclude(state__in=["discarded", "superseded"])
    given = awards.exclude(application__in=closed).count()
    rows = [
        (_("Handed in"), handed_in),
        (_("Eligible"), max(here["eligible"], ranked)),
        (_("Judged"), max(here["judged"], ranked)),
        (_("Selected"), max(selected, given)),
    ]
    most = max(number for _label, number in rows) or 1
    return [Bar(label, number, f"{100 * number / most:.2f}") for label, number in rows]


def states(stage: Stage, user: User) -> list[tuple[str, str, int]]:
    """How many dossiers open to this person stand in each state of this stage: value, word, number."""
    counted = dict(stage.applications.exclude(pk__in=closed_to(user)).values_list("state").annotate(number=Count("pk")).order_by())
    return [(value, str(label), counted[value]) for value, label in ApplicationState.choices if value in counted]


def pots(stage: Stage) -> dict[str, Any] | None:
    """The pots with their widths as hundredths of the ceiling, those that are seldom used only where they hold something; None where
    the stage gives no money. With more than one source or year: what each gave, and how much of it is where."""
    if stage.rules.grant.amount == Amount.NONE:
        return None
    shares = by_source(stage)
    balances = {kind: sum((share.holds(kind) for share in shares), start=Decimal(0)) for kind in Account}
    order = [Account.RECOVERED, Account.PAID, Account.ORDERED, Account.COMMITTED, Account.RESERVED, Account.FREE]
    seldom = [kind for kind in (Account.RECOVERED, Account.ORDERED) if not balances[kind]]
    left, rows = Decimal(0), []
    for series, kind in enumerate((kind for kind in order if kind not in seldom), start=1):
        width = balances[kind] / stage.ceiling * 100 if stage.ceiling else Decimal(0)
        where = {"x": f"{left:.3f}", "width": f"{width:.3f}", "series": series}
        rows.append({"kind": kind, "label": kind.label, "amount": balances[kind], **where})
        left += width
    return {"rows": rows, "ceiling": stage.ceiling, "sources": shares if len(shares) > 1 else []}


def clock(stage: Stage, user: User, today: date) -> dict[str, Any]:
    """The statutory term: the first day on which a decision open to this person is due, and how many days that is away."""
    waiting = stage.applications.filter(state__in=UNDECIDED).exclude(pk__in=closed_to(user))
    first = waiting.aggregate(first=Min("decide_by"))["first"]
    terms = stage.rules.terms
    left = (first - today).days if first else None
    return {
        "decide_by": first,
        "left": left,
        "over": left is not None and left < 0,
        "weeks": terms.decision_weeks,
        "promise": terms.promise_working_days,
        "continuous": stage.rules.intake == Intake.CONTINUOUS,
        "postpones": user.has_role(Role.OFFICER) and first is not None and left is not None and left >= 0 and terms.postpone_weeks > 0,
    }


def declared(stage: Stage, user: User) -> dict[str, Any] | None:
    """How far the declarations of those who judge are, per person; None where nobody judges."""
    if stage.rules.assess == Assess.NONE:
        return None
    handed_in = Application.objects.filter(submissions__stage=stage).exclude(pk__in=closed_to(user))
    said = Conflict.objects.filter(application__in=handed_in, part__in=JURY_ROLES)
    rows = list(
        said.values("user_id", "user__name")
        .annotate(
            asked=Count("pk", filter=Q(state=ConflictState.ASKED)),
            doubtful=Count("pk", filter=Q(state=ConflictState.DOUBTFUL)),
            clear=Count("pk", filter=Q(state__in=[ConflictState.NONE, ConflictState.CLEARED])),
            recused=Count("pk", filter=Q(state=ConflictState.RECUSED)),
        )
        .order_by("user__name", "user_id")
    )
    total = sum(row["asked"] + row["doubtful"] + row["clear"] + row["recused"] for row in rows)
    open_ = sum(row["asked"] + row["doubtful"] for row in rows)
    return {"rows": rows, "total": total, "done": total - open_}


def sheets(stage: Stage, user: User) -> dict[str, Any] | None:
    """How far the scoring is, per person; None where nobody judges."""
    if stage.rules.assess == Assess.NONE:
        return None
    finished = Q(state__in=[SheetState.SEALED, SheetState.CONFIRMED])
    here = Scoresheet.objects.counting().filter(stage=stage).exclude(application__in=closed_to(user))
    rows = list(
        here.values("juror_id", "juror__name")
        .annotate(total=Count("pk"), done=Count("pk", filter=finished))
        .order_by("juror__name", "juror_id")
    )
    return {"rows": rows, "total": sum(row["total"] for row in rows), "done": sum(row["done"] for row in rows)}
