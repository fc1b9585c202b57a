"""Which mail one gets: chosen in one's room, turned off from the mail itself, gathered in one mail a day; never what must be sent."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends import smtp
from django.test import Client
from django.urls import reverse

from reports.commands.digesting import send_digest, send_digests
from reports.commands.notifying import Notice, notify, send_waiting
from reports.commands.preferring import prefer, turn_off
from reports.mails import KIND_OF, WHY, off_url, read_off
from reports.models import MailPreference
from reports.subscriptions.applicants import TOLD
from tender.clock import database_now
from tender.enums import MAY_BE_OFF, MAY_WAIT, MailKind
from tests.factories import open_call, person, publish
from tests.workflows.pages.house import sign_in
from workflows.models import Event, Notification
from workflows.outbox import HANDLERS

pytestmark = pytest.mark.django_db


@pytest.fixture
def events():
    """As many events as anybody likes, of a kind, to tell of."""
    open_call(publish("hub_support"))
    rows = iter(Event.objects.order_by("at", "seq"))

    def event(kind):
        found = next(rows)
        found.kind = kind
        return found

    return event


@pytest.fixture
def tell(events, django_capture_on_commit_callbacks):
    def told(kind, *users):
        with django_capture_on_commit_callbacks(execute=True):
            return notify(event=events(kind), users=users, notice=Notice("%(what)s", {"what": f"XX26-0001: {kind}"}))

    return told


def at_hour(hour, days=0):
    return database_now().replace(month=1, day=10, hour=hour) + timedelta(days=days)


def test_every_kind_of_mail_says_why_one_gets_it():
    assert set(WHY) == set(MailKind)
    assert set(TOLD) <= set(KIND_OF)
    told = {kind for kind, handlers in HANDLERS.items() if any(".tell_" in name for name in handlers)}
    assert told <= set(KIND_OF), "what is not named there cannot be turned off; name it"
    assert set(MAY_WAIT) < set(MAY_BE_OFF)
    assert {KIND_OF[kind] for kind in ("application.submit", "application.request_completion", "decision.publish")}.isdisjoint(MAY_BE_OFF)


def test_what_is_turned_off_is_not_sent_and_what_must_be_sent_is(tell):
    user, other = person("user"), person("other")
    prefer(user=user, digest=False, off=[*MAY_BE_OFF, MailKind.DECISION, "nonsense"])
    assert MailPreference.objects.get().off == list(MAY_BE_OFF)
    assert [row.user for row in tell("application.remind", user, other)] == [other]
    assert [row.user for row in tell("decision.publish", user, other)] == [user, other]
    assert [sent.to for sent in mail.outbox] == [[other.email], [user.email], [other.email]]


def test_the_page_of_preferences_keeps_what_is_chosen_and_says_what_cannot_be(client):
    user, url = person("user"), reverse("reports:mail")
    assert client.get(url).status_code == 302
    sign_in(client, user)
    page = client.get(url)
    assert page.context["form"].initial == {"kinds": [kind.value for kind in MAY_BE_OFF], "when": "once"}
    assert str(MailKind.DECISION.label) in page.content.decode().lower()
    assert client.post(url, {"kinds": ["decision"], "when": "once"}).status_code == 422
    assert client.post(url, {"kinds": ["news"], "when": "sometimes"}).status_code == 422
    assert not MailPreference.objects.exists()
    assert client.post(url, {"kinds": ["news"], "when": "daily"}).status_code == 302
    choice = MailPreference.objects.get(user=user)
    assert (choice.digest, choice.off) == (True, [MailKind.REMINDER, MailKind.JURY])
    assert client.get(url).context["form"].initial == {"kinds": ["news"], "when": "daily"}
    assert url in client.get(reverse("tender:profile")).content.decode(), "the menu leads there"


def address_of(sent):
    return re.fullmatch(r"<(.*)>", sent.extra_headers["List-Unsubscribe"])[1]


def test_a_mail_program_turns_a_kind_off_by_one_press_without_signing_in(tell, settings):
    user = person("user")
    tell("application.remind", user)
    (sent,) = mail.outbox
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = address_of(sent)
    assert address.startswith(settings.SITE_URL)
    assert address in sent.body
    assert address in sent.alternatives[0][0]
    path, stranger = address.removeprefix(settings.SITE_URL), Client(enforce_csrf_checks=True)
    for _scanner in range(2):
        page = stranger.get(path)
        assert (page.status_code, "<form" in page.content.decode().split("<main")[1]) == (200, True)
    assert not MailPreference.objects.exists(), "looking changes nothing"
    for _twice in range(2):
        assert stranger.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert MailPreference.objects.get(user=user).off == [MailKind.REMINDER]
    turn_off(user_id=user.pk, kind=MailKind.JURY)
    assert MailPreference.objects.get(user=user).off == [MailKind.REMINDER, MailKind.JURY]


def test_an_address_that_we_did_not_make_turns_nothing_off(client):
    user = person("user")
    made = off_url(user, MailKind.NEWS).rstrip("/").rpartition("/")[2]
    needed = off_url(user, MailKind.DECISION).rstrip("/").rpartition("/")[2]
    gone = person("gone")
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    of_gone = off_url(gone, MailKind.NEWS).rstrip("/").rpartition("/")[2]
    assert read_off(made) == (user.pk, MailKind.NEWS)
    for token in (made[:-1], "x", needed, of_gone):
        for send in (client.get, client.post):
            assert send(reverse("reports:mail_off", args=[token])).status_code == 410
    assert not MailPreference.objects.exists()


def test_what_must_be_sent_has_no_way_to_turn_it_off_and_says_why(tell):
    tell("decision.publish", person("user"))
    (sent,) = mail.outbox
    assert "List-Unsubscribe" not in sent.extra_headers
    for text in (sent.body, sent.alternatives[0][0]):
        assert str(WHY[MailKind.DECISION]) in text
        assert reverse("reports:mail") in text
        assert "/mail/uit/" not in text


def test_one_mail_a_day_gathers_what_can_wait(tell):
    user, other = person("user"), person("other")
    prefer(user=user, digest=True, off=[])
    tell("stage.extend", user, other)
    tell("scoresheet.assign", user)
    assert [sent.to for sent in mail.outbox] == [[other.email]]
    assert send_waiting() == (0, 0), "the sweep leaves it for the mail of the day"
    tell("application.remind", user)
    tell("decision.publish", user)
    assert len(mail.outbox) == 3, "what must be sent, and a reminder, goes at once"
    mail.outbox.clear()
    assert send_digests(at_hour(4)) == 0, "not in the night"
    assert send_digests(at_hour(9)) == 1
    (sent,) = mail.outbox
    assert ("stage.extend" in sent.body, "scoresheet.assign" in sent.body, "decision.publish" in sent.body) == (True, True, False)
    assert read_off(address_of(sent).rstrip("/").rpartition("/")[2]) == (user.pk, "all")
    assert len(set(Notification.objects.filter(user=user, kind__in=MAY_WAIT).values_list("mail_id", flat=True))) == 1
    tell("application.withdraw", user)
    assert [send_digests(at_hour(9)), send_digests(at_hour(15))] == [0, 0], "one a day"
    assert send_digests(at_hour(9, days=1)) == 1
    assert (len(mail.outbox), mail.outbox[1].subject) == (2, "XX26-0001: application.withdraw")
    assert send_digests(at_hour(9, days=2)) == 0, "nothing waits"
    tell("stage.extend", user)
    assert not send_digest(MailPreference.objects.get().pk, at_hour(20, days=1)), "a second sweep at the same moment finds the day noted"


def test_a_mail_of_the_day_that_fails_is_tried_again_and_who_stops_gathering_gets_what_waits(tell, settings):
    user = person("user")
    prefer(user=user, digest=True, off=[])
    tell("stage.extend", user)
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = smtp.__name__ + ".EmailBackend", "127.0.0.1", 9
    assert send_digests(at_hour(9)) == 0
    row = Notification.objects.get(user=user)
    assert (row.sent_at, row.attempts, row.failure) == (None, 1, "ConnectionRefusedError")
    assert MailPreference.objects.get(user=user).digested_on is None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    prefer(user=user, digest=False, off=[])
    assert send_waiting() == (1, 0)
