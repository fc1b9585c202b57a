"""What everybody may see: calls, rules, results."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from tender.clock import database_now
from tender.models import Call, Decision, Organisation, Stage
from tests.factories import applicant, decide, open_call, publish, score, screen, submitted
from workflows.commands.proposing import propose_for

pytestmark = pytest.mark.django_db


def test_no_call_is_an_empty_state(client):
    page = client.get(reverse("tender:calls"))
    assert page.context["nothing_open"]
    assert page.context["groups"] == []


def test_calls_stand_under_what_they_are(client):
    now = database_now()
    game = open_call(publish("crossover"), at=now - timedelta(days=2))
    open_call(publish("minifund"), house=game.house, at=now + timedelta(days=5), opened=False)
    groups = {group["key"]: [card["call"].reference for card in group["cards"]] for group in client.get("/").context["groups"]}
    assert set(groups) == {"open", "soon"}
    assert len(groups["open"]) == len(groups["soon"]) == 1


def test_the_list_costs_the_same_for_many(client, django_assert_num_queries):
    now, version = database_now(), publish("crossover")
    game = open_call(version, at=now - timedelta(days=2))
    with django_assert_num_queries(6):
        client.get("/")
    for _each in range(3):
        open_call(version, house=game.house, at=now - timedelta(days=2))
    with django_assert_num_queries(6):
        assert len(client.get("/").context["groups"][0]["cards"]) == 4


def test_a_call_that_is_not_announced_is_not_there(client):
    version = publish("minifund")
    call = Call.objects.create(reference="MF99", version=version, year=2099, title_nl="x", title_en="x")
    assert client.get(reverse("tender:call", args=[call.reference])).status_code == 404
    assert client.get(reverse("tender:call", args=["nowhere"])).status_code == 404


def test_a_call_tells_its_rules_and_keeps_its_seed(client):
    game = open_call(publish("crossover"), at=database_now() - timedelta(days=2))
    page = client.get(reverse("tender:call", args=[game.call.reference]))
    stage = game.stage(1)
    body = page.content.decode()
    assert all(told["rules"] for told in page.context["stages"])
    assert stage.lottery_commitment in body
    assert stage.lottery_seed not in body
    assert page.context["apply_url"] == reverse("workflows:start", args=[game.call.reference])
    assert [(purse.kind, purse.ceiling) for purse in page.context["purses"]] == [("to_divide", 100000), ("to_divide", 100000)]


def test_staff_find_no_button_to_apply(client):
    game = open_call(publish("crossover"), at=database_now() - timedelta(days=2))
    client.force_login(game.house.officer)
    assert client.get(reverse("tender:call", args=[game.call.reference])).context["apply_url"] == ""


@pytest.mark.parametrize("organisation", [True, False])
def test_results_name_organisations_and_no_persons(client, organisation):
    game = open_call(publish("minifund"), at=database_now() - timedelta(days=2))
    user, org = applicant(organisation=organisation, name="wiebke")
    case = submitted(game.call, user=user, organisation=org, at=game.at)
    url = reverse("tender:call", args=[game.call.reference])
    screen(case, game.house, game.at)
    for assessor in game.house.assessors:
        score(case, assessor, game.at, officer=game.house.officer)
    case.refresh_from_db()
    assert client.get(url).context["stages"][0]["outcome"] is None
    proposed = propose_for(pk=case.pk, kind="award", ground="", amount=Decimal(1000), reasons="", actor=game.house.officer, at=game.at)
    decide(Decision.objects.get(pk=proposed.pk), game.house, game.at)
    page = client.get(url)
    outcome = page.context["stages"][0]["outcome"]
    body = page.content.decode()
    if org:
        (result,) = outcome.named
        assert (result.title, result.amount, result.party) == (case.title, Decimal(1000), org.name)
    else:
        assert (outcome.named, outcome.persons, outcome.amount) == ([], 1, None)
        assert case.title not in body
    assert user.name not in body
    (purse,) = page.context["purses"]
    assert (purse.kind, purse.granted, purse.reserved) == ("all_year", Decimal(1000), Decimal(0))
    assert Organisation.objects.count() == int(organisation)
    (group,) = client.get(reverse("tender:showcase")).context["groups"]
    assert (group["call"], group["outcome"]) == (game.call, outcome)
    assert group["together"].startswith("1 ")
    assert ("1.000" in group["together"]) is organisation, "of one person no amount is told"


def test_nothing_awarded_is_an_empty_state(client):
    page = client.get(reverse("tender:showcase"))
    assert page.context["groups"] == []
    assert reverse("tender:calls") in page.content.decode()


def test_a_finished_call_says_what_came_of_it(client):
    at = database_now()
    game = open_call(publish("pressure_cooker"), at=at - timedelta(days=90))
    Stage.objects.filter(call=game.call).update(state="finished")
    ((group,),) = (client.get("/").context["groups"],)
    assert (group["key"], group["cards"][0]["came_of"]) == ("past", "Er is niets toegekend.")
