"""The applicant's room later on: the next form, a revised plan, a grant to accept, a dossier withdrawn; and a juror's view."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from tender.clock import database_now
from tender.enums import ApplicationState, GrantState
from tender.models import Application, Grant
from tests.factories import assign, close, consents, decide_round, declare, open_call, publish, screen, submitted
from tests.factories.beside import write
from tests.journeys.test_crossover import ideas, proposals
from tests.tender.pages.filled import data_for
from workflows.commands import perform
from workflows.commands.clockwork import tick
from workflows.models import ApplicationMachine, StageMachine

pytestmark = pytest.mark.django_db
ROUND = timedelta(days=60)
OTHER = "NL02ABNA0123456789"


@pytest.fixture
def small():
    return open_call(publish("minifund"), at=database_now() - timedelta(days=2))


@pytest.fixture
def nominated():
    """Three dossiers in the last stage, where no jury judges; the stage closed yesterday."""
    game = open_call(publish("crossover"), at=database_now() - 2 * ROUND - timedelta(days=32), ceiling=Decimal("130000.00"))
    cases, _at = ideas(game)
    left = proposals(game, cases)
    stage = game.stage(3)
    tick(stage.opens_at)
    return game, [Application.objects.get(pk=case.pk) for case in left if Application.objects.get(pk=case.pk).stage_id == stage.pk]


@pytest.fixture
def negotiated(nominated):
    """The last stage under way: every plan is handed in and gone through."""
    game, cases = nominated
    for case in cases:
        submitted(game.call, case=case, at=game.stage(3).opens_at)
    at = close(game.stage(3))
    for case in cases:
        screen(case, game.house, at)
    perform(StageMachine, "start_scoring", pk=game.stage(3).pk, actor=game.house.officer, at=at)
    return game, Application.objects.get(pk=cases[0].pk), at


def case_page(client, case):
    client.force_login(case.applicant)
    return client.get(reverse("workflows:dossier", args=[case.reference])).context


def test_a_later_stage_stands_on_the_same_ladder(client, nominated):
    _game, cases = nominated
    shown = case_page(client, cases[0])
    assert [step.status for step in shown["ladder"]] == ["done", "done", "current"]
    assert len(shown["submissions"]) == 2
    assert shown["writing"]
    assert cases[0].draft["iban"] == cases[0].iban != "", "the account of the first stage, though the second did not ask for it"
    for row in shown["submissions"]:
        receipt = client.get(reverse("workflows:receipt_file", args=[row["sent"].pk]))
        assert receipt.json()["receipt"]["stage"] == row["sent"].stage.key, "the receipts of earlier stages stay"
    page = client.get(reverse("workflows:differing", args=[cases[0].reference]))
    assert [page.context[side]["sent"].stage.number for side in ("before", "after")] == [1, 2], "from idea to proposal"
    assert page.context["moved"] > 0


def test_a_plan_is_revised_when_asked(client, negotiated):
    game, case, at = negotiated
    perform(ApplicationMachine, "ask_revision", pk=case.pk, actor=game.house.officer, at=at, reason="Maak de planning korter.")
    client.force_login(case.applicant)
    assert client.get(reverse("workflows:my_dossiers")).context["todos"]
    assert "Maak de planning korter." in client.get(reverse("tender:draft", args=[case.reference])).content.decode()
    section = case.rules.form.sections[0]
    answers = {**case.draft, case.rules.form.title: "Licht, maar korter"}
    client.post(reverse("tender:section", args=[case.reference, section.key]), data_for(section, answers))
    check = reverse("workflows:check", args=[case.reference])
    receipt = reverse("workflows:receipt", args=[case.reference])
    assert client.post(check).status_code == 409, "the partners consented to another plan"
    assert case.draft["partners"][1]["name"] in [gap["label"] for gap in client.get(check).context["gaps"]]
    consents(case, database_now())
    case.refresh_from_db()
    known = case.draft["iban"]
    write(case, database_now(), iban=OTHER)
    assert known[-4:] in "".join(gap["message"] for gap in client.get(check).context["gaps"])
    assert client.post(check).status_code == 409, "a form does not move the money of an account that is known"
    write(case, database_now(), iban=known)
    assert client.get(check).context["gaps"] == []
    assert client.post(check).url == client.post(check).url == receipt
    case.refresh_from_db()
    assert (case.submission().version, case.title) == (2, "Licht, maar korter")


def test_a_grant_is_accepted_on_the_case_page(client, negotiated):
    game, case, at = negotiated
    stage, house = game.stage(3), game.house
    perform(StageMachine, "ask_rank", pk=stage.pk, actor=house.officer, at=at)
    perform(StageMachine, "rank", pk=stage.pk, actor=house.reader, at=at)
    decide_round(game.stage(3), house, at)
    grant = Grant.objects.get(application=case, stage=stage)
    accept = reverse("workflows:step", args=["grant", grant.pk, "accept"])
    shown = case_page(client, case)
    assert accept in {action.url for action in shown["actions"]}
    assert len(shown["grants"]) == 2
    assert client.post(accept).status_code == 302
    grant.refresh_from_db()
    assert grant.state == GrantState.ACTIVE
    assert {step.status for step in case_page(client, case)["ladder"]} == {"done"}


def test_withdrawing_closes_the_dossier(client, small):
    case = submitted(small.call, at=small.at)
    client.force_login(case.applicant)
    url = reverse("workflows:dossier", args=[case.reference])
    step = reverse("workflows:step", args=["application", case.pk, "withdraw"])
    assert step in {action.url for action in client.get(url).context["apart"]}
    assert client.get(step).status_code == 200
    assert client.post(step, {"reason": "Wij stoppen."}).url == url
    case.refresh_from_db()
    assert case.state == ApplicationState.WITHDRAWN
    page = client.get(url)
    assert page.context["actions"] == []
    assert page.context["ladder"][0].status == "stopped"


def test_a_juror_reads_what_was_handed_in_and_nothing_of_the_house(client):
    game = open_call(publish("crossover"), at=database_now() - timedelta(days=40))
    case = submitted(game.call, at=game.at)
    at = close(game.stage(1))
    screen(case, game.house, at)
    juror, other = game.house.jurors[2:4]
    url = reverse("workflows:dossier", args=[case.reference])
    client.force_login(juror)
    assert client.get(url).status_code == 404
    declare(case, juror, other, at=at)
    assign(case, [juror, other], game.house, at)
    page = client.get(url)
    assert page.status_code == 200
    assert page.context["submissions"]
    hidden = {"timeline", "actions", "apart", "letters", "grants", "decisions"}
    assert hidden.isdisjoint(page.context.keys())
    assert client.get(reverse("workflows:receipt", args=[case.reference])).status_code == 404
