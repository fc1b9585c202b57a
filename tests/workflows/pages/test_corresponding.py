"""Messages, account and contact, the term, and what changed: over HTTP, for everybody who may and nobody who may not."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import translation

from tender.clock import database_now
from tender.commands.drafting import save_draft
from tender.models import Application, BankAccount, Contact, Message
from tests.factories import applicant, assign, close, declare, deliver, dossier, open_call, pay, person, publish, screen, submitted, variant
from tests.workflows.machines.test_corresponding import IBAN, OTHER, account, stage_set, write
from tests.workflows.machines.walking import snapshot
from tests.workflows.pages.house import sign_in
from tests.workflows.refusals.test_grants import small_grant
from workflows.commands import perform
from workflows.models import AccountMachine, ApplicationMachine, Event, Notification, StageMachine

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(client):
    client.cookies["django_language"] = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def game():
    """A fund that is open all year, with a dossier that was handed in; its officer declared."""
    made = open_call(publish("minifund"), at=database_now() - timedelta(days=2))
    made.case = submitted(made.call, at=made.at)
    declare(made.case, made.house.officer, made.house.coach, at=made.at)
    return made


def page_of(name, case):
    return reverse(f"workflows:{name}", args=[case.reference])


def post_message(client, case, body, token=None):
    return client.post(page_of("messages", case), {"body": body, "token": str(token or uuid4())})


# ── messages ──────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_message_goes_over_and_is_read(client, game):
    case, url = game.case, page_of("messages", game.case)
    sign_in(client, case.applicant)
    page = client.get(url).content.decode()
    assert "A message is not judged" in page
    assert post_message(client, case, "Is de pitch <b>ook</b> online?").url == url
    sign_in(client, game.house.officer)
    waiting = client.get(reverse("workflows:inbox"))
    assert [each.reference for each in waiting.context["messages_waiting"]] == [case.reference]
    assert client.get(page_of("dossier", case)).context["unread"] == 1
    page = client.get(url)
    assert "Is de pitch &lt;b&gt;ook&lt;/b&gt; online?" in page.content.decode()
    assert [line["new"] for line in page.context["lines"]] == [True]
    assert client.get(reverse("workflows:inbox")).context["messages_waiting"] == []
    post_message(client, case, "Ja, dat kan.")
    sign_in(client, case.applicant)
    todos = client.get(reverse("workflows:my_dossiers")).context["todos"]
    assert [each["todo"].url for each in todos] == [url]
    assert client.get(page_of("dossier", case)).context["unread"] == 1
    lines = client.get(url).context["lines"]
    assert [(line["own"], line["new"], line["message"].read_by) for line in lines] == [
        (True, False, game.house.officer), (False, True, case.applicant),
    ]  # fmt: skip
    assert client.get(reverse("workflows:my_dossiers")).context["todos"] == []
    assert [each.data for each in Event.objects.filter(kind="message.read")] == [{}, {}]


def test_the_same_form_sent_twice_is_one_message(client, game):
    sign_in(client, game.case.applicant)
    token = uuid4()
    first, second = (post_message(client, game.case, "Een vraag", token) for _ in range(2))
    assert first.url == second.url
    assert Message.objects.count() == 1


@pytest.mark.parametrize("body", ["", "   ", "x" * 5001, "met een\x00 nul"])
def test_what_cannot_be_sent_is_told_beside_the_field_and_stays(client, game, body):
    sign_in(client, game.case.applicant)
    before = snapshot()
    page = post_message(client, game.case, body)
    assert page.status_code == 422
    assert page.context["form"].errors["body"]
    assert page.context["form"]["body"].value() == body
    assert snapshot() == before


def test_a_message_without_its_token_is_not_sent(client, game):
    sign_in(client, game.case.applicant)
    assert client.post(page_of("messages", game.case), {"body": "Dag"}).status_code == 422
    assert not Message.objects.exists()


def test_before_anything_is_handed_in_there_is_nobody_to_write_to(client, game):
    user, _none = applicant(organisation=False)
    stage = game.stage()
    case = dossier(stage.call, user=user, at=game.at)
    sign_in(client, user)
    assert not client.get(page_of("messages", case)).context["handed_in"]
    assert post_message(client, case, "Dag").status_code == 409
    assert not Message.objects.exists()


def test_who_reads_along_writes_nothing_and_marks_nothing(client, game):
    write(game.case, game.case.applicant, game.at)
    auditor = game.house.auditor
    sign_in(client, auditor)
    before = snapshot()
    assert not client.get(page_of("messages", game.case)).context["writes"]
    assert post_message(client, game.case, "Dag").status_code == 403
    assert snapshot() == before


@pytest.mark.parametrize("name", ["messages", "details", "differing"])
def test_a_stranger_finds_nothing(client, game, name):
    sign_in(client, applicant()[0])
    assert client.get(page_of(name, game.case)).status_code == 404
    sign_in(client, game.house.reader)
    assert client.get(page_of(name, game.case)).url == page_of("declare", game.case), "the house declares first"


def test_one_mail_while_a_message_waits(game, django_capture_on_commit_callbacks):
    case, officer = game.case, game.house.officer
    deliver()
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        for body in ("Een", "Twee"):
            write(case, case.applicant, game.at, body=body)
        deliver()
    told = Notification.objects.filter(event__kind="message.send")
    assert sorted(told.values_list("user__email", flat=True)) == sorted([officer.email, game.house.coach.email])
    assert len(mail.outbox) == 2
    assert all(case.reference in one.subject and "Een" not in one.body for one in mail.outbox)
    write(case, officer, game.at)
    deliver()
    assert told.filter(user=case.applicant).count() == 1


def judged():
    """A round that a jury judges blind, with a message on the dossier, an account proposed, and a second version."""
    blind = ('assess = "jury"', 'assess = "jury"\nblind = true')
    made = open_call(variant("hub_support", blind))
    made.case = case = submitted(made.call, at=made.at)
    made.at = close(made.stage())
    declare(case, made.house.officer, at=made.at)
    gaps = [{"field": "iban", "words": "Welke rekening?"}]
    perform(ApplicationMachine, "request_completion", pk=case.pk, actor=made.house.officer, at=made.at, gaps=gaps)
    save_draft(pk=case.pk, actor=case.applicant, at=made.at, typed={"iban": IBAN})
    perform(ApplicationMachine, "complete", pk=case.pk, actor=case.applicant, at=made.at)
    screen(case, made.house, made.at)
    declare(case, *made.house.jurors, at=made.at)
    assign(case, made.house.jurors[2:5], made.house, made.at)
    perform(StageMachine, "start_scoring", pk=made.stage().pk, actor=made.house.officer, at=made.at)
    write(case, case.applicant, made.at, body="Geheimwoord")
    return made


def test_who_judges_sees_no_message_no_account_and_only_what_they_may_read_of_what_changed(client):
    game = judged()
    case, juror = game.case, game.house.jurors[2]
    sign_in(client, juror)
    for name in ("messages", "details"):
        assert client.get(page_of(name, case)).status_code == 404
    dossier = client.get(page_of("dossier", case))
    assert "Geheimwoord" not in dossier.content.decode()
    assert page_of("messages", case) not in dossier.content.decode()
    before = snapshot()
    assert post_message(client, case, "Dag").status_code == 404
    assert client.post(page_of("details", case), {"step": "propose-account", "account-iban": IBAN}).status_code == 404
    assert snapshot() == before
    page = client.get(page_of("differing", case))
    assert (page.context["moved"], page.context["blind"]) == (0, True), "all that changed is the account number, which nobody judges by"
    assert case.applicant.name not in page.content.decode()
    assert "NL20" not in page.content.decode()
    sheet = case.sheets.get(juror=juror)
    assert page_of("differing", case) in client.get(reverse("workflows:sheet", args=[sheet.pk])).content.decode()
    sign_in(client, case.applicant)
    page = client.get(page_of("differing", case))
    assert [each.key for part in page.context["parts"] for each in part.moved] == ["iban"]
    assert "NL20" in page.content.decode()


# ── what changed ──────────────────────────────────────────────────────────────────────────────────────────────
def test_two_versions_are_chosen_out_of_what_one_may_read(client):
    game = judged()
    case, other = game.case, submitted(open_call(publish("minifund")).call, at=game.at)
    first, second = case.submissions.order_by("version")
    sign_in(client, case.applicant)
    url = page_of("differing", case)
    page = client.get(url, {"van": second.pk, "naar": first.pk})
    assert (page.context["before"]["sent"], page.context["after"]["sent"]) == (first, second), "the earlier is always before"
    assert client.get(url, {"van": first.pk, "naar": first.pk}).context["moved"] == 0
    for van in (other.submission().pk, "", "x", 0):
        assert client.get(url, {"van": van, "naar": second.pk}).status_code == 404
    assert url in client.get(page_of("dossier", case)).content.decode()


# ── account and contact ───────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def together():
    """A dossier of an organisation with somebody who writes beside who signs."""
    everybody, case, at = stage_set()
    return everybody, case, at


def seen_on(client, url, noun):
    """What the form of the page sends along: which proposal it shows."""
    seen = client.get(url).context[noun]["case"].seen_sha256
    assert f'name="seen" value="{seen}"' in client.get(url).content.decode()
    return seen


def test_who_confirms_sees_the_whole_number_and_confirms_that_and_no_other(client, together):
    everybody, case, at = together
    url = page_of("details", case)
    first = account(case, everybody["editor"], at)
    sign_in(client, everybody["editor"])
    assert first.grouped not in client.get(url).content.decode()
    sign_in(client, everybody["signer"])
    assert "NL20 INGB 0001 2345 67" in client.get(url).content.decode()
    seen = seen_on(client, url, "account")
    perform(AccountMachine, "drop", pk=first.pk, actor=everybody["editor"], at=at)
    other = account(case, everybody["editor"], at, iban=OTHER)
    before = snapshot()
    for said in (seen, ""):
        refused = client.post(url, {"step": "confirm-account", "seen": said})
        assert refused.status_code == 409
        assert "Something else is proposed now" in refused.content.decode()
    assert snapshot() == before
    assert client.post(url, {"step": "confirm-account", "seen": other.seen_sha256}).url == url
    assert BankAccount.objects.confirmed().get().iban == OTHER


def test_the_account_is_changed_by_two(client, together, django_capture_on_commit_callbacks):
    everybody, case, _at = together
    url = page_of("details", case)
    sign_in(client, everybody["editor"])
    wrong = client.post(url, {"step": "propose-account", "account-iban": "NL20INGB0001234568", "account-holder": "Studio"})
    assert (wrong.status_code, list(wrong.context["account_form"].errors)) == (422, ["iban"])
    assert wrong.context["account_form"]["holder"].value() == "Studio"
    said = {"step": "propose-account", "account-iban": "nl20 ingb 0001 2345 67", "account-holder": "Studio Noord"}
    assert client.post(url, said).url == url
    assert client.post(url, said).status_code == 409, "there is one already"
    page = client.get(url)
    assert (page.context["account"]["signs"], page.context["account"]["drops"]) == (False, True)
    assert client.post(url, {"step": "confirm-account"}).status_code == 403
    sign_in(client, everybody["viewer"])
    assert client.post(url, said).status_code == 403
    sign_in(client, everybody["signer"])
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(url, {"step": "confirm-account", "seen": seen_on(client, url, "account")}).url == url
        deliver()
    assert client.post(url, {"step": "confirm-account"}).url == url, "pressed twice is pressed once"
    assert BankAccount.objects.get().state == "confirmed"
    told = {one.to[0] for one in mail.outbox if "another account" in one.subject or "andere rekening" in one.subject}
    assert {everybody["signer"].email, everybody["editor"].email} <= told
    assert IBAN not in " ".join(one.subject + one.body for one in mail.outbox)


def test_who_is_alone_confirms_after_signing_in_again(client, game):
    case, url = game.case, page_of("details", game.case)
    sign_in(client, case.applicant)
    client.post(url, {"step": "propose-account", "account-iban": IBAN, "account-holder": "Ik"})
    assert client.get(url).context["account"]["unmet"]
    assert client.post(url, {"step": "confirm-account"}).status_code == 409
    assert BankAccount.objects.get().state == "proposed"
    out = client.post(page_of("sign_in_again", case))
    assert out.url == f"{reverse('account_login')}?next={url}"
    assert "_auth_user_id" not in client.session
    sign_in(client, case.applicant)
    assert client.get(url).context["account"]["unmet"] == []
    assert client.post(url, {"step": "confirm-account", "seen": seen_on(client, url, "account")}).url == url
    assert BankAccount.objects.get().state == "confirmed"
    assert client.get(page_of("sign_in_again", case)).status_code == 405


def test_the_contact_is_changed_and_the_one_before_hears_of_it(client, together, django_capture_on_commit_callbacks):
    everybody, case, _at = together
    url = page_of("details", case)
    sign_in(client, everybody["editor"])
    for stranger in (everybody["outsider"].pk, "", "x"):
        assert client.post(url, {"step": "propose-contact", "contact-user": stranger}).status_code == 422
    assert client.post(url, {"step": "propose-contact", "contact-user": everybody["editor"].pk}).url == url
    sign_in(client, everybody["signer"])
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, {"step": "confirm-contact", "seen": seen_on(client, url, "contact")})
        deliver()
    case.refresh_from_db()
    assert case.applicant == everybody["editor"]
    assert Contact.objects.get().before == everybody["signer"]
    told = Notification.objects.filter(event__kind="contact.confirm").values_list("user", flat=True)
    assert everybody["signer"].pk in told
    assert client.get(url).context["contact_agreed"]["confirmed_by"] == everybody["signer"]


@pytest.mark.parametrize("step", ["", "confirm", "confirm-grant", "explode-account"])
def test_a_step_that_is_not_there_is_not_there(client, game, step):
    sign_in(client, game.case.applicant)
    assert client.post(page_of("details", game.case), {"step": step}).status_code == 404


def test_a_change_can_be_dropped_and_alone_nobody_else_is_the_contact(client, game):
    case, url = game.case, page_of("details", game.case)
    account(case, case.applicant, database_now())
    sign_in(client, case.applicant)
    page = client.get(url)
    assert "in their own name" in page.content.decode()
    assert client.post(url, {"step": "drop-account"}).url == url
    assert BankAccount.objects.get().state == "dropped"
    assert client.post(url, {"step": "propose-contact", "contact-user": person("friend").pk}).status_code == 422


def test_the_officer_sees_that_the_account_is_new(client):
    game, grant = small_grant()
    case, url = Application.objects.get(pk=grant.application_id), reverse("workflows:payments")
    sign_in(client, game.house.officer)
    assert [row["new_account"] for row in client.get(url).context["rows"]] == [False]
    made = account(case, case.applicant, game.at)
    soon = game.at + timedelta(minutes=1)
    perform(AccountMachine, "confirm", pk=made.pk, actor=case.applicant, at=soon, signed_in_at=soon)
    assert [row["new_account"] for row in client.get(url).context["rows"]] == [True]
    part = grant.instalments.get(state="due")
    assert "new account" in client.post(url, {"step": "approve", "pk": str(part.pk)}).content.decode()
    pay(grant, game.house, soon)
    assert [row["new_account"] for row in client.get(url, {"state": "paid"}).context["rows"]] == [False], "it was paid to once"
