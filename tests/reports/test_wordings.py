"""The texts that an administrator words, in the letters: which is used when, what an approval binds, and that no text breaks a letter."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from reports.commands.posting import post
from reports.letters.facts import to_plain
from reports.letters.merging import said_by, values_of
from reports.letters.names import NAMES
from reports.letters.printing import html, print_letter
from reports.letters.registry import KINDS
from reports.letters.sampling import sample_answers, sample_facts
from tender.canonical import digest
from tender.models import Decision, Wording
from tender.models.wording import PARTS
from tender.schemes.loader import read
from tender.schemes.merge import harmless
from tender.schemes.own_texts import LANGUAGES, SIGNS, can_go_out, faults, known_fields, tidied
from tests.factories import deliver, open_call, publish, submitted
from tests.factories.rounds import SCHEMES
from tests.factories.wording import in_force, written
from tests.reading import words_of
from tests.reports.samples import facts_of
from tests.tender.schemes.mending import WHOLE
from tests.workflows.refusals.saying import refused
from workflows.commands import Refused, perform
from workflows.models import DecisionMachine, Event, Letter, WordingMachine

SHIPPED = {path.stem: read(path.read_text()) for path in SCHEMES.glob("*.toml")} | {"whole": read(WHOLE)}
SENT = [
    (scheme, stage.key, kind, language)
    for scheme, found in SHIPPED.items() for stage in found.stages for kind in KINDS if can_go_out(stage, kind) for language in LANGUAGES
]  # fmt: skip


def test_every_kind_has_a_name():
    assert set(NAMES) == set(KINDS)


@pytest.mark.parametrize("scheme", SHIPPED)
def test_every_letter_of_every_scheme_has_an_example(scheme):
    """What the room shows beside a text: each kind at each stage, in both languages, with all its fields."""
    found = SHIPPED[scheme]
    for stage in found.stages:
        for kind in (each for each in KINDS if can_go_out(stage, each)):
            for language in LANGUAGES:
                facts = sample_facts(found, stage, kind, language, ON)
                values = {**values_of(facts), **sample_answers(stage, language)}
                assert set(known_fields(stage, kind)) - set(values) == set(), (stage.key, kind)
                assert facts.sender.name in html(kind, to_plain(facts), concept=True)


ON = facts_of("receipt", "nl").on

FIELDS = ("title", "reason", "applicant", "amount", "score", "decide_by", "answers.title", "titel", "title.__class__", "0", "a!r", "a:>99")
HOSTILE = st.sampled_from([
    "<script>alert(1)</script>", "<img src=x onerror=y>", "{% load static %}", "{{ settings.SECRET_KEY }}", "${7*7}", "%(title)s", "\\u003c",
    "]]>", "<!--", "&lt;b&gt;", "&#60;", "\u202e", "\x00", "\ud800", "}{", "{", "{}", "{title!r}", "<style>@import 'http://x'</style>",
    "<link rel=attachment href=file:///etc/passwd>", "\n\n", "\n",
])  # fmt: skip
PLAIN = st.text(alphabet=st.sampled_from(sorted(SIGNS - set("{}"))), max_size=40)
TEXT = st.lists(PLAIN | HOSTILE | st.sampled_from(FIELDS).map("{{{}}}".format), max_size=8).map("".join)
VALUES = st.text(max_size=30) | HOSTILE


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(where=st.sampled_from(SENT), parts=st.fixed_dictionaries(dict.fromkeys(PARTS, TEXT)), value=VALUES)
def test_no_text_that_can_be_saved_makes_code_run_or_breaks_a_letter(where, parts, value):
    """Whatever is typed and whatever stands in the case: the text is refused, or its letter is laid out, with every sign of it as a text."""
    scheme, key, kind, language = where
    rules = SHIPPED[scheme].stage(key)
    kept = {name: tidied(text) for name, text in parts.items()}
    if faults(rules, kind, kept):
        return
    facts = sample_facts(SHIPPED[scheme], rules, kind, language, ON)
    values = {name: harmless(value) for name in {**values_of(facts), **sample_answers(rules, language)}}
    said = said_by(kept, values)
    record = to_plain(facts)
    plain_page = html(kind, record)
    page = html(kind, {**record, **to_plain(type(facts)(**{**_members(facts), **said}))})
    # Nothing but our own template makes an element: text adds paragraphs at most, and every other tag is there as often as before.
    for tag in ("<script", "<img", "<style", "<link", "<a ", "<iframe", "<b>", "<!--"):
        assert page.count(tag) == plain_page.count(tag), tag
    assert "alert(1)" not in page or "&lt;script&gt;alert(1)" in page
    assert "{{" not in page


def _members(facts):
    return {name: getattr(facts, name) for name in facts.__dataclass_fields__}


@pytest.mark.prints
@settings(max_examples=6, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
@given(where=st.sampled_from(SENT), parts=st.fixed_dictionaries(dict.fromkeys(PARTS, PLAIN.map(str.strip).filter(bool))))
def test_what_can_be_saved_can_be_printed(where, parts):
    scheme, key, kind, language = where
    rules = SHIPPED[scheme].stage(key)
    kept = {name: tidied(text) for name, text in parts.items()}
    if faults(rules, kind, kept):
        return
    facts = sample_facts(SHIPPED[scheme], rules, kind, language, ON)
    said = said_by(kept, values_of(facts))
    printed = print_letter(kind, to_plain(type(facts)(**{**_members(facts), **said, "wording_id": 1})), concept=True)
    assert printed.pages
    assert printed.pdf.startswith(b"%PDF")


def test_a_paragraph_without_its_value_falls_away_and_takes_its_reason_along():
    parts = {"subject": "{rank}", "opening": "Dag.", "body": "Rang {rank}: {reason}\n\nNog dit.", "closing": "{reason}\nTot ziens."}
    said = said_by(parts, {"reason": "Daarom."})
    assert said == {
        "own_subject": "", "opening": ("Dag.",), "own": ("Nog dit.",), "closing": ("Daarom.\nTot ziens.",), "says_reason": True,
    }  # fmt: skip
    assert said_by({**parts, "closing": ""}, {"reason": "Daarom."})["says_reason"] is False, "so the house gives the reason itself"


# ------------------------------------------------------------------------------------------------ which, and when
@pytest.mark.django_db
@pytest.mark.prints
def test_a_letter_is_made_with_the_text_in_force_at_its_event_and_stays_as_it_is():
    game = open_call(publish("minifund"))
    first = submitted(game.call, at=game.at)
    used = in_force(game, at=game.at + timedelta(days=1), closing="Eigen slot.")
    second = submitted(game.call, at=game.at + timedelta(days=2))
    in_force(game, at=game.at + timedelta(days=3), closing="Nieuwer slot.")
    written(game, at=game.at + timedelta(days=3), closing="Concept dat niemand las.")
    deliver()  # all are printed now, after every change: each with what was in force when it happened
    before, after = (Letter.objects.get(application=case, kind="receipt") for case in (first, second))
    assert (before.facts["wording_id"], before.facts["closing"]) == (0, [])
    assert after.facts["wording_id"] == used.pk
    assert (after.facts["wording_version"], after.facts["wording_sha256"]) == (1, used.sha256)
    assert after.subject == f"Eigen onderwerp: {second.title}"
    with after.file.open() as file:
        text = words_of(file.read())
    assert "Eigen slot." in text
    assert f"Dag {second.party}," in text
    assert "Nieuwer slot" not in text
    sealed = after.sha256
    perform(WordingMachine, "ask_end", pk=Wording.objects.in_force().get().pk, actor=game.house.manager, at=game.at + timedelta(days=4),
            seen=Wording.objects.in_force().get().sha256, reason="Terug.")  # fmt: skip
    assert post(event=after.event) == after
    after.refresh_from_db()
    assert (after.sha256, digest(after.facts)) == (sealed, after.facts_sha256)


@pytest.mark.django_db
def test_a_text_in_another_language_changes_nothing_here():
    game = open_call(publish("minifund"))
    in_force(game, language="en", closing="Only in English.")
    case = submitted(game.call, at=game.at + timedelta(days=1))
    deliver()
    assert Letter.objects.get(application=case).facts["closing"] == []


# ------------------------------------------------------------------------------------------------ what an approval binds
@pytest.mark.django_db
def test_a_text_that_changes_between_approval_and_signature_voids_what_was_approved(assessed):
    decision, house, at, game = assessed.propose(), assessed.house, assessed.at, assessed.game
    seen = decision.seen_sha256
    assessed.let_in(house.signatory, house.officer)
    perform(DecisionMachine, "submit_for_check", pk=decision.pk, actor=house.officer, at=at, seen=seen)
    in_force(game, "award", at=at, closing="Veel plezier.", language="en")
    in_force(game, "receipt", at=at)
    decision = DecisionMachine.objects.get(pk=decision.pk)
    assert decision.seen_sha256 == seen, "what its own letter does not say is no concern of it"
    in_force(game, "award", at=at, closing="Veel plezier.")
    decision = DecisionMachine.objects.get(pk=decision.pk)
    now = decision.seen_sha256
    assert now != seen
    refused("seen_as_it_is", DecisionMachine, "sign", decision, house.signatory, at, seen=seen)
    refused("agreed_as_it_is", DecisionMachine, "sign", decision, house.signatory, at, seen=now)
    perform(DecisionMachine, "send_back", pk=decision.pk, actor=house.signatory, at=at, reason="De brief is anders.")
    perform(DecisionMachine, "submit_for_check", pk=decision.pk, actor=house.officer, at=at, seen=now)
    perform(DecisionMachine, "sign", pk=decision.pk, actor=house.signatory, at=at, seen=now)
    approvals = Decision.objects.get(pk=decision.pk).approvals
    assert list(approvals.filter(voided_at=None).values_list("seen_sha256", flat=True)) == [now, now]
    assert approvals.exclude(voided_at=None).get().seen_sha256 == seen


@pytest.mark.django_db
def test_the_letter_of_a_decision_has_the_text_that_was_signed_also_when_it_is_printed_later(assessed):
    decision, house, at = assessed.propose(), assessed.house, assessed.at
    assessed.let_in(house.signatory, house.officer)
    used = in_force(assessed.game, "award", at=at, closing="Het slot dat is getekend.")
    perform(DecisionMachine, "submit_for_check", pk=decision.pk, actor=house.officer, at=at)
    perform(DecisionMachine, "sign", pk=decision.pk, actor=house.signatory, at=at)
    # Another text is in force within the same instant, before the outbox prints.
    in_force(assessed.game, "award", at=at, closing="Een slot dat niemand tekende.")
    deliver()
    letter = Letter.objects.get(decision=decision)
    assert Event.objects.get(kind="decision.sign").data["wording"] == used.pk
    assert (letter.facts["wording_id"], letter.facts["closing"]) == (used.pk, ["Het slot dat is getekend."])


@pytest.mark.django_db
def test_an_approval_of_before_there_were_texts_still_holds(assessed):
    """Without a text of an administrator the hash is what it always was."""
    decision = assessed.propose()
    before = [decision.kind, decision.ground, decision.amount.quantize(decision.amount.__class__("0.01")), decision.facts, decision.reasons]
    assert decision.seen_sha256 == digest([*before, decision.stage.call.version.sha256])
    with pytest.raises(Refused):
        perform(DecisionMachine, "sign", pk=decision.pk, actor=assessed.house.signatory, at=assessed.at)
