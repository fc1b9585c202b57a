"""The mails with a link: in the reader's language, only the newest one works, and a mail server that is down loses none."""

import smtplib

import pytest

from reports.commands.inviting import language_of, send_invitation, send_question
from tests.factories import deliver, person
from tests.factories.beside import asked, asking_call, filled, invited
from workflows.commands import perform
from workflows.models import Event, InvitationMachine
from workflows.outbox import sweep

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    game = asking_call()
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


def test_a_name_with_a_line_break_makes_no_second_header(case, mailoutbox):
    type(case.applicant).objects.filter(pk=case.applicant.pk).update(name="Fenna\nBcc: iedereen@voorbeeld.example")
    invited(case, person("reader"), case.stage.opens_at)
    deliver()
    (mail,) = mailoutbox
    assert "\n" not in mail.subject
    assert mail.recipients() == mail.to
