"""A mail server that is down: all is tried again, and who must be told is in somebody's list before the 48 hours of the law are over."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends import locmem, smtp
from django.urls import reverse

from reports.commands.notifying import Notice, notify, send_waiting
from tender.enums import MailKind, Role
from tender.models import CaseRole
from tests.factories import decide, declare, deliver, dossier, open_call, person, publish
from tests.reports.post_office import Drops, Refuses
from tests.workflows.pages.house import sign_in
from workflows.commands import create, perform
from workflows.models import AccountMachine, ConflictMachine, Event, Letter, Notification
from workflows.undelivered import LEGAL, came_back, count_of, nobody_told, not_sent

pytestmark = pytest.mark.django_db
DOWN, WORKS = smtp.__name__ + ".EmailBackend", locmem.__name__ + ".EmailBackend"


@pytest.fixture
def down(settings):
    """Nobody listens there."""
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = DOWN, "127.0.0.1", 9


@pytest.fixture
def decided(assessed, django_capture_on_commit_callbacks):
    """A decision that was published; its mail is on its way."""
    deliver()
    send_waiting()  # what came before the decision

    def publish():
        decision = decide(assessed.propose(), assessed.house, assessed.at)
        with django_capture_on_commit_callbacks(execute=True):
            deliver()
        return decision

    return publish


def moved(hours):
    """Let some hours pass since the decision was published: its event as if so much earlier."""
    event = Event.objects.get(kind="decision.publish")
    return event.at + timedelta(hours=hours)


def of_decision():
    return Notification.objects.filter(event__kind="decision.publish")


def test_mail_about_a_decision_is_in_the_list_before_the_law_is_broken_and_goes_as_soon_as_it_can(assessed, decided, down, settings):
    decided()
    row, officer = of_decision().get(), assessed.house.officer
    assert (row.sent_at, row.kind, row.attempts, row.failure) == (None, MailKind.DECISION, 1, "ConnectionRefusedError")
    assert list(not_sent(officer, moved(23))) == []
    assert row in not_sent(officer, moved(24))
    assert moved(24) < row.event.at + LEGAL
    assert send_waiting()[0] == 0
    row.refresh_from_db()
    assert row.attempts == 2
    settings.EMAIL_BACKEND = WORKS
    assert send_waiting()[1] == 0
    assert list(not_sent(officer, moved(24))) == []
    row.refresh_from_db()
    assert (row.sent_at is not None, row.failure, row.address) == (True, "", row.user.email)
    assert [sent.to for sent in mail.outbox if "besluit" in sent.subject] == [[row.user.email]]


def test_a_server_that_is_down_is_asked_once_and_one_that_hangs_up_is_called_again(assessed, decided, settings):
    decided()
    send_waiting()
    event, users = Event.objects.latest("at"), [person(name) for name in ("first", "odd", "last")]
    rows = notify(event=event, users=users, notice=Notice("%(a)s", {"a": "XX26-0001"}))
    settings.EMAIL_BACKEND = "tests.reports.post_office.Drops"
    Drops.unknown = users[1].email
    mail.outbox.clear()
    assert send_waiting() == (2, 1)
    assert [sent.to for sent in mail.outbox] == [[users[0].email], [users[2].email]]
    assert Notification.objects.get(pk=rows[1].pk).failure == "SMTPServerDisconnected"


def test_an_address_that_the_server_refuses_for_good_is_not_tried_again_but_goes_on_paper(assessed, decided, settings, client):
    settings.EMAIL_BACKEND = "tests.reports.post_office.Refuses"
    Refuses.unknown = assessed.application.applicant.email
    decided()
    row = of_decision().get()
    assert (row.sent_at, row.bounce, row.bounce_note) == (None, "hard", "SMTPRecipientsRefused 550")
    assert send_waiting() == (0, 0)
    page = sign_in(client, assessed.house.officer).get(reverse("workflows:undelivered"))
    assert [piece.letter for piece in page.context["back"]] == [Letter.objects.get(decision__isnull=False)]


def test_a_mail_that_cannot_be_made_holds_up_no_other(decided, monkeypatch, assessed):
    monkeypatch.setattr("reports.commands.notifying.mail_of", lambda rows: 1 / 0)
    decided()
    row = of_decision().get()
    assert (row.sent_at, row.failure) == (None, "ZeroDivisionError")
    assert send_waiting() == (0, Notification.objects.filter(sent_at=None).count())


def test_a_decision_of_which_nobody_could_be_told_is_in_the_list_too(assessed, decided, client, monkeypatch):
    CaseRole.objects.filter(application=assessed.application, role__in=[Role.EDITOR, Role.SIGNER]).update(until=assessed.at)
    decided()
    officer = assessed.house.officer
    assert not of_decision().exists()
    assert [list(nobody_told(officer, moved(hours))) for hours in (23, 24)] == [[], [Event.objects.get(kind="decision.publish")]]
    monkeypatch.setattr("tender.clock.database_now", lambda: moved(25))
    page = sign_in(client, officer).get(reverse("workflows:undelivered"))
    (row,) = page.context["back"]
    assert (row.reference, row.late, row.lines, page.context["untold"]) == (assessed.application.reference, False, (), [])
    event = Event.objects.get(kind="decision.publish")
    event.outbox.filter(handler__endswith="tell_the_applicant").update(done_at=None, error="ZeroDivisionError")
    (row,) = client.get(reverse("workflows:undelivered")).context["untold"]
    assert ("ZeroDivisionError" in row.why, row.on_paper) == (True, False)
    assert client.get(reverse("workflows:inbox")).context["undelivered"] == 1
    assert str(client.get(reverse("workflows:inbox")).context["undelivered"]) in client.get(reverse("workflows:inbox")).content.decode()


def test_who_has_an_interest_sees_nothing_of_it(assessed, decided, down):
    decided()
    officer = person("officer", Role.OFFICER)
    declare(assessed.application, officer, at=assessed.at)
    assert count_of(officer, moved(25)) > 0
    conflict = assessed.application.conflicts.get(user=officer)
    perform(ConflictMachine, "declare_interest", pk=conflict.pk, actor=officer, at=assessed.at, kind="family", explanation="Zus.")
    assert count_of(officer, moved(25)) == 0


def test_who_asked_a_question_or_drafts_is_in_no_list(assessed, decided, down, client):
    decided()
    officer, event = assessed.house.officer, Event.objects.get(kind="decision.publish")
    other = open_call(publish("pressure_cooker"))
    draft = dossier(other.call, at=other.at)
    at = moved(25)
    shown = {row.pk for row in not_sent(officer, at)}
    opened = Event.objects.filter(chain=f"dossier:{draft.reference}").earliest("at")
    ofcall = Event.objects.filter(chain__startswith="call:")[0]
    for kind, about in (("other", ofcall), ("decision", ofcall), ("decision", opened), ("other", event)):
        Notification.objects.create(event=about, user=person("asker"), subject="Uw vraag is beantwoord", kind=kind, bounce="hard")
        Notification.objects.create(event=about, user=person("other"), subject="Uw vraag is beantwoord", kind=kind)
    assert {row.pk for row in not_sent(officer, at)} == shown
    assert list(came_back(officer)) == []
    page = sign_in(client, officer).get(reverse("workflows:undelivered"))
    assert page.context["elsewhere"] >= 4
    assert "Uw vraag is beantwoord" not in page.content.decode()


def test_a_warning_about_an_account_is_in_the_list(assessed, decided, down):
    decided()
    case = assessed.application
    create(AccountMachine, "propose", of={"application": case}, actor=case.applicant, at=assessed.at, iban="NL20INGB0001234567", holder="Wij")
    event = Event.objects.get(kind="account.propose")
    row = Notification.objects.create(event=event, user=case.applicant, subject="Rekening", bounce="hard")
    assert list(came_back(assessed.house.officer)) == [row]


def test_the_list_costs_the_same_for_many_and_says_why_in_words(assessed, decided, down, client, django_assert_max_num_queries):
    decided()
    row, url = of_decision().get(), reverse("workflows:undelivered")
    sign_in(client, assessed.house.head)
    client.get(url)

    def queries():
        with django_assert_max_num_queries(40) as counted:
            page = client.get(url)
        return len(counted), page

    few, page = queries()
    (line,) = [each for each in page.context["waiting"] if each.subject == row.subject]
    assert ("ConnectionRefusedError" in line.why, line.late) == (True, True)
    for number in range(5):
        Notification.objects.create(event=row.event, user=person(f"u{number}"), subject="x", kind=MailKind.DECISION, failure="ValueError")
    many, page = queries()
    assert (few, len({each.why for each in page.context["waiting"]}) > 1) == (many, True)
    assert client.post(url).status_code == 405
