"""The letter that mends another, the extract of a ranking, signing in with a mailed code, and how far a batch is."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.timezone import localdate

from reports.letters.composing import draft
from reports.letters.extract import CROWD, FEWEST, Ranked, extract
from reports.signing_in import by_mailed_code
from tender.models import Decision
from tests.factories import decide, deliver
from tests.factories.awarded import award
from tests.reading import content_of, text_of
from tests.reports.ranked import ranked_round
from tests.workflows.machines.test_posting import HOME, asked, bounced, posted, signed
from tests.workflows.pages.house import sign_in
from workflows.batch import failing, printed, rows_failing, told, try_again
from workflows.commands import perform
from workflows.commands.posting import choose_route, note_on_paper
from workflows.models import CorrectionMachine, DecisionMachine, Event, Letter, Outbox, StageMachine
from workflows.paper import deliveries, queue

pytestmark = pytest.mark.django_db


# ── a letter that mends ───────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.prints
def test_it_names_the_letter_that_it_mends_and_what_it_must_be(assessed):
    decision = decide(assessed.propose(), assessed.house, assessed.at)
    letter, house, at = decision.letters.get(), assessed.house, assessed.at
    new = signed(asked(letter, house.officer, at), house.signatory, at, term="runs")
    said = text_of(new)
    assert letter.subject in said
    assert letter.sha256 in said.replace(" ", "")
    assert "Het bedrag klopt niet." in said
    assert "U vroeg € 5.000,00." in said
    assert "begint er geen nieuwe termijn" in said
    assert str(house.signatory) in said
    assert (new.mends, new.decision, new.kind) == (letter, None, "correction")
    assert Letter.objects.sent().filter(pk=new.pk).exists()
    again = Letter.objects.get(pk=letter.pk)
    assert (again.sha256, content_of(again)) == (letter.sha256, content_of(letter)), "the wrong one stays as it is"


@pytest.mark.prints
def test_it_says_that_a_new_term_begins_only_where_the_signatory_says_so(assessed):
    decision = decide(assessed.propose(), assessed.house, assessed.at)
    later = assessed.at + timedelta(days=5)
    new = signed(asked(decision.letters.get(), assessed.house.officer, later), assessed.house.signatory, later, term="anew")
    fresh = Decision.objects.get(pk=decision.pk)
    assert "De termijn om bezwaar te maken tegen het besluit begint opnieuw." in text_of(new)
    assert fresh.objection_until > decision.objection_until
    assert new.facts["until"] == fresh.objection_until.isoformat()
    assert Event.objects.get(kind="decision.renew_term").data["correction"] == new.event.key


@pytest.mark.prints
def test_who_checks_the_old_letter_hears_when_it_was_mended(client):
    everybody, _case, at, letter = posted()
    here, file = reverse("reports:check_letter"), content_of(letter)
    assert client.post(here, {"file": SimpleUploadedFile("b.pdf", file)}).context["mended"] == []
    new = signed(asked(letter, everybody["officer"], at), everybody["signatory"], at)
    page = client.post(here, {"file": SimpleUploadedFile("b.pdf", file)})
    assert page.context["mended"] == [new.event.at]
    assert letter.application.reference not in page.content.decode()
    assert client.post(here, {"file": SimpleUploadedFile("b.pdf", content_of(new))}).context["mended"] == []


def test_the_letter_of_a_decision_goes_on_paper_from_its_publication_on(assessed):
    house, at, case = assessed.house, assessed.at + timedelta(minutes=1), assessed.application
    choose_route(application=case, actor=case.applicant, at=at, on_paper=True, address=HOME)
    decision = decide(assessed.propose(), house, at, publish=False)
    assert [piece.letter for piece in queue(house.officer, at)] == [], "it is not theirs yet"
    perform(DecisionMachine, "publish", pk=decision.pk, actor=house.signatory, at=at)
    (piece,) = queue(house.officer, at)
    published = Event.objects.get(kind="decision.publish")
    assert (piece.letter, piece.event) == (decision.letters.get(), published.pk)
    post = note_on_paper(application=case, event=published, actor=house.officer, at=at, posted_on=localdate(at))
    assert (post.letter, queue(house.officer, at)) == (piece.letter, [])
    (told_of,) = deliveries(list(decision.letters.select_related("event")))
    assert (told_of.placed, told_of.posted) == (published.at, post.posted_on)


def test_what_was_declined_makes_no_letter():
    everybody, _case, at, letter = posted()
    made = asked(letter, everybody["officer"], at)
    perform(CorrectionMachine, "decline", pk=made.pk, actor=everybody["signatory"], at=at, reason="Het klopt.")
    deliver()
    assert not Letter.objects.filter(mends=letter).exists()


# ── the extract ───────────────────────────────────────────────────────────────────────────────────────────────
def ranked(*, inside, outside, own):
    total = inside + outside
    return [Ranked(place, Decimal(100 - place), place <= inside, own=place == own) for place in range(1, total + 1)]


def test_too_few_give_no_extract():
    assert extract(ranked(inside=2, outside=FEWEST - 3, own=1)) == ()
    assert len(extract(ranked(inside=2, outside=FEWEST - 2, own=1))) == FEWEST
    assert extract(ranked(inside=4, outside=4, own=99)) == (), "who is not in it gets none"


@pytest.mark.parametrize(
    ("inside", "outside", "own", "hidden"),
    [
        (4, 4, 1, {False: False, True: False}),
        (3, 4, 1, {True: True, False: False}),
        (3, 4, 4, {True: False, False: False}),
        (4, 3, 7, {True: False, False: True}),
        (2, 9, 3, {True: True, False: False}),
    ],
)
def test_the_scores_of_a_side_with_few_others_are_left_out(inside, outside, own, hidden):
    rows = extract(ranked(inside=inside, outside=outside, own=own))
    assert [row.rank for row in rows] == list(range(1, inside + outside + 1))
    for row in rows:
        assert (row.score is None) is (hidden[row.inside] and not row.own)
    assert CROWD == 3


@pytest.mark.prints
def test_a_letter_of_a_jury_round_holds_the_ranking_and_nobody_elses_name():
    made = award(FEWEST)
    letters = list(Letter.objects.filter(event__kind="decision.sign").select_related("application"))
    assert len(letters) == FEWEST
    for letter in letters:
        rows = letter.facts["extract"]
        assert [row["own"] for row in rows].count(True) == 1
        assert all(set(row) == {"rank", "score", "inside", "own"} for row in rows)
        others = {each.application.reference for each in letters} - {letter.application.reference}
        said = text_of(letter)
        assert "Bijlage: uittreksel van de rangschikking" in said
        assert "uw aanvraag" in said
        assert [each for each in others if each in said or each in str(letter.facts)] == []
    assert made.grants


def test_where_no_jury_judged_there_is_no_extract():
    stage = ranked_round()
    last = Event.objects.filter(kind="stage.start_scoring").get()
    perform(StageMachine, "propose", pk=stage.pk, actor=last.actor, at=last.at)
    decision = stage.decisions.first()
    said = {name: getattr(decision, name) for name in ("kind", "ground", "amount", "facts", "reasons")}
    now = Event(noun="decision", key=decision.pk, kind="decision.sign", actor=last.actor, at=last.at)
    assert draft(decision, now, said, signed=False).extract == ()


# ── signing in ────────────────────────────────────────────────────────────────────────────────────────────────
class Ways:
    def __init__(self, user, *ways):
        self.session = {"account_authentication_methods": list(ways), "account_authentication_methods_user": str(user.pk)}


def test_a_code_that_was_mailed_to_the_address_of_now_proves_that_it_works(client):
    everybody, case, _at, _letter = posted()
    user = everybody["signer"]
    assert by_mailed_code(Ways(user, {"method": "code", "email": user.email.upper()}), user)
    assert not by_mailed_code(Ways(user, {"method": "code", "email": "elders@example.org"}), user)
    assert not by_mailed_code(Ways(user, {"method": "mfa", "type": "webauthn"}), user)
    assert not by_mailed_code(Ways(everybody["editor"], {"method": "code", "email": user.email}), user)
    row = bounced(case, user)
    sign_in(client, user)
    row.refresh_from_db()
    assert row.bounce == "hard", "who came in otherwise proves nothing"


def test_who_signs_in_with_a_mailed_code_gets_again_what_came_back(client, mailoutbox):
    everybody, case, _at, _letter = posted()
    user = everybody["signer"]
    row = bounced(case, user)
    from tender.accounts import know_address

    know_address(user)
    asked_for = client.post(reverse("account_request_login_code"), {"email": user.email})
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", mailoutbox[-1].body, re.MULTILINE)[1]
    client.post(asked_for.url, {"code": code})
    assert client.session.get("_auth_user_id") == str(user.pk)
    row.refresh_from_db()
    assert (row.bounce, row.sent_at) == ("", None)


# ── how far a batch is ────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def batch():
    from tests.factories.batch import Batch

    return Batch(2)


def test_the_page_tells_how_many_letters_there_are_which_failed_and_why(batch, client, monkeypatch):
    batch.sign()
    stage, officer = batch.stage, batch.house.officer
    here = reverse("workflows:decisions", args=[stage.call.reference, stage.key])
    sign_in(client, officer)
    page = client.get(here)
    assert (page.context["letters"].done, page.context["letters"].total, page.context["failing"]) == (0, 2, [])
    assert '<meta http-equiv="refresh"' in page.content.decode()
    same = client.get(page.context["letters_url"], headers={"HX-Request": "true"})
    assert same.status_code == 204, "nothing moved, so nothing is read out"
    row = Outbox.objects.filter(event__kind="decision.sign", handler__endswith="letter_of_decision").first()
    row.error, row.attempts = "OSError", 2
    row.save()
    moved = client.get(page.context["letters_url"], headers={"HX-Request": "true"})
    assert moved.headers["HX-Refresh"] == "true", "something failed since: the page says what"
    (failed,) = client.get(here).context["failing"]
    assert (failed.kind, failed.attempts, failed.decision) == ("OSError", 2, row.event.key)
    assert failed.why in client.get(here).content.decode()
    sent = []
    monkeypatch.setattr("workflows.outbox.send", sent.append)
    assert client.post(here).status_code == 302
    assert sent == [row.pk]
    deliver()
    assert (printed(stage).finished, list(rows_failing(stage)), failing(stage, officer), try_again(stage)) == (True, [], [], 0)
    done = client.get(page.context["letters_url"], headers={"HX-Request": "true"})
    assert done.headers["HX-Refresh"] == "true"
    assert client.get(here).context["letters"] is None


def test_a_letter_of_a_signature_that_was_sent_back_is_in_no_count(batch):
    batch.sign()
    deliver()
    decision = batch.decisions().first()
    perform(DecisionMachine, "send_back", pk=decision.pk, actor=batch.house.officer, at=batch.at, reason="Bedrag.")
    assert (printed(batch.stage).done, printed(batch.stage).total) == (1, 1)


def test_the_page_tells_of_how_many_the_party_was_told(batch, client):
    batch.sign()
    deliver()
    batch.take("publish", batch.house.signatory)
    assert (told(batch.stage, batch.at).done, told(batch.stage, batch.at).total) == (0, 2)
    deliver()
    assert (told(batch.stage, batch.at).done, told(batch.stage, batch.at).total) == (0, 2), "noted, not mailed yet"
    for row in batch.mails():
        row.sent_at = batch.at
        row.save()
    assert told(batch.stage, batch.at).finished
    assert told(batch.stage, batch.at + timedelta(hours=49)).total == 0


def test_the_auditor_tries_nothing_again(batch, client):
    from tender.enums import Role
    from tests.factories import person

    here = reverse("workflows:decisions", args=[batch.stage.call.reference, batch.stage.key])
    assert sign_in(client, person("auditor", Role.AUDITOR)).post(here).status_code == 403
