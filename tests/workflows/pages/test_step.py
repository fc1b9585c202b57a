"""Any arrow over HTTP: whoever may not take it is told nothing of the case, whatever they send."""

import pytest
from django.urls import reverse

from tender.models import Decision
from tests.factories import applicant, close, declare, open_call, person, publish, screen, submitted
from tests.factories.rounds import hear
from workflows.commands.proposing import propose_for
from workflows.labels import LABELS
from workflows.machines import MACHINES
from workflows.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def game():
    """A closed round with one screened dossier, and one that is to be refused: a decision lies on a desk."""
    made = open_call(publish("crossover"))
    made.cases = [submitted(made.call, at=made.at) for _ in range(2)]
    made.at = close(made.stage())
    screen(made.cases[0], made.house, made.at)
    declare(made.cases[1], made.house.officer, made.house.reader, made.house.signatory, at=made.at)
    propose_for(
        pk=made.cases[1].pk,
        kind="ineligible",
        ground="condition",
        reasons="Buiten het Noorden.",
        actor=made.house.officer,
        at=made.at,
        amount=0,
    )
    return made


def sign_in(client, user):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def every_step():
    """The address of every step that has a page, on the newest case of its kind."""
    for kind in LABELS:
        noun, name = kind.split(".")
        case = MACHINES[noun].objects.order_by("pk").last()
        if case is not None:
            yield reverse("workflows:step", args=[noun, case.pk, name])


@pytest.mark.parametrize("roles", [["auditor"], []])
def test_who_takes_no_steps_is_refused_every_one_and_nothing_moves(client, game, roles):
    sign_in(client, person("onlooker", *roles))
    before, asked = Event.objects.count(), list(every_step())
    assert {url.split("/")[2] for url in asked} >= {"stage", "application", "decision", "conflict"}
    for url in asked:
        assert client.post(url, {"reason": "omdat"}).status_code == 403, url
    assert Event.objects.count() == before


def test_an_auditor_who_is_an_officer_too_sends_nothing_to_the_house(client, game):
    game.house.officer.staff_roles.create(role="auditor", since=game.at)
    sign_in(client, game.house.officer)
    stage = game.stage()
    where = [stage.call.reference, stage.key]
    before = Event.objects.count()
    for name in ("screening", "assign", "declare_round", "panel", "decision_steps", "queue", "board_list"):
        assert client.post(reverse(f"workflows:{name}", args=where), {"step": "find_eligible"}).status_code == 403, name
    assert client.post(reverse("workflows:payments"), {"step": "approve"}).status_code == 403
    assert client.post(reverse("workflows:plan_call")).status_code == 403
    assert Event.objects.count() == before


def test_a_form_that_is_not_valid_tells_a_stranger_nothing(client, game):
    decision = Decision.objects.get()
    sign_in(client, applicant()[0])
    for name in ("edit", "submit_for_check", "approve", "sign", "send_back", "discard", "publish"):
        answer = client.post(reverse("workflows:step", args=["decision", decision.pk, name]), {})
        assert answer.status_code == 403, name
        assert decision.application.title not in answer.content.decode()


def test_pressed_twice_says_that_it_moved_on(client, game):
    decision = hear(Decision.objects.get(), game.house, game.at)
    sign_in(client, game.house.officer)
    url = reverse("workflows:step", args=["decision", decision.pk, "submit_for_check"])
    seen = {"seen": decision.seen_sha256}
    assert client.post(url, seen).status_code == 302
    again = client.post(url, seen)
    assert again.status_code == 409
    assert "in controle" in again.content.decode()
