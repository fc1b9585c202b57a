"""The ledger of a call on a page: sources and years, lines with their events, and nothing of what is closed."""

from decimal import Decimal

import pytest
from django.urls import reverse

from scoring.models import Conflict
from tender.enums import Account, Role
from tender.models import FundingSource, LedgerEntry
from tests.factories import decide, open_call, person, publish, score, screen, submitted
from tests.tender.funding import two_sources
from tests.workflows.pages.house import sign_in
from workflows.commands import perform
from workflows.commands.proposing import propose_in_turn
from workflows.models import ConflictMachine, Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def game():
    """A small fund of a province and the Union that gave two grants; the second is paid of both."""
    game = open_call(publish("minifund"), ceiling=Decimal("9000.00"), funding=two_sources("support", 2026, "5000.00", "4000.00"))
    for _ in range(2):
        give(game)
    return game


def give(game):
    """One grant of 4,000 euros more, or of what is left."""
    house, stage = game.house, game.stage()
    case = submitted(game.call, at=game.at, **{stage.rules.form.amount: "4000"})
    screen(case, house, game.at)
    for assessor in house.assessors:
        score(case, assessor, game.at, officer=house.officer)
    return decide(propose_in_turn(pk=case.pk, actor=house.officer, at=game.at), house, game.at)


def page(client, game, **sought):
    return client.get(reverse("workflows:ledger", args=[game.call.reference]), sought)


def test_each_source_shows_what_it_gave_and_where_it_is(client, game):
    sign_in(client, game.house.controller)
    shown = page(client, game)
    shares = {share.source.key: share for share in shown.context["shares"]}
    assert (shares["groningen"].given, shares["efro"].given) == (5000, 4000)
    assert shares["groningen"].holds(Account.FREE) == 0
    assert (shares["efro"].holds(Account.FREE), shares["efro"].holds(Account.COMMITTED)) == (1000, 3000)
    assert shown.context["given"] == sum(amount for _kind, amount in shown.context["sums"]) == 9000
    said = shown.content.decode()
    for words in ("Provincie Groningen", "EFRO Noord", "9.000,00", game.call.reference):
        assert words in said


def test_lines_come_with_event_and_dossier_and_can_be_chosen(client, game):
    sign_in(client, game.house.controller)
    everything = page(client, game).context["rows"]
    assert len(everything) == LedgerEntry.objects.count()
    assert {row["event"].pk for row in everything} == set(LedgerEntry.objects.values_list("event_id", flat=True))
    reference = game.call.applications.latest("pk").reference
    chosen = page(client, game, dossier=reference, pot="committed", source="efro:2026").context["rows"]
    assert [(row["line"].application.reference, row["line"].amount) for row in chosen] == [(reference, Decimal(3000))]
    assert str(chosen[0]["event"].kind) == "application.award"
    assert page(client, game, dossier="nergens").context["rows"] == []
    wrong = page(client, game, pot="nowhere")
    assert len(wrong.context["rows"]) == len(everything), "a choice that does not exist chooses nothing"


def test_more_lines_cost_no_more_queries_and_come_in_pages(client, game, django_assert_num_queries, monkeypatch):
    sign_in(client, game.house.controller)
    page(client, game)
    with django_assert_num_queries(QUERIES):
        few = page(client, game)
    give(game)
    with django_assert_num_queries(QUERIES):
        more = page(client, game)
    assert len(more.context["rows"]) > len(few.context["rows"])
    monkeypatch.setattr("workflows.pages.ledger.PAGE", 5)
    second = page(client, game, page=2)
    assert len(second.context["rows"]) == 5
    assert "page=3" in second.content.decode()


QUERIES = 11


def test_what_an_interest_closes_is_left_out_with_all_that_tells_of_it(client, game):
    first = game.call.applications.earliest("pk")
    asked = Conflict.objects.get_or_create(application=first, user=game.house.controller, defaults={"part": "controller", "state": "asked"})[
        0
    ]
    perform(ConflictMachine, "declare_interest", pk=asked.pk, actor=game.house.controller, at=game.at, kind="family", explanation="Mijn zus.")
    sign_in(client, game.house.controller)
    shown = page(client, game)
    assert not shown.context["told"]
    assert first.reference not in shown.content.decode()
    assert {row["line"].application_id for row in shown.context["rows"]} <= {
        None,
        *game.call.applications.exclude(pk=first.pk).values_list("pk", flat=True),
    }


def test_only_who_decides_or_pays_comes_in(client, game):
    sign_in(client, game.house.assessors[0])
    assert page(client, game).status_code == 403
    sign_in(client, person("toezicht", Role.AUDITOR))
    assert page(client, game).status_code == 200
    assert client.get(reverse("workflows:ledger", args=["NO26"])).status_code == 404


def test_the_round_shows_sources_only_where_there_is_more_than_one(client, game):
    url = reverse("workflows:stage", args=[game.call.reference, game.stage().key])
    sign_in(client, game.house.officer)
    assert [str(share.source) for share in client.get(url).context["pots"]["sources"]] == ["Provincie Groningen", "EFRO Noord"]
    alone = open_call(publish("minifund"), house=game.house)
    shown = client.get(reverse("workflows:stage", args=[alone.call.reference, alone.stage().key])).context["pots"]
    assert shown["sources"] == []
    assert [row["kind"] for row in shown["rows"]] == ["paid", "committed", "reserved", "free"]


def test_a_line_whose_event_is_gone_is_shown_without(client, game, settings):
    assert FundingSource.objects.count() == 2
    event = Event.objects.latest("at")
    from workflows.pages.ledger import row

    line = LedgerEntry.objects.select_related("account__source").latest("pk")
    assert row(line, None)["what"] == ""
    assert row(line, event)["what"] != ""
