"""From event to letter and mail, through the outbox: once, whatever is delivered twice or killed halfway."""

import hashlib
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from reports import mails
from reports.commands import posting
from reports.commands.notifying import send_waiting
from reports.commands.posting import file_name, post
from reports.letters.composing import draft
from reports.letters.printing import LetterFault
from scoring.models import Conflict
from tender.canonical import digest
from tender.enums import DecisionState
from tender.models import Application, Decision
from tests.factories import clock, decide, deliver, house, open_call, person, publish, submitted
from tests.reading import content_of, text_of
from tests.reports.conftest import Case
from tests.reports.ranked import ranked_round
from tests.reports.test_certificates import DAY, LONG, real_certificate
from workflows.batch import failing
from workflows.commands import Refused, create, perform
from workflows.models import ConflictMachine, DecisionMachine, Event, Letter, Notification, Outbox, StageMachine
from workflows.outbox import deliver_now, sweep

pytestmark = [pytest.mark.django_db, pytest.mark.prints]


def files():
    return set(default_storage.listdir("letters")[1]) if default_storage.exists("letters") else set()


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


# ── letters ───────────────────────────────────────────────────────────────────────────────────────────────────
def test_handing_in_gives_a_receipt_with_a_copy(minifund):
    case = Case(minifund).application
    deliver()
    letter = Letter.objects.get(application=case)
    text = text_of(letter)
    assert (letter.kind, letter.language) == ("receipt", "nl")
    assert case.submissions.get().sha256 in text.replace(" ", "")
    assert case.reference in text
    assert letter.sha256 == hashlib.sha256(content_of(letter)).hexdigest()
    assert letter.facts_sha256 == digest(letter.facts)
    assert letter.read_at is None


def test_a_letter_is_in_the_language_of_the_application(minifund):
    case = Case(minifund, language="en").application
    deliver()
    assert "We received your application on" in text_of(Letter.objects.get(application=case))


def test_a_signed_award_becomes_a_letter_that_publication_binds(assessed):
    decision = decide(assessed.propose(), assessed.house, assessed.at)
    letter = decision.letters.get()
    text = text_of(letter)
    assert letter.kind == "award"
    assert "€ 5.000,00" in text
    assert str(assessed.house.signatory) in text
    published = Event.objects.get(kind="decision.publish", key=decision.pk)
    assert published.data["letter"] == letter.sha256
    assert letter.facts["objection"]["until"] == decision.objection_until.isoformat(), "made known on the day it was signed"


@pytest.mark.prints
def test_a_letter_is_bound_to_its_signature(assessed):
    """By the hash of that line of the trail, in the facts, which are in the sealed file; its beginning stands in the foot."""
    letter = decide(assessed.propose(), assessed.house, assessed.at).letters.get()
    assert letter.event.kind == "decision.sign"
    assert letter.facts["event_hash"] == letter.event.hash
    first = letter.event.hash
    assert f"{letter.application.reference} · {first[:4]} {first[4:8]} {first[8:12]}" in text_of(letter)
    assert "/brief/controleren/ ziet u of er iets aan is veranderd." in text_of(letter)


def test_a_letter_is_bound_to_the_ranking_it_rests_on(db):
    stage = ranked_round()
    last = Event.objects.filter(kind="stage.start_scoring").get()
    perform(StageMachine, "propose", pk=stage.pk, actor=last.actor, at=last.at)
    decision = stage.decisions.first()
    said = {name: getattr(decision, name) for name in ("kind", "ground", "amount", "facts", "reasons")}
    now = Event(noun="decision", key=decision.pk, kind="decision.sign", actor=last.actor, at=last.at)
    facts = draft(decision, now, said, signed=False)
    assert facts.ranking_sha256 == stage.rankings.get().inputs_sha256
    assert (facts.event_hash, facts.code) == ("", ""), "nothing is signed yet"


def test_a_refusal_by_the_assessors_names_what_failed(minifund):
    case = Case(minifund, mark=0).assess()
    decision = decide(case.propose(), case.house, case.at)
    assert decision.letters.get().kind == "refusal_minimum"


def test_a_second_delivery_changes_nothing(assessed):
    decision = decide(assessed.propose(), assessed.house, assessed.at, publish=False)
    before, kept = decision.letters.get(), files()
    Outbox.objects.filter(event__kind="decision.sign").update(done_at=None)
    deliver()
    after = decision.letters.get()
    assert (after.pk, after.sha256, after.rendered_at, files()) == (before.pk, before.sha256, before.rendered_at, kept)


def test_a_run_killed_between_file_and_row_leaves_no_orphan(minifund, monkeypatch):
    Case(minifund)
    event = Event.objects.get(kind="application.submit")
    real = Letter.save

    def killed(self, *args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(Letter, "save", killed)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        post(event=event)
    assert not Letter.objects.exists()
    assert len(files()) == 1, "the orphan"
    monkeypatch.setattr(Letter, "save", real)
    letter = post(event=event)
    assert files() == {letter.file.name.split("/")[1]}, "written over, not beside"
    assert hashlib.sha256(content_of(letter)).hexdigest() == letter.sha256


def test_a_strange_file_in_the_place_of_a_letter_is_replaced(minifund):
    Case(minifund)
    event = Event.objects.get(kind="application.submit")
    default_storage.save(file_name(event, "receipt"), ContentFile(b"half a letter"))
    letter = post(event=event)
    assert letter.file.name == file_name(event, "receipt")
    assert content_of(letter).startswith(b"%PDF")


def test_a_fault_while_printing_is_noted_and_tried_again(minifund):
    Case(minifund)
    row = Outbox.objects.get(handler="reports.subscriptions.receipt")

    def blocked(*args, **kwargs):
        raise LetterFault("blocked")

    lent = posting.PRESS.set(blocked)
    with pytest.raises(LetterFault):
        deliver_now(row.pk)
    posting.PRESS.reset(lent)
    row.refresh_from_db()
    assert (row.done_at, row.error) == (None, "LetterFault")
    deliver()
    assert Letter.objects.count() == 1


def test_a_letter_waits_while_the_certificate_does_not_hold_and_is_sealed_once_another_does(minifund, settings, tmp_path):
    """It is told beside the decision, and nothing is published without its letter."""
    case = Case(minifund).assess()
    house, at = case.house, case.at
    decision = case.propose()
    deliver()
    good, settings.SEAL_FILE = settings.SEAL_FILE, str(real_certificate(tmp_path, first=-LONG, last=-DAY))
    while decision.state != "signed":
        name = {"drafted": "submit_for_check", "approved": "sign", "in_check": "approve"}[decision.state]
        perform(DecisionMachine, name, pk=decision.pk, actor=getattr(house, decision.link), at=at, seen=decision.seen_sha256)
        decision = Decision.objects.get(pk=decision.pk)
    row = Outbox.objects.get(handler="reports.subscriptions.letter_of_decision", done_at=None)
    assert sweep()[1] == 1
    row.refresh_from_db()
    assert (row.done_at, row.error) == (None, "SealFault")
    assert not Letter.objects.filter(decision=decision).exists()
    (told,) = failing(decision.stage, house.officer)
    assert "certifica" in str(told.why), "in either language"
    with pytest.raises(Refused):
        perform(DecisionMachine, "publish", pk=decision.pk, actor=house.signatory, at=at)
    settings.SEAL_FILE = good
    deliver()
    assert content_of(Letter.objects.get(decision=decision)).startswith(b"%PDF")
    perform(DecisionMachine, "publish", pk=decision.pk, actor=house.signatory, at=at)


# ── sent back and signed again ────────────────────────────────────────────────────────────────────────────────
def test_a_new_signature_needs_its_own_letter(assessed):
    house, at = assessed.house, assessed.at
    decision = decide(assessed.propose(), house, at, publish=False)
    first = decision.letters.get()
    perform(DecisionMachine, "send_back", pk=decision.pk, actor=house.officer, at=at + timedelta(hours=1), reason="bedrag")
    decision = Decision.objects.get(pk=decision.pk)
    perform(DecisionMachine, "edit", pk=decision.pk, actor=house.officer, at=at + timedelta(hours=1), amount=4000, reasons="Minder.")
    again = at + timedelta(hours=2)
    for name, actor in (("submit_for_check", house.officer), ("sign", house.signatory)):
        decision = Decision.objects.get(pk=decision.pk)
        perform(DecisionMachine, name, pk=decision.pk, actor=actor, at=again, seen=decision.seen_sha256)
    with pytest.raises(Refused, match="brief is nog niet klaar"):
        perform(DecisionMachine, "publish", pk=decision.pk, actor=house.signatory, at=again)
    deliver()
    perform(DecisionMachine, "publish", pk=decision.pk, actor=house.signatory, at=again)
    second = decision.letters.exclude(pk=first.pk).get()
    assert "€ 4.000,00" in text_of(second)
    applicant = assessed.application.applicant
    seen = Letter.objects.visible_to(applicant).filter(decision=decision)
    assert list(seen) == [second], "the letter of the signature that was sent back stays in the house"
    assert Letter.objects.visible_to(house.officer).filter(decision=decision).count() == 2


def test_no_letter_for_a_signature_that_was_sent_back_before_it_was_printed(assessed):
    house, at = assessed.house, assessed.at
    decision = assessed.propose()
    for name, actor in (("submit_for_check", house.officer), ("sign", house.signatory)):
        decision = Decision.objects.get(pk=decision.pk)
        perform(DecisionMachine, name, pk=decision.pk, actor=actor, at=at, seen=decision.seen_sha256)
    perform(DecisionMachine, "send_back", pk=decision.pk, actor=house.officer, at=at, reason="toch niet")
    deliver()
    assert not decision.letters.exists()
    assert Decision.objects.get(pk=decision.pk).state == DecisionState.DRAFTED


def test_the_applicant_sees_no_letter_before_it_is_made_known(assessed):
    decision = decide(assessed.propose(), assessed.house, assessed.at, publish=False)
    applicant = assessed.application.applicant
    assert not Letter.objects.visible_to(applicant).filter(decision=decision).exists()
    perform(DecisionMachine, "publish", pk=decision.pk, actor=assessed.house.signatory, at=assessed.at)
    assert Letter.objects.visible_to(applicant).filter(decision=decision).exists()


def test_a_cancelled_round_tells_every_case_why(minifund):
    case, stage = Case(minifund), minifund.stage()
    deliver()
    house = minifund.house
    case.let_in(house.head, house.signatory)
    perform(StageMachine, "ask_cancel", pk=stage.pk, actor=house.head, at=case.at, reason="De begroting is niet vastgesteld.")
    perform(StageMachine, "cancel", pk=stage.pk, actor=house.signatory, at=case.at, reason="De begroting is niet vastgesteld.")
    deliver()
    text = text_of(Letter.objects.get(kind="cancellation"))
    assert "De begroting is niet vastgesteld." in text
    assert str(house.signatory) in text


# ── mail ──────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def sent(django_capture_on_commit_callbacks):
    """Deliver, let the transaction end, and look at what was mailed."""

    def run():
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            deliver()
        return mail.outbox

    return run


def test_a_mail_says_that_something_waits_and_no_more(minifund, sent, settings):
    case = Case(minifund).application
    (message,) = sent()
    assert message.to == [case.applicant.email]
    assert case.reference in message.subject
    assert settings.SITE_URL in message.body
    page = message.alternatives[0].content
    for text in (message.subject, message.body, page):
        assert case.title not in text
        assert "5000" not in text
    assert Notification.objects.get().sent_at is not None


def test_a_mail_is_in_the_language_of_its_reader(minifund, sent):
    user = person("reader")
    type(user).objects.filter(pk=user.pk).update(language="en")
    user.refresh_from_db()
    submitted(minifund.call, at=minifund.at + timedelta(days=1), user=user)
    (message,) = sent()
    assert "we have received your application" in message.subject
    assert "Sign in to the portal" in message.body


def test_a_mail_goes_once_per_event_and_person(minifund, sent):
    Case(minifund)
    assert len(sent()) == 1
    Outbox.objects.filter(event__kind="application.submit").update(done_at=None)
    assert sent() == []


def test_the_mail_of_a_decision_names_the_last_day_to_object(assessed, sent):
    decision = decide(assessed.propose(), assessed.house, assessed.at)
    subjects = [message.subject for message in sent()]
    assert any("bezwaar" in subject and str(decision.objection_until.year) in subject for subject in subjects)


def test_a_mail_server_that_is_down_loses_nothing(minifund, sent, monkeypatch):
    Case(minifund)

    def down(*args, **kwargs):
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr(mails.EmailMultiAlternatives, "send", down)
        assert sent() == []
    assert Notification.objects.get().sent_at is None
    assert send_waiting() == (1, 0)
    assert len(mail.outbox) == 1
    assert send_waiting() == (0, 0)


def test_a_juror_gets_one_mail_per_round_however_many_applications(db, sent):
    game = open_call(publish("hub_support"), house=house())
    stage, juror = game.stage(), game.house.jurors[2]
    cases = [submitted(game.call, at=game.at + timedelta(days=1)) for _ in range(3)]
    sent()
    for case in cases:
        create(ConflictMachine, "ask", of={"application": case, "user": juror, "part": "juror"}, actor=clock(), at=game.at)
    assert [message.to for message in sent()] == [[juror.email]]
    assert Conflict.objects.filter(user=juror, application__stage=stage).count() == 3
    assert Application.objects.filter(stage=stage).count() == 3


def test_the_letter_lays_out_the_money_as_the_grant_will_be(assessed):
    decision = decide(assessed.propose(), assessed.house, assessed.at)
    said, grant = decision.letters.get().facts, decision.grant
    assert [Decimal(part["amount"]) for part in said["payments"]] == [part.amount for part in grant.instalments.order_by("pk")]
    assert [report["on"] for report in said["reports"]] == [report.due_on.isoformat() for report in grant.reports.order_by("pk")]
    assert (said["starts_on"], said["ends_on"]) == (grant.starts_on.isoformat(), grant.ends_on.isoformat())
    assert said["iban_end"] == grant.iban[-4:]
