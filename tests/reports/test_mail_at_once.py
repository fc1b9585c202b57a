"""Two workers at the same moment, with real connections: one reminder, one mail, one mail of the day."""

from datetime import timedelta

import pytest
from django.core import mail

from reports.commands.digesting import send_digests
from reports.commands.notifying import Notice, notify, send_waiting
from reports.commands.preferring import prefer, turn_off
from reports.models import MailPreference
from tender.clock import database_now
from tender.enums import MailKind
from tests.factories import dossier, open_call, person, publish
from tests.workflows.together import together
from workflows.commands.clockwork import tick
from workflows.models import Event, Notification
from workflows.outbox import sweep

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_two_beats_at_once_make_one_reminder_and_two_sweeps_one_mail():
    game = open_call(publish("minifund"))
    case = dossier(game.call, at=game.at)
    sweep()
    mail.outbox.clear()
    at = game.stage().closes_at - timedelta(days=7)
    together(*[lambda: tick(at)] * 3)
    assert Event.objects.filter(kind="application.remind", key=case.pk).count() == 1
    together(*[sweep] * 3)
    together(*[send_waiting] * 3)
    assert [sent.to for sent in mail.outbox] == [[case.applicant.email]]


def test_two_sweeps_at_once_send_one_mail_of_the_day_and_two_choices_make_one_row():
    open_call(publish("minifund"))
    user, event = person("user"), Event.objects.first()
    together(*[lambda: turn_off(user_id=user.pk, kind=MailKind.REMINDER)] * 3)
    assert MailPreference.objects.get().off == [MailKind.REMINDER]
    prefer(user=user, digest=True, off=[])
    event.kind = "stage.extend"
    notify(event=event, users=[user], notice=Notice("%(a)s", {"a": "MF26"}))
    nine = database_now().replace(hour=9)
    given = together(*[lambda: send_digests(nine)] * 3)
    assert (sorted(given), len(mail.outbox)) == ([0, 0, 1], 1)
    assert Notification.objects.get().sent_at is not None
