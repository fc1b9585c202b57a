"""The round of a stage: who may do what in which state, as a whole."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tender.models import Application
from tests.factories import close, decide_round, declare, open_call, publish, score, seat, submitted
from tests.factories.cast import cast
from tests.factories.rounds import START
from tests.workflows.machines.walking import Walk, reached, states_of
from workflows.commands import perform
from workflows.commands.assigning import assign_round
from workflows.commands.calls import plan_call
from workflows.commands.clockwork import tick
from workflows.models import ApplicationMachine, Event, StageMachine

pytestmark = pytest.mark.django_db

TABLE = {
    "": {"officer": "plan"},
    "draft": {"officer": "seat ask_announce", "secretary": "seat", "signatory": "cancel", "head": "announce ask_cancel"},
    "planned": {"officer": "seat", "secretary": "seat", "signatory": "cancel", "head": "ask_cancel", "clock": "open"},
    "open": {
        "officer": "seat draw_up", "board": "draw_up", "secretary": "seat", "signatory": "cancel",
        "head": "extend ask_cancel", "clock": "close pause wind_up",
    },
    "paused": {"officer": "draw_up", "board": "draw_up", "signatory": "cancel", "head": "ask_cancel", "clock": "resume wind_up"},
    "closed": {
        "officer": "seat start_scoring draw_up", "board": "draw_up", "secretary": "seat", "signatory": "cancel",
        "head": "ask_cancel", "clock": "wind_up",
    },
    "scoring": {
        "signatory": "cancel",
        "head": "ask_cancel",
        "secretary": "ask_rank",
        "chair": "convene rank",
    },
    "meeting": {
        "signatory": "cancel",
        "head": "ask_cancel",
        "secretary": "discuss minute ask_rank",
        "chair": "discuss sign_minutes rank",
    },
    "ranked": {"officer": "ask_rerank propose draw_up", "board": "draw_up", "signatory": "cancel", "head": "rerank ask_cancel"},
    "deciding": {
        "officer": "ask_rerank propose draw_up unschedule",
        "board": "draw_up",
        "signatory": "schedule unschedule publish cancel",
        "head": "rerank ask_cancel",
        "clock": "lapse_moment publish",
    },
    "published": {"officer": "ask_rerank draw_up", "board": "draw_up", "head": "rerank", "clock": "finish"},
    "finished": {"officer": "ask_rerank draw_up", "board": "draw_up", "head": "rerank"},
    "cancelled": {},
}  # fmt: skip


def first_stage(everybody):
    """One idea that is admitted to the next stage; the moment that one opens."""
    house = everybody.house
    game = open_call(publish("crossover"), house=house)
    stage = game.stage()
    case = submitted(game.call, at=game.at, case=everybody.dossier(game.call, at=game.at))
    at = close(stage)
    ticked = {check.key: True for check in stage.rules.checklist}
    perform(ApplicationMachine, "find_eligible", pk=case.pk, actor=house.officer, at=at, checklist=ticked)
    declare(case, *house.jurors, at=at)
    assign_round(stage=stage, actor=house.officer, at=at)
    perform(StageMachine, "start_scoring", pk=stage.pk, actor=house.officer, at=at)
    for sheet in case.sheets.all():
        score(case, sheet.juror, at)
    perform(StageMachine, "ask_rank", pk=stage.pk, actor=house.secretary, at=at)
    perform(StageMachine, "rank", pk=stage.pk, actor=house.chair, at=at)
    decide_round(game.stage(), house, at)
    return game, case


def test_who_may_do_what_in_a_round_of_a_jury():
    everybody = cast()
    game, case = first_stage(everybody)
    # On a stage everybody of the house may act who declared no interest in any case of it; *newcomer* holds every role and did not.
    walk = Walk(StageMachine, everybody, without=("newcomer",))
    stage = game.stage(2)

    def take(name, who, **data):
        perform(StageMachine, name, pk=stage.pk, actor=everybody[who], at=at, **data)

    at = stage.opens_at
    tick(at)
    submitted(game.call, at=at, case=Application.objects.get(pk=case.pk))
    walk.note(stage.pk, at)
    at = close(stage)
    perform(ApplicationMachine, "withdraw", pk=case.pk, actor=everybody["signer"], at=at)
    walk.note(stage.pk, at)
    take("start_scoring", "officer")
    walk.note(stage.pk, at)
    take("convene", "chair", present=[juror.pk for juror in everybody.house.jurors])
    walk.note(stage.pk, at)
    take("minute", "secretary", number=3, minutes="Er is niets meer om voor te dragen.")
    take("sign_minutes", "chair")
    take("ask_rank", "secretary")
    take("rank", "chair")
    walk.note(stage.pk, at)
    take("propose", "officer")
    walk.note(stage.pk, at)
    take("publish", "signatory")
    walk.note(stage.pk, at)
    at += timedelta(weeks=8)
    tick(at)
    walk.note(stage.pk, at)
    assert walk.table | preparing(everybody) | pausing(everybody) == TABLE


def preparing(everybody):
    """From nothing to announced, and cancelled: of a call in which nobody declared anything yet."""
    house, at = everybody.house, START
    version = publish("crossover")
    walk = Walk(StageMachine, everybody, without=("recused", "newcomer"))
    plan = {
        rules.key: (at + timedelta(days=40 * n), at + timedelta(days=40 * n + 30), Decimal(rules.grant.amount != "none"))
        for n, rules in enumerate(version.definition.stages, start=1)
    }
    call = plan_call(version=version, year=at.year, plan=plan, actor=house.officer, at=at)
    stage = call.stages.get(number=1)
    of = {"call": call, "key": "more", "number": 9}
    walk.note_new(lambda user: of, at, opens_at=at, closes_at=None, ceiling=Decimal(0), lottery_seed="", lottery_commitment="")
    walk.note(stage.pk, at)
    seat(stage, house, at)
    perform(StageMachine, "ask_announce", pk=stage.pk, actor=house.officer, at=at)
    perform(StageMachine, "announce", pk=stage.pk, actor=house.head, at=at)
    walk.note(stage.pk, at)
    perform(StageMachine, "ask_cancel", pk=stage.pk, actor=house.head, at=at, reason="Geen geld.")
    perform(StageMachine, "cancel", pk=stage.pk, actor=house.signatory, at=at, reason="Geen geld.")
    walk.note(stage.pk, at)
    return walk.table


def pausing(everybody):
    """Paused: a stage that is open all year, its money held back to the last cent."""
    game = open_call(publish("minifund"), house=everybody.house, ceiling=Decimal(1))
    # Here an interest closes its own dossier only, so *recused*, who holds every role, may do for the round what all of these may.
    walk = Walk(StageMachine, everybody, without=("recused", "newcomer"))
    case = everybody.dossier(game.call, at=game.at)
    hold_everything_back(game.stage(), case)
    perform(StageMachine, "pause", pk=game.stage().pk, actor=everybody["clock"], at=game.at)
    walk.note(game.stage().pk, game.at)
    return walk.table


def hold_everything_back(stage, case):
    from tender.enums import Account
    from tender.models import LedgerEntry

    LedgerEntry.objects.move(case, stage, stage.ceiling, source=Account.FREE, target=Account.RESERVED, event_id=Event.objects.latest("at").pk)


def test_the_table_has_every_state():
    assert set(TABLE) == states_of(StageMachine) == reached(StageMachine) | {""}
