"""A report that is due soon: the clock reminds once, by letter and by mail, and nobody who has reported or need not."""

from datetime import date, timedelta

import pytest
from django.core import mail

from tender.enums import ReportState
from tests.factories import decide, deliver
from tests.reading import text_of
from workflows.commands.clockwork import tick
from workflows.models import Event, Letter

pytestmark = [pytest.mark.django_db, pytest.mark.prints]


@pytest.fixture
def report(assessed):
    """The one report of a grant from the mini-fund, due after half a year."""
    decision = decide(assessed.propose(), assessed.house, assessed.at)
    deliver()
    mail.outbox.clear()
    return decision.grant.reports.get()


def letters():
    return list(Letter.objects.filter(kind="report_due"))


def remind(report, *, days, assessed):
    """Let the clock tick some days before the report is due, and deliver."""
    tick(assessed.at + (report.due_on - timedelta(days=days) - assessed.at.date()))
    deliver()


def test_the_clock_reminds_four_weeks_before_and_once(assessed, report, django_capture_on_commit_callbacks):
    remind(report, days=29, assessed=assessed)
    assert not letters()
    with django_capture_on_commit_callbacks(execute=True):
        remind(report, days=28, assessed=assessed)
    (letter,) = letters()
    assert letter.application == report.grant.application
    text, due = text_of(letter), day_in_dutch(report.due_on)
    assert f"Lever uw verslag “{report.terms.label.nl}” uiterlijk op {due} in" in text
    assert "bezwaar" not in text
    assert letter.facts["on"] == (report.due_on - timedelta(days=28)).isoformat()
    (sent,) = mail.outbox
    assert (sent.to, due in " ".join(sent.subject.split())) == ([report.grant.application.applicant.email], True)
    for days in (27, 1, -1):
        remind(report, days=days, assessed=assessed)
    assert len(letters()) == Event.objects.filter(kind="report.remind").count() == 1


def test_nobody_is_reminded_of_what_they_handed_in(assessed, report):
    type(report).objects.filter(pk=report.pk).update(state=ReportState.HANDED_IN)
    remind(report, days=1, assessed=assessed)
    assert not letters()


def day_in_dutch(day: date) -> str:
    months = ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"]
    return f"{day.day} {months[day.month - 1]} {day.year}"
