"""Somebody stands in for a colleague: who may do what in which state, as a whole; and what is lent from when until when."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from tender.models import StaffRole, StandIn
from tests.factories import house, person
from tests.factories.cast import cast
from tests.factories.rounds import START
from tests.factories.standing_in import WHY, appointing, fresh, stand_in
from tests.workflows.machines.walking import Walk, reached, snapshot, states_of
from workflows.commands import perform
from workflows.commands.clockwork import tick
from workflows.models import Event, StandInMachine

pytestmark = pytest.mark.django_db
HEADS = ("head", "recused", "newcomer")
EITHER = dict.fromkeys(("coach", "officer", *HEADS), "call_off")
TABLE = {
    "": dict.fromkeys(("officer", *HEADS), "appoint"),
    "planned": {**EITHER, "clock": "begin"},
    "running": {**EITHER, "clock": "end"},
    "ended": {},
    "called_off": {},
}


def test_who_may_do_what():
    everybody, at = cast(), START
    officer, coach = everybody["officer"], everybody["coach"]
    walk = Walk(StandInMachine, everybody)
    of = {**appointing(officer, coach, ["officer"], at), "set_by": officer}
    walk.note_new(lambda user: of, at, reason=WHY)
    later, _coach = stand_in(officer, coach, "officer", by=officer, at=at, first=1, last=3)
    walk.note(later.pk, at)
    perform(StandInMachine, "begin", pk=later.pk, actor=everybody["clock"], at=at + timedelta(days=1))
    walk.note(later.pk, at + timedelta(days=1))
    perform(StandInMachine, "end", pk=later.pk, actor=everybody["clock"], at=at + timedelta(days=4))
    walk.note(later.pk, at)
    now, _coach = stand_in(officer, coach, "officer", by=officer, at=at + timedelta(days=5))
    assert now.state == "running", "who begins today begins at once"
    perform(StandInMachine, "call_off", pk=now.pk, actor=everybody["coach"], at=at + timedelta(days=5))
    walk.note(now.pk, at)
    assert walk.table == TABLE
    assert set(TABLE) == states_of(StandInMachine) == reached(StandInMachine) | {""}


def test_the_trail_says_who_lent_what_to_whom_when_and_why():
    home, other = house(), person("ander", "coach")
    made, _other = stand_in(home.signatory, other, "signatory", by=home.head, at=START)
    event = Event.objects.get(kind="standin.appoint")
    assert (event.chain, event.actor) == (f"person:{home.signatory.pk}", home.head)
    assert event.data == {
        "absent": home.signatory.pk, "stands_in": other.pk, "roles": ["signatory"], "since": "2026-01-05", "until": "2026-01-18",
        "reason": WHY,
    }  # fmt: skip
    lent = StaffRole.objects.get(lent=made.pk)
    assert (lent.user, lent.role, lent.until) == (other, "signatory", None)


def test_it_begins_and_ends_by_itself_and_what_is_one_s_own_stays():
    home, other = house(), person("ander", "coach")
    made, before = stand_in(home.reader, other, "reader", by=home.reader, at=START, first=2, last=3)
    assert before.roles == {"coach"}
    assert tick(START + timedelta(days=1)) == 0
    assert tick(START + timedelta(days=2)) == 1
    during = fresh(other)
    assert (during.roles, during.own_roles, set(during.lent)) == ({"coach", "reader"}, {"coach"}, {"reader"})
    assert during.lent["reader"].absent == home.reader.pk
    assert fresh(home.reader).roles == {"reader"}, "who is away keeps their role"
    assert tick(START + timedelta(days=3)) == 0, "the last day counts"
    assert tick(START + timedelta(days=4)) == 1
    assert fresh(other).roles == {"coach"}
    assert StandIn.objects.get(pk=made.pk).state == "ended"
    assert StaffRole.objects.get(lent=made.pk).until == START + timedelta(days=4)


def test_a_clock_that_is_late_lends_nothing_longer():
    home, other = house(), person("ander", "coach")
    _made, during = stand_in(home.reader, other, "reader", by=home.reader, at=START, last=0)
    during.as_of(START)
    assert during.has_role("reader")
    during.as_of(START + timedelta(days=1))
    assert (during.roles, during.lent) == ({"coach"}, {})


def test_what_is_lent_falls_with_whose_it_is():
    home, other = house(), person("ander", "coach")
    stand_in(home.reader, other, "reader", by=home.reader, at=START)
    home.reader.staff_roles.update(until=START)
    assert fresh(other).roles == {"coach"}
    home.reader.staff_roles.update(until=None)
    assert fresh(other).roles == {"coach", "reader"}
    type(home.reader).objects.filter(pk=home.reader.pk).update(is_active=False)
    assert fresh(other).roles == {"coach"}


def test_a_role_of_two_who_are_away_goes_back_once_for_each():
    home, other, second = house(), person("ander", "coach"), person("tweede", "reader")
    one, _other = stand_in(home.reader, other, "reader", by=home.reader, at=START)
    stand_in(second, other, "reader", by=second, at=START)
    perform(StandInMachine, "call_off", pk=one.pk, actor=other, at=START)
    still = fresh(other)
    assert still.has_role("reader")
    assert still.lent["reader"].absent == second.pk


def test_what_one_has_oneself_is_nobody_s_place():
    home, other = house(), person("ander", "reader")
    _made, during = stand_in(home.reader, other, "reader", by=home.reader, at=START)
    assert (during.roles, during.lent) == ({"reader"}, {})
    assert during.holding(frozenset({"coach"})).roles == {"coach"}
    assert during.roles == {"reader"}


def test_nobody_else_calls_it_off():
    home, other = house(), person("ander", "coach")
    stand_in(home.reader, other, "reader", by=home.reader, at=START)
    before = snapshot()
    with pytest.raises(PermissionDenied):
        perform(StandInMachine, "call_off", pk=StandIn.objects.get().pk, actor=home.officer, at=START)
    assert snapshot() == before
