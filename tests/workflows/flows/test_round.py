"""The round of a stage, and the dossiers in it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tender.enums import Role, StageState
from tender.models import Stage
from tests.factories import assign, close, decide, house, open_call, pitching, publish, score, screen, submitted, variant
from tests.factories.people import person
from tests.factories.rounds import START, clock, declare
from tests.workflows.flows.looking import came_by, deliver, process_of, waits, work
from workflows.commands import perform
from workflows.commands.calls import plan_call
from workflows.flows.following import RoundFlow
from workflows.flows.taking import take_step
from workflows.models import ApplicationMachine, ConflictMachine, StageMachine, WorkItem
from workflows.queries import inbox
from workflows.tasks import fire_timers


def screened(game, number=2):
    """A closed stage whose applications may be judged; sheets assigned to two jurors."""
    people, cases = game.house, [submitted(game.call, at=game.at) for _ in range(number)]
    stage = game.stage(1)
    at = close(stage)
    for case in cases:
        screen(case, people, at)
        declare(case, *people.jurors, at=at)
        assign(case, people.jurors[:2], people, at)
    return stage, cases, at


def ranked(game):
    stage, cases, at = screened(game)
    take_step(StageMachine, "start_scoring", pk=stage.pk, actor=game.house.officer, at=at)
    for case in cases:
        for juror in game.house.jurors[:2]:
            score(case, juror, at)
    perform(StageMachine, "ask_rank", pk=stage.pk, actor=game.house.secretary, at=at)
    perform(StageMachine, "rank", pk=stage.pk, actor=game.house.chair, at=at)
    deliver()
    return game.stage(1), cases, at


def test_announcing_takes_two(db):
    people, at = house(), START
    other_head = person("head", Role.HEAD, Role.OFFICER)
    version = publish("pressure_cooker")
    stages = version.definition.stages
    plan = {rules.key: (at + timedelta(days=30 * n), at + timedelta(days=30 * n + 20), Decimal(100000)) for n, rules in enumerate(stages, 1)}
    call = plan_call(version=version, year=2026, plan=plan, actor=people.officer, at=at)
    deliver()
    stage = call.stages.get(number=1)
    assert work(stage=stage) == [("stage.ask_announce", "officer")]
    take_step(StageMachine, "ask_announce", pk=stage.pk, actor=other_head, at=at)
    assert work(stage=stage) == [("stage.announce", "head")]
    assert [item.stage for item in inbox(people.head)] == [stage]
    assert not inbox(other_head).filter(noun="stage", arrow="announce").exists(), "who asked does not do it as well"
    take_step(StageMachine, "announce", pk=stage.pk, actor=people.head, at=at)
    assert waits("stage", stage.pk) == ["open"]
    assert work(stage=stage) == []


def test_from_opening_to_publication(tender):
    people = tender.house
    stage = tender.stage(1)
    assert waits("stage", stage.pk) == ["close"]
    stage, cases, at = screened(tender)
    deliver()
    assert ("stage.start_scoring", "officer") in work(stage=stage)
    take_step(StageMachine, "start_scoring", pk=stage.pk, actor=people.officer, at=at)
    deliver()
    sheets = [line for line in work(stage=stage) if line[0] == "scoresheet.seal"]
    assert len(sheets) == 4
    for case in cases:
        for juror in people.jurors[:2]:
            score(case, juror, at)
    deliver()
    assert work(stage=stage) == [("stage.ask_rank", "secretary")]
    take_step(StageMachine, "ask_rank", pk=stage.pk, actor=people.secretary, at=at)
    assert work(stage=stage) == [("stage.rank", "chair")]
    take_step(StageMachine, "rank", pk=stage.pk, actor=people.chair, at=at)
    deliver()
    for case in cases:
        assert came_by("application", case.pk)[-3:] == ["declare", "score", "ranked"]
        assert process_of("application", case.pk).status == "DONE"
    take_step(StageMachine, "propose", pk=stage.pk, actor=people.officer, at=at)
    deliver()
    assert {kind for kind, _ in work(stage=stage)} == {"decision.submit_for_check"}
    decisions = list(stage.decisions.open().order_by("pk"))
    for decision in decisions:
        decide(decision, people, at, publish=False)
    assert {tuple(waits("decision", decision.pk)) for decision in decisions} == {("letter",)}
    assert work(stage=stage) == [("stage.publish", "signatory")], "only once every decision is signed"
    take_step(StageMachine, "publish", pk=stage.pk, actor=people.signatory, at=at)
    deliver()
    assert {tuple(waits("decision", decision.pk)) for decision in decisions} == {("become_final",)}
    assert waits("stage", stage.pk) == ["finish"]
    perform(StageMachine, "finish", pk=stage.pk, actor=clock(), at=at + timedelta(days=60))
    deliver()
    assert process_of("stage", stage.pk).status == "DONE"
    assert came_by("stage", stage.pk) == [
        "begin", "ask_announce", "announce", "open", "all_year", "close", "start_scoring", "meets", "ask_rank", "rank", "propose",
        "publish", "finish", "finished",
    ]  # fmt: skip


def test_the_panel_is_asked_and_then_the_officer(tender):
    people, case = tender.house, submitted(tender.call, at=tender.at)
    at = close(tender.stage(1))
    screen(case, people, at)
    deliver()
    asked = [line for line in work(application=case) if line[0] == "conflict.declare_none"]
    assert len(asked) == len(people.jurors)
    doubting, *others = people.jurors[2:]
    declare(case, *people.jurors[:2], *others, at=at)
    conflict = case.conflicts.get(user=doubting)
    take_step(ConflictMachine, "declare_doubt", pk=conflict.pk, actor=doubting, at=at, kind="work", explanation="Ooit collega's.")
    deliver()
    assert work(application=case) == [("conflict.clear", "chair")]
    assert [item.kind for item in inbox(people.chair, at=at)] == ["conflict.clear"]
    take_step(ConflictMachine, "clear", pk=conflict.pk, actor=people.chair, at=at, reason="Lang geleden.")
    assert work(application=case) == [("scoresheet.assign", "officer")]


def test_a_meeting_with_minutes(tender):
    """The second stage meets: convene, minute, sign, then rank."""
    stage = tender.stage(2)
    assert stage.rules.meeting

    class At:
        minutes, signed_at = "", None

    from workflows.flows.round import judging

    stage = StageMachine.objects.get(pk=stage.pk)
    stage.__dict__["state"] = StageState.SCORING
    assert judging(stage) == "convene"
    stage.__dict__["state"] = StageState.MEETING
    stage._state.fields_cache["meeting"] = meeting = At()
    assert judging(stage) == "minute"
    meeting.minutes = "Vier."
    assert judging(stage) == "sign_minutes"
    meeting.signed_at = tender.at
    assert judging(stage) == "ask_rank"


def test_a_new_ranking_is_asked_beside_the_rounds_course(tender):
    stage, _, at = ranked(tender)
    people = tender.house
    take_step(StageMachine, "propose", pk=stage.pk, actor=people.officer, at=at)
    take_step(StageMachine, "ask_rerank", pk=stage.pk, actor=people.officer, at=at, reason="Telfout.")
    assert waits("stage", stage.pk) == ["publish", "rerank"]
    assert [item.kind for item in inbox(people.head) if item.noun == "stage" and item.stage == stage] == ["stage.rerank"]
    take_step(StageMachine, "rerank", pk=stage.pk, actor=people.head, at=at, reason="Telfout.")
    deliver()
    assert waits("stage", stage.pk) == ["propose"]


def test_a_cancelled_round_takes_everything_with_it(tender):
    people, at = tender.house, tender.at
    case = submitted(tender.call, at=at)
    stage = tender.stage(1)
    deliver()
    take_step(StageMachine, "ask_cancel", pk=stage.pk, actor=people.head, at=at, reason="Geen geld.")
    assert waits("stage", stage.pk) == ["close", "stop"]
    take_step(StageMachine, "cancel", pk=stage.pk, actor=people.signatory, at=at, reason="Geen geld.")
    deliver()
    assert waits("stage", stage.pk) == waits("application", case.pk) == []
    assert {process_of("stage", stage.pk).status, process_of("application", case.pk).status} == {"CANCELED"}
    assert not WorkItem.objects.filter(stage=stage).exists()


def test_a_dossier_that_goes_on_has_a_process_per_stage(tender):
    stage, cases, at = ranked(tender)
    people = tender.house
    perform(StageMachine, "propose", pk=stage.pk, actor=people.officer, at=at)
    for decision in stage.decisions.open().order_by("pk"):
        decide(decision, people, at, publish=False)
    perform(StageMachine, "publish", pk=stage.pk, actor=people.signatory, at=at)
    second = tender.stage(2)
    perform(StageMachine, "open", pk=second.pk, actor=clock(), at=second.opens_at)
    deliver()
    going = [case for case in cases if process_of("application", case.pk).stage_id == second.pk]
    assert going
    assert waits("application", going[0].pk) == ["submit"]
    assert ("application.submit", "signer") in work(application=going[0], stage=second)


def test_the_term_of_the_round_warns_the_head_where_it_is_the_officers_turn(tender):
    stage, cases, _ = screened(tender)
    deliver()
    first = min(type(case).objects.get(pk=case.pk).decide_by for case in cases)
    due = process_of("stage", stage.pk).task_set.get(flow_task_type="TIMER", status="SCHEDULED").scheduled
    assert first - due.date() == timedelta(days=14)
    assert fire_timers(due - timedelta(seconds=1)) == 0
    assert fire_timers(due) >= 1
    warning = WorkItem.objects.get(stage=stage, noun="stage", escalated=True)
    assert (warning.kind, warning.role) == ("stage.start_scoring", Role.HEAD)
    assert warning in inbox(tender.house.head)
    assert fire_timers(due) == 0
    assert waits("stage", stage.pk) == ["start_scoring"], "a warning does not end the waiting"
    take_step(StageMachine, "start_scoring", pk=stage.pk, actor=tender.house.officer, at=due)
    assert not WorkItem.objects.filter(stage=stage, noun="stage", escalated=True).exists()


def test_the_flow_never_writes_a_state(tender):
    stage = tender.stage(1)
    before = Stage.objects.filter(pk=stage.pk).values().get()
    deliver()
    assert Stage.objects.filter(pk=stage.pk).values().get() == before
    assert RoundFlow.lock_impl is not None


def test_lapsed_and_withdrawn_leave_nothing_on_the_desk(tender):
    case = submitted(tender.call, at=tender.at)
    take_step(ApplicationMachine, "withdraw", pk=case.pk, actor=case.applicant, at=tender.at)
    deliver()
    assert work(application=case) == []


@pytest.mark.parametrize("name", ["crossover", "minifund", "pressure_cooker", "hub_support"])
def test_every_flow_of_every_scheme_begins(db, name):
    from tests.factories import open_call

    game = open_call(publish(name))
    deliver()
    assert all(waits("stage", stage.pk) for stage in game.call.stages.all())


def test_in_a_round_makers_present_before_the_panel_too(db):
    """Beside the declarations, and beside the sheets once the scoring began; nothing of the round waits for it."""
    game = open_call(variant("hub_support", ('assess = "jury"', 'assess = "jury"\npitch = true')))
    case = submitted(game.call, at=game.at)
    at = close(game.stage())
    screen(case, game.house, at)
    deliver()
    assert ("pitch.book", "editor") in work(application=case)
    (slot,) = pitching.offer(game, at=at, hearers=game.house.jurors[2:4])
    pitching.book(case, slot, at)
    deliver()
    assert ("pitch.hold", "officer") in work(application=case)
