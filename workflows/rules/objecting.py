"""Who and when: an objection against a decision, from receipt to the decision on it (Awb chapters 6 and 7)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef

from scoring.models import Advice, Scoresheet
from tender.calendar import amsterdam_day
from tender.commands.objecting import ways_on, within_term
from tender.enums import ApplicationState, DecisionState, Follows, Inadmissible, NoHearing, ObjectionOutcome, ObjectionState, Role
from tender.models import Approval, Decision, Objection
from tender.schemes.definition import Intake
from workflows.rules.people import is_head, is_signatory, staff

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tender.models import Application, Stage, User
    from tender.step import Step

MOST_GROUNDS = 20_000
"""How many characters an objection holds."""
REPAIR_AT_LEAST, REPAIR_AT_MOST = timedelta(days=7), timedelta(weeks=6)
"""How long a party may get at least and at most for what is missing."""
HEARING_NOTICE = timedelta(days=14)
"""How long before a hearing the party is invited: the ten days of Awb 7:4, and four in which it can still gather and send something."""
MOST_WEEKS = 6
"""By how many weeks a decision on an objection is put off at most (Awb 7:10, third paragraph)."""
ROUND_HANDS = (
    "stage.propose", "stage.draw_up", "stage.schedule", "stage.publish", "stage.ask_rank", "stage.rank", "stage.ask_rerank", "stage.rerank",
    "stage.sign_minutes",
)  # fmt: skip
SCREENING_HANDS = (
    "application.screen", "application.find_eligible", "application.request_completion", "application.judge_anyway", "application.intake",
    "application.ask_revision",
)  # fmt: skip

is_objection_handler = staff(Role.OBJECTION_HANDLER, "Only an objection handler without an interest may do this.")


def decides_objections(objection: Any, step: Step) -> bool:
    """Only a signatory or the head, without an interest, decides on an objection."""
    return is_signatory(objection, step) or is_head(objection, step)


# ── who had a hand in it ──────────────────────────────────────────────────────────────────────────────────────
def touched_by(user: User) -> QuerySet[Objection]:
    """The objections against decisions in which somebody had a hand: drew them up, agreed, signed or published; or screened, judged,
    ranked or advised on the application. One query, so that an inbox can leave them out."""
    from workflows.models import Event

    mine, of = Event.objects.filter(actor=user), OuterRef("application")
    before = mine.filter(at__lte=OuterRef("decision__published_at"))  # who ranks again after an objection had no hand in what was decided
    drafts = Decision.objects.filter(application=OuterRef(of), stage=OuterRef(OuterRef("decision__stage"))).values("pk")
    return Objection.objects.filter(
        Exists(mine.filter(noun="decision", key=OuterRef("decision")))
        | Exists(before.filter(noun="decision", key__in=drafts))  # what was dropped before it was drafted anew
        | Exists(before.filter(noun="stage", key=OuterRef("decision__stage"), kind__in=ROUND_HANDS))
        | Exists(mine.filter(noun="application", key=of, kind__in=SCREENING_HANDS))
        | Exists(Approval.objects.filter(decision=OuterRef("decision"), user=user))
        | Exists(Scoresheet.objects.filter(application=of, juror=user))
        | Exists(Advice.objects.filter(application=of, signed_by=user))
    )


def no_hand_in_it(objection: Objection, step: Step) -> bool:
    """You had a hand in this decision, or in judging the application: others look into the objection (Awb 7:5 and 10:3)."""
    return not touched_by(step.actor).filter(pk=objection.pk).exists()


def not_the_adviser(objection: Objection, step: Step) -> bool:
    """You advised on this objection: somebody else decides on it."""
    return objection.advised_by_id != step.actor.pk


def signed_by_another(decision: Decision, step: Step) -> bool:
    """You signed the decision that was objected to: somebody else signs the one that takes its place (Awb 10:3)."""
    return decision.supersedes is None or decision.supersedes.signed_by_id != step.actor.pk


# ── coming in ─────────────────────────────────────────────────────────────────────────────────────────────────
def is_known(objection: Objection, step: Step) -> bool:
    """Only a decision that was made known, and that still holds, can be objected to."""
    return objection.decision.state in {DecisionState.PUBLISHED, DecisionState.FINAL}


def no_court_yet(objection: Objection, step: Step) -> bool:
    """This decision was taken on an objection: who does not agree with it goes to the court (Awb 8:1)."""
    return objection.decision.supersedes_id is None


def none_before(objection: Objection, step: Step) -> bool:
    """There is an objection against this decision already."""
    return not Objection.objects.filter(decision=objection.decision).exclude(state=ObjectionState.WITHDRAWN).exists()


def grounds_given(objection: Objection, step: Step) -> bool:
    """Write what you do not agree with, in at most 20,000 characters."""
    said = str(step.data.get("grounds", ""))
    return bool(said.strip()) and len(said) <= MOST_GROUNDS


def days_right(objection: Objection, step: Step) -> bool:
    """These days cannot be right: it was posted before it was received, and neither is still to come."""
    received, posted = step.data.get("received_on"), step.data.get("posted_on")
    if not isinstance(received, date) or received > amsterdam_day(step.at):
        return False
    return posted is None or posted <= received


# ── what is missing ───────────────────────────────────────────────────────────────────────────────────────────
def not_asked_yet(objection: Objection, step: Step) -> bool:
    """What was missing was asked for before."""
    return objection.repair_asked_on is None


def gaps_named(objection: Objection, step: Step) -> bool:
    """Say what is missing."""
    return bool(str(step.data.get("gaps", "")).strip())


def repair_fits(objection: Objection, step: Step) -> bool:
    """Give at least a week and at most six weeks for what is missing."""
    until, today = step.data.get("until"), amsterdam_day(step.at)
    return isinstance(until, date) and today + REPAIR_AT_LEAST <= until <= today + REPAIR_AT_MOST


def completion_given(objection: Objection, step: Step) -> bool:
    """Write what was missing, in at most 20,000 characters."""
    said = str(step.data.get("completion", ""))
    return bool(said.strip()) and len(said) <= MOST_GROUNDS


def completes_in_time(objection: Objection, step: Step) -> bool:
    """The term for completing the objection is over."""
    return objection.repair_until is not None and amsterdam_day(step.at) <= objection.repair_until


def completion_over(objection: Objection, step: Step) -> bool:
    """The term for completing the objection still runs."""
    return not completes_in_time(objection, step)


def came_late(objection: Objection, step: Step) -> bool:
    """This objection is in time already."""
    return not objection.in_time


def in_time_now(objection: Objection, step: Step) -> bool:
    """This objection came after the last day, also as the term stands now."""
    return within_term(objection)


# ── looking into it ───────────────────────────────────────────────────────────────────────────────────────────
def late_excused(objection: Objection, step: Step) -> bool:
    """This objection came too late: say why that is excused (Awb 6:11), or advise that it is inadmissible."""
    return objection.in_time or bool(str(step.data.get("excused", "")).strip())


def hearing_ahead(objection: Objection, step: Step) -> bool:
    """A hearing is still to come: name a moment after now."""
    moment = step.data.get("hearing_at")
    return isinstance(moment, datetime) and moment > step.at


def hearing_leaves_room(objection: Objection, step: Step) -> bool:
    """Hear the party two weeks from now at the earliest: until ten days before it can send papers, and a week before it can read the file
    (Awb 7:4). If it agreed to a day that is sooner, write how and when it did."""
    moment = step.data.get("hearing_at")
    if not isinstance(moment, datetime) or bool(str(step.data.get("agreed", "")).strip()):
        return True
    return amsterdam_day(moment) >= amsterdam_day(step.at) + HEARING_NOTICE


def hearing_ahead_if_any(objection: Objection, step: Step) -> bool:
    """The hearing that you name is still to come: name a moment after now, or none."""
    return step.data.get("hearing_at") is None or hearing_ahead(objection, step)


def hearing_was(objection: Objection, step: Step) -> bool:
    """The hearing was not planned, or is still to come."""
    return objection.hearing_at is not None and objection.hearing_at <= step.at


def minutes_given(objection: Objection, step: Step) -> bool:
    """Write down what was said at the hearing (Awb 7:7)."""
    return bool(str(step.data.get("minutes", "")).strip())


def hearing_not_needed(objection: Objection, step: Step) -> bool:
    """Name the ground on which nobody is heard (Awb 7:3)."""
    return step.data.get("no_hearing") in NoHearing.values


def weeks_right(objection: Objection, step: Step) -> bool:
    """A decision on an objection is put off once, by one to six weeks (Awb 7:10)."""
    weeks = step.data.get("weeks")
    return objection.postponed_weeks == 0 and isinstance(weeks, int) and 1 <= weeks <= MOST_WEEKS


def not_over_yet(objection: Objection, step: Step) -> bool:
    """The term for deciding on this objection is over: it cannot be put off any more."""
    return amsterdam_day(step.at) <= objection.decide_by


# ── advice and decision ───────────────────────────────────────────────────────────────────────────────────────
def outcome_fits(objection: Objection, step: Step) -> bool:
    """Without looking into it, and hearing the party or saying why not, an objection can only be found inadmissible."""
    outcome = step.data.get("outcome")
    looked_into = objection.heard_at is not None or objection.no_hearing
    return outcome in ObjectionOutcome.values and (outcome == ObjectionOutcome.INADMISSIBLE or bool(looked_into))


def inadmissible_holds(objection: Objection, step: Step) -> bool:
    """This ground does not hold: it came in time or that was excused, or nothing is missing for which we asked (Awb 6:6)."""
    if step.data.get("outcome") != ObjectionOutcome.INADMISSIBLE:
        return True
    ground = step.data.get("inadmissible")
    if ground == Inadmissible.LATE:
        return not objection.in_time and not objection.excused
    if ground == Inadmissible.GAP:
        return objection.repair_asked_on is not None and not objection.completion
    return ground == Inadmissible.NO_INTEREST


def advice_written(objection: Objection, step: Step) -> bool:
    """Write the advice, with its reasons."""
    return bool(str(step.data.get("advice", "")).strip())


def reasons_written(objection: Objection, step: Step) -> bool:
    """Write the reasons: they stand in the letter."""
    return bool(str(step.data.get("reasons", "")).strip())


def follows_fits(objection: Objection, step: Step) -> bool:
    """A founded objection says what follows, and this does not follow from the decision or from where the application is now."""
    if step.data.get("outcome") != ObjectionOutcome.FOUNDED:
        return True
    return step.data.get("follows") in ways_on(objection)


def nothing_else_weighed(objection: Objection, step: Step) -> bool:
    """Another decision on this application is being prepared: finish or drop that first."""
    return step.data.get("outcome") != ObjectionOutcome.FOUNDED or not objection.application.decisions.open().exists()


def appeal_over(objection: Objection, step: Step) -> bool:
    """The party can still go to the court."""
    return objection.appeal_until is not None and amsterdam_day(step.at) > objection.appeal_until


def new_decision_known(objection: Objection, step: Step) -> bool:
    """The new decision has not been made known yet."""
    if objection.application.state in {ApplicationState.WITHDRAWN, ApplicationState.CANCELLED}:
        return True
    return Objection.objects.filter(pk=objection.pk, decision__superseded_by__published_at__isnull=False).exists()


def put_right_apart(objection: Objection, step: Step) -> bool:
    """A new decision follows on this objection; the objection is closed with it."""
    return objection.follows == Follows.OTHERWISE


# ── what waits for it ─────────────────────────────────────────────────────────────────────────────────────────
def no_objection_open(decision: Decision, step: Step) -> bool:
    """An objection against this decision is not over yet."""
    return not Objection.objects.open().filter(decision=decision).exists()


def objections_over(stage: Stage, step: Step) -> bool:
    """An objection against a decision of this round is not over yet."""
    return not Objection.objects.open().filter(decision__stage=stage).exists()


def objection_says(follows: str) -> Any:
    """A founded objection brings the application back."""

    def carried(application: Application, step: Step) -> bool:
        founded = application.objections.filter(pk=step.data.get("objection") or 0, state=ObjectionState.FOUNDED, follows=follows)
        return founded.exists()

    carried.__doc__, carried.__name__ = "This follows from a founded objection only.", "objection_says"
    return carried


def brought_back(application: Application) -> Objection | None:
    """The founded objection on which an application waits for a new decision; None where there is none."""
    waiting = Objection.objects.filter(application=application, state=ObjectionState.FOUNDED).exclude(follows=Follows.OTHERWISE)
    return waiting.select_related("decision").filter(decision__stage=application.stage_id).first()


def brought_back_here(stage: Stage, step: Step) -> bool:
    """A round that was published is ranked again only for an application that a founded objection brought back, and that is judged."""
    if not stage.published_at:
        return True
    waiting = Objection.objects.filter(decision__stage=stage, state=ObjectionState.FOUNDED, application__state=ApplicationState.RANKED)
    return waiting.filter(application__stage=stage).exists()


def ranked_since(decision: Decision, step: Step) -> bool:
    """Rank the round again first: a founded objection brought this application back."""
    founded, ranking = brought_back(decision.application), decision.stage.rankings.order_by("-version").first()
    if founded is None or decision.stage.rules.intake == Intake.CONTINUOUS or decision.application.state != ApplicationState.RANKED:
        return True
    return ranking is not None and founded.decided_at is not None and ranking.at >= founded.decided_at
