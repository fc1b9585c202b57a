"""Seven days and one day before closing, whoever can write hears that nothing is handed in: once per dossier and moment."""

from datetime import timedelta

import pytest
from django.core import mail

from reports.commands.notifying import Notice
from reports.letters.words import moment
from reports.subscriptions.applicants import REMINDED
from tender.enums import Role
from tender.models import Application, CaseRole
from tests.factories import applicant, close, declare, dossier, open_call, publish, submitted
from tests.factories.people import person
from tests.workflows.refusals.saying import refused
from workflows.commands import perform
from workflows.commands.clockwork import due_reminders, tick
from workflows.models import ApplicationMachine, Event, Notification, StageMachine
from workflows.outbox import sweep

pytestmark = pytest.mark.django_db


@pytest.fixture
def game():
    return open_call(publish("crossover"))


@pytest.fixture
def told(django_capture_on_commit_callbacks):
    """Let the clock tick at a moment, deliver, and say who got which mail."""

    def at(instant):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            tick(instant)
            sweep()
        return sorted((to, sent.subject) for sent in mail.outbox for to in sent.to if "application.remind" in kind(sent))

    def kind(sent):
        return {row.event.kind for row in Notification.objects.filter(subject=sent.subject, address__in=sent.to).select_related("event")}

    return at


def before(stage_or_until, **span):
    return getattr(stage_or_until, "closes_at", stage_or_until) - timedelta(**span)


def subject(case, until, language="nl", state="draft"):
    return Notice(REMINDED[state], {"reference": case.reference, "until": moment(until, language)}).in_language(language)


def reminders(case):
    return [
        (event.data["days"], event.data["until"]) for event in Event.objects.filter(kind="application.remind", key=case.pk).order_by("at")
    ]


def test_a_draft_is_reminded_twice_and_what_was_handed_in_or_withdrawn_is_not(game, told):
    stage, case = game.stage(), dossier(game.call, at=game.at)
    submitted(game.call, at=game.at)
    gone = dossier(game.call, at=game.at)
    perform(ApplicationMachine, "withdraw", pk=gone.pk, actor=gone.applicant, at=game.at)
    viewer, writer = person("viewer"), person("writer", language="en")
    for user, role in ((viewer, Role.VIEWER), (writer, Role.EDITOR)):
        CaseRole.objects.create(application=case, user=user, role=role, since=game.at)
    assert told(before(stage, days=7, seconds=1)) == []
    until = stage.closes_at
    subjects = {
        case.applicant.email: subject(case, until),
        writer.email: subject(case, until, "en"),
    }
    assert told(before(stage, days=7)) == sorted(subjects.items())
    assert [told(before(stage, days=days)) for days in (7, 6, 2)] == [[], [], []]
    assert told(before(stage, days=1)) == sorted(subjects.items())
    assert [told(before(stage, hours=hours)) for hours in (23, 1, 0)] == [[], [], []]
    assert [days for days, _until in reminders(case)] == [7, 1]


def test_a_worker_that_was_killed_and_a_beat_that_ran_twice_make_no_second_reminder(game, told):
    stage, case = game.stage(), dossier(game.call, at=game.at)
    at = before(stage, days=7)
    pairs = list(due_reminders(at))
    assert [pk for _machine, _name, pk in pairs] == [case.pk]
    clock = type(case.applicant).objects.clock()
    perform(ApplicationMachine, "remind", pk=case.pk, actor=clock, at=at)  # one beat took it; its worker was killed before delivery
    refused("not_reminded_yet", ApplicationMachine, "remind", case, clock, at)
    assert [to for to, _said in told(at)] == [case.applicant.email], "the outbox keeps what was not delivered"
    assert told(at) == []
    assert len(reminders(case)) == 1


def test_a_longer_window_is_a_closing_of_its_own(game, told):
    stage, case = game.stage(), dossier(game.call, at=game.at)
    assert len(told(before(stage, days=7))) == 1
    longer, at = stage.closes_at + timedelta(days=20), before(stage, days=6)
    perform(StageMachine, "extend", pk=stage.pk, actor=game.house.head, at=at, closes_at=longer, reason="Het portaal lag eruit.")
    assert [told(before(stage, days=1)), told(before(longer, days=8))] == [[], []]
    assert [said for _to, said in told(before(longer, days=7))] == [subject(case, longer)]
    short = longer + timedelta(days=2)
    perform(StageMachine, "extend", pk=stage.pk, actor=game.house.head, at=before(longer, days=2), closes_at=short, reason="Nog een storing.")
    assert told(before(short, days=3)) == [], "they were told of this closing within seven days of it"
    assert len(told(before(short, days=1))) == 1


def test_who_begins_late_is_not_reminded_of_a_moment_that_was_before(game, told):
    stage = game.stage()
    case = dossier(game.call, at=before(stage, days=3))
    clock = type(case.applicant).objects.clock()
    refused("reminder_due", ApplicationMachine, "remind", case, clock, before(stage, days=2))
    assert told(before(stage, days=2)) == []
    assert len(told(before(stage, days=1))) == 1


def test_a_personal_window_has_moments_of_its_own(game, told):
    stage, case = game.stage(), dossier(game.call, at=game.at)
    personal = stage.closes_at + timedelta(days=14)
    Application.objects.filter(pk=case.pk).update(personal_until=personal)
    assert [told(before(stage, days=7)), told(before(stage, days=1))] == [[], []]
    assert [said for _to, said in told(before(personal, days=7))] == [subject(case, personal)]
    clock = type(case.applicant).objects.clock()
    refused("reminder_due", ApplicationMachine, "remind", case, clock, personal)


def test_a_term_for_completing_is_reminded_and_one_that_is_mended_is_not(game, told):
    case, mended = submitted(game.call, at=game.at), submitted(game.call, at=game.at)
    at = close(game.stage())
    for each in (case, mended):
        screen_but_ask(each, game, at)
    until = Application.objects.get(pk=case.pk).repair_until
    perform(ApplicationMachine, "complete", pk=mended.pk, actor=mended.applicant, at=at)
    first = told(before(until, days=7))
    assert first == [(case.applicant.email, subject(case, until, state="incomplete"))]
    assert len(told(before(until, days=1))) == 1


def screen_but_ask(case, game, at):
    declare(case, *game.house.staff, at=at)
    if case.rules.coach_intake:
        perform(ApplicationMachine, "intake", pk=case.pk, actor=game.house.coach, at=at, serious=True, note="Helder.")
    formal = next(field.key for field in case.rules.form.fields() if field.formal)
    perform(
        ApplicationMachine, "request_completion", pk=case.pk, actor=game.house.officer, at=at, gaps=[{"field": formal, "words": "Welke?"}]
    )


def test_what_was_handed_in_between_the_reminder_and_its_mail_is_not_reminded(game, told):
    stage, case = game.stage(), dossier(game.call, at=game.at)
    at = before(stage, days=1)
    perform(ApplicationMachine, "remind", pk=case.pk, actor=type(case.applicant).objects.clock(), at=at)
    perform(ApplicationMachine, "withdraw", pk=case.pk, actor=case.applicant, at=at)
    assert told(at) == []
    assert not Notification.objects.filter(event__kind="application.remind").exists()


def test_looking_for_reminders_costs_the_same_for_many(game, django_assert_num_queries):
    stage = game.stage()
    dossier(game.call, at=game.at)
    at = before(stage, days=7)
    with django_assert_num_queries(4):
        assert len(list(due_reminders(at))) == 1
    for _ in range(3):
        user, organisation = applicant()
        dossier(game.call, user=user, organisation=organisation, at=game.at)
    with django_assert_num_queries(4):
        assert len(list(due_reminders(at))) == 4
