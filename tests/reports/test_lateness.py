"""When the last day to decide comes near the case officer hears it, nearer to it or past it the head: each once for that day."""

from datetime import date

import pytest

from scoring.models import Conflict
from tender.enums import ConflictState, Role
from tender.models import Application, CaseRole, User
from tests.factories import close, declare, deliver, open_call, publish, submitted, variant
from tests.factories.people import person
from tests.workflows.refusals.test_lateness import GAPS, WHY, morning, note_default, take
from tests.workflows.refusals.test_lateness import late as handed_in
from workflows.commands.clockwork import due_warnings, tick
from workflows.models import Event, Notification

pytestmark = pytest.mark.django_db


def late(version=None):
    """A dossier with a last day; everybody reads English."""
    game, case = handed_in(version)
    User.objects.update(language="en")
    return game, case


def at(month, day):
    return morning(date(2026, month, day))


def warned(instant=None):
    """Whom the trail says were warned, and by mail; after a tick, if told when."""
    if instant is not None:
        tick(instant)
        tick(instant)
        deliver()
    return [(event.data["role"], event.data["until"]) for event in Event.objects.filter(kind="application.warn").order_by("at", "seq")]


def mailed():
    rows = Notification.objects.filter(event__kind="application.warn").order_by("pk")
    return [(row.user, row.subject.replace("\N{NO-BREAK SPACE}", " ")) for row in rows]


def test_the_officer_is_told_first_and_then_the_head_each_once():
    """The last day is 2 March."""
    game, case = late()
    officer, head = game.house.officer, game.house.head
    assert warned(at(2, 15)) == []
    assert warned(at(2, 16)) == [("officer", "2026-03-02")]
    assert warned(at(2, 24)) == [("officer", "2026-03-02")]
    assert warned(at(2, 25)) == [("officer", "2026-03-02"), ("head", "2026-03-02")]
    assert warned(at(3, 9)) == [("officer", "2026-03-02"), ("head", "2026-03-02")], "nobody hears it again"
    assert mailed() == [
        (officer, f"{case.reference}: the last day to decide is 2 March 2026"),
        (head, f"{case.reference}: nothing is decided yet; the last day is 2 March 2026"),
    ]


def test_who_was_told_of_one_day_is_told_of_another():
    game, case = late()
    assert warned(at(2, 25)) == [("officer", "2026-03-02"), ("head", "2026-03-02")], "one after the other"
    take("postpone", case, game.house.officer, at(2, 26), reason=WHY, until=date(2026, 3, 23))
    assert warned(at(3, 8)) == [("officer", "2026-03-02"), ("head", "2026-03-02")]
    assert warned(at(3, 18))[2:] == [("officer", "2026-03-23"), ("head", "2026-03-23")]


def test_the_scheme_says_how_near_is_near():
    late(variant("minifund", ("decision_weeks = 8", "decision_weeks = 8\nwarn_days = 40\nalarm_days = 20")))
    assert warned(at(1, 20)) == []
    assert warned(at(1, 22)) == [("officer", "2026-03-02")]
    assert warned(at(2, 10))[1:] == [("head", "2026-03-02")]


def test_while_the_term_stands_still_it_does_not_run_out():
    game, case = late()
    take("request_completion", case, game.house.officer, at(2, 15), gaps=GAPS)
    assert warned(at(2, 25)) == []


def test_of_a_round_everybody_hears_once():
    game = open_call(publish("crossover"))
    User.objects.update(language="en")
    cases = [submitted(game.call, at=game.at) for _ in range(3)]
    closed = close(game.stage())
    for case in cases:
        declare(case, game.house.officer, game.house.head, at=closed)
    deliver()
    last = Application.objects.get(pk=cases[0].pk).decide_by
    assert len(warned(morning(last))) == 6, "each dossier has it in its trail"
    assert [user for user, _subject in mailed()] == [game.house.officer, game.house.head]
    assert all(subject.startswith(f"{game.call.reference}, ") for _user, subject in mailed())


def test_where_nobody_has_it_yet_everybody_hears_who_has_no_interest():
    game, case = late()
    CaseRole.objects.filter(application=case, role=Role.OFFICER).update(until=game.at)
    other, third = person("other", Role.OFFICER, language="en"), person("third", Role.OFFICER, language="en")
    Conflict.objects.create(application=case, user=third, part=Role.OFFICER, state=ConflictState.RECUSED)
    warned(at(2, 16))
    assert {user for user, _subject in mailed()} == {game.house.officer, other}


def test_as_many_queries_for_many_dossiers_as_for_one(django_assert_num_queries):
    game, _case = late()
    for number in (2, 6):
        with django_assert_num_queries(2):
            assert len(list(due_warnings(at(3, 2)))) == number
        for _ in range(2):
            submitted(game.call, at=game.at)


def test_the_house_hears_that_it_will_cost_money():
    game, case = late()
    note_default(case, game.house.officer, at(3, 5), received=date(2026, 3, 5))
    rows = Notification.objects.filter(event__kind="notice.note")
    told = {row.user: row.subject.replace("\N{NO-BREAK SPACE}", " ") for row in rows}
    assert set(told) == {game.house.officer, game.house.head, case.applicant}
    assert told[game.house.head] == f"{case.reference}: the party put us in default; a penalty runs from 20 March 2026"
