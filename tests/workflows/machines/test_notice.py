"""A notice of default: who may do what in which state, as a whole."""

from datetime import date, datetime, time, timedelta

import pytest

from tender.calendar import AMSTERDAM
from tender.models import Application
from tests.factories import deliver, open_call, publish, submitted
from tests.factories.cast import cast
from tests.workflows.machines.walking import Walk, reached, states_of
from workflows.commands import create, perform
from workflows.models import NoticeMachine

pytestmark = pytest.mark.django_db
NOTICE = {
    "": {"officer": "note"},
    "noted": {"officer": "ask_drop drop ask_fix", "signatory": "drop fix"},
    "fixed": {},
    "dropped": {},
}
CAME = date(2026, 3, 5)
NOTHING_MORE = {"because": "", "reason": "", "seen": 1442}


def on(day):
    return datetime.combine(day, time(9), tzinfo=AMSTERDAM)


def test_who_may_do_what_with_a_notice_of_default():
    everybody = cast()
    game = open_call(publish("minifund"), house=everybody.house, at=on(date(2026, 1, 4)))
    case = Application.objects.get(pk=submitted(game.call, at=game.at, case=everybody.dossier(game.call, at=game.at)).pk)
    deliver()
    walk, officer, at = Walk(NoticeMachine, everybody), everybody["officer"], on(CAME)
    walk.note_new(lambda _user: {"application": case}, at, received=CAME)
    first = create(NoticeMachine, "note", of={"application": case}, actor=officer, at=at, received=CAME)
    walk.note(first.pk, at)
    perform(NoticeMachine, "drop", pk=first.pk, actor=officer, at=at, reason="Verkeerde dag.")
    walk.note(first.pk, at)
    second = create(NoticeMachine, "note", of={"application": case}, actor=officer, at=at, received=CAME)
    over = on(second.ends + timedelta(days=1))
    perform(NoticeMachine, "ask_fix", pk=second.pk, actor=officer, at=over, **NOTHING_MORE)
    walk.note(second.pk, over)
    perform(NoticeMachine, "fix", pk=second.pk, actor=everybody["signatory"], at=over, **NOTHING_MORE)
    fixed = walk.note(second.pk, over)
    assert (fixed.fixed, fixed.no_penalty, fixed.fixed_at) == (1442, "", over)
    assert walk.table == NOTICE
    assert set(NOTICE) == states_of(NoticeMachine) == reached(NoticeMachine) | {""}
