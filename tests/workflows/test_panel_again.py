"""A panel sits for one call after another: nobody is invited anew, and only what was declared is remembered."""

from datetime import timedelta

import pytest

from scoring.models import Conflict, PanelMember, Scoresheet, Seating
from tender.calendar import amsterdam_day
from tender.enums import ConflictState, SeatState
from tests.factories import assign, close, declare, open_call, publish, screen, submitted
from workflows.commands import perform
from workflows.commands.assigning import propose_assignment
from workflows.models import ConflictMachine, Event, StageMachine

pytestmark = pytest.mark.django_db


def test_a_council_judges_the_next_year_too():
    version = publish("hub_support")
    first = open_call(version)
    house, panel = first.house, first.stage().seating.panel
    friend, leaver = house.jurors[2], house.jurors[3]
    case = submitted(first.call, at=first.at)
    first.at = close(first.stage())
    screen(case, house, first.at)
    interest = Conflict.objects.get(application=case, user=friend)
    perform(ConflictMachine, "declare_interest", pk=interest.pk, actor=friend, at=first.at, kind="family", explanation="Mijn zus.")
    declare(case, *(user for user in house.jurors if user != friend), at=first.at)
    assign(case, [user for user in house.jurors if user != friend][:3], house, first.at)
    PanelMember.objects.filter(panel=panel, user=leaver).update(until=amsterdam_day(first.at))

    invited = Event.objects.filter(kind="seat.invite")
    later = first.at + timedelta(days=365)
    second = open_call(version, house=house, at=later, opened=False)  # seats a council of its own
    before = invited.count()
    perform(StageMachine, "seat", pk=second.stage().pk, actor=house.officer, at=later, panel=panel.pk)
    second = reopened(second)
    again = submitted(second.call, at=second.at, user=case.applicant, organisation=case.organisation)
    second.at = close(second.stage())
    screen(again, house, second.at)

    day = amsterdam_day(second.at)
    sits = {seat.user for seat in Seating.objects.seats(second.stage(), on=day)}
    assert invited.count() == before, "nobody was asked anew"
    assert sits == {house.secretary, *house.jurors} - {leaver}, "whose term has ended does not sit"
    assert set(PanelMember.objects.filter(panel=panel).values_list("state", flat=True)) == {SeatState.ACCEPTED}
    asked = Conflict.objects.filter(application=again, user=friend).get()
    assert asked.state == ConflictState.ASKED, "everybody declares again"
    assert [link.kind for link in asked.links] == ["earlier"]
    stranger = Conflict.objects.filter(application=again, user=house.jurors[4]).get()
    assert stranger.links == []
    declare(again, *(user for user in house.jurors if user not in {friend, leaver}), at=second.at)
    proposal = propose_assignment(second.stage(), at=second.at)
    assert not proposal.standing, "sheets of the first call weigh on nobody"
    assert {user for _case, user in proposal.added} <= {user.pk for user in sits} - {friend.pk}
    assert Scoresheet.objects.filter(stage=second.stage()).count() == 0


def reopened(game):
    """The call opens at its time."""
    from tests.factories import clock

    stage = game.stage()
    perform(StageMachine, "open", pk=stage.pk, actor=clock(), at=stage.opens_at)
    game.at = stage.opens_at
    return game
