"""What stops a moment to present, and a pitch."""

from datetime import timedelta

import pytest

from tender.enums import ApplicationState, Role
from tender.models import Application
from tests.factories import clock, declare, open_call, person, publish, screen, submitted, variant
from tests.factories.pitching import book, offer, pitch_of
from tests.workflows.refusals.saying import refused, refused_new
from workflows.commands import create, perform
from workflows.models import ApplicationMachine, ConflictMachine, PitchMachine, SlotMachine

pytestmark = pytest.mark.django_db
REASON = {"reason": "Ziek."}


@pytest.fixture
def fund():
    game = open_call(publish("minifund"))
    game.case = submitted(game.call, at=game.at)
    screen(game.case, game.house, game.at)
    return game


def like(game, **other):
    return {"stage": game.stage(), "starts_at": game.at + timedelta(days=2), "minutes": 20, "place": "Hier", "seats": 1, **other}


def test_what_is_no_moment(fund):
    officer, at, chosen = fund.house.officer, fund.at, [fund.house.assessors[0].pk]
    elsewhere = open_call(publish("pressure_cooker"))
    step = (SlotMachine, "offer")
    refused_new("presents_here", *step, like(elsewhere), elsewhere.house.officer, at, hearers=chosen)
    refused_new("slot_is_ahead", *step, like(fund, starts_at=at), officer, at, hearers=chosen)
    for size in ({"minutes": 4}, {"minutes": 241}, {"seats": 0}, {"seats": 51}):
        refused_new("slot_has_size", *step, like(fund, **size), officer, at, hearers=chosen)
    refused_new("slot_has_place", *step, like(fund, place=""), officer, at, hearers=chosen)
    for hearers in ([], [fund.case.applicant.pk]):
        refused_new("hearers_judge", *step, like(fund), officer, at, hearers=hearers)
    (slot,) = offer(fund)
    for minutes in (0, 19, -19):
        of = like(fund, starts_at=slot.starts_at + timedelta(minutes=minutes))
        refused_new("hearers_free", SlotMachine, "offer", of, officer, at, hearers=chosen)
    after = like(fund, starts_at=slot.ends_at)
    create(SlotMachine, "offer", of=after, actor=officer, at=at, hearers=chosen)
    create(SlotMachine, "offer", of=like(fund), actor=officer, at=at, hearers=[officer.pk])


def test_what_has_begun_is_not_cancelled_and_nothing_is_without_a_reason(fund):
    (slot,) = offer(fund)
    refused("reason_given", SlotMachine, "cancel", slot, fund.house.officer, fund.at)
    refused("slot_is_ahead", SlotMachine, "cancel", slot, fund.house.officer, slot.starts_at, **REASON)


def test_a_moment_that_is_not_to_be_had(fund):
    case, at = fund.case, fund.at
    pitch, applicant = pitch_of(case), case.applicant
    (late,) = offer(fund, after=timedelta(days=15))
    gone, slot = offer(fund, number=2)
    perform(SlotMachine, "cancel", pk=gone.pk, actor=fund.house.officer, at=at, **REASON)
    for number in (gone.pk, 0, None, slot.pk + 100):
        refused("slot_is_offered", PitchMachine, "book", pitch, applicant, at, slot=number)
    refused("slot_is_offered", PitchMachine, "book", pitch, applicant, slot.starts_at, slot=slot.pk)
    refused("slot_in_term", PitchMachine, "book", pitch, applicant, at, slot=late.pk)
    other = submitted(fund.call, at=at)
    screen(other, fund.house, at)
    book(other, slot, at)
    refused("slot_has_seat", PitchMachine, "book", pitch, applicant, at, slot=slot.pk)
    perform(PitchMachine, "cancel", pk=pitch_of(other).pk, actor=other.applicant, at=at)
    book(case, slot, at)
    refused("slot_is_other", PitchMachine, "move", pitch_of(case), applicant, at, slot=slot.pk)
    refused("slot_in_term", PitchMachine, "move", pitch_of(case), applicant, at, slot=late.pk)


def test_once_what_we_promised_is_past_the_law_is_the_limit(fund):
    """A promise that cannot be kept any more keeps nobody from presenting."""
    case, at = Application.objects.get(pk=fund.case.pk), fund.at + timedelta(days=20)
    (in_time,) = offer(fund, at=at)
    (after,) = offer(fund, at=at, after=timedelta(days=50))
    refused("slot_in_term", PitchMachine, "book", pitch_of(case), case.applicant, at, slot=after.pk)
    book(case, in_time, at)


def test_before_somebody_with_an_interest_nobody_presents(fund):
    case, at, judge = fund.case, fund.at, fund.house.assessors[0]
    (slot,) = offer(fund)
    of = {"application": case, "user": judge, "part": Role.ASSESSOR}
    asked = create(ConflictMachine, "ask", of=of, actor=clock(), at=at)
    perform(ConflictMachine, "declare_interest", pk=asked.pk, actor=judge, at=at, kind="family", explanation="Mijn zus.")
    refused("slot_is_unbiased", PitchMachine, "book", pitch_of(case), case.applicant, at, slot=slot.pk)


def test_nothing_is_noted_before_and_nothing_changed_after(fund):
    case, at, house = fund.case, fund.at, fund.house
    first, second = offer(fund, number=2)
    book(case, first, at)
    pitch, over = pitch_of(case), first.starts_at
    declare(case, house.assessors[0], at=at, part=Role.ASSESSOR)
    before = over - timedelta(milliseconds=1)
    for name in ("hold", "miss"):
        refused("pitch_has_begun", PitchMachine, name, pitch, house.assessors[0], before)
    refused("pitch_is_ahead", PitchMachine, "cancel", pitch, case.applicant, over)
    refused("pitch_is_ahead", PitchMachine, "move", pitch, case.applicant, over, slot=second.pk)
    refused("reason_given", PitchMachine, "note", pitch, house.officer, at)
    refused("reason_given", PitchMachine, "call_off", pitch, clock(), at)
    perform(PitchMachine, "miss", pk=pitch.pk, actor=house.officer, at=over)
    perform(ApplicationMachine, "withdraw", pk=case.pk, actor=case.applicant, at=over)
    assert Application.objects.get(pk=case.pk).state == ApplicationState.WITHDRAWN
    refused("still_judged", PitchMachine, "invite_again", pitch, house.officer, over)


def test_one_is_reminded_once_on_the_day_before(fund):
    case, at = fund.case, fund.at
    (slot,) = offer(fund)
    book(case, slot, at)
    pitch, day_before = pitch_of(case), slot.starts_at - timedelta(days=1)
    refused("pitch_near", PitchMachine, "remind", pitch, clock(), day_before - timedelta(milliseconds=1))
    refused("pitch_near", PitchMachine, "remind", pitch, clock(), slot.starts_at)
    perform(PitchMachine, "remind", pk=pitch.pk, actor=clock(), at=day_before)
    refused("pitch_near", PitchMachine, "remind", pitch, clock(), day_before)


def test_a_stranger_books_nothing(fund):
    from django.core.exceptions import PermissionDenied

    (slot,) = offer(fund)
    for user in (person("stranger"), fund.house.officer, fund.house.assessors[0]):
        with pytest.raises(PermissionDenied):
            perform(PitchMachine, "book", pk=pitch_of(fund.case).pk, actor=user, at=fund.at, slot=slot.pk)
    assert pitch_of(fund.case).slot is None


def test_before_a_panel_the_members_of_that_panel_hear():
    game = open_call(variant("hub_support", ('assess = "jury"', 'assess = "jury"\npitch = true')))
    house, at, of = game.house, game.at, like(game)
    refused_new("hearers_judge", SlotMachine, "offer", of, house.officer, at, hearers=[house.assessors[0].pk])
    slot = create(SlotMachine, "offer", of=of, actor=house.officer, at=at, hearers=[house.jurors[2].pk])
    assert list(slot.hearers.all()) == [house.jurors[2]]
