"""The letters beside a decision and after it, out of the very steps they follow from."""

from datetime import date, timedelta

import pytest

from reports.letters.composing import compose
from reports.letters.facts import from_plain
from reports.letters.registry import KINDS
from tender.commands.reporting import save_report
from tender.models import Grant, ProgressReport
from tender.reporting import form_of
from tests.factories import approve_report, deliver, open_call, publish, submitted
from tests.factories.answers import answers_for
from tests.factories.awarded import award
from tests.workflows.refusals.test_lateness import late, note_default
from workflows.commands import perform
from workflows.models import ApplicationMachine, Event, GrantMachine, InstalmentMachine, Letter, Notification, ReportMachine

pytestmark = pytest.mark.django_db


def facts(letter):
    return from_plain(KINDS[letter.kind].facts, letter.facts)


def letter_of(kind):
    """The one letter of a kind, and its facts."""
    deliver()
    letter = Letter.objects.get(kind=kind)
    assert letter.decision is None, "so that nothing keeps it from the party"
    return letter, facts(letter)


@pytest.fixture
def running():
    """A grant that runs, in three parts with reports."""
    made = award(1)
    (grant,) = made.grants
    at = made.at + timedelta(days=1)
    perform(GrantMachine, "accept", pk=grant.pk, actor=grant.application.applicant, at=at)
    return made, Grant.objects.get(pk=grant.pk), at


def test_payment_rests_and_goes_on(running):
    made, grant, at = running
    until = (at + timedelta(weeks=10)).date()
    why = {"reason": "Het verslag lijkt niet te kloppen.", "until": until}
    perform(GrantMachine, "ask_suspend", pk=grant.pk, actor=made.cast.house.officer, at=at, **why)
    perform(GrantMachine, "suspend", pk=grant.pk, actor=made.cast.house.controller, at=at, **why)
    letter, said = letter_of("suspension")
    assert (said.rests_until, said.reason, said.signer.name) == (until, why["reason"], str(made.cast.house.controller))
    assert said.objection.known_on == said.on, "it is known when it is sent, so its last day to object is exact"
    assert Letter.objects.sent().filter(pk=letter.pk).exists()
    assert Notification.objects.filter(event=letter.event, user=grant.application.applicant).exists()
    back = {"reason": "Het klopt wel."}
    perform(GrantMachine, "ask_resume", pk=grant.pk, actor=made.cast.house.officer, at=at, **back)
    perform(GrantMachine, "resume", pk=grant.pk, actor=made.cast.house.controller, at=at, **back)
    _letter, said = letter_of("resumption")
    assert (said.reason, said.objection) == ("Het klopt wel.", None)


def test_an_advance_is_told_and_the_last_payment_is_not(running):
    made, grant, at = running
    parts = {part.terms.due: part for part in grant.instalments.all()}
    assert {"settlement"} < set(parts)
    due = next(part for part in grant.instalments.all() if part.state == "due")
    perform(InstalmentMachine, "approve", pk=due.pk, actor=made.cast.house.officer, at=at)
    perform(InstalmentMachine, "order", pk=due.pk, actor=made.cast.house.controller, at=at)
    letter, said = letter_of("advance")
    due.refresh_from_db()
    assert (said.amount, said.paid_by, said.iban_end, said.awarded) == (due.amount, due.pay_by, grant.iban[-4:], grant.amount)
    assert said.awarded_on is not None
    assert letter.application == grant.application
    last = Event(noun="instalment", key=parts["settlement"].pk, kind="instalment.order", data={"amount": "1.00"})
    assert compose(last) is None


def test_what_becomes_of_a_report_is_told(running):
    made, grant, at = running
    report = ProgressReport.objects.filter(grant=grant).order_by("due_on").first()
    for name, said, kind in (("request_completion", "Er mist een foto.", "report_returned"), ("reject", "Te mager.", "report_rejected")):
        hand_in(report, at)
        if name == "reject":
            approve_report(report, made.cast.house, at, "reject", reason=said)
        else:
            perform(ReportMachine, name, pk=report.pk, actor=made.cast.house.officer, at=at, reason=said)
        _letter, told = letter_of(kind)
        assert (told.reason, told.report_by, told.handed_in_on) == (said, report.due_on, at.date())
    other = ProgressReport.objects.filter(grant=grant).exclude(pk=report.pk).order_by("-due_on").first()
    hand_in(other, at)
    approve_report(other, made.cast.house, at, reason="Mooi.")
    _letter, told = letter_of("report_approved")
    assert (told.reason, told.final, told.signer.function) == ("Mooi.", True, "tweede lezer")


def hand_in(report, at):
    """Hand in a report, filled in."""
    who = report.grant.application.applicant
    if ReportMachine.objects.get(pk=report.pk).state == "asked":
        perform(ReportMachine, "start", pk=report.pk, actor=who, at=at)
        save_report(pk=report.pk, actor=who, at=at, typed=answers_for(form_of(report)))
    perform(ReportMachine, "hand_in", pk=report.pk, actor=who, at=at)


def test_what_is_withdrawn_is_confirmed_once_it_had_come_in():
    game = open_call(publish("minifund"))
    case = submitted(game.call, at=game.at)
    perform(ApplicationMachine, "withdraw", pk=case.pk, actor=case.applicant, at=game.at)
    letter, said = letter_of("withdrawn")
    assert (letter.application, said.received_at, said.objection) == (case, game.at, None)


def test_who_tells_us_that_we_are_late_reads_what_follows():
    game, case = late()
    came = date(2026, 3, 5)
    at = game.at + timedelta(days=60)
    note_default(case, game.house.officer, at, received=came)
    _letter, said = letter_of("default_noted")
    assert (said.noted_for, said.penalty_from) == (came, date(2026, 3, 20))
    assert said.last_day < came
