"""What a round does to its cases: one transaction, `perform` nested per case in pk order, in the name of the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from scoring.advising import words_of_sheets
from scoring.models import Conflict, Placing, Scoresheet, Seating
from scoring.queries import in_round
from scoring.rules import all_kept_out, declared_on_earlier
from tender.calendar import amsterdam_day
from tender.enums import JURY_ROLES, ConflictState, DecisionState, Role, SheetState, StageState
from tender.enums import ApplicationState as A
from tender.models import Application, CaseRole, Objection, User, people_with
from tender.schemes.definition import Assess, Intake
from tender.undertakings import Parties, lock_all, of_minimis
from workflows.commands.door import Refused, cascade, create, lock, perform
from workflows.commands.proposing import propose_from
from workflows.machines.stage import BEFORE_SCORING
from workflows.models import (
    AdviceMachine,
    ApplicationMachine,
    ConflictMachine,
    DecisionMachine,
    ScoresheetMachine,
)
from workflows.rules import everything_decided, proposals_as_seen, undecided

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tender.models import Stage
    from tender.step import Step

UNDECIDED = (A.DRAFT, A.SUBMITTED, A.INCOMPLETE, A.ELIGIBLE, A.IN_REVIEW, A.RANKED)


def by_clock(machine: type[Any], name: str, pk: int, step: Step, **data: Any) -> None:
    """Take an arrow that follows from another: same moment, in the name of the clock."""
    perform(machine, name, pk=pk, actor=User.objects.clock(), at=step.at, **data)


def each(cases: QuerySet[Any], machine: type[Any], name: str, step: Step, **data: Any) -> None:
    """Take one arrow on many cases: all locked first, what is above them before, each in pk order."""
    lock(machine.above, cases)
    for pk in locked(cases):
        by_clock(machine, name, pk, step, **data)


def locked(cases: QuerySet[Any]) -> list[int]:
    """The keys of these cases, locked in their order. Of a round that moves money, all dossiers come before the first pot."""
    return list(cases.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))


@cascade("stage.open")
def let_the_admitted_in(stage: Any, step: Step) -> None:
    """Those who were admitted at the stage before start their form here."""
    if stage.previous is not None:
        each(Application.objects.filter(stage=stage.previous, state=A.ADMITTED), ApplicationMachine, "start_next", step)


@cascade("application.admit")
def go_on_if_open(application: Any, step: Step) -> None:
    """Start the next stage at once where it already takes applications."""
    following = application.stage.next
    if following is not None and following.state == StageState.OPEN:
        by_clock(ApplicationMachine, "start_next", application.pk, step)


@cascade("stage.start_scoring")
def open_the_content(stage: Any, step: Step) -> None:
    """Every eligible application goes to those who judge."""
    each(stage.applications.filter(state=A.ELIGIBLE), ApplicationMachine, "take_up", step)


@cascade("application.find_eligible")
def ask_the_panel(application: Any, step: Step) -> None:
    """Every member of the panel is asked to declare, but those whom an interest keeps out of the round already; where intake is
    continuous, judging starts at once, and is over at once where nobody judges. So it does for who was brought back after publication."""
    stage = application.stage
    if stage.rules.assess == Assess.JURY:
        ask_members(application, step)
    if judged_alone(stage) or stage.state == StageState.SCORING:  # brought back by an objection while the others are judged
        by_clock(ApplicationMachine, "take_up", application.pk, step)
        if stage.rules.assess == Assess.NONE:
            by_clock(ApplicationMachine, "place", application.pk, step)


def judged_alone(stage: Stage) -> bool:
    """Whether a dossier is judged by itself: all year, or after its round was published."""
    return stage.rules.intake == Intake.CONTINUOUS or stage.published_at is not None


def ask_members(application: Application, step: Step) -> None:
    """Ask every member of the panel to declare on what was handed in now, but for those whom an interest keeps out already."""
    stage, clock = application.stage, User.objects.clock()
    known = {one.user_id: one for one in ConflictMachine.objects.filter(application=application).select_related("application")}
    out = all_kept_out(stage)
    for seat in Seating.objects.seats(stage, on=amsterdam_day(step.at)).exclude(user__in=out):
        said = known.get(seat.user_id)
        if said is None:
            create(ConflictMachine, "ask", of={"application": application, "user": seat.user, "part": seat.part}, actor=clock, at=step.at)
        elif said.state in {ConflictState.NONE, ConflictState.CLEARED} and declared_on_earlier(said, step):
            by_clock(ConflictMachine, "ask_again", said.pk, step)


@cascade("application.start_next")
def close_to_the_jury(application: Any, step: Step) -> None:
    """Who judged the stage before reads no further, until they declare and are assigned again."""
    application.case_roles.filter(role=Role.JUROR).close(at=step.at)


@cascade("stage.seat")
def change_the_panel(stage: Any, step: Step) -> None:
    """Who rose reads and judges no more; who sat down is asked about what was found eligible before."""
    seated = Seating.objects.seats(stage).values("user")
    parts = CaseRole.objects.filter(application__stage=stage, role__in=[Role.JUROR, Role.SECRETARY])
    parts.exclude(user__in=seated).exclude(user__in=people_with([Role.SECRETARY])).close(at=step.at)
    sheets = Scoresheet.objects.counting().filter(stage=stage).exclude(juror__in=seated)
    each(sheets, ScoresheetMachine, "void", step, reason="panel changed")
    for application in stage.applications.filter(state=A.ELIGIBLE).order_by("pk"):
        ask_members(application, step)


@cascade("seat.accept")
def ask_who_sat_down(seat: Any, step: Step) -> None:
    """Who accepts when dossiers were found eligible already is asked about those."""
    stages = seat.panel.seatings.filter(stage__state__in=BEFORE_SCORING).values("stage")
    for application in Application.objects.filter(stage__in=stages, state=A.ELIGIBLE).select_related("stage__call__version").order_by("pk"):
        ask_members(application, step)


@cascade("conflict.declare_none", "conflict.clear")
def open_the_dossier(conflict: Any, step: Step) -> None:
    """Staff and the secretary who have no interest may read from now on; a juror may from the assignment on."""
    if conflict.part not in JURY_ROLES:
        give_part(conflict.application, conflict.user, conflict.part, step)


@cascade("scoresheet.assign")
def let_the_juror_in(sheet: Any, step: Step) -> None:
    """Who is assigned may read."""
    give_part(sheet.application, sheet.juror, Role.JUROR, step)


@cascade("scoresheet.take_back")
def close_to_who_gave_it_up(sheet: Any, step: Step) -> None:
    """Who has to score it no more, reads it no more."""
    sheet.application.case_roles.filter(user=sheet.juror, role=Role.JUROR).close(at=step.at)


def give_part(application: Application, user: User, role: str, step: Step) -> None:
    """Open a part in a dossier, once."""
    CaseRole.objects.get_or_create(application=application, user=user, role=role, until=None, defaults={"since": step.at})


@cascade("conflict.declare_interest", "conflict.recuse")
def close_to_the_conflicted(conflict: Any, step: Step) -> None:
    """An interest closes the dossier and voids the sheet; for all who judge it does so for the whole round, unless the scheme narrows it."""
    application = conflict.application
    judges = Scoresheet.objects.counting().filter(stage=application.stage, juror=conflict.user).exists()
    CaseRole.objects.filter(application=application, user=conflict.user).close(at=step.at)
    sheets = Scoresheet.objects.counting().filter(application=application, juror=conflict.user)
    each(sheets, ScoresheetMachine, "void", step, reason="interest")
    judges = judges or conflict.part in {*JURY_ROLES, Role.SECRETARY}
    if judges and application.call.definition.recuse_whole_round and not step.actor.has_role(Role.CLOCK):
        others = Conflict.objects.filter(user=conflict.user, application__stage=application.stage)
        others = others.exclude(state=ConflictState.RECUSED).exclude(pk=conflict.pk)
        each(others, ConflictMachine, "recuse", step, reason=f"interest in {application.reference}")


@cascade("scoresheet.seal")
def place_if_all_in(sheet: Any, step: Step) -> None:
    """Where a dossier is judged by itself, the last sheet completes the verdict."""
    application = sheet.application
    if not judged_alone(sheet.stage) or application.state != A.IN_REVIEW:
        return
    sheets = Scoresheet.objects.counting().filter(application=application, stage=sheet.stage)
    if sheets.done().count() >= sheet.stage.rules.assessors and not sheets.exclude(pk__in=sheets.done()).exists():
        by_clock(ApplicationMachine, "place", application.pk, step)


@cascade("stage.convene")
def confirm_sheets(stage: Any, step: Step) -> None:
    """The sheets that are in stand in the meeting."""
    each(Scoresheet.objects.filter(stage=stage, state=SheetState.SEALED), ScoresheetMachine, "confirm", step)


@cascade("stage.rank")
def place_everyone(stage: Any, step: Step) -> None:
    """Every application of the round gets its place."""
    places = dict(Placing.objects.filter(ranking=stage.rankings.latest()).values_list("application_id", "order"))
    for pk in locked(in_round(stage)):
        by_clock(ApplicationMachine, "place", pk, step, rank=places.get(pk), ranking=stage.rankings.latest().version)


@cascade("stage.rank", "stage.rerank")
def draft_the_advice(stage: Any, step: Step) -> None:
    """Where somebody scored, an advice per application drafts itself from the sheets; after publication for who was judged since."""
    if stage.rules.rubric is None:
        return
    ranking, said, clock = stage.rankings.latest(), words_of_sheets(stage), User.objects.clock()
    placings = ranking.placings.all()
    if stage.published_at is not None:
        advised = stage.advices.exclude(application__objections__in=Objection.objects.judged_again()).values("application")
        placings = placings.filter(application__state=A.RANKED).exclude(application__in=advised)
    for placing in placings.select_related("application").order_by("application_id"):
        of = {"application": placing.application, "stage": stage, "ranking": ranking, **said[placing.application_id].as_advice()}
        create(AdviceMachine, "draft", of=of, actor=clock, at=step.at)


@cascade("stage.rerank", "stage.cancel")
def drop_open_decisions(stage: Any, step: Step) -> None:
    """Decisions that are not published yet fall; after publication only those on who was brought back to be ranked."""
    locked(stage.applications)
    falling = stage.decisions.open()
    if stage.published_at is not None:
        falling = falling.filter(application__state=A.RANKED)
    each(falling, DecisionMachine, "discard", step, reason=step.data["reason"])


@cascade("stage.cancel")
def cancel_cases(stage: Any, step: Step) -> None:
    """Every undecided case is cancelled with the round."""
    each(stage.applications.filter(state__in=UNDECIDED), ApplicationMachine, "cancel", step, reason=step.data["reason"])


def lock_undertakings(stage: Any, step: Step) -> None:
    """Lock who gets state aid in this round before any of it is given, in one order, so that two rounds do not wait for each other."""
    if not of_minimis(stage):
        return
    cases = stage.applications.values_list("organisation_id", "applicant_id")
    organisations, people = {one for one, _two in cases if one}, {two for one, two in cases if not one}
    lock_all(Parties(frozenset(organisations), frozenset(people)), amsterdam_day(step.at))


@cascade("stage.propose")
def propose_everyone(stage: Any, step: Step) -> None:
    """One proposed decision per placing of the frozen ranking that has none yet, by the officer who proposes: the best first, since what
    one party gets may leave less state aid for another. What came between looking and locking stops all of them."""
    locked(stage.applications)
    lock_undertakings(stage, step)
    if not proposals_as_seen(stage, step):
        raise Refused(gettext(proposals_as_seen.__doc__ or ""))
    placings = stage.rankings.latest().placings.filter(application__in=undecided(stage))
    for placing in placings.select_related("application").order_by("order", "application_id"):
        propose_from(placing, stage=stage, actor=step.actor, at=step.at)


@cascade("stage.publish")
def publish_everyone(stage: Any, step: Step) -> None:
    """Every signed decision of the round, at one moment. One that was sent back while we waited for its dossier stops all of them."""
    locked(stage.applications)
    lock_undertakings(stage, step)
    if not everything_decided(stage, step):
        raise Refused(gettext(everything_decided.__doc__ or ""))
    each(stage.decisions.filter(state=DecisionState.SIGNED), DecisionMachine, "publish", step)


@cascade("application.withdraw")
def clear_the_desk(application: Any, step: Step) -> None:
    """An open decision falls, and sheets no longer count."""
    reason = step.data.get("reason") or "withdrawn"
    each(application.decisions.open(), DecisionMachine, "discard", step, reason=reason)
    each(application.sheets.counting().filter(stage=application.stage), ScoresheetMachine, "void", step, reason=reason)


@cascade("application.open")
def give_applicants_their_parts(application: Any, step: Step) -> None:
    """Who may write or sign for the organisation may do so here; a person alone may do everything."""
    if application.organisation is None:
        parts = [(step.actor, Role.EDITOR), (step.actor, Role.SIGNER)]
    else:
        parts = [(seat.user, seat.role) for seat in application.organisation.memberships.select_related("user")]
    for user, role in parts:
        give_part(application, user, role, step)
