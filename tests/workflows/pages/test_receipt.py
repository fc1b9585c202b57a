"""From handing in to the signed receipt: on its page, on the case page, as a file and in the letter."""

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from tender.clock import database_now
from tender.commands.drafting import save_draft
from tender.keyring import house_keys
from tender.models import Application, Receipt, Submission
from tender.receipts import ReceiptFault, verify
from tests.factories import answers_for, applicant, assign, close, declare, deliver, dossier, open_call, publish, screen, submitted
from tests.reading import text_of
from workflows.commands import perform
from workflows.models import ApplicationMachine, Event, Letter

pytestmark = [pytest.mark.django_db, pytest.mark.prints]


@pytest.fixture
def game():
    return open_call(publish("crossover"), at=database_now() - timedelta(days=2))


def file_of(sent):
    return reverse("workflows:receipt_file", args=[sent.pk])


def case_page(client, case, user=None):
    client.force_login(user or case.applicant)
    return client.get(reverse("workflows:dossier", args=[case.reference]))


def completed(game):
    """A dossier that was handed in and then completed: another account number, the rest as it was."""
    case = submitted(game.call, at=game.at)
    declare(case, game.house.officer, at=game.at)
    gaps = [{"field": "iban", "words": "Stuur een ander rekeningnummer."}]
    at = game.at + timedelta(hours=1)
    perform(ApplicationMachine, "request_completion", pk=case.pk, actor=game.house.officer, at=at, gaps=gaps)
    save_draft(pk=case.pk, actor=case.applicant, at=at, typed={"iban": "NL20INGB0001234567"})
    perform(ApplicationMachine, "complete", pk=case.pk, actor=case.applicant, at=at)
    return Application.objects.get(pk=case.pk)


def test_handing_in_gives_a_receipt_that_is_genuine(client, game):
    case = submitted(game.call, at=game.at)
    sent = case.submissions.get()
    client.force_login(case.applicant)
    page = client.get(reverse("workflows:receipt", args=[case.reference])).content.decode()
    assert file_of(sent) in page
    assert sent.receipt.signature.replace("+", "&#x2B;") in page or sent.receipt.signature in page
    response = client.get(file_of(sent))
    assert response["Content-Disposition"] == f'attachment; filename="{case.reference}-programming-1.json"'
    proven = verify(response.content, house_keys().public)
    assert proven.head["received_at"] == game.at.isoformat(timespec="microseconds")
    assert (proven.head["reference"], proven.head["sha256"]) == (case.reference, sent.sha256)
    assert proven.content["answers"] == sent.answers
    assert client.post("/ontvangst/controleren/", {"text": response.content.decode()}).context["proven"]


def test_strange_signs_survive_database_and_receipt(game):
    title = "👩🏽‍🎨 \ufffd שלום \u202e 𝌆"
    case = submitted(game.call, at=game.at, title=title)
    sent = Submission.objects.get(application=case)
    assert verify(sent.receipt.as_file().encode(), house_keys().public).content["answers"]["title"] == sent.answers["title"] == title


def test_the_signature_stands_in_the_trail_and_in_the_letter(client, game):
    case = submitted(game.call, at=game.at)
    receipt = case.submissions.get().receipt
    event = Event.objects.get(kind="application.submit")
    assert event.data["receipt"] == {"key": receipt.key_id, "signature": receipt.signature}
    deliver()
    letter = Letter.objects.get(application=case)
    assert reverse("workflows:letter", args=[letter.pk]) in case_page(client, case).content.decode()
    text = "".join(text_of(letter).split())
    for said in (receipt.signature, receipt.key_id, "/ontvangst/controleren/", case.submissions.get().frozen_sha256):
        assert said in text


def test_nothing_is_received_that_cannot_be_signed(game, settings):
    case = dossier(game.call, at=game.at)
    save_draft(pk=case.pk, actor=case.applicant, at=game.at, typed=answers_for(case.rules.form))
    settings.RECEIPT_KEY = ""
    with pytest.raises(ImproperlyConfigured, match="RECEIPT_KEY"):
        perform(ApplicationMachine, "submit", pk=case.pk, actor=case.applicant, at=game.at)
    assert not Submission.objects.exists()
    assert not Event.objects.filter(kind="application.submit").exists()
    assert Application.objects.get(pk=case.pk).state == "draft"


def test_a_receipt_never_changes(game):
    receipt = submitted(game.call, at=game.at).submissions.get().receipt
    with pytest.raises(TypeError, match="never changes"):
        receipt.save()


def test_a_submission_that_was_changed_afterwards_no_longer_fits_its_receipt(game):
    sent = submitted(game.call, at=game.at).submissions.get()
    Submission.objects.filter(pk=sent.pk).update(answers={**sent.answers, "title": "Anders"})
    with pytest.raises(ReceiptFault):
        verify(Receipt.objects.get().as_file().encode(), house_keys().public)


def test_a_formal_completion_leaves_what_is_judged_as_it_was(client, game):
    case = completed(game)
    first, second = case.submissions.order_by("version")
    assert first.sha256 != second.sha256
    assert first.frozen_sha256 == second.frozen_sha256
    for sent in (first, second):
        assert verify(sent.receipt.as_file().encode(), house_keys().public).head["frozen_sha256"] == first.frozen_sha256
    page = case_page(client, case)
    newest, oldest = page.context["submissions"]
    assert (newest["same_as"], oldest["same_as"]) == (first, None)
    assert page.content.decode().count(first.frozen_sha256) == 2
    assert all(file_of(sent) in page.content.decode() for sent in (first, second))


def test_what_is_judged_changes_its_hash(game):
    case, other = (submitted(game.call, at=game.at, title=title) for title in ("Licht", "Donker"))
    assert case.submission().frozen_sha256 != other.submission().frozen_sha256


def test_what_came_in_before_receipts_were_signed_says_so(client, game):
    case = submitted(game.call, at=game.at)
    sent = case.submissions.get()
    Receipt.objects.all().delete()
    event = Event.objects.get(kind="application.submit")
    old = {name: value for name, value in event.data.items() if name not in {"receipt", "frozen_sha256"}}
    Event.objects.filter(pk=event.pk).update(data=old)
    page = case_page(client, case)
    assert file_of(sent) not in page.content.decode()
    for shown in (page, client.get(reverse("workflows:receipt", args=[case.reference]))):
        assert shown.status_code == 200
        assert 'class="dt-muted"' in shown.content.decode()
    assert client.get(file_of(sent)).status_code == 404
    deliver()
    text = text_of(Letter.objects.get(application=case))
    assert sent.sha256 in text.replace(" ", "")
    assert "Ed25519" not in text


def test_a_receipt_is_of_who_may_read_the_dossier_and_does_not_judge_it(client, game):
    case = submitted(game.call, at=game.at)
    sent = case.submissions.get()
    declare(case, game.house.officer, at=game.at)
    stranger, _organisation = applicant()
    juror = game.house.jurors[2]
    at = close(game.stage())
    screen(case, game.house, at)
    declare(case, juror, at=at)
    assign(case, [juror], game.house, at)
    for user, status in ((stranger, 404), (juror, 404), (game.house.officer, 200), (case.applicant, 200)):
        client.force_login(user)
        assert client.get(file_of(sent)).status_code == status
    assert "receipt" not in case_page(client, case, juror).content.decode().split("<main", 1)[1].split("</main", 1)[0]
    client.logout()
    assert client.get(file_of(sent)).status_code == 302
