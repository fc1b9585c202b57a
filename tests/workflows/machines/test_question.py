"""A question about a call: who may do what in which state, as a whole, and what the trail holds of it."""

import pytest

from tender.canonical import digest
from tests.factories import asking, open_call, publish
from tests.factories.cast import cast
from tests.workflows.machines.walking import Walk, reached, states_of
from workflows.commands import perform
from workflows.models import Event, QuestionMachine

pytestmark = pytest.mark.django_db

OUTSIDE = ("signer", "editor", "viewer", "partner", "outsider", "chair", "deputy", "juror", "fellow")
ANSWERS = ("officer", "newcomer", "recused")  # an interest in a dossier closes the round; there is no dossier yet
QUESTION = {
    "": dict.fromkeys(OUTSIDE, "ask"),
    "asked": {"outsider": "withdraw", **dict.fromkeys(ANSWERS, "answer_it decline")},
    "answered": dict.fromkeys(ANSWERS, "put_right take_down"),
    "declined": {},
    "withdrawn": {},
}


def test_who_may_do_what_with_a_question():
    everybody = cast()
    game = open_call(publish("minifund"), house=everybody.house)
    stage, officer, who = game.stage(), everybody["officer"], everybody["outsider"]
    walk = Walk(QuestionMachine, everybody)
    walk.note_new(lambda user: {"stage": stage}, game.at, body=asking.BODY)
    first, second, third = (asking.ask(stage, at=game.at, user=who) for _each in range(3))
    asked = walk.note(first.pk, game.at)
    assert (asked.asked_by, asked.body, (asked.answer_by - game.at.date()).days) == (who, asking.BODY, 7)
    answered = asking.answer(first, officer, game.at)
    walk.note(first.pk, game.at)
    said = {"question": asking.PUBLISHED["question"], "answer": "Ja, tot 500 euro."}
    perform(QuestionMachine, "put_right", pk=first.pk, actor=officer, at=game.at, seen=answered.seen_sha256, **said)
    now = walk.note(first.pk, game.at)
    assert (now.answer, now.answered_at, now.changed_at) == ("Ja, tot 500 euro.", game.at, game.at)
    perform(QuestionMachine, "take_down", pk=first.pk, actor=officer, at=game.at, reason="Fout antwoord.")
    walk.note(first.pk, game.at)
    perform(QuestionMachine, "withdraw", pk=second.pk, actor=who, at=game.at)
    walk.note(second.pk, game.at)
    perform(QuestionMachine, "decline", pk=third.pk, actor=officer, at=game.at, reason="Dit gaat over uw eigen plan.")
    walk.note(third.pk, game.at)
    assert walk.table == QUESTION
    assert set(QUESTION) == states_of(QuestionMachine) == reached(QuestionMachine) | {""}
    trail = list(Event.objects.filter(noun="question", key=first.pk).order_by("seq"))
    assert {line.chain for line in trail} == {f"call:{game.call.reference}"}
    assert [line.kind.split(".")[1] for line in trail] == ["ask", "answer_it", "put_right", "take_down"]
    assert trail[0].data["sha256"] == digest(asking.BODY)
    assert not [line for line in trail if asking.BODY in str(line.data)], "as it was asked it may name somebody, so the trail has its hash"
