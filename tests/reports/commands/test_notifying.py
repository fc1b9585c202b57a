"""A mail goes to who still works here, and once."""

import pytest

from reports.commands.notifying import Notice, notify, send, send_waiting
from tests.factories import person
from tests.workflows.refusals.test_grants import small_grant
from workflows.models import Event, Notification

pytestmark = pytest.mark.django_db


def test_who_left_gets_no_mail_and_who_was_told_is_not_told_again(mailoutbox):
    small_grant()
    event, (stays, left) = Event.objects.latest("at"), [person("stays"), person("left")]
    notice = Notice("%(reference)s waits", {"reference": "XX26-0001"})
    told, silent = notify(event=event, users=[stays, left], notice=notice)
    assert notify(event=event, users=[stays, left], notice=notice) == []
    type(left).objects.filter(pk=left.pk).update(is_active=False)
    Notification.objects.exclude(pk__in=[told.pk, silent.pk]).delete()
    assert send_waiting() == (1, 0)
    assert [mail.to for mail in mailoutbox] == [[stays.email]]
    assert [send(told.pk), send(silent.pk)] == [False, False]
    assert len(mailoutbox) == 1
    silent.refresh_from_db()
    assert silent.sent_at is None
