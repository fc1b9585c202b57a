"""The mails with a link: in the reader's language, only the newest one works, and a mail server that is down loses none."""

import smtplib
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from reports.bounces import Report
from reports.commands.bouncing import note_bounce
from reports.commands.inviting import language_of, send_invitation, send_question
from tender.clock import database_now
from tender.enums import Bounce
from tests.factories import deliver, person
from tests.factories.beside import asked, asking_call, filled, invited
from workflows.commands import perform
from workflows.models import Event, InvitationMachine
from workflows.outbox import sweep

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    game = asking_call(at=database_now() - timedelta(days=2))
    return filled(game.call, game.at)


def test_a_mail_that_was_overtaken_is_not_sent(case, mailoutbox):
    at, user = case.stage.opens_at, person("reader", language="en")
    made = invited(case, user, at)
    perform(InvitationMachine, "invite_again", pk=made.pk, actor=case.applicant, at=at)
    first, second = Event.objects.filter(noun="invitation").order_by("seq")
    assert (send_invitation(first), send_invitation(second)) == (False, True)
    asked(case, at)
    asked(case, at)
    first, second = Event.objects.filter(noun="consent").order_by("seq")
    assert (send_question(first), send_question(second)) == (False, True)
    assert [mail.to for mail in mailoutbox] == [[user.email], ["henk@hunze.example"]]
    assert "Open the link" in mailoutbox[0].body
    assert [language_of(email, "nl") for email in (user.email, "niemand@hier.example")] == ["en", "nl"]


def test_a_mail_server_that_is_down_loses_no_link(case, mailoutbox, monkeypatch):
    invited(case, person("later"), case.stage.opens_at)

    def down(*args, **kwargs):
        raise smtplib.SMTPServerDisconnected

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMultiAlternatives.send", down)
        _delivered, failed = sweep()
    assert failed == 1
    assert mailoutbox == []
    deliver()
    assert len(mailoutbox) == 1


def test_an_address_that_is_refused_for_good_is_tried_once_and_who_asked_reads_it(case, client, monkeypatch):
    at = case.stage.opens_at
    made, (consent, _named) = invited(case, person("nowhere"), at), asked(case, at)

    def refuse(mail, *args, **kwargs):
        raise smtplib.SMTPRecipientsRefused({mail.to[0]: (550, b"no such user")})

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
        assert sweep()[1] == 0, "nothing is left to try again"
    rows = [type(each).objects.get(pk=each.pk) for each in (made, consent)]
    assert all(row.undelivered_at for row in rows)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.force_login(type(case.applicant).objects.get(pk=case.applicant.pk))
    for page in ("together", "partners"):
        assert "did not arrive" in client.get(reverse(f"workflows:{page}", args=[case.reference])).content.decode()
    perform(InvitationMachine, "invite_again", pk=made.pk, actor=case.applicant, at=at)
    asked(case, at)
    assert not any(type(each).objects.get(pk=each.pk).undelivered_at for each in (made, consent))


def test_a_link_that_expired_before_it_could_be_sent_is_not_sent(case, mailoutbox):
    made = invited(case, person("late"), case.stage.opens_at)
    InvitationMachine.objects.filter(pk=made.pk).update(until=case.stage.opens_at)
    assert sweep()[1] == 0
    assert mailoutbox == []
    assert InvitationMachine.objects.get(pk=made.pk).undelivered_at is not None


def test_a_link_that_comes_back_is_known_by_its_mail(case, mailoutbox, settings):
    settings.BOUNCE_ADDRESS = "terug@drietrap.example"
    made = invited(case, person("gone"), case.stage.opens_at)
    deliver()
    (mail,) = mailoutbox
    made.refresh_from_db()
    assert mail.from_email == f"terug+{made.mail_id.hex}@drietrap.example"
    assert (mail.extra_headers["Auto-Submitted"], made.mail_id.hex in mail.extra_headers["Message-ID"]) == ("auto-generated", True)
    at = database_now()
    assert note_bounce(Report(made.mail_id, Bounce.SOFT, "full"), at=at) == Bounce.SOFT
    assert InvitationMachine.objects.get(pk=made.pk).undelivered_at is None
    assert note_bounce(Report(made.mail_id, None, ""), at=at) is None
    note_bounce(Report(made.mail_id, Bounce.HARD, "no such user"), at=at)
    assert InvitationMachine.objects.get(pk=made.pk).undelivered_at == at


def test_a_name_with_a_line_break_makes_no_second_header(case, mailoutbox):
    type(case.applicant).objects.filter(pk=case.applicant.pk).update(name="Fenna\nBcc: iedereen@voorbeeld.example")
    invited(case, person("reader"), case.stage.opens_at)
    deliver()
    (mail,) = mailoutbox
    assert "\n" not in mail.subject
    assert mail.recipients() == mail.to
