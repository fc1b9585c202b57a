"""What a decision on an objection does, and the new decision after it: to that dossier alone. Nobody else's award is touched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scoring.models import Placing
from tender.enums import AdviceState, Follows
from tender.enums import ObjectionState as S
from tender.models import Application, Objection
from tender.schemes.definition import Intake
from workflows.commands.door import Refused, cascade
from workflows.commands.proposing import advice_on, propose_from, propose_in_turn
from workflows.commands.rounds import by_clock, each
from workflows.models import ApplicationMachine, DecisionMachine, ObjectionMachine, ScoresheetMachine

if TYPE_CHECKING:
    from datetime import datetime

    from scoring.models import Advice
    from tender.models import Decision, Stage, User
    from tender.step import Step

RANK_FIRST = _("Rank the round again first: this application has no place in the last ranking.")
ADVICE_FIRST = _("The chair has not signed the advice on this application yet.")


@cascade("objection.decide")
def bring_back(objection: Any, step: Step) -> None:
    """Founded: the application is judged or ranked again. What is judged again is scored afresh."""
    if objection.state != S.FOUNDED or objection.follows == Follows.OTHERWISE:
        return
    by_clock(ApplicationMachine, f"reconsider_to_{objection.follows}", objection.application_id, step, objection=objection.pk)
    if objection.follows == Follows.REVIEW:
        sheets = objection.application.sheets.counting().filter(stage=objection.stage)
        each(sheets, ScoresheetMachine, "void", step, reason="objection")


@cascade("decision.publish")
def take_its_place(decision: Any, step: Step) -> None:
    """A new decision after an objection takes the place of the old one, and the objection is over."""
    if decision.supersedes_id is None:
        return
    by_clock(DecisionMachine, "supersede", decision.supersedes_id, step, by=decision.pk)
    settle(Objection.objects.filter(decision=decision.supersedes_id), step, decision=decision.pk)


@cascade("application.withdraw", "application.cancel")
def nothing_to_decide_anew(application: Any, step: Step) -> None:
    """Who withdraws an application that a founded objection brought back, gets no new decision."""
    settle(Objection.objects.filter(application=application), step)


def settle(objections: Any, step: Step, **data: Any) -> None:
    """Close the founded objections among these that waited for a new decision."""
    for pk in objections.filter(state=S.FOUNDED).exclude(follows=Follows.OTHERWISE).values_list("pk", flat=True):
        by_clock(ObjectionMachine, "settle", pk, step, **data)


@transaction.atomic
def propose_anew(*, pk: int, actor: User, at: datetime) -> Decision:
    """The new decision on an application that a founded objection brought back and that is judged: by its place in the last ranking, or in
    turn where intake is continuous. `Refused` where the round has to be ranked again, the advice signed, or where no money is free."""
    application = Application.objects.with_rules().get(pk=pk)
    stage = application.stage
    if stage.rules.intake == Intake.CONTINUOUS:
        return propose_in_turn(pk=pk, actor=actor, at=at)
    placing = Placing.objects.filter(application=application, ranking__stage=stage).order_by("-ranking__version").first()
    if placing is None or placing.ranking != stage.rankings.latest():
        raise Refused(str(RANK_FIRST))
    if lacks_advice(stage, advice_on(placing)):
        raise Refused(str(ADVICE_FIRST))
    return propose_from(placing, stage=stage, actor=actor, at=at)


def lacks_advice(stage: Stage, advice: Advice | None) -> bool:
    """Whether a panel that meets has still to sign what it advises."""
    return stage.rules.meeting and (advice is None or advice.state != AdviceState.SIGNED)
