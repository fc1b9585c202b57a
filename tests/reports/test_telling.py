"""Who hears of what by mail, beside the applicant of a dossier."""

from datetime import timedelta

import pytest
from django.core import mail

from tender.enums import Role
from tests.factories import assign, close, declare, deliver, dossier, open_call, publish, screen, submitted
from tests.workflows.refusals.saying import refused
from workflows.commands import perform
from workflows.models import ApplicationMachine, Notification, StageMachine

pytestmark = pytest.mark.django_db


def told(kind):
    return sorted(Notification.objects.filter(event__kind=kind).values_list("user__email", flat=True))


def test_everyone_with_a_draft_hears_of_more_time(django_capture_on_commit_callbacks):
    game = open_call(publish("crossover"))
    stage, head = game.stage(), game.house.head
    drafting = dossier(game.call, at=game.at)
    submitted(game.call, at=game.at)
    until = stage.closes_at + timedelta(days=7)
    perform(StageMachine, "extend", pk=stage.pk, actor=head, at=game.at, closes_at=until, reason="Het portaal was een dag onbereikbaar.")
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        deliver()
    assert told("stage.extend") == [drafting.applicant.email]
    (sent,) = [each for each in mail.outbox if "meer tijd" in each.subject]
    assert (drafting.reference in sent.subject, sent.to) == (True, [drafting.applicant.email])


def test_a_window_is_not_extended_beyond_the_opening_of_the_next_stage():
    game = open_call(publish("crossover"))
    stage, head, following = game.stage(), game.house.head, game.stage(2)
    later = following.opens_at + timedelta(minutes=1)
    refused("later_and_told", StageMachine, "extend", stage, head, game.at, reason="Meer tijd.", closes_at=later)
    perform(StageMachine, "extend", pk=stage.pk, actor=head, at=game.at, reason="Meer tijd.", closes_at=following.opens_at)


def test_the_officer_and_the_jurors_of_a_withdrawn_application_are_told():
    game = open_call(publish("crossover"))
    house, case = game.house, submitted(game.call, at=game.at)
    at = close(game.stage())
    screen(case, house, at)
    declare(case, *house.jurors, at=at)
    assign(case, house.jurors[:2], house, at)
    perform(ApplicationMachine, "withdraw", pk=case.pk, actor=case.applicant, at=at)
    deliver()
    expected = [house.officer, *house.jurors[:2]]
    assert case.case_roles.filter(user=house.officer, role=Role.OFFICER).exists()
    assert told("application.withdraw") == sorted(user.email for user in expected)
