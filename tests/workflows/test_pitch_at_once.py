"""Two at once who want the last seat, with real connections: one gets it, the other is told, and sees what is left."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tender.clock import database_now
from tender.enums import PitchState, SlotState
from tender.models import Pitch, PitchSlot
from tests.factories import open_call, publish, screen, submitted
from tests.factories.pitching import book, offer, pitch_of
from tests.workflows.pages.house import sign_in
from tests.workflows.together import together
from workflows.commands import Refused, perform
from workflows.models import Event, PitchMachine, SlotMachine

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def fund():
    game = open_call(publish("minifund"), at=database_now() - timedelta(days=2))
    game.cases = [submitted(game.call, at=game.at) for _ in range(3)]
    for case in game.cases:
        screen(case, game.house, game.at)
    return game


def test_two_press_for_the_last_seat(fund):
    """Over HTTP: one is booked, the other reads why not, beside the choice, with the moment that is left."""
    last, left = offer(fund, number=2, after=timedelta(days=3))
    first, second = fund.cases[:2]

    def presses(case):
        client = sign_in(Client(), case.applicant)
        return lambda: client.post(reverse("workflows:pitch", args=[case.reference]), {"slot": str(last.pk)})

    given = together(presses(first), presses(second))
    assert sorted(answer.status_code for answer in given) == [302, 409], given
    refused = next(answer for answer in given if answer.status_code == 409)
    form = refused.context["pitching"]["form"]
    assert len(form.errors["slot"]) == 1
    assert [value for value, _words in form.fields["slot"].choices] == [left.pk]
    assert Pitch.objects.filter(slot=last, state=PitchState.BOOKED).count() == 1
    assert Pitch.objects.filter(state=PitchState.BOOKED).count() == 1


def test_of_many_as_many_sit_as_there_are_seats(fund):
    (slot,) = offer(fund, seats=2)
    given = together(*[lambda case=case: book(case, slot, fund.at) for case in fund.cases])
    assert sorted(type(one).__name__ for one in given) == ["Event", "Event", "Refused"], given
    assert PitchSlot.objects.with_taken().get(pk=slot.pk).taken == 2


def test_two_who_change_places_do_not_wait_in_a_circle(fund):
    """Each moves to the moment that the other has: both are refused, or one at a time gets it; nobody hangs."""
    one, other = offer(fund, number=2)
    first, second = fund.cases[:2]
    book(first, one, fund.at)
    book(second, other, fund.at)
    given = together(lambda: book(first, other, fund.at, name="move"), lambda: book(second, one, fund.at, name="move"))
    assert {type(each) for each in given} <= {Event, Refused}, given
    assert sorted(Pitch.objects.filter(state=PitchState.BOOKED).values_list("slot", flat=True)) == [one.pk, other.pk]


@pytest.mark.parametrize("attempt", range(3))
def test_a_moment_is_cancelled_while_it_is_booked(fund, attempt):
    """Nobody is left with a moment that is off, whoever was first."""
    (slot,) = offer(fund, seats=3)
    case, moving = fund.cases[:2]
    book(moving, slot, fund.at)
    cancels = lambda: perform(SlotMachine, "cancel", pk=slot.pk, actor=fund.house.officer, at=fund.at, reason="Ziek.")  # noqa: E731
    booked, cancelled = together(lambda: book(case, slot, fund.at), cancels)
    assert isinstance(cancelled, Event), cancelled
    assert isinstance(booked, Event | Refused), booked
    assert PitchSlot.objects.get(pk=slot.pk).state == SlotState.CANCELLED
    assert not Pitch.objects.filter(state=PitchState.BOOKED).exists()
    assert pitch_of(moving).state == PitchState.ASKED
    assert perform(PitchMachine, "note", pk=pitch_of(case).pk, actor=fund.house.officer, at=fund.at, reason="Toch.").after == PitchState.HELD
