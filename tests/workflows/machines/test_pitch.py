"""A moment to present, and the pitch of a dossier: who may do what in which state, as a whole."""

from datetime import timedelta

import pytest

from tender.enums import PitchState, SlotState
from tender.models import Pitch, PitchSlot
from tests.factories import open_call, publish, screen, submitted
from tests.factories.cast import cast
from tests.factories.pitching import book, offer, pitch_of
from tests.workflows.machines.walking import Walk, reached, states_of
from workflows.commands import perform
from workflows.models import ApplicationMachine, PitchMachine, SlotMachine

pytestmark = pytest.mark.django_db

PLANNERS = ("officer", "recused", "newcomer")  # here an interest in one dossier closes no round
SLOT = {"": dict.fromkeys(PLANNERS, "offer"), "offered": dict.fromkeys((*PLANNERS, "clock"), "cancel"), "cancelled": {}}
SIDE = ("signer", "editor")
PITCH = {
    "": {"clock": "ask"},
    "asked": {**dict.fromkeys(SIDE, "book"), "officer": "note", "clock": "drop"},
    "booked": {
        **dict.fromkeys(SIDE, "move cancel"), "officer": "hold miss note", "assessor": "hold miss", "clock": "call_off remind drop",
    },
    "held": {},
    "missed": {"officer": "note invite_again"},
    "dropped": {},
}  # fmt: skip


@pytest.fixture
def told():
    """A fund whose house and applicant are everybody there is, and a dossier that may be judged."""
    everybody = cast()
    game = open_call(publish("minifund"), house=everybody.house)
    game.cast = everybody
    game.case = submitted(game.call, at=game.at, case=everybody.dossier(game.call, at=game.at))
    screen(game.case, game.house, game.at)
    return game


def test_who_may_do_what_with_a_moment(told):
    walk = Walk(SlotMachine, told.cast)
    at, hearers = told.at, [told.house.assessors[0].pk]
    like = {"stage": told.stage(), "starts_at": at + timedelta(days=3), "minutes": 20, "place": "Hier"}
    walk.note_new(lambda user: like, at, hearers=hearers)
    (slot,) = offer(told)
    assert {user.pk for user in slot.hearers.all()} == {user.pk for user in told.house.assessors}
    walk.note(slot.pk, at)
    event = perform(SlotMachine, "cancel", pk=slot.pk, actor=told.house.officer, at=at, reason="Ziek.")
    assert (event.chain, event.data["reason"]) == (f"call:{told.call.reference}", "Ziek.")
    walk.note(slot.pk, at)
    assert walk.table == SLOT


def test_who_may_do_what_with_a_pitch(told):
    case, at, house = told.case, told.at, told.house
    walk = Walk(PitchMachine, told.cast)
    walk.note_new(lambda user: {"application": case, "stage": told.stage()}, at)
    pitch = pitch_of(case)
    walk.note(pitch.pk, at)
    first, second = offer(told, number=2)
    event = book(case, first, at)
    assert event.data == {"slot": first.pk, "starts_at": event.data["starts_at"], "where": "Hanzeplein 1"}
    walk.note(pitch.pk, at)
    book(case, second, at, name="move")
    assert (pitch_of(case).slot, pitch_of(case).sequence) == (second, 2)
    over = second.starts_at
    perform(PitchMachine, "miss", pk=pitch.pk, actor=house.assessors[0], at=over)
    walk.note(pitch.pk, over)
    perform(PitchMachine, "invite_again", pk=pitch.pk, actor=house.officer, at=over)
    walk.note(pitch.pk, over)
    (third,) = offer(told, at=over)
    book(case, third, over)
    perform(PitchMachine, "hold", pk=pitch.pk, actor=house.assessors[0], at=third.starts_at)
    walk.note(pitch.pk, third.starts_at)
    other = submitted(told.call, at=at)
    screen(other, house, at)
    walk.cast.people["signer"], walk.people["signer"] = other.applicant, other.applicant
    perform(ApplicationMachine, "withdraw", pk=other.pk, actor=other.applicant, at=at)
    walk.note(pitch_of(other).pk, at)
    assert walk.table == PITCH


@pytest.mark.parametrize(("machine", "table"), [(SlotMachine, SLOT), (PitchMachine, PITCH)])
def test_the_tables_have_every_state(machine, table):
    assert set(table) == states_of(machine) == reached(machine) | {""}


def test_a_pitch_is_held_at_another_time_where_the_officer_says_so(told):
    """Nothing was booked: the officer notes it, and what it said stays in the trail."""
    event = perform(PitchMachine, "note", pk=pitch_of(told.case).pk, actor=told.house.officer, at=told.at, reason="Gebeld.")
    assert (event.after, event.data) == (PitchState.HELD, {"reason": "Gebeld."})


def test_a_moment_that_is_cancelled_gives_the_turn_back(told):
    case, at = told.case, told.at
    (slot,) = offer(told)
    book(case, slot, at)
    perform(SlotMachine, "cancel", pk=slot.pk, actor=told.house.officer, at=at, reason="De zaal is dicht.")
    pitch = pitch_of(case)
    assert (pitch.state, pitch.sequence, pitch.slot) == (PitchState.ASKED, 2, slot)
    assert PitchSlot.objects.get(pk=slot.pk).state == SlotState.CANCELLED


@pytest.mark.parametrize("how", ["withdraw", "cancel", "refuse", "place"])
def test_what_is_no_longer_judged_frees_its_seat(told, how):
    """Whatever ends the judging, a moment to come is free again; it is one for somebody else."""
    from tests.factories import clock, score
    from workflows.commands.proposing import propose_for

    case, at, house = told.case, told.at, told.house
    (slot,) = offer(told)
    book(case, slot, at)
    if how == "withdraw":
        perform(ApplicationMachine, how, pk=case.pk, actor=told.cast["signer"], at=at)
    elif how == "cancel":
        perform(ApplicationMachine, how, pk=case.pk, actor=clock(), at=at, reason="Op.")
    else:
        for assessor in house.assessors:
            score(case, assessor, at, officer=house.officer, mark=0 if how == "refuse" else None)
        if how == "refuse":
            propose_for(pk=case.pk, kind="refuse", ground="minimum", reasons="Nee.", actor=house.officer, at=at)
    assert pitch_of(case).state == PitchState.DROPPED
    assert PitchSlot.objects.with_taken().get(pk=slot.pk).taken == 0


def test_a_pitch_that_has_come_can_still_be_noted_when_the_verdict_was_quicker(told):
    from tests.factories import score

    (slot,) = offer(told)
    book(told.case, slot, told.at)
    for assessor in told.house.assessors:
        score(told.case, assessor, slot.starts_at, officer=told.house.officer)
    assert pitch_of(told.case).state == PitchState.BOOKED
    perform(PitchMachine, "hold", pk=pitch_of(told.case).pk, actor=told.house.officer, at=slot.starts_at)
    assert Pitch.objects.get().state == PitchState.HELD


def test_where_nobody_presents_nobody_is_asked():
    game = open_call(publish("pressure_cooker"))
    case = submitted(game.call, at=game.at)
    screen(case, game.house, game.at)
    assert not Pitch.objects.exists()
