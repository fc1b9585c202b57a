"""What programs follow: feeds in both languages with addresses that hold elsewhere, and the dates of calls."""

import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.urls import reverse
from icalendar import Calendar

from tender.clock import database_now
from tender.models import Call
from tests.factories import asking, open_call, variant

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}
WEEK_BEFORE = ("[stages.terms]", "[stages.terms]\nquestion_days = 7")


@pytest.fixture
def game(settings):
    settings.SITE_URL = "https://drietrap.example/"
    return open_call(variant("pressure_cooker", WEEK_BEFORE), at=database_now() - timedelta(days=2))


def test_calls_and_answers_can_be_followed_in_both_languages(client, game, django_assert_num_queries):
    question = asking.ask(game.stage(), at=game.at, body="Mag Jannie Oosterhuis meedoen?")
    asking.answer(question, game.house.officer, game.at)
    Call.objects.create(reference="DK99", version=game.call.version, year=2099, title_nl="Geheim", title_en="Geheim")
    for language, title in (("nl", game.call.title_nl), ("en", game.call.title_en)):
        with django_assert_num_queries(3):
            rss = client.get(reverse("tender:calls_rss", args=[language]))
        (item,) = ET.fromstring(rss.content).iter("item")
        assert item.findtext("title") == title
        assert item.findtext("link") == item.findtext("guid") == f"https://drietrap.example/openstelling/{game.call.reference}/"
        assert "Geheim" not in rss.content.decode()
        root = ET.fromstring(client.get(reverse("tender:calls_atom", args=[language])).content)
        assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == language
        links = {link.get("rel"): link.get("href") for link in root.findall("a:link", ATOM)}
        assert links == {
            "alternate": "https://drietrap.example/", "self": f"https://drietrap.example/volgen/{language}/openstellingen.atom",
        }  # fmt: skip
        for kind in ("answers_rss", "answers_atom"):
            told = client.get(reverse(f"tender:{kind}", args=[language])).content.decode()
            assert asking.PUBLISHED["answer"] in told
            assert "Oosterhuis" not in told
            assert question.asked_by.name not in told
    for name in ("calls_rss", "answers_atom", "calendar"):
        assert client.get(reverse(f"tender:{name}", args=["de"])).status_code == 404


def test_the_dates_of_a_call_are_a_file_and_a_calendar_to_follow(client, game):
    stage = game.stage()
    for url in (reverse("tender:call_dates", args=[game.call.reference]), reverse("tender:calendar", args=["en"])):
        found = {str(event["uid"]): event for event in Calendar.from_ical(client.get(url).content).walk("VEVENT")}
        moments = {uid.split("@")[0].rsplit("-", 1)[1]: event.decoded("dtstart") for uid, event in found.items()}
        second = {what: moment.replace(microsecond=0) for what, moment in {
            "opens": stage.opens_at, "closes": stage.closes_at, "questions": stage.closes_at - timedelta(days=7)}.items()}  # fmt: skip
        assert moments == second
        assert {str(event["url"]) for event in found.values()} == {f"https://drietrap.example/openstelling/{game.call.reference}/"}
    assert client.get(reverse("tender:call_dates", args=["nowhere"])).status_code == 404
