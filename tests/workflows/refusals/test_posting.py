"""What stops a letter that mends, a way of post, noting what went on paper, and trusting an address."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from tender.models import Decision
from tests.factories import clock, decide, deliver, open_call, publish
from tests.factories.awarded import award
from tests.reports.conftest import Case
from tests.workflows.machines.test_posting import HOME, asked, bounced, posted, routed, signed
from tests.workflows.refusals.saying import refused, refused_new
from workflows.commands import perform
from workflows.commands.posting import note_on_paper
from workflows.models import (
    AddressTrustMachine,
    CorrectionMachine,
    DecisionMachine,
    Event,
    Letter,
    PaperPostMachine,
    PostRouteMachine,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessed(db):
    return Case(open_call(publish("minifund"))).assess()


SAID = {"reason": "Het bedrag klopt niet.", "text": "U vroeg € 5.000,00."}


def test_only_a_letter_that_the_party_has_is_mended_and_in_words(assessed):
    decision = decide(assessed.propose(), assessed.house, assessed.at, publish=False)
    letter, officer, at = decision.letters.get(), assessed.house.officer, assessed.at
    of = {"application": decision.application, "letter": letter}
    refused_new("party_has_it", CorrectionMachine, "ask", of, officer, at, **SAID)
    perform(DecisionMachine, "publish", pk=decision.pk, actor=assessed.house.signatory, at=at)
    for reason, text in (("", "Zo."), ("Fout.", " \n"), ("Fout.", "x" * 4001)):
        refused_new("says_what_is_right", CorrectionMachine, "ask", of, officer, at, reason=reason, text=text)
    asked(letter, officer, at)
    refused_new("not_asked_before", CorrectionMachine, "ask", of, officer, at, **SAID)


def test_a_letter_of_another_dossier_is_not_mended_here(assessed):
    everybody, case, at, _letter = posted()
    other = decide(assessed.propose(), assessed.house, assessed.at).letters.get()
    of = {"application": case, "letter": other}
    refused_new("party_has_it", CorrectionMachine, "ask", of, everybody["officer"], at, **SAID)


def test_who_asks_does_not_sign_and_signs_what_was_seen():
    everybody, _case, at, letter = posted()
    officer = everybody["officer"]
    officer.staff_roles.create(role="signatory")
    officer = type(officer).objects.get(pk=officer.pk)
    made = asked(letter, officer, at)
    refused("signed_by_another", CorrectionMachine, "sign", made, officer, at, seen=made.seen_sha256)
    for seen in (None, "0" * 64):
        refused("correction_as_seen", CorrectionMachine, "sign", made, everybody["signatory"], at, seen=seen)
    refused("term_chosen", CorrectionMachine, "sign", made, everybody["signatory"], at, seen=made.seen_sha256, term="runs")
    refused("reason_given", CorrectionMachine, "decline", made, everybody["signatory"], at, reason=" ")


def test_the_term_is_chosen_and_begins_anew_only_while_it_runs(assessed):
    decision = decide(assessed.propose(), assessed.house, assessed.at)
    letter, house, at = decision.letters.get(), assessed.house, assessed.at + timedelta(days=5)
    made = asked(letter, house.officer, at)
    for term in ("", "never"):
        refused("term_chosen", CorrectionMachine, "sign", made, house.signatory, at, seen=made.seen_sha256, term=term)
    refused("mended_anew", DecisionMachine, "renew_term", decision, clock(), at, correction=made.pk)
    new = signed(made, house.signatory, at, term="anew")
    fresh = Decision.objects.get(pk=decision.pk)
    assert fresh.objection_until == decision.objection_until + timedelta(days=5)
    assert new.facts["until"] == fresh.objection_until.isoformat()
    refused("mended_anew", DecisionMachine, "renew_term", decision, clock(), at)
    over = at + timedelta(days=60)
    perform(DecisionMachine, "become_final", pk=decision.pk, actor=clock(), at=over)
    again = asked(letter, house.officer, over)
    refused("term_chosen", CorrectionMachine, "sign", again, house.signatory, over, seen=again.seen_sha256, term="anew")
    runs = signed_again(again, house.signatory, over)
    assert (runs.facts["term"], runs.facts["until"]) == ("runs", fresh.objection_until.isoformat())
    assert Decision.objects.get(pk=decision.pk).objection_until == fresh.objection_until


def signed_again(correction, actor, at):
    perform(CorrectionMachine, "sign", pk=correction.pk, actor=actor, at=at, seen=correction.seen_sha256, term="runs")
    deliver()
    return Letter.objects.get(event__kind="correction.sign", event__key=correction.pk)


@pytest.mark.parametrize("address", ["", "Noorderhaven 12", "a\nb\nc\nd\ne", "x" * 41 + "\n9712 VG Groningen"])
def test_an_address_fits_the_window_of_an_envelope(address):
    everybody, case, at, _letter = posted()
    refused_new("address_fits", PostRouteMachine, "choose", {"application": case}, everybody["signer"], at, on_paper=True, address=address)


def test_what_is_on_record_is_not_chosen_again():
    everybody, case, at, _letter = posted()
    of = {"application": case}
    refused_new("route_differs", PostRouteMachine, "choose", of, everybody["signer"], at, on_paper=False, address="")
    routed(case, everybody["signer"], at)
    said = {"on_paper": True, "address": HOME.replace("\n", " \n\n ")}
    refused_new("route_differs", PostRouteMachine, "choose", of, everybody["signer"], at, **said)


def test_what_goes_on_paper_has_an_address_is_of_the_dossier_and_goes_once():
    everybody, case, at, letter = posted()
    officer, today = everybody["officer"], localdate(at)
    of = {"application": case, "event": letter.event, "letter": letter}
    refused_new("address_known", PaperPostMachine, "send", of, officer, at, posted_on=today)
    routed(case, everybody["signer"], at)
    for day in (None, "2026-01-01", today + timedelta(days=1), localdate(letter.event.at) - timedelta(days=1)):
        refused_new("posted_by_then", PaperPostMachine, "send", of, officer, at, posted_on=day)
    refused_new("is_post_of_dossier", PaperPostMachine, "send", {**of, "letter": None}, officer, at, posted_on=today)
    award(1)
    other = Event.objects.exclude(chain=letter.event.chain).filter(kind="application.submit").first()
    refused_new("is_post_of_dossier", PaperPostMachine, "send", {**of, "event": other}, officer, at, posted_on=today)
    opened = Event.objects.get(chain=letter.event.chain, kind="application.open")
    refused_new("is_post_of_dossier", PaperPostMachine, "send", {**of, "event": opened, "letter": None}, officer, at, posted_on=today)
    made = note_on_paper(application=case, event=letter.event, actor=officer, at=at, posted_on=today)
    refused_new("not_on_paper_yet", PaperPostMachine, "send", of, officer, at, posted_on=today)
    refused("reason_given", PaperPostMachine, "undo", made, officer, at, reason="")


def test_an_address_is_trusted_with_a_reason_where_mail_came_back():
    everybody, case, at, _letter = posted()
    officer, user = everybody["officer"], everybody["signer"]
    of = {"application": case, "user": user}
    refused_new("mail_came_back", AddressTrustMachine, "note", of, officer, at, reason="Gebeld.")
    row = bounced(case, user)
    refused_new("reason_given", AddressTrustMachine, "note", of, officer, at, reason="  ")
    row.address = "elders@example.org"
    row.save()
    refused_new("mail_came_back", AddressTrustMachine, "note", of, officer, at, reason="Gebeld.")
