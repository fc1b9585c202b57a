"""Finding a call: by words, by what its scheme asks, by whether one can apply; shareable, and as cheap for many as for few."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tender.clock import database_now
from tender.finding import ORDER, WHEN, with_phase
from tender.models import Call, Stage
from tender.pages.finding import PAGE
from tender.queries import phase, public_calls
from tests.factories import open_call, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def four():
    """Two calls that are open, one that comes, one that is finished."""
    now = database_now()
    mini = open_call(publish("minifund"), at=now - timedelta(days=2))
    shop = open_call(publish("pressure_cooker"), house=mini.house, at=now - timedelta(days=2))
    past = open_call(shop.call.version, house=mini.house, at=now - timedelta(days=90))
    hub = open_call(publish("hub_support"), house=mini.house, at=now + timedelta(days=9), opened=False)
    Stage.objects.filter(call=past.call).update(state="finished")
    return {"mini": mini, "shop": shop, "past": past, "hub": hub}


def found(client, language="nl", **query):
    """Which calls a search finds, in the order of the page."""
    client.cookies["django_language"] = language
    page = client.get(reverse("tender:calls"), query)
    assert page.status_code == 200
    return [card["call"].reference for group in page.context["groups"] for card in group["cards"]], page


MINI, SHOP, PAST, HUB = "MF26", "DK26", "DK26B", "HU26"
BY_WHAT = [
    ({}, [SHOP, MINI, HUB, PAST]),
    ({"q": "innovatiecoach"}, [MINI]),
    ({"q": "CREATIEF noord drukkoker"}, [SHOP, PAST]),
    ({"q": "groepen fryslan zeppelin"}, []),
    ({"q": "fryslan minifonds"}, [MINI]),
    ({"q": "mf26"}, [MINI]),
    ({"who": "person"}, [MINI]),
    ({"who": "organisation"}, [MINI, HUB]),
    ({"who": "together", "when": "closed"}, [PAST]),
    ({"theme": "energy"}, [SHOP, MINI, HUB, PAST]),
    ({"theme": "free", "who": "organisation"}, [MINI, HUB]),
    ({"province": "drenthe", "when": "open"}, [SHOP, MINI]),
    ({"when": "soon"}, [HUB]),
    ({"amount": "4.000,00"}, [SHOP, MINI, PAST]),
    ({"amount": "100"}, [SHOP, PAST]),
    ({"amount": "100000"}, [HUB]),
    ({"amount": "2000000"}, []),
]


def test_a_call_is_found_by_what_its_scheme_says(client, four):
    assert [(query, found(client, **query)[0]) for query, _schemes in BY_WHAT] == BY_WHAT
    # Words are looked up in the reader's language, also in the call's own title.
    assert found(client, "en", q="innovation coach")[0] == [MINI]
    assert found(client, "nl", q="innovation coach")[0] == []
    Call.objects.filter(pk=four["shop"].call.pk).update(title_nl="Éénmalig", title_en="Once")
    assert found(client, "nl", q="Éénmalig")[0] == [SHOP]
    assert found(client, "en", q="Éénmalig")[0] == []


def test_what_finds_nothing_says_what_to_do_and_what_is_not_understood_how_to_mend_it(client, four):
    _schemes, page = found(client, q="zeppelin", who="person")
    body = page.content.decode()
    assert page.context["groups"] == []
    assert not page.context["nothing_open"]
    assert reverse("tender:fits") in body
    assert [each["url"] for each in page.context["without"]] == ["/?who=person", "/?q=zeppelin"]
    assert found(client, who="person")[0] == [MINI]

    schemes, page = found(client, amount="veel", who="koning", q="drukkoker", when="open")
    assert schemes == [SHOP]
    assert set(page.context["form"].errors) == {"amount", "who"}
    assert page.content.decode().count('value="veel"') == 1, "what was typed is still there"


def test_whatever_is_typed_is_only_looked_for(client):
    for text in ("%", "\x00", "'; drop table", "<script>alert(1)", "a " * 60, "\u202e"):
        page = client.get(reverse("tender:calls"), {"q": text, "page": "x"})
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()


def test_the_database_sorts_by_the_phase_that_the_code_knows(four):
    game = four["mini"]
    opens, closes = game.stage().opens_at, game.stage().closes_at
    moments = [opens - timedelta(microseconds=1), opens, closes - timedelta(seconds=1), closes, closes + timedelta(days=400)]
    Stage.objects.filter(call=game.call).update(paused_at=opens + timedelta(days=3))
    for at in (*moments, opens + timedelta(days=3), opens + timedelta(days=2)):
        for call in with_phase(public_calls(), at):
            assert ORDER[call.phase] == phase(call.known_stages, at), (call, at)
    assert {place for places in WHEN.values() for place in places} == set(ORDER)


def test_many_calls_come_a_page_at_a_time_and_a_page_keeps_the_search(client, four, django_assert_num_queries):
    version, stage = four["mini"].call.version, four["mini"].stage()
    with django_assert_num_queries(6):
        client.get(reverse("tender:calls"), {"who": "person", "q": "minifonds"})
    calls = Call.objects.bulk_create(
        Call(reference=f"MX{number}", version=version, year=2026, title_nl="Minifonds", title_en="Mini") for number in range(2 * PAGE)
    )
    same = {"key": stage.key, "number": 1, "opens_at": stage.opens_at, "closes_at": stage.closes_at, "ceiling": stage.ceiling}
    Stage.objects.bulk_create(Stage(call=call, state=stage.state, **same) for call in calls)
    with django_assert_num_queries(6):
        page = client.get(reverse("tender:calls"), {"who": "person", "q": "minifonds"})
    assert len(page.context["groups"][0]["cards"]) == PAGE
    assert "q=minifonds&amp;page=2" in page.content.decode() or "page=2" in page.content.decode()
    last = client.get(reverse("tender:calls"), {"who": "person", "q": "minifonds", "page": "3"})
    assert len(last.context["groups"][0]["cards"]) == 1
