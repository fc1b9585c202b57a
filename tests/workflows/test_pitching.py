"""What follows from a moment to present: who is told, who hears whom, what a calendar gets; and that an interest closes all of it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from icalendar import Calendar

from tender.enums import PitchState, Role
from tender.models import Pitch, PitchSlot
from tests.factories import clock, declare, deliver, open_call, publish, screen, submitted, variant
from tests.factories.pitching import book, offer, pitch_of
from workflows.commands import Refused, create, perform
from workflows.commands.clockwork import tick
from workflows.commands.pitching import Moment, offer_moments, series
from workflows.models import ApplicationMachine, ConflictMachine, Event, Notification, PitchMachine, SlotMachine
from workflows.pitching import free_slots, heard_by
from workflows.timeline import TOLD_THERE, timeline

pytestmark = pytest.mark.django_db


@pytest.fixture
def fund():
    return screened(publish("minifund"))


@pytest.fixture
def strict():
    """Where an interest in one dossier keeps somebody out of the whole round."""
    return screened(variant("minifund", ("recuse_whole_round = false", "recuse_whole_round = true")))


def screened(version):
    game = open_call(version)
    game.case = submitted(game.call, at=game.at)
    screen(game.case, game.house, game.at)
    deliver()
    Notification.objects.all().delete()
    return game


def told(user):
    """The subjects of the mails of these tests to somebody."""
    return list(Notification.objects.filter(user=user, event__noun__in=["pitch", "slot"]).order_by("pk").values_list("subject", flat=True))


def recuse(case, user, at):
    asked = case.conflicts.filter(user=user).first()
    asked = asked or create(ConflictMachine, "ask", of={"application": case, "user": user, "part": Role.ASSESSOR}, actor=clock(), at=at)
    perform(ConflictMachine, "declare_interest", pk=asked.pk, actor=user, at=at, kind="family", explanation="Mijn zus.")


# ── planning ──────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_series_goes_over_working_days_by_the_clocks_of_amsterdam():
    """From the Friday before the clocks change to the Monday after Easter: no weekend, no holiday, always half past nine."""
    starts = series(first=date(2026, 3, 27), last=date(2026, 4, 7), begins=time(9, 30), number=2, every=30)
    assert [start.strftime("%m-%d %H:%M") for start in starts[::2]] == [
        "03-27 09:30", "03-30 09:30", "03-31 09:30", "04-01 09:30", "04-02 09:30", "04-07 09:30",
    ]  # fmt: skip
    assert (starts[0].astimezone(UTC).hour, starts[2].astimezone(UTC).hour) == (8, 7)
    assert starts[1] - starts[0] == timedelta(minutes=30)


def test_one_day_may_be_any_day():
    assert len(series(first=date(2026, 4, 4), last=date(2026, 4, 4), begins=time(19), number=3, every=20)) == 3


def test_a_series_is_planned_whole_or_not_at_all(fund):
    what = Moment(20, 1, "Hier", "", (fund.house.assessors[0].pk,))
    starts = [fund.at + timedelta(days=1), fund.at - timedelta(days=1)]
    with pytest.raises(Refused):
        offer_moments(stage=fund.stage(), starts=starts, what=what, actor=fund.house.officer, at=fund.at)
    assert not PitchSlot.objects.exists()
    assert not Event.objects.filter(noun="slot").exists()


# ── choosing ──────────────────────────────────────────────────────────────────────────────────────────────────
def test_only_what_can_be_had_is_shown(fund):
    """Not what is taken, cancelled, past, after the term, or before somebody with an interest."""
    case, at, house = fund.case, fund.at, fund.house
    slots = offer(fund, number=5)
    offer(fund, after=timedelta(days=15))
    offer(fund, after=timedelta(minutes=30), hearers=[house.reader])
    other = submitted(fund.call, at=at)
    screen(other, house, at)
    book(other, slots[0], at)
    perform(SlotMachine, "cancel", pk=slots[1].pk, actor=house.officer, at=at, reason="Ziek.")
    later = at + timedelta(hours=1)
    assert free_slots(pitch_of(case), later) == slots[2:]
    book(case, slots[2], at)
    assert free_slots(pitch_of(case), later) == slots[3:], "not the one they have"
    (before_reader,) = offer(fund, after=timedelta(days=3), hearers=[house.reader])
    recuse(case, house.assessors[0], at)
    assert free_slots(pitch_of(case), later) == [before_reader]
    assert [slot.starts_at > later for slot in free_slots(pitch_of(case))] == [False, True], "without a moment: what the rules may refuse"


def test_looking_for_a_moment_costs_the_same_for_many(fund, django_assert_num_queries):
    offer(fund, number=2)
    pitch = pitch_of(fund.case)
    pitch.application = type(fund.case).objects.with_rules().get(pk=fund.case.pk)
    pitch.stage = pitch.application.stage
    with django_assert_num_queries(2):
        free_slots(pitch, fund.at)
    for day in range(3, 8):
        offer(fund, number=4, after=timedelta(days=day))
    with django_assert_num_queries(2):
        assert len(free_slots(pitch, fund.at)) == 22


# ── telling ───────────────────────────────────────────────────────────────────────────────────────────────────
def test_who_is_told_what_and_when(fund):
    case, at, house = fund.case, fund.at, fund.house
    hearer, silent = house.assessors
    declare(case, hearer, at=at, part=Role.ASSESSOR)
    first, second = offer(fund, number=2)
    deliver()
    assert len(told(case.applicant)) == 1, "new moments: once for a series"
    Notification.objects.all().delete()
    book(case, first, at)
    deliver()
    assert (len(told(case.applicant)), len(told(hearer)), told(silent)) == (1, 1, []), "who has not declared hears nothing yet"
    tick(first.starts_at - timedelta(hours=25))
    tick(first.starts_at - timedelta(hours=23))
    tick(first.starts_at - timedelta(hours=22))
    deliver()
    assert Event.objects.filter(kind="pitch.remind").count() == 1
    assert (len(told(case.applicant)), len(told(hearer))) == (2, 2)
    book(case, second, at, name="move")
    tick(second.starts_at - timedelta(hours=1))
    deliver()
    assert Event.objects.filter(kind="pitch.remind").count() == 2, "another moment, another reminder"
    Notification.objects.all().delete()
    perform(SlotMachine, "cancel", pk=second.pk, actor=house.officer, at=at, reason="De zaal is dicht.")
    deliver()
    assert (len(told(case.applicant)), len(told(hearer)), told(silent)) == (1, 1, [])
    assert all(case.title not in subject for subject in told(hearer))
    tick(second.starts_at - timedelta(minutes=1))
    assert Event.objects.filter(kind="pitch.remind").count() == 2, "what is off needs no reminder"


def test_who_heard_before_and_whose_pitch_is_dropped_are_told(fund):
    case, at, (hearer, other) = fund.case, fund.at, fund.house.assessors
    declare(case, hearer, other, at=at, part=Role.ASSESSOR)
    (first,), (second,) = offer(fund, hearers=[hearer, other]), offer(fund, after=timedelta(days=3), hearers=[other])
    book(case, first, at)
    deliver()
    Notification.objects.all().delete()
    book(case, second, at, name="move")
    deliver()
    assert Event.objects.get(kind="pitch.move").data["before"]["slot"] == first.pk
    assert ["niet" in subject for subject in told(hearer)] == [True]
    assert ["niet" in subject for subject in told(other)] == [False], "who hears them then is told when, and no more"
    Notification.objects.all().delete()
    perform(ApplicationMachine, "withdraw", pk=case.pk, actor=case.applicant, at=at)
    deliver()
    assert [len(told(user)) for user in (case.applicant, other, hearer)] == [1, 1, 0]
    assert [line.title for line in timeline(case, inside=False)].count(str(TOLD_THERE["pitch.drop"][0])) == 1


def test_what_was_never_booked_is_dropped_in_silence(fund):
    case, at = fund.case, fund.at
    perform(ApplicationMachine, "withdraw", pk=case.pk, actor=case.applicant, at=at)
    deliver()
    assert Event.objects.get(kind="pitch.drop").data == {}
    assert told(case.applicant) == []
    assert str(TOLD_THERE["pitch.drop"][0]) not in [line.title for line in timeline(case, inside=False)]


def test_an_interest_found_later_closes_the_pitch_as_well(fund):
    case, at = fund.case, fund.at
    judge, other = fund.house.assessors
    declare(case, judge, other, at=at, part=Role.ASSESSOR)
    (slot,) = offer(fund)
    book(case, slot, at)
    deliver()
    assert [each.clear for each in heard_by(judge)] == [True]
    recuse(case, judge, at)
    assert list(heard_by(judge)) == []
    assert len(heard_by(other)) == 1
    Notification.objects.all().delete()
    tick(slot.starts_at - timedelta(hours=1))
    perform(PitchMachine, "cancel", pk=pitch_of(case).pk, actor=case.applicant, at=at)
    deliver()
    assert (told(judge), len(told(other))) == ([], 2)


def test_who_is_kept_out_of_the_round_hears_nobody_of_it(strict):
    """An interest in one dossier closes the others too: no moment before them is to be had, and they are chosen for none."""
    fund, case, at, judge = strict, strict.case, strict.at, strict.house.assessors[0]
    (slot,) = offer(fund, hearers=[judge, fund.house.assessors[1]])
    other = submitted(fund.call, at=at)
    screen(other, fund.house, at)
    recuse(other, judge, at)
    assert free_slots(pitch_of(case), at) == [slot]
    slot.hearers.add(judge)  # as it was planned before the mend
    assert free_slots(pitch_of(case), at) == []
    with pytest.raises(Refused, match="niet voor uw aanvraag"):
        book(case, slot, at)
    with pytest.raises(Refused):
        offer(fund, after=timedelta(days=3), hearers=[judge])


def test_an_interest_after_the_booking_takes_them_off_and_calls_off_what_nobody_else_hears(strict):
    fund = strict
    case, at, (judge, other) = fund.case, fund.at, fund.house.assessors
    declare(case, judge, other, at=at, part=Role.ASSESSOR)
    (both,), (alone,), (begun,) = offer(fund), offer(fund, after=timedelta(days=3), hearers=[judge]), offer(
        fund, after=timedelta(hours=1), hearers=[judge])  # fmt: skip
    book(case, alone, at)
    deliver()
    Notification.objects.all().delete()
    recuse(case, judge, begun.starts_at)
    assert list(both.hearers.all()) == [other]
    assert pitch_of(case).state == PitchState.ASKED
    alone.refresh_from_db()
    begun.refresh_from_db()
    assert (alone.state, begun.state) == ("cancelled", "offered"), "what has begun is as it was"
    deliver()
    assert len(told(case.applicant)) == 1
    assert "family" not in str(Event.objects.get(kind="pitch.call_off").content())


def test_where_an_interest_is_of_one_dossier_only_that_pitch_is_off(fund):
    game, case, at, (judge, _other) = fund, fund.case, fund.at, fund.house.assessors
    later = submitted(game.call, at=at)
    screen(later, game.house, at)
    (mine,) = offer(game, hearers=[judge], seats=2)
    (free,) = offer(game, after=timedelta(days=3), hearers=[judge])
    book(case, mine, at)
    book(later, mine, at)
    recuse(case, judge, at)
    assert (pitch_of(case).state, pitch_of(later).state) == ("asked", "booked")
    assert [list(slot.hearers.all()) for slot in (mine, free)] == [[judge], [judge]]
    assert free_slots(pitch_of(case), at) == []
    assert free_slots(pitch_of(later), at) == [free]


def test_who_has_the_sheet_hears_the_maker_too(fund):
    """Whoever was assigned judges by the pitch, also where somebody else was named for the moment."""
    from tests.factories import assign

    case, at = fund.case, fund.at
    judge = fund.house.assessors[0]
    (slot,) = offer(fund, hearers=[fund.house.reader])
    book(case, slot, at)
    assert list(heard_by(judge)) == []
    declare(case, judge, at=at, part=Role.ASSESSOR)
    assign(case, [judge], fund.house, at)
    assert len(heard_by(judge)) == 1
    perform(PitchMachine, "hold", pk=pitch_of(case).pk, actor=judge, at=slot.starts_at)
    assert Pitch.objects.get().state == PitchState.HELD


# ── the calendar ──────────────────────────────────────────────────────────────────────────────────────────────
def event_in(response):
    (event,) = Calendar.from_ical(response.content).walk("VEVENT")
    return event


def test_a_calendar_gets_the_moment_its_change_and_its_end(fund, client):
    from tests.workflows.pages.house import sign_in

    case, at = fund.case, fund.at
    first, second = offer(fund, number=2, after=timedelta(days=6))
    url = f"/dossier/{case.reference}/pitch.ics"
    sign_in(client, case.applicant)
    assert client.get(url).status_code == 404, "nothing booked yet"
    book(case, first, at)
    response = client.get(url)
    assert response["Content-Type"].startswith("text/calendar")
    booked = event_in(response)
    assert booked.decoded("dtstart") == first.starts_at
    assert booked["dtstart"].params["TZID"] == "Europe/Amsterdam"
    assert b"BEGIN:VTIMEZONE" in response.content
    assert booked.decoded("dtend") - booked.decoded("dtstart") == timedelta(minutes=20)
    assert (booked["sequence"], booked["status"], str(booked["location"])) == (1, "CONFIRMED", "Hanzeplein 1")
    assert case.title not in response.content.decode(), "the reference only: a calendar is read by others"
    book(case, second, at, name="move")
    moved = event_in(client.get(url))
    assert (moved["uid"], moved["sequence"], moved.decoded("dtstart")) == (booked["uid"], 2, second.starts_at)
    perform(PitchMachine, "cancel", pk=pitch_of(case).pk, actor=case.applicant, at=at)
    off = event_in(client.get(url))
    assert (off["uid"], off["sequence"], off["status"], off.decoded("dtstart")) == (booked["uid"], 3, "CANCELLED", second.starts_at)


def test_who_hears_gets_a_calendar_of_makers_on_whom_they_declared(fund, client):
    from tests.workflows.pages.house import sign_in

    case, at = fund.case, datetime.now(UTC)
    PitchSlot.objects.all().delete()
    (slot,) = offer(fund)
    book(case, slot, fund.at)
    PitchSlot.objects.filter(pk=slot.pk).update(starts_at=at + timedelta(days=1))
    judge = fund.house.assessors[0]
    sign_in(client, judge)
    assert not Calendar.from_ical(client.get("/pitches/agenda.ics").content).walk("VEVENT")
    declare(case, judge, at=fund.at, part=Role.ASSESSOR)
    assert case.title in str(event_in(client.get("/pitches/agenda.ics"))["summary"])
