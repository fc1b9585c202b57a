"""What stops a round."""

from datetime import timedelta
from decimal import Decimal

import pytest

from scoring.models import Conflict, Scoresheet
from tender.clock import GRACE
from tender.enums import Account, Role
from tender.models import LedgerEntry, StaffRole, Stage
from tests.factories import assign, clock, close, declare, dossier, house, open_call, person, publish, score, screen, submitted, variant
from tests.factories.rounds import START
from tests.workflows.refusals.saying import refused
from workflows.commands import perform
from workflows.commands.calls import plan_call
from workflows.commands.clockwork import tick
from workflows.models import AdviceMachine, ApplicationMachine, ConflictMachine, Event, StageMachine

pytestmark = pytest.mark.django_db

MEETS = ('assess = "jury"', 'assess = "jury"\nmeeting = true')
NUMBER = ('method = "weighted_mean"', 'method = "weighted_mean"\nmeeting_fixes = [1, 2]')


def take(name, stage, actor, at, **data):
    perform(StageMachine, name, pk=stage.pk, actor=actor, at=at, **data)


def planned(home, **windows):
    """A call in preparation; ``windows`` replaces (opens, closes, ceiling) of a stage."""
    day = timedelta(days=1)
    plan = {
        "idea": (START + day, START + 30 * day, Decimal(100000)),
        "nomination": (START + 40 * day, START + 60 * day, Decimal(0)),
        "multiyear": (START + 70 * day, START + 90 * day, Decimal(100000)),
    }
    keys = [rules.key for rules in publish("crossover").definition.stages]
    plan = dict(zip(keys, plan.values(), strict=True))
    plan |= {keys[int(number[-1]) - 1]: row for number, row in windows.items()}
    return plan_call(version=publish("crossover"), year=2026, plan=plan, actor=home.officer, at=START)


def test_two_people_announce():
    home = house()
    stage = planned(home).stages.get(number=1)
    refused("asked_by_another", StageMachine, "announce", stage, home.head, START)
    both = person("both", Role.OFFICER, Role.HEAD)
    take("ask_announce", stage, both, START)
    refused("asked_by_another", StageMachine, "announce", stage, both, START)
    refused("asked_by_another", StageMachine, "announce", stage, home.head, START, remark="iets anders")
    take("announce", stage, home.head, START)


@pytest.mark.parametrize(
    ("rule", "number", "windows"),
    [
        ("ceiling_set", 1, {"stage_1": (START, START + timedelta(days=9), Decimal(0))}),
        ("windows_in_order", 1, {"stage_1": (START, START, Decimal(1))}),
        ("windows_in_order", 1, {"stage_1": (START, None, Decimal(1))}),
        ("windows_in_order", 2, {"stage_2": (START + timedelta(days=29), START + timedelta(days=60), Decimal(0))}),
    ],
)
def test_a_plan_must_be_sound(rule, number, windows):
    home = house()
    stage = planned(home, **windows).stages.get(number=number)
    take("ask_announce", stage, home.officer, START)
    refused(rule, StageMachine, "announce", stage, home.head, START)


def test_the_lottery_is_committed_first():
    home = house()
    stage = planned(home).stages.get(number=1)
    take("ask_announce", stage, home.officer, START)
    Stage.objects.filter(pk=stage.pk).update(lottery_commitment="")
    refused("lottery_committed", StageMachine, "announce", stage, home.head, START)


def test_the_people_suffice():
    home = house()
    stage = planned(home).stages.get(number=1)
    take("ask_announce", stage, home.officer, START)
    StaffRole.objects.filter(user=home.reader).update(until=START)
    refused("people_suffice", StageMachine, "announce", stage, home.head, START)
    StaffRole.objects.create(user=home.officer, role=Role.READER)
    refused("people_suffice", StageMachine, "announce", stage, home.head, START)
    person("reader", Role.READER)
    take("announce", stage, home.head, START)


def test_instants_come_when_they_come():
    game = open_call(publish("crossover"), opened=False)
    stage, moment = game.stage(), timedelta(milliseconds=1)
    refused("has_opened", StageMachine, "open", stage, clock(), stage.opens_at - moment)
    take("open", stage, clock(), stage.opens_at)
    refused("has_closed", StageMachine, "close", stage, clock(), stage.closes_at - moment)
    head, later = game.house.head, stage.closes_at + timedelta(days=1)
    refused("later_and_told", StageMachine, "extend", stage, head, stage.opens_at, reason="Meer tijd.", closes_at=stage.closes_at)
    refused("later_and_told", StageMachine, "extend", stage, head, later, reason="Meer tijd.", closes_at=later)
    refused("later_and_told", StageMachine, "extend", stage, head, stage.opens_at, reason="Meer tijd.")
    refused("reason_given", StageMachine, "extend", stage, head, stage.opens_at, closes_at=later, reason="  ")
    for name in ("pause", "wind_up"):
        refused("is_continuous", StageMachine, name, stage, clock(), stage.closes_at)
    take("extend", stage, head, stage.opens_at, reason="Storing.", closes_at=later)
    refused("has_closed", StageMachine, "close", stage, clock(), stage.closes_at)
    take("close", stage, clock(), later)


def test_a_stage_pauses_on_money_only():
    game = open_call(publish("minifund"), ceiling=Decimal(100))
    stage = game.stage()
    refused("money_used_up", StageMachine, "pause", stage, clock(), game.at)
    case = submitted(game.call, at=game.at)
    event = case.submissions.get().event_id
    LedgerEntry.objects.move(case, stage, Decimal(100), source=Account.FREE, target=Account.RESERVED, event_id=event)
    take("pause", stage, clock(), game.at)
    refused("money_freed", StageMachine, "resume", stage, clock(), game.at)
    refused("terms_over", StageMachine, "wind_up", stage, clock(), stage.closes_at)
    refused("has_closed", StageMachine, "wind_up", stage, clock(), game.at)


def test_a_paused_stage_with_a_draft_ends_with_its_year():
    """Before the end of the year the draft waits for money to come free; after it there is nothing to wait for."""
    game = open_call(publish("minifund"), ceiling=Decimal(100))
    stage, case = game.stage(), dossier(game.call, at=game.at)
    event = Event.objects.filter(kind="application.open").get().pk
    LedgerEntry.objects.move(case, stage, Decimal(100), source=Account.FREE, target=Account.RESERVED, event_id=event)
    take("pause", stage, clock(), game.at)
    refused("stage_takes_no_more", ApplicationMachine, "lapse", case, clock(), stage.closes_at - timedelta(milliseconds=1))
    for _ in range(2):
        tick(stage.closes_at + GRACE)
    assert ApplicationMachine.objects.get(pk=case.pk).state == "lapsed"
    assert game.stage().state == "finished"


def test_one_case_that_fails_does_not_stop_the_clock(monkeypatch, caplog):
    first, second = (open_call(publish(scheme), opened=False) for scheme in ("crossover", "minifund"))
    broken, opens = first.stage(), StageMachine.open

    def fails(stage, step):
        if stage.pk == broken.pk:
            raise ValueError("broken")
        return opens(stage, step)

    fails.__dict__.update(opens.__dict__)
    monkeypatch.setattr(StageMachine, "open", fails)
    assert tick(max(broken.opens_at, second.stage().opens_at)) == 1
    assert (first.stage().state, second.stage().state) == ("planned", "open")
    assert f"stage {broken.pk} open failed" in caplog.text


def test_scoring_starts_when_everything_is_ready():
    game = open_call(publish("crossover"))
    home, stage = game.house, game.stage()
    case = submitted(game.call, at=game.at)
    at = close(stage)
    refused("nothing_unscreened", StageMachine, "start_scoring", stage, home.officer, at)
    screen(case, home, at)
    refused("everybody_declared", StageMachine, "start_scoring", stage, home.officer, at)
    declare(case, *home.jurors, at=at)
    refused("everything_assigned", StageMachine, "start_scoring", stage, home.officer, at)
    assign(case, home.jurors[:2], home, at)
    stage.seating.delete()
    refused("panel_seated", StageMachine, "start_scoring", stage, home.officer, at)


def scoring(version, *, jurors=3):
    """A round of a jury in which one case is assigned, and the content is open."""
    game = open_call(version)
    home = game.house
    case = submitted(game.call, at=game.at)
    at = close(game.stage())
    screen(case, home, at)
    declare(case, *home.jurors, at=at)
    assign(case, home.jurors[:jurors], home, at)
    take("start_scoring", game.stage(), home.officer, at)
    return game, case, at


def test_a_meeting_has_sheets_minutes_and_a_number():
    game, case, at = scoring(variant("hub_support", MEETS, NUMBER))
    home, stage = game.house, game.stage()
    refused("quorum_reached", StageMachine, "convene", stage, home.chair, at)
    present = [juror.pk for juror in home.jurors[:6]]
    refused("quorum_present", StageMachine, "convene", stage, home.chair, at, reason="Zij zijn ziek.", present=present[:5])
    refused(
        "quorum_present", StageMachine, "convene", stage, home.chair, at, reason="Zij zijn ziek.", present=[*present[:5], home.secretary.pk]
    )
    take("ask_rank", stage, home.secretary, at)
    refused("meets_if_due", StageMachine, "rank", stage, home.chair, at)
    take("convene", stage, home.chair, at, reason="Zij zijn ziek.", present=present)
    assert [name for name, _juror, _why in game.stage().meeting.missing_sheets] == [case.reference] * 3
    refused("minutes_signed", StageMachine, "rank", stage, home.chair, at)
    refused("minutes_written", StageMachine, "sign_minutes", stage, home.chair, at)
    for number in (None, 0, 3):
        refused("number_in_bounds", StageMachine, "minute", stage, home.secretary, at, number=number, minutes="Wel.")
    refused("on_the_agenda", StageMachine, "discuss", stage, home.secretary, at, application=0, present=present)
    refused("room_is_free", StageMachine, "discuss", stage, home.secretary, at, application=case.pk, present=[home.secretary.pk])
    take("minute", stage, home.secretary, at, number=1, minutes="Wel.")
    late = home.jurors[5]
    perform(ConflictMachine, "declare_interest", pk=case.conflicts.get(user=late).pk, actor=late, at=at, kind="family", explanation="Neef.")
    refused("rooms_explained", StageMachine, "sign_minutes", stage, home.chair, at)
    take("discuss", stage, home.secretary, at, application=case.pk, present=present[:5], note="De zesde moest weg; wij gingen door.")
    take("sign_minutes", stage, home.chair, at)
    take("minute", stage, home.secretary, at, number=2, minutes="Toch anders.")
    refused("minutes_signed", StageMachine, "rank", stage, home.chair, at)
    take("sign_minutes", stage, home.chair, at)
    take("rank", stage, home.chair, at)
    refused("advice_signed", StageMachine, "propose", stage, home.officer, at)
    advice = case.advices.get()
    seen = {"seen": advice.seen_sha256}
    refused("advice_given", AdviceMachine, "sign", advice, home.chair, at, **seen)
    perform(AdviceMachine, "edit", pk=advice.pk, actor=home.secretary, at=at, parts={}, text="Niemand kon dit beoordelen.", **seen)
    refused("advice_as_seen", AdviceMachine, "sign", advice, home.chair, at, **seen)
    perform(AdviceMachine, "sign", pk=advice.pk, actor=home.chair, at=at, seen=case.advices.get().seen_sha256)
    take("propose", stage, home.officer, at)


def test_a_ranking_needs_sheets_and_two_people():
    game, case, at = scoring(publish("hub_support"))
    home, stage = game.house, game.stage()
    refused("asked_by_another", StageMachine, "rank", stage, home.chair, at)
    take("ask_rank", stage, home.secretary, at)
    refused("sheets_suffice", StageMachine, "rank", stage, home.chair, at)
    refused("asked_by_another", StageMachine, "rank", stage, home.chair, at, reason="Ziek.")
    for sheet in Scoresheet.objects.all():
        score(case, sheet.juror, at)
    take("rank", stage, home.chair, at)
    refused("reason_given", StageMachine, "ask_rerank", stage, home.officer, at)
    take("ask_rerank", stage, home.officer, at, reason="Een telfout.")
    refused("asked_by_another", StageMachine, "rerank", stage, home.head, at, reason="Een andere telfout.")
    refused("reason_given", StageMachine, "rerank", stage, home.head, at)
    take("propose", stage, home.officer, at)
    refused("everything_decided", StageMachine, "publish", stage, home.signatory, at)
    decision = stage.decisions.get()
    agree_to(decision, home, at)
    refused("every_letter_ready", StageMachine, "publish", stage, home.signatory, at)


def agree_to(decision, home, at):
    """The whole chain agrees; no letter is printed yet."""
    from workflows.models import DecisionMachine

    for name, who in (("submit_for_check", home.officer), ("approve", home.reader), ("approve", home.controller), ("sign", home.signatory)):
        perform(DecisionMachine, name, pk=decision.pk, actor=who, at=at, seen=decision.seen_sha256)


def test_a_round_is_cancelled_by_two_with_a_reason():
    game = open_call(publish("crossover"))
    home, stage = game.house, game.stage()
    refused("reason_given", StageMachine, "ask_cancel", stage, home.head, game.at, reason="")
    take("ask_cancel", stage, home.head, game.at, reason="Geen geld.")
    refused("asked_by_another", StageMachine, "cancel", stage, home.signatory, game.at, reason="Geen zin.")
    refused("reason_given", StageMachine, "cancel", stage, home.signatory, game.at)
    case = submitted(game.call, at=game.at)
    refused("reason_given", ApplicationMachine, "cancel", case, clock(), game.at)
    take("cancel", stage, home.signatory, game.at, reason="Geen geld.")
    assert ApplicationMachine.objects.get(pk=case.pk).state == "cancelled"
    assert not Conflict.objects.exists()
