"""A dossier at one stage: taken in all year and seen through to its end, or as one of a round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import nodes

from tender.calendar import amsterdam_day
from tender.enums import JURY_ROLES, ConflictState, InstalmentState, PitchState, ReportState, Role, SheetState
from tender.enums import ApplicationState as A
from tender.schemes.definition import Assess
from workflows.flows import terms
from workflows.flows.base import CaseFlow
from workflows.nodes import ByClock, Todo, Turn, Wait

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from tender.models import Application

FELL = frozenset({A.WITHDRAWN, A.LAPSED, A.CANCELLED})
UNSEALED = (SheetState.ASSIGNED, SheetState.STARTED)
PRESENTING = (PitchState.ASKED, PitchState.BOOKED)


# ── what there is to do ───────────────────────────────────────────────────────────────────────────────────────
def propose(application: Application) -> list[Todo]:
    """The officer's turn to propose a decision; the decision does not exist yet, so the number is the dossier's."""
    return [Todo("decision", application.pk, "propose", Role.OFFICER, deadline=terms.decide_by(application))]


def sheets(application: Application) -> list[Todo]:
    """One sheet per person who judges."""
    due = terms.decide_by(application)
    open_ones = application.sheets.filter(stage=application.stage, state__in=UNSEALED).values_list("pk", "juror_id")
    return [Todo("scoresheet", pk, "seal", user_id=juror, deadline=due) for pk, juror in open_ones]


def declarations(application: Application) -> list[Todo]:
    """One declaration per person who was asked to judge; a doubt is for the chair."""
    due, found = terms.decide_by(application), []
    waiting = application.conflicts.filter(state__in=[ConflictState.ASKED, ConflictState.DOUBTFUL], part__in=JURY_ROLES)
    for pk, user, state in waiting.values_list("pk", "user_id", "state"):
        if state == ConflictState.ASKED:
            found.append(Todo("conflict", pk, "declare_none", user_id=user, deadline=due))
        else:
            found.append(Todo("conflict", pk, "clear", Role.CHAIR, deadline=due))
    return found


def assignments(application: Application) -> list[Todo]:
    """The officer's turn to assign, once everybody declared; the number is the dossier's."""
    due = terms.decide_by(application)
    return [Todo("scoresheet", application.pk, "assign", Role.OFFICER, deadline=due)] if lacks_sheets(application) else []


def pitching(application: Application) -> list[Todo]:
    """The applicant's turn to choose a moment to present; once it is booked, the officer's to note that it was held."""
    waiting = application.pitches.filter(stage=application.stage, state__in=PRESENTING).select_related("slot")
    return [
        Todo("pitch", pitch.pk, "hold", Role.OFFICER, deadline=amsterdam_day(pitch.slot.starts_at))
        if pitch.state == PitchState.BOOKED and pitch.slot is not None
        else Todo("pitch", pitch.pk, "book", Role.EDITOR, deadline=terms.decide_by(application))
        for pitch in waiting
    ]


def before_judging(application: Application) -> list[Todo]:
    """Declare, assign, present; who is assigned already may start."""
    if application.rules.assess == Assess.NONE:
        return []
    declaring = declarations(application)
    return [*declaring, *sheets(application), *pitching(application), *([] if declaring else assignments(application))]


def judging(application: Application) -> list[Todo]:
    """Present and score; where no jury judges, the applicant may have been asked to revise."""
    found = [*declarations(application), *pitching(application), *sheets(application)]
    if application.revision_asked:
        found.append(Todo("application", application.pk, "revise", Role.SIGNER, deadline=terms.decide_by(application)))
    return found


# ── where a dossier is ────────────────────────────────────────────────────────────────────────────────────────
def lacks_sheets(application: Application) -> bool:
    """Whether fewer people were assigned than the scheme asks."""
    rules = application.rules
    if rules.assess == Assess.NONE:
        return False
    return bool(application.sheets.counting().filter(stage=application.stage).count() < max(rules.assessors, 1))


def is_weighed(application: Application) -> bool:
    """Whether a decision is on somebody's desk."""
    return bool(application.decisions.open().exists())


def at_the_desk(case: Application, at: datetime) -> str | None:
    """Up to the finding that a dossier may be judged, which is the same all year and in a round."""
    if case.state == A.DRAFT:
        return "submit"
    if case.state not in {A.SUBMITTED, A.INCOMPLETE}:
        return None
    if is_weighed(case):
        return "refusing"
    if case.state == A.INCOMPLETE:
        return "set_aside" if case.repair_until is not None and at >= case.repair_until else "complete"
    return "intake" if needs_coach(case) else "find_eligible"


def needs_coach(case: Application) -> bool:
    """Whether the coach has still to note the intake."""
    return bool(case.rules.coach_intake) and case.intake_serious is None


def coached(activation: Any) -> bool:
    """The same, of a process."""
    return needs_coach(activation.process.case)


def presents(application: Application) -> bool:
    """Whether the maker has still to present. Nothing waits for it that can go on without."""
    return bool(application.pitches.filter(stage=application.stage, state__in=PRESENTING).exists())


def presenting(activation: Any) -> bool:
    """The same, of a process."""
    return presents(activation.process.case)


class IntakeFlow(CaseFlow):
    """A dossier of a stage that is open all year: from first answer to the last report, in order of receipt."""

    process_title = _("A dossier of a stage that is open all year")
    process_description = _("From first answer to the last report, in order of receipt.")
    noun = "application"
    fell = FELL

    begin = nodes.StartHandle(this.opened).Annotation(title=_("Started")).Next(this.submit)
    submit = Turn("application.submit", role=Role.SIGNER, by=terms.hand_in_by).On("application.submit", to=this.coach)
    coach = nodes.If(coached).Annotation(title=_("To the coach first?")).Then(this.intake).Else(this.find_eligible)
    intake = (
        Turn("application.intake", role=Role.COACH, by=terms.decide_by)
        .Warns(terms.decide_soon).On("application.intake", to=this.find_eligible)
    )  # fmt: skip
    find_eligible = (
        Turn("application.find_eligible", role=Role.OFFICER, by=terms.decide_by)
        .Warns(terms.decide_soon)
        .On("application.find_eligible", to=this.assign)
        .On("application.request_completion", to=this.complete).On("decision.propose", to=this.refusing)
    )  # fmt: skip
    complete = (
        Turn("application.complete", role=Role.SIGNER, by=terms.repair_by)
        .Ends(terms.repair_over, to=this.set_aside).On("application.complete", "application.judge_anyway", to=this.find_eligible)
    )  # fmt: skip
    set_aside = (
        Turn("decision.propose", todos=propose, title=_("Propose to set it aside"))
        .On("decision.propose", to=this.refusing).On("application.judge_anyway", to=this.find_eligible)
    )  # fmt: skip
    refusing = (
        Wait(_("The refusal takes its course")).On("application.set_aside", "application.find_ineligible", to=this.turned_away)
        .On("application.judge_anyway", to=this.find_eligible)
    )  # fmt: skip
    turned_away = nodes.End().Annotation(title=_("Not judged"))
    assign = (
        Turn("scoresheet.assign", todos=before_judging, title=_("Assign"))
        .Warns(terms.decide_soon).On("scoresheet.assign", to=this.heard).On("application.place", to=this.decide)
    )  # fmt: skip
    heard = nodes.If(presenting).Annotation(title=_("Does the maker present first?")).Then(this.pitch).Else(this.score)
    pitch = (
        Turn("pitch.hold", todos=judging, title=_("Present the plan"))
        .Warns(terms.decide_soon).On("pitch.hold", "pitch.note", "pitch.miss", to=this.score).On("application.place", to=this.decide)
    )  # fmt: skip
    score = (
        Turn("scoresheet.seal", todos=judging, title=_("Score"))
        .Warns(terms.decide_soon).On("application.place", to=this.decide)
    )  # fmt: skip
    decide = Turn("decision.propose", todos=propose).Warns(terms.decide_soon).On("decision.propose", to=this.decided)
    decided = (
        Wait(_("The decision takes its course"))
        .On("application.award", to=this.paid).On("application.admit", to=this.onward).On("application.refuse", to=this.refused)
    )  # fmt: skip
    onward = nodes.End().Annotation(title=_("On to the next stage"))
    refused = nodes.End().Annotation(title=_("Refused"))
    paid = Wait(_("Payment")).On("instalment.pay", to=this.reported)
    reported = Wait(_("Short report")).On("report.approve", to=this.close)
    close = ByClock(_("Settled, and nothing is due")).On("application.close", to=this.closed)
    closed = nodes.End().Annotation(title=_("Closed"))

    @classmethod
    def place(cls, case: Any, at: datetime) -> frozenset[str]:
        """Where the dossier is."""
        waits = at_the_desk(case, at) or cls.later(case)
        return frozenset({waits} if waits else ())

    @classmethod
    def later(cls, case: Any) -> str | None:
        """From judging to the end."""
        if case.state in {A.ELIGIBLE, A.IN_REVIEW}:
            return "assign" if lacks_sheets(case) else "pitch" if presents(case) else "score"
        if case.state == A.RANKED:
            return "decided" if is_weighed(case) else "decide"
        return after_award(case) if case.state == A.AWARDED else None


def after_award(case: Any) -> str:
    """Payment, then the report, then the end."""
    over = [InstalmentState.PAID, InstalmentState.CANCELLED]
    for grant in case.grants.all():
        if grant.instalments.exclude(state__in=over).exists():
            return "paid"
        if grant.reports.exclude(state=ReportState.APPROVED).exists():
            return "reported"
    return "close"


def in_review(case: Any) -> str:
    """Score; or after publication, where an objection has it judged again by itself, assign first."""
    return "declare" if case.stage.published_at is not None and lacks_sheets(case) else "score"


class ScreeningFlow(CaseFlow):
    """A dossier in a round: from first answer to its place in the ranking; then the round goes on for all."""

    process_title = _("A dossier in a round")
    process_description = _("From first answer to its place in the ranking; then the round goes on for all.")
    noun = "application"
    fell = FELL

    begin = nodes.StartHandle(this.opened).Annotation(title=_("Started")).Next(this.submit)
    submit = Turn("application.submit", role=Role.SIGNER, by=terms.hand_in_by).On("application.submit", to=this.coach)
    coach = nodes.If(coached).Annotation(title=_("To the coach first?")).Then(this.intake).Else(this.find_eligible)
    intake = Turn("application.intake", role=Role.COACH, by=terms.decide_by).On("application.intake", to=this.find_eligible)
    find_eligible = (
        Turn("application.find_eligible", role=Role.OFFICER, by=terms.decide_by)
        .Warns(terms.decide_soon)
        .On("application.find_eligible", to=this.declare)
        .On("application.request_completion", to=this.complete).On("decision.propose", to=this.refusing)
    )  # fmt: skip
    complete = (
        Turn("application.complete", role=Role.SIGNER, by=terms.repair_by)
        .Ends(terms.repair_over, to=this.set_aside).On("application.complete", "application.judge_anyway", to=this.find_eligible)
    )  # fmt: skip
    set_aside = (
        Turn("decision.propose", todos=propose, title=_("Propose to set it aside"))
        .On("decision.propose", to=this.refusing).On("application.judge_anyway", to=this.find_eligible)
    )  # fmt: skip
    refusing = (
        Wait(_("The refusal takes its course")).On("application.set_aside", "application.find_ineligible", to=this.turned_away)
        .On("application.judge_anyway", to=this.find_eligible)
    )  # fmt: skip
    turned_away = nodes.End().Annotation(title=_("Not judged"))
    declare = (
        Turn("conflict.declare_none", todos=before_judging, title=_("Declare and assign"))
        .On("application.take_up", "scoresheet.assign", to=this.score)
    )  # fmt: skip
    score = Turn("scoresheet.seal", todos=judging, title=_("Score")).On("application.place", to=this.ranked)
    ranked = nodes.End().Annotation(title=_("Ranked with the round"))

    @classmethod
    def place(cls, case: Any, at: datetime) -> frozenset[str]:
        """Where the dossier is, up to its place in the ranking."""
        waits = at_the_desk(case, at) or {A.ELIGIBLE: "declare", A.IN_REVIEW: in_review(case)}.get(case.state)
        return frozenset({waits} if waits else ())
