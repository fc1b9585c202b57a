from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import nodes

from tender.enums import AdviceState, Role
from tender.enums import StageState as S
from tender.schemes.definition import Assess, Intake
from workflows.flows import terms
from workflows.flows.base import CaseFlow
from workflows.models import Event
from workflows.nodes import ByClock, Todo, Turn
from workflows.rules import advice_signed, everything_decided
from workflows.rules.moments import publishes_by_itself

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from tender.models import Stage

OPEN_TO_RERANK = (S.RANKED, S.DECIDING)
NOT_PUBLISHED = (S.DRAFT, S.PLANNED, S.OPEN, S.PAUSED, S.CLOSED, S.SCORING, S.MEETING, *OPEN_TO_RERANK)


def asks_to_rank(stage: Stage) -> str:
    """Who asks for the ranking."""
    return Role.SECRETARY if stage.rules.assess == Assess.JURY else Role.OFFICER


def ranks(stage: Stage) -> str:
    """Who fixes the ranking."""
    return Role.CHAIR if stage.rules.assess == Assess.JURY else Role.READER


def publishes(stage: Stage) -> list[Todo]:
    """The signatory's turn has come once every decision is signed; until then it is the others'. Nobody's, while a moment was set and stands:
    then the clock publishes."""
    ready = everything_decided(stage, None) and not publishes_by_itself(stage)  # type: ignore[arg-type]
    return [Todo("stage", stage.pk, "publish", Role.SIGNATORY, deadline=terms.round_by(stage))] if ready else []


def proposes(stage: Stage) -> list[Todo]:
    """The officer's turn has come once the panel's advice is signed; until then the chair's, who has the secretary edit it first."""
    deadline = terms.round_by(stage)
    if advice_signed(stage, None):  # type: ignore[arg-type]
        return [Todo("stage", stage.pk, "propose", Role.OFFICER, deadline=deadline)]
    first = stage.rankings.latest().advices.exclude(state=AdviceState.SIGNED).order_by("pk")[0]
    edited = first.state != AdviceState.DRAFTED
    todo = Todo("advice", first.pk, "sign", Role.CHAIR, deadline=deadline)
    return [todo] if edited else [todo, Todo("advice", first.pk, "edit", Role.SECRETARY, deadline=deadline)]


class RoundFlow(CaseFlow):
    """The round of a stage: from announcement to the end of the terms for objecting."""

    process_title = _("The round of a stage")
    process_description = _("From announcement to the end of the terms for objecting.")
    noun = "stage"
    fell = frozenset({S.CANCELLED})

    begin = nodes.StartHandle(this.opened).Annotation(title=_("Planned")).Next(this.ask_announce)
    ask_announce = Turn("stage.ask_announce", role=Role.OFFICER, by=terms.opens_on).On("stage.ask_announce", to=this.announce)
    announce = Turn("stage.announce", role=Role.HEAD, by=terms.opens_on).On("stage.announce", to=this.open)
    open = ByClock(_("Opening instant")).On("stage.open", to=this.all_year)
    all_year = (
        nodes.If(lambda act: act.process.case.rules.intake == Intake.CONTINUOUS)
        .Annotation(title=_("Open all year?")).Then(this.wind_up).Else(this.close)
    )  # fmt: skip
    wind_up = ByClock(_("End of the year")).On("stage.wind_up", to=this.wound_up)
    wound_up = nodes.End().Annotation(title=_("Wound up"))
    close = ByClock(_("Closing instant")).On("stage.close", to=this.start_scoring)
    start_scoring = (
        Turn("stage.start_scoring", role=Role.OFFICER, by=terms.round_by, title=_("Screening; then start the assessment"))
        .Warns(terms.round_soon).On("stage.start_scoring", to=this.meets)
    )  # fmt: skip
    meets = (
        nodes.If(lambda act: act.process.case.rules.meeting)
        .Annotation(title=_("Does the panel meet?")).Then(this.convene).Else(this.ask_rank)
    )  # fmt: skip
    convene = Turn("stage.convene", role=Role.CHAIR, by=terms.round_by).On("stage.convene", to=this.minute)
    minute = Turn("stage.minute", role=Role.SECRETARY, by=terms.round_by).On("stage.minute", to=this.sign_minutes)
    sign_minutes = Turn("stage.sign_minutes", role=Role.CHAIR, by=terms.round_by).On("stage.sign_minutes", to=this.ask_rank)
    ask_rank = Turn("stage.ask_rank", role=asks_to_rank, by=terms.round_by).On("stage.ask_rank", to=this.rank)
    rank = Turn("stage.rank", role=ranks, by=terms.round_by).On("stage.rank", to=this.propose)
    propose = Turn("stage.propose", todos=proposes, title=_("Advice; then the proposed decisions")).On("stage.propose", to=this.publish)
    publish = (
        Turn("stage.publish", todos=publishes, title=_("Decisions; then publish all"))
        .Warns(terms.round_soon).On("stage.publish", to=this.finish)
    )  # fmt: skip
    finish = ByClock(_("Terms for objecting")).On("stage.finish", to=this.finished)
    finished = nodes.End().Annotation(title=_("Finished"))

    # Asked for beside the round's own course, whenever that is.
    rerank = Turn("stage.rerank", role=Role.HEAD).On("stage.rerank", to=this.reranked)
    reranked = nodes.End().Annotation(title=_("Ranked again"))
    stop = Turn("stage.cancel", role=Role.SIGNATORY).On("stage.cancel", to=this.stopped)
    stopped = nodes.End().Annotation(title=_("Cancelled"))

    @classmethod
    def place(cls, case: Any, at: datetime) -> frozenset[str]:  # noqa: ARG003
        """Where the round is, and what was asked beside it."""
        asked = set()
        if case.state in (*OPEN_TO_RERANK, S.PUBLISHED, S.FINISHED) and Event.objects.standing_ask(case, "rerank"):
            asked.add("rerank")
        if case.state in NOT_PUBLISHED and Event.objects.standing_ask(case, "cancel"):
            asked.add("stop")
        return frozenset({*on_course(case), *asked})


def on_course(stage: Any) -> set[str]:
    """Where the round itself is."""
    if stage.state == S.DRAFT:
        return {"announce" if Event.objects.standing_ask(stage, "announce") else "ask_announce"}
    if stage.state in {S.OPEN, S.PAUSED}:
        return {"wind_up" if stage.rules.intake == Intake.CONTINUOUS else "close"}
    if stage.state in {S.SCORING, S.MEETING}:
        return {judging(stage)}
    fixed = {
        S.PLANNED: "open", S.CLOSED: "start_scoring", S.RANKED: "propose", S.DECIDING: "publish", S.PUBLISHED: "finish",
    }  # fmt: skip
    return {fixed[stage.state]} if stage.state in fixed else set()


def judging(stage: Any) -> str:
    """Between the first sheet and the ranking: whose turn it is."""
    if stage.state == S.SCORING and stage.rules.meeting:
        return "convene"
    if stage.state == S.MEETING:
        meeting = stage.meeting
        if not meeting.minutes:
            return "minute"
        if meeting.signed_at is None:
            return "sign_minutes"
    return "rank" if Event.objects.standing_ask(stage, "rank") else "ask_rank"
