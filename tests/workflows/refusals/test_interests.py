"""Who is kept out: by an interest, by standing on the applicant's side, by having left the house, or by a panel that changed."""

import pytest
from django.core.exceptions import PermissionDenied

from scoring.models import Conflict, Panel, Scoresheet
from tender.clock import database_now
from tender.enums import ConflictState, Role, SheetState
from tender.models import Application, CaseRole, Decision, Grant, Membership, StaffRole, User
from tests.factories import assign, close, council, declare, open_call, person, publish, score, screen, seat, submitted, variant
from tests.factories.awarded import award
from tests.workflows.machines.test_jury import WHY, Round
from tests.workflows.machines.walking import snapshot
from tests.workflows.refusals.saying import refused, refused_new
from workflows.commands import create, perform
from workflows.commands.clockwork import tick
from workflows.models import ApplicationMachine, ConflictMachine, Event, Letter, ScoresheetMachine, StageMachine

pytestmark = pytest.mark.django_db


def fresh(user):
    return User.objects.get(pk=user.pk)


def denied(machine, name, case, actor, at, **data):
    """The arrow is not this person's, and nothing changed."""
    before = snapshot()
    with pytest.raises(PermissionDenied):
        perform(machine, name, pk=case.pk, actor=actor, at=at, **data)
    assert snapshot() == before


# ── one's own stake ───────────────────────────────────────────────────────────────────────────────────────────
def joins_the_organisation(case, user, at):
    Membership.objects.create(organisation=case.organisation, user=user, role=Role.VIEWER)


def takes_part_in_the_dossier(case, user, at):
    CaseRole.objects.create(application=case, user=user, role=Role.VIEWER, since=at)


@pytest.mark.parametrize("side_with", [joins_the_organisation, takes_part_in_the_dossier])
def test_whoever_acts_for_the_applicant_cannot_declare_to_have_no_interest(side_with):
    game = Round()
    juror, case = game.cast["juror"], game.case
    asked = Conflict.objects.get(pk=game.declaration_of("juror"))
    side_with(case, juror, game.at)
    refused("no_stake", ConflictMachine, "declare_none", asked, juror, game.at)
    game.take(ConflictMachine, "declare_doubt", asked.pk, "juror", **WHY)
    refused("no_stake", ConflictMachine, "clear", asked, game.cast["chair"], game.at, reason="Valt mee.")
    game.take(ConflictMachine, "declare_interest", asked.pk, "juror", **WHY)


def test_nor_be_assigned_who_joins_the_applicant_later():
    game = Round()
    juror, case = game.cast["juror"], game.case
    game.take(ConflictMachine, "declare_none", game.declaration_of("juror"), "juror")
    Membership.objects.create(organisation=case.organisation, user=juror, role=Role.EDITOR)
    of = {"application": case, "stage": game.game.stage(), "juror": juror}
    refused_new("may_be_assigned", ScoresheetMachine, "assign", of, game.cast["officer"], game.at)


# ── the whole round ───────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("whole", [True, False])
def test_staff_with_an_interest_act_nowhere_in_the_round_unless_the_scheme_narrows_it(whole):
    game = open_call(variant("crossover", ("recuse_whole_round = true", f"recuse_whole_round = {str(whole).lower()}")))
    house = game.house
    one, other = (submitted(game.call, at=game.at) for _ in range(2))
    at = close(game.stage())
    declare(one, house.reader, at=at)
    for case in (one, other):
        declare(case, house.officer, at=at)
    own = one.conflicts.get(user=house.officer)
    perform(ConflictMachine, "declare_interest", pk=own.pk, actor=house.officer, at=at, **WHY)
    ticked = {check.key: True for check in one.rules.checklist}
    denied(ApplicationMachine, "find_eligible", one, house.officer, at, checklist=ticked)
    if whole:
        denied(ApplicationMachine, "find_eligible", other, house.officer, at, checklist=ticked)
    else:
        perform(ApplicationMachine, "find_eligible", pk=other.pk, actor=house.officer, at=at, checklist=ticked)


def test_a_chair_with_an_interest_leads_nothing_in_that_dossier_where_it_is_narrowed():
    game = open_call(variant("crossover", ("recuse_whole_round = true", "recuse_whole_round = false")))
    house = game.house
    one, other = (submitted(game.call, at=game.at) for _ in range(2))
    at = close(game.stage())
    for case in (one, other):
        screen(case, house, at)
        declare(case, *house.jurors, at=at)
        assign(case, house.jurors[2:4], house, at)
    perform(StageMachine, "start_scoring", pk=game.stage().pk, actor=house.officer, at=at)
    sheets = {case: score(case, house.jurors[2], at) for case in (one, other)}
    own = one.conflicts.get(user=house.chair)
    perform(ConflictMachine, "declare_interest", pk=own.pk, actor=house.chair, at=at, **WHY)
    denied(ScoresheetMachine, "reopen", sheets[one], house.chair, at, reason="Kijk nog eens.")
    perform(ScoresheetMachine, "reopen", pk=sheets[one].pk, actor=house.deputy, at=at, reason="Kijk nog eens.")
    perform(ScoresheetMachine, "reopen", pk=sheets[other].pk, actor=house.chair, at=at, reason="Kijk nog eens.")


def test_a_panel_has_its_own_people_to_rank():
    game = open_call(publish("crossover"))
    house, case = game.house, submitted(game.call, at=game.at)
    at = close(game.stage())
    screen(case, house, at)
    declare(case, *house.jurors, at=at)
    assign(case, house.jurors[:2], house, at)
    perform(StageMachine, "start_scoring", pk=game.stage().pk, actor=house.officer, at=at)
    for juror in house.jurors[:2]:
        score(case, juror, at)
    denied(StageMachine, "ask_rank", game.stage(), house.officer, at)
    perform(StageMachine, "ask_rank", pk=game.stage().pk, actor=house.secretary, at=at)
    denied(StageMachine, "rank", game.stage(), house.reader, at)
    perform(StageMachine, "rank", pk=game.stage().pk, actor=house.chair, at=at)


# ── what a part opens ─────────────────────────────────────────────────────────────────────────────────────────
def test_who_only_judges_sees_no_decision_no_letter_and_no_money():
    it = award(1)
    case = it.grants[0].application
    juror = fresh(case.sheets.first().juror)
    assert CaseRole.objects.open().filter(application=case, user=juror).values_list("role", flat=True).get() == Role.JUROR
    assert case in Application.objects.visible_to(juror)
    for model in (Decision, Grant, Letter):
        assert model.objects.visible_to(fresh(it.cast["officer"])).exists()
        assert not model.objects.visible_to(juror).exists(), model


def test_whoever_left_the_house_reads_no_more():
    game = open_call(publish("minifund"))
    case = submitted(game.call, at=game.at)
    screen(case, game.house, game.at)
    reader = game.house.reader
    assert case in Application.objects.visible_to(fresh(reader))
    StaffRole.objects.filter(user=reader).update(until=database_now())
    assert case not in Application.objects.visible_to(fresh(reader))


def test_a_new_stage_is_declared_on_anew_and_read_only_when_assigned_again():
    it = Admitted()
    juror = it.house.jurors[0]
    before = it.case.conflicts.get(user=juror)
    assert not it.case.case_roles.open().filter(role=Role.JUROR).exists(), "the sheets of the first stage are behind them"
    assert it.case not in Application.objects.visible_to(fresh(juror))
    refused("declared_on_earlier", ConflictMachine, "ask_again", before, User.objects.clock(), it.at)
    submitted(it.game.call, at=it.at, case=it.case)
    it.at = close(it.game.stage(2))
    screen(it.case, it.house, it.at)
    assert set(it.case.conflicts.filter(user__in=it.house.jurors).values_list("state", flat=True)) == {ConflictState.ASKED}
    asked = Event.objects.filter(kind="conflict.ask_again").values_list("data__user", flat=True)
    assert sorted(asked) == sorted(user.pk for user in (*it.house.jurors, it.house.secretary))


class Admitted:
    """A dossier that went on to the second stage, which has just opened."""

    def __init__(self):
        self.game = open_call(publish("crossover"))
        self.house, stage = self.game.house, self.game.stage()
        self.case = submitted(self.game.call, at=self.game.at)
        at = close(stage)
        screen(self.case, self.house, at)
        declare(self.case, *self.house.jurors, at=at)
        assign(self.case, self.house.jurors[:2], self.house, at)
        perform(StageMachine, "start_scoring", pk=stage.pk, actor=self.house.officer, at=at)
        for juror in self.house.jurors[:2]:
            score(self.case, juror, at)
        perform(StageMachine, "ask_rank", pk=stage.pk, actor=self.house.secretary, at=at)
        perform(StageMachine, "rank", pk=stage.pk, actor=self.house.chair, at=at)
        from tests.factories import decide_round

        decide_round(self.game.stage(), self.house, at)
        self.at = self.game.stage(2).opens_at
        tick(self.at)
        self.case = Application.objects.get(pk=self.case.pk)


# ── another panel ─────────────────────────────────────────────────────────────────────────────────────────────
def test_a_panel_that_changes_after_the_screening_is_asked_and_the_old_one_is_let_go():
    game = Round()
    house, stage, at = game.cast.house, game.game.stage(), game.at
    game.take(ConflictMachine, "declare_none", game.declaration_of("juror"), "juror")
    of = {"application": game.case, "stage": stage, "juror": game.cast["juror"]}
    sheet = create(ScoresheetMachine, "assign", of=of, actor=house.officer, at=at)
    newcomers = [person("newjuror") for _ in range(3)]
    seats = [(user, Role.JUROR if number else Role.CHAIR, "") for number, user in enumerate(newcomers)]
    other = council("Tweede raad", seats, house, at)
    event = perform(StageMachine, "seat", pk=stage.pk, actor=house.officer, at=at, panel=other.pk)
    assert event.data["panel"] == "Tweede raad"
    assert [user for user, _part, _network in event.data["members"]] == [user.pk for user in newcomers]
    assert Scoresheet.objects.get(pk=sheet.pk).state == SheetState.VOID
    assert game.case not in Application.objects.visible_to(fresh(game.cast["juror"]))
    declare(game.case, *newcomers, at=at)
    assign(game.case, newcomers, house, at)
    perform(StageMachine, "start_scoring", pk=stage.pk, actor=house.officer, at=at)  # the old panel's silence holds up nothing


def test_only_a_stage_of_a_jury_has_a_panel():
    game = open_call(publish("pressure_cooker"))
    panel = Panel.objects.create(name="Raad", since=game.at.date())
    refused("has_panel", StageMachine, "seat", game.stage(), game.house.officer, game.at, panel=panel.pk)
    denied(StageMachine, "seat", game.stage(), game.house.reader, game.at, panel=panel.pk)


def test_whoever_audits_seats_nobody():
    game = open_call(publish("crossover"))
    StaffRole.objects.create(user=game.house.auditor, role=Role.OFFICER)
    panel = game.stage(2).seating.panel
    denied(StageMachine, "seat", game.stage(2), fresh(game.house.auditor), game.at, panel=panel.pk)
    assert seat(game.stage(2), game.house, game.at) != panel
