"""Rounds, from a published scheme to published decisions, step by step through the door."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from scoring.commands.marking import save_marks
from scoring.models import Conflict
from scoring.queries import question_keys
from scoring.terms import terms_hash
from tender.clock import GRACE
from tender.commands.drafting import save_draft
from tender.commands.reporting import save_report
from tender.commands.schemes import publish_scheme
from tender.enums import DecisionState, Role, StageState
from tender.models import Application, Call, Stage
from tender.reporting import form_of
from tender.schemes.definition import Intake
from tender.together import link_token, without_consent
from tests.factories.answers import answers_for
from tests.factories.laying import laid_down
from tests.factories.people import House, applicant
from tests.factories.people import house as new_house
from workflows.commands import create, perform
from workflows.commands.calls import plan_call
from workflows.commands.clockwork import tick
from workflows.commands.joining import ask_partner
from workflows.commands.paneling import Seat, make_panel
from workflows.models import (
    AdviceMachine,
    ApplicationMachine,
    ConflictMachine,
    ConsentMachine,
    DecisionMachine,
    Event,
    InstalmentMachine,
    ReportMachine,
    ScoresheetMachine,
    SeatMachine,
    StageMachine,
)
from workflows.outbox import sweep
from workflows.rules.decisions import hearing_due, was_heard

SCHEMES = Path(__file__).parents[2] / "fixtures" / "schemes"
START = datetime(2026, 1, 5, 9, tzinfo=UTC)


@dataclass
class Round:
    """A call that is open, with its house and the moment."""

    call: Call
    house: House
    at: datetime

    def stage(self, number=1):
        """A stage of the call, fresh."""
        return Stage.objects.get(call=self.call, number=number)


@laid_down
def publish(name, at=START):
    """The version of a shipped scheme."""
    return publish_scheme(source=(SCHEMES / f"{name}.toml").read_text(), at=at)


@laid_down
def variant(name, *changes, at=START):
    """A version of a shipped scheme with some of its text changed: pairs of old and new."""
    source = (SCHEMES / f"{name}.toml").read_text()
    for old, new in changes:
        assert old in source
        source = source.replace(old, new, 1)
    return publish_scheme(source=source, at=at)


@laid_down
def council(name, seats, house, at):
    """A panel whose members accepted: (person, part, network, themes if any)."""
    rows = [Seat(user.email, user.name, part, network, *themes) for user, part, network, *themes in seats]
    panel = make_panel(name=name, since=at.date() - timedelta(days=30), until=None, seats=rows, actor=house.officer, at=at)
    for member in panel.members.select_related("user"):
        perform(SeatMachine, "accept", pk=member.pk, actor=member.user, at=at, terms=terms_hash())
    return panel


@laid_down
def seat(stage, house, at):
    """Seat the house's council for a stage."""
    parts = {house.chair.pk: Role.CHAIR, house.deputy.pk: Role.DEPUTY}
    seats = [(juror, parts.get(juror.pk, Role.JUROR), "ICT") for juror in house.jurors]
    panel = council("Creative Council", [*seats, (house.secretary, Role.SECRETARY, "")], house, at)
    perform(StageMachine, "seat", pk=stage.pk, actor=house.officer, at=at, panel=panel.pk)
    return panel


@laid_down
def open_call(version, *, house=None, at=START, ceiling=Decimal("100000.00"), opened=True, funding=None):
    """A call whose first stage is open, and whose later stages are announced."""
    house = house or new_house()
    plan, opens = {}, at + timedelta(days=1)
    for rules in version.definition.stages:
        closes = opens + timedelta(days=30) if rules.intake == Intake.WINDOW else opens + timedelta(days=330)
        plan[rules.key] = (opens, closes, ceiling if rules.grant.amount != "none" else Decimal(0))
        opens = closes + timedelta(days=30)
    seeds = {rules.key: f"seed of {rules.key} for the tests" for rules in version.definition.stages}
    call = plan_call(version=version, year=at.year, plan=plan, actor=house.officer, at=at, seeds=seeds, funding=funding)
    for stage in call.stages.all():
        if stage.rules.assess == "jury":
            seat(stage, house, at)
        perform(StageMachine, "ask_announce", pk=stage.pk, actor=house.officer, at=at)
        perform(StageMachine, "announce", pk=stage.pk, actor=house.head, at=at)
    first = call.stages.get(number=1)
    if opened:
        at = first.opens_at
        perform(StageMachine, "open", pk=first.pk, actor=clock(), at=at)
    return Round(call, house, at)


def clock():
    """The clock."""
    from tender.models import User

    return User.objects.clock()


@laid_down
def dossier(call, *, user=None, organisation=None, at):
    """A dossier in draft at the first stage."""
    if user is None:
        user, organisation = applicant(organisation=not call.definition.natural_persons)
    stage = call.stages.get(number=1)
    made = create(ApplicationMachine, "open", of={"call": call, "stage": stage, "organisation": organisation}, actor=user, at=at)
    return Application.objects.get(pk=made.pk)


@laid_down
def submitted(call, *, at, user=None, organisation=None, case=None, **said):
    """A dossier that is handed in at the stage it stands in."""
    case = case or dossier(call, user=user, organisation=organisation, at=at)
    case = Application.objects.get(pk=case.pk)
    save_draft(pk=case.pk, actor=case.applicant, at=at, typed=answers_for(case.rules.form, **said))
    consents(case, at)
    perform(ApplicationMachine, "submit", pk=case.pk, actor=case.applicant, at=at)
    return Application.objects.get(pk=case.pk)


@laid_down
def consents(case, at):
    """Every partner whose consent is missing is asked, and consents by its link."""
    case = Application.objects.get(pk=case.pk)
    for named in without_consent(case):
        ask_partner(case, named, email=named.email, actor=case.applicant, at=at)
        asked = case.consents.get(stage=case.stage, partner=named.key)
        token = link_token(Event.objects.about(ConsentMachine.objects.get(pk=asked.pk)).last().pk)
        perform(ConsentMachine, "give", pk=asked.pk, actor=clock(), at=at, token=token, seen=named.sha256, by_name=named.contact)


@laid_down
def declare(case, *people, at, part=None):
    """These people declare to have no interest."""
    for user in people:
        asked = Conflict.objects.filter(application=case, user=user).first()
        if asked is None:
            role = part or next(iter(sorted(user.roles)), Role.JUROR)
            asked = create(ConflictMachine, "ask", of={"application": case, "user": user, "part": role}, actor=user, at=at)
        if asked.state == "asked":
            perform(ConflictMachine, "declare_none", pk=asked.pk, actor=user, at=at)


@laid_down
def screen(case, house, at):
    """Staff declare, the coach notes, the officer finds it eligible."""
    declare(case, *(user for user in house.staff), at=at)
    if case.rules.coach_intake:
        perform(ApplicationMachine, "intake", pk=case.pk, actor=house.coach, at=at, serious=True, note="Helder.")
    ticked = {check.key: True for check in case.rules.checklist}
    perform(ApplicationMachine, "find_eligible", pk=case.pk, actor=house.officer, at=at, checklist=ticked)


@laid_down
def score(case, juror, at, *, mark=None, officer=None):
    """Assign, mark every question, seal."""
    case = Application.objects.get(pk=case.pk)
    declare(case, juror, at=at)
    sheet = case.sheets.counting().filter(juror=juror, stage=case.stage).first()
    if sheet is None:
        of = {"application": case, "stage": case.stage, "juror": juror}
        sheet = create(ScoresheetMachine, "assign", of=of, actor=officer, at=at)
    rubric = case.rules.rubric
    value = rubric.maximum if mark is None else Decimal(mark)
    perform(ScoresheetMachine, "start", pk=sheet.pk, actor=juror, at=at)
    marks = {key: {"value": value, "comment": "Sterk."} for key in question_keys(case.stage)}
    save_marks(pk=sheet.pk, actor=juror, at=at, marks=marks)
    perform(ScoresheetMachine, "seal", pk=sheet.pk, actor=juror, at=at)
    return sheet


@laid_down
def deliver():
    """Everything the outbox holds: letters, mail, flows. Nothing may fail."""
    delivered, failed = sweep()
    assert failed == 0
    return delivered


@laid_down
def decide(decision, house, at, *, publish=True):
    """Take a decision through its chain, the party heard where that is due, to its letter, and out."""
    if hearing_due(decision) and not was_heard(decision, at):
        decision = hear(decision, house, at)
    people = {role: getattr(house, role) for role in ("officer", "reader", "controller", "board", "signatory")}
    while decision.state != DecisionState.SIGNED:
        name = {"drafted": "submit_for_check", "in_check": "approve", "approved": "sign"}[decision.state]
        data = {"board_list": board_list(decision, house, at)} if decision.link == "board" else {}
        perform(DecisionMachine, name, pk=decision.pk, actor=people[decision.link], at=at, seen=decision.seen_sha256, **data)
        decision = type(decision).objects.get(pk=decision.pk)
    deliver()
    if publish:
        perform(DecisionMachine, "publish", pk=decision.pk, actor=house.signatory, at=at)
    return type(decision).objects.get(pk=decision.pk)


@laid_down
def hear(decision, house, at, *, response="Wij zien dat anders."):
    """The officer announces what is intended, and the party responds at once."""
    perform(DecisionMachine, "announce_intent", pk=decision.pk, actor=house.officer, at=at)
    who = decision.application.case_roles.filter(role=Role.SIGNER, until=None).first().user
    perform(DecisionMachine, "respond", pk=decision.pk, actor=who, at=at, response=response)
    return type(decision).objects.get(pk=decision.pk)


def board_list(decision, house, at):
    """The list for the board drawn up as it is, and its signed copy as a file of the stage."""
    from django.core.files.base import ContentFile

    from tender.models import BoardList, Document

    drawn = perform(StageMachine, "draw_up", pk=decision.stage_id, actor=house.officer, at=at)
    document = Document(
        stage=decision.stage, field="board_list", name="lijst.pdf", content_type="application/pdf", size=4, sha256="0" * 64,
        uploaded_by=house.board, uploaded_at=at, signs=BoardList.objects.get(pk=drawn.data["list"]),
    )  # fmt: skip
    document.file.save("lijst.pdf", ContentFile(b"%PDF"))
    return document.pk


@laid_down
def sign_advice(stage, house, at):
    """The chair signs what the panel advises, where it met."""
    if stage.rules.meeting:
        for advice in stage.rankings.latest().advices.exclude(state="signed").order_by("pk"):
            perform(AdviceMachine, "sign", pk=advice.pk, actor=house.chair, at=at, seen=advice.seen_sha256)


@laid_down
def decide_round(stage, house, at):
    """From a frozen ranking, or from its proposed decisions, to publication."""
    if Stage.objects.get(pk=stage.pk).state == StageState.RANKED:
        sign_advice(stage, house, at)
        perform(StageMachine, "propose", pk=stage.pk, actor=house.officer, at=at)
    for decision in stage.decisions.open().order_by("pk"):
        decide(decision, house, at, publish=False)
    perform(StageMachine, "publish", pk=stage.pk, actor=house.signatory, at=at)
    deliver()


@laid_down
def close(stage):
    """Let the clock close a stage; returns the moment."""
    at = stage.closes_at + GRACE
    tick(at)
    assert Stage.objects.get(pk=stage.pk).state == StageState.CLOSED
    return at


@laid_down
def assign(case, jurors, house, at):
    """Assign a dossier to jurors who declared."""
    case = Application.objects.get(pk=case.pk)
    of = {"application": case, "stage": case.stage}
    return [create(ScoresheetMachine, "assign", of={**of, "juror": juror}, actor=house.officer, at=at) for juror in jurors]


@laid_down
def pay(grant, house, at):
    """Pay every instalment that is due."""
    for part in grant.instalments.filter(state="due").order_by("pk"):
        perform(InstalmentMachine, "approve", pk=part.pk, actor=house.officer, at=at)
        perform(InstalmentMachine, "order", pk=part.pk, actor=house.controller, at=at)
        perform(InstalmentMachine, "pay", pk=part.pk, actor=house.controller, at=at, bank_reference=f"B{part.pk}")


@laid_down
def fill_report(report, house, at):
    """Write a report, hand it in, approve it."""
    who = report.grant.application.applicant
    perform(ReportMachine, "start", pk=report.pk, actor=who, at=at)
    save_report(pk=report.pk, actor=who, at=at, typed=answers_for(form_of(report)))
    perform(ReportMachine, "hand_in", pk=report.pk, actor=who, at=at)
    approve_report(report, house, at)


def approve_report(report, house, at, outcome="", **said):
    """An officer proposes to approve a report (of a review: that the work goes on), a second reader agrees."""
    outcome = outcome or ("go" if report.terms.review else "approve")
    declare(report.grant.application, house.reader, at=at)
    perform(ReportMachine, "propose", pk=report.pk, actor=house.officer, at=at, outcome=outcome, **said)
    perform(ReportMachine, "reject" if outcome in {"reject", "no_go"} else "approve", pk=report.pk, actor=house.reader, at=at)
