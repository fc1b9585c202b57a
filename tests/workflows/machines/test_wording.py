"""The text of a letter: who may do what in which state, as a whole; what gives way; and what the trail holds of it."""

import pytest

from tender.models import Wording
from tests.factories import open_call, publish
from tests.factories.cast import cast
from tests.factories.wording import PARTS, adopted, in_force, place_of, seen_now, written
from tests.workflows.machines.walking import Walk, reached, states_of
from workflows.commands import perform
from workflows.models import Event, WordingMachine

pytestmark = pytest.mark.django_db

WRITES = ("manager", "recused", "newcomer")  # a text is about no dossier, so an interest in one closes nothing
WORDING = {
    "": dict.fromkeys(WRITES, "write"),
    "drafted": {**dict.fromkeys(WRITES, "rewrite ask_adopt adopt discard"), "head": "adopt"},
    "in_force": {**dict.fromkeys(WRITES, "ask_end end"), "head": "end", "clock": "give_way"},
    "replaced": {},
    "ended": {},
    "discarded": {},
}


def test_who_may_do_what_with_a_text():
    everybody = cast()
    game = open_call(publish("minifund"), house=everybody.house)
    place, at, head = place_of(game), game.at, everybody["head"]
    walk = Walk(WordingMachine, everybody)
    of = {**place._asdict(), "scheme": game.call.version.scheme}
    walk.note_new(lambda user: of, at, **PARTS, reason="x", seen="")
    first = written(game)
    walk.note(first.pk, at)
    first = adopted(first, by=head, at=at)
    walk.note(first.pk, at)
    second = adopted(written(game, body="Anders."), by=head, at=at)
    assert walk.note(first.pk, at).ended_at == at
    perform(WordingMachine, "ask_end", pk=second.pk, actor=game.house.manager, at=at, seen=second.sha256, reason="Terug.")
    perform(WordingMachine, "end", pk=second.pk, actor=head, at=at, seen=second.sha256, reason="Terug.")
    walk.note(second.pk, at)
    third = written(game, body="Nog anders.")
    perform(WordingMachine, "discard", pk=third.pk, actor=game.house.manager, at=at, seen=third.sha256)
    walk.note(third.pk, at)
    assert walk.table == WORDING
    assert set(WORDING) == states_of(WordingMachine) == reached(WordingMachine) | {""}
    assert list(Wording.objects.at(place).values_list("number", "state")) == [(3, "discarded"), (2, "ended"), (1, "replaced")]
    trail = list(Event.objects.filter(noun="wording").order_by("seq"))
    assert {line.chain for line in trail} == {"scheme:minifund"}
    assert [line.seq for line in trail] == list(range(1, len(trail) + 1))
    said = [line.kind.split(".")[1] for line in trail]
    assert said == ["write", "ask_adopt", "adopt", "write", "ask_adopt", "adopt", "give_way", "ask_end", "end", "write", "discard"]
    assert (trail[3].data["body"], trail[3].data["reason"]) == ("Anders.", "Vriendelijker.")


def test_a_draft_that_is_changed_is_asked_about_anew_and_texts_do_not_mix():
    game = open_call(publish("minifund"))
    manager, head, at = game.house.manager, game.house.head, game.at
    first = written(game)
    perform(WordingMachine, "ask_adopt", pk=first.pk, actor=manager, at=at, seen=first.sha256)
    changed = written(game, body="Een andere reden.")
    assert (changed.pk, changed.number) == (first.pk, 1)
    assert changed.sha256 != first.sha256
    assert adopted(changed, by=head, at=at).body == "Een andere reden."
    english = in_force(game, language="en", body="In English.")
    assert (english.number, seen_now(place_of(game))) == (1, changed.sha256)
    assert Wording.objects.in_force().count() == 2
