"""What stops a text of a letter from being written, and from being put in force."""

import pytest

from tender.models import Wording
from tender.models.wording import PARTS as NAMES
from tests.factories import open_call, person, publish, variant
from tests.factories.wording import PARTS, in_force, place_of, seen_now, written
from tests.workflows.refusals.saying import refused, refused_new
from workflows.commands import perform
from workflows.models import WordingMachine

pytestmark = pytest.mark.django_db


@pytest.fixture
def game():
    return open_call(publish("minifund"))


def test_what_cannot_be_a_text_is_not_written(game):
    of = {**place_of(game)._asdict(), "scheme": game.call.version.scheme}
    refused_here = lambda rule, of=of, **said: refused_new(  # noqa: E731
        rule, WordingMachine, "write", of, game.house.manager, game.at, **{**PARTS, "reason": "Daarom.", "seen": "", **said}
    )
    refused_here("letter_known", {**of, "kind": "reserve"})
    refused_here("letter_known", {**of, "kind": "geheim"})
    refused_here("letter_known", {**of, "stage": "nergens"})
    refused_here("letter_known", {**of, "language": "fy"})
    refused_here("something_written", **dict.fromkeys(NAMES, "  "))
    refused_here("reason_short", reason=" ")
    refused_here("reason_short", reason="x" * 501)
    refused_here("text_fits", body="{titel}")
    refused_here("text_fits", body="a\u202eb")
    refused_here("begun_on_what_stands", seen="0" * 64)
    written(game)
    refused_here("no_other_draft", seen=seen_now(place_of(game)))
    draft = Wording.objects.get()
    refused("text_as_seen", WordingMachine, "rewrite", draft, game.house.manager, game.at, **PARTS, reason="Daarom.", seen="0" * 64)
    refused("text_fits", WordingMachine, "rewrite", draft, game.house.manager, game.at, body="{", reason="x", seen=draft.sha256)


def test_two_persons_put_a_text_in_force(game):
    house, draft = game.house, written(game)
    seen, other = {"seen": draft.sha256}, person("beheerder", "scheme_manager")
    refused("asked_by_another", WordingMachine, "adopt", draft, house.head, game.at, **seen)
    refused("text_as_seen", WordingMachine, "ask_adopt", draft, house.manager, game.at, seen="")
    perform(WordingMachine, "ask_adopt", pk=draft.pk, actor=house.manager, at=game.at, **seen)
    refused("asked_by_another", WordingMachine, "adopt", draft, house.manager, game.at, **seen)
    refused("text_as_seen", WordingMachine, "adopt", draft, house.head, game.at, seen="0" * 64)
    # Whoever wrote in it is no second reader, also when the other asked.
    changed = written(game, by=other, body="Van de tweede hand.")
    perform(WordingMachine, "ask_adopt", pk=draft.pk, actor=other, at=game.at, seen=changed.sha256)
    refused("other_pen", WordingMachine, "adopt", draft, house.manager, game.at, seen=changed.sha256)
    perform(WordingMachine, "adopt", pk=draft.pk, actor=house.head, at=game.at, seen=changed.sha256)
    used = Wording.objects.get()
    back = {"seen": used.sha256, "reason": "Terug."}
    refused("reason_given", WordingMachine, "ask_end", used, other, game.at, seen=used.sha256, reason=" ")
    refused("asked_by_another", WordingMachine, "end", used, house.head, game.at, **back)
    perform(WordingMachine, "ask_end", pk=used.pk, actor=other, at=game.at, **back)
    refused("asked_by_another", WordingMachine, "end", used, other, game.at, **back)
    perform(WordingMachine, "end", pk=used.pk, actor=house.head, at=game.at, **back)


def test_a_text_that_the_scheme_no_longer_bears_is_not_put_in_force(game):
    key = next(field.key for field in game.stage().rules.form.fields() if field.kind == "short_text")
    draft = written(game, body=f"U schreef: {{answers.{key}}}")
    assert draft.body
    source = game.call.version.source
    changed = [(f'key = "{key}"', f'key = "{key}_nieuw"')]
    assert f'key = "{key}"' in source
    variant("minifund", *changed, *_uses(source, key))
    refused("still_fits", WordingMachine, "ask_adopt", draft, game.house.manager, game.at, seen=draft.sha256)
    in_force(game, body="Zonder dat antwoord.")


def _uses(source, key):
    """Where else the scheme names the field."""
    return [(f'"{key}"', f'"{key}_nieuw"')] * (source.count(f'"{key}"') - 1)
