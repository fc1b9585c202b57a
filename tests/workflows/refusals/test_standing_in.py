"""What stops somebody from standing in; and that nobody gets a second hand in a chain by it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from tender.enums import ConflictState
from tests.factories import declare, deliver, house, person
from tests.factories.rounds import START, clock
from tests.factories.standing_in import WHY, appointing, fresh, stand_in
from tests.workflows.machines.walking import snapshot
from tests.workflows.refusals.saying import refused, refused_new
from tests.workflows.refusals.test_decisions import agree, chained
from workflows.commands import create, perform
from workflows.commands.declaring import ask_once, part_of
from workflows.models import ConflictMachine, DecisionMachine, Event, StandInMachine, WorkItem
from workflows.queries import inbox

pytestmark = pytest.mark.django_db


def is_refused(rule, of, actor, at=START, reason=WHY):
    refused_new(rule, StandInMachine, "appoint", of, fresh(actor), at, reason=reason)


def test_nobody_lends_what_is_not_theirs():
    home, other, auditor = house(), person("ander", "coach"), person("toezicht", "auditor")
    is_refused("reason_given", appointing(home.reader, other, ["reader"], START), home.reader, reason=" ")
    is_refused("colleague_of_the_house", appointing(home.reader, person("buiten"), ["reader"], START), home.reader)
    is_refused("colleague_of_the_house", appointing(home.reader, auditor, ["reader"], START), home.reader)
    is_refused("another_than_oneself", appointing(home.reader, home.head, ["reader"], START), home.head)
    is_refused("another_than_oneself", appointing(home.reader, home.reader, ["reader"], START), home.reader)
    for roles in ([], ["officer"], ["reader", "signatory"]):
        is_refused("roles_of_their_own", appointing(home.reader, other, roles, START), home.reader)
    is_refused("roles_of_their_own", appointing(home.head, other, ["head"], START), home.head)
    stand_in(home.reader, other, "reader", by=home.reader, at=START)
    is_refused("roles_of_their_own", appointing(other, home.coach, ["reader"], START), other)
    with pytest.raises(PermissionDenied):
        create(StandInMachine, "appoint", of=appointing(home.reader, other, ["reader"], START), actor=home.officer, at=START, reason=WHY)


def test_a_head_s_stand_in_is_no_head():
    """The head lends nothing of a head's: who acts for somebody cannot appoint anybody for others."""
    home, other = house(), person("ander", "coach")
    home.head.staff_roles.create(role="officer")
    stand_in(home.head, other, "officer", by=home.head, at=START)
    with pytest.raises(PermissionDenied):
        create(StandInMachine, "appoint", of=appointing(home.reader, home.coach, ["reader"], START), actor=fresh(other), at=START, reason=WHY)


def test_signing_is_lent_by_the_head_alone():
    home, other = house(), person("ander", "coach")
    of = appointing(home.signatory, other, ["signatory"], START)
    is_refused("signing_lent_by_head", of, home.signatory)
    _made, other = stand_in(home.signatory, other, "signatory", by=home.head, at=START)
    assert other.has_role("signatory")


def test_the_days_are_in_order_and_half_a_year_at_most():
    home, other = house(), person("ander", "coach")
    for first, last in ((-1, 3), (3, 2), (0, 184)):
        is_refused("days_in_order", appointing(home.reader, other, ["reader"], START, first=first, last=last), home.reader)
    made, _other = stand_in(home.reader, other, "reader", by=home.reader, at=START, first=3, last=186)
    refused("day_has_come", StandInMachine, "begin", made, clock(), START + timedelta(days=2))
    perform(StandInMachine, "begin", pk=made.pk, actor=clock(), at=START + timedelta(days=3))
    refused("days_are_over", StandInMachine, "end", made, clock(), START + timedelta(days=186))


def test_one_stands_in_at_a_time_in_one_role():
    home, other = house(), person("ander", "coach")
    home.reader.staff_roles.create(role="controller")
    stand_in(home.reader, other, "reader", by=home.reader, at=START, first=2, last=4)
    of = appointing(home.reader, home.coach, ["reader", "controller"], START, first=4, last=6)
    is_refused("nobody_else_stands_in", of, home.reader)
    stand_in(home.reader, home.coach, "reader", by=home.reader, at=START, first=5, last=6)
    stand_in(home.reader, home.coach, "controller", by=home.reader, at=START, first=2, last=4)


# ── in a chain ────────────────────────────────────────────────────────────────────────────────────────────────────
def drafted(*chain):
    """A decision that is drafted, of a chain of these links."""
    return chained(*chain)


def not_theirs(name, decision, actor, at):
    """They may not, and nothing moves."""
    before = snapshot()
    with pytest.raises(PermissionDenied):
        perform(DecisionMachine, name, pk=decision.pk, actor=actor, at=at, seen=decision.seen_sha256)
    assert snapshot() == before


def in_his_place(home, absent, other, role, at):
    """Somebody stands in for a colleague in this role, arranged by the head."""
    return stand_in(absent, other, role, by=home.head, at=at)[1]


def test_who_stands_in_acts_under_their_own_name_and_the_trail_says_for_whom():
    game, decision = drafted("officer", "reader", "signatory")
    home, at = game.house, game.at
    agree("submit_for_check", decision, home.officer, at)
    coach = in_his_place(home, home.reader, home.coach, "reader", at)
    agree("approve", decision, coach, at)
    event = Event.objects.get(kind="decision.approve")
    assert (event.actor, event.data["for"], event.data["link"]) == (coach, home.reader.pk, "reader")
    approval = decision.approvals.get(link="reader")
    assert (approval.user, approval.link) == (coach, "reader")
    signed = agree("sign", decision, home.signatory, at)
    assert signed.signed_by == home.signatory
    assert "for" not in Event.objects.get(kind="decision.sign").data, "in a role of one's own nobody's place is taken"


def test_nobody_gets_a_second_hand_by_standing_in():
    """B has a hand of their own; A's role, lent to B, is no second one. And who has none acts for A, who drew it up, as another person."""
    game, decision = drafted("officer", "reader", "signatory")
    home, at = game.house, game.at
    for absent, role in ((home.reader, "reader"), (home.signatory, "signatory")):
        in_his_place(home, absent, home.officer, role, at)
    officer = fresh(home.officer)
    assert officer.roles >= {"officer", "reader", "signatory"}
    agree("submit_for_check", decision, officer, at)
    not_theirs("approve", decision, officer, at)
    agree("approve", decision, home.reader, at)
    not_theirs("sign", decision, officer, at)
    reader = in_his_place(home, home.signatory, home.reader, "signatory", at + timedelta(days=20))
    not_theirs("sign", decision, reader, at + timedelta(days=20))


def test_what_was_done_in_their_place_is_no_hand_of_who_was_away():
    """The reader's link was taken in the reader's place by another person; the reader's own other role is then still free."""
    game, decision = drafted("officer", "reader", "signatory")
    home, at = game.house, game.at
    home.reader.staff_roles.create(role="signatory")
    agree("submit_for_check", decision, home.officer, at)
    agree("approve", decision, in_his_place(home, home.reader, home.coach, "reader", at), at)
    not_theirs("sign", decision, in_his_place(home, home.signatory, home.coach, "signatory", at), at)
    assert agree("sign", decision, fresh(home.reader), at).state == "signed"


def test_an_interest_of_who_stands_in_counts():
    game, decision = drafted("officer", "reader", "signatory")
    home, at = game.house, game.at
    agree("submit_for_check", decision, home.officer, at)
    other = in_his_place(home, home.reader, person("ander", "scheme_manager"), "reader", at)
    before = snapshot()
    not_theirs("approve", decision, other, at)
    assert snapshot() == before, "who did not declare does not act"
    assert part_of(other) == "reader"
    asked = ask_once(application=decision.application, user=other, at=at)
    perform(ConflictMachine, "declare_interest", pk=asked.pk, actor=other, at=at, kind="family", explanation="Mijn broer.")
    assert decision.application.conflicts.get(user=other).state == ConflictState.RECUSED
    not_theirs("approve", decision, other, at)


def test_who_stood_in_stops_when_the_days_are_over_also_where_the_clock_is_late():
    game, decision = drafted("officer", "reader", "signatory")
    home, at = game.house, game.at
    coach = in_his_place(home, home.reader, home.coach, "reader", at)
    agree("submit_for_check", decision, home.officer, at)
    late = at + timedelta(days=14)
    not_theirs("approve", decision, coach, late)
    declare(decision.application, coach, at=at)
    assert not Event.objects.filter(kind="standin.end").exists()


def test_the_inbox_of_who_stands_in_has_the_work_of_who_is_away():
    game, decision = drafted("officer", "reader", "signatory")
    home, at = game.house, game.at
    agree("submit_for_check", decision, home.officer, at)
    deliver()
    waiting = WorkItem.objects.filter(noun="decision", role="reader")
    assert waiting.count() == 1
    assert waiting.get() not in inbox(home.coach, at=at)
    assert waiting.get() in inbox(in_his_place(home, home.reader, home.coach, "reader", at), at=at)
    both = in_his_place(home, home.reader, home.officer, "reader", at + timedelta(days=20))
    assert waiting.get() not in inbox(both, at=at), "the officer's own hand keeps it from them"


def test_what_was_read_in_a_lent_role_opens_again_with_it():
    game, decision = drafted("officer", "reader", "signatory")
    home, at, case = game.house, game.at, decision.application
    first, stranger = stand_in(home.reader, person("stranger", "coach"), "reader", by=home.head, at=at)
    declare(case, stranger, at=at, part="reader")
    read = case.case_roles.filter(user=stranger, role="reader")
    assert read.filter(until=None).exists()
    perform(StandInMachine, "call_off", pk=first.pk, actor=home.head, at=at, reason="Terug.")
    assert not read.filter(until=None).exists()
    stand_in(home.reader, stranger, "reader", by=home.head, at=at)
    assert read.filter(until=None).exists()
