"""Which fund fits me, over HTTP: one question a page, nothing kept, and the answers go along into the form."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from tender.clock import database_now
from tender.models import Application
from tender.schemes.fitting import Verdict
from tests.factories import applicant, open_call, publish

pytestmark = pytest.mark.django_db
URL = reverse("tender:fits")


@pytest.fixture
def calls():
    now = database_now()
    mini = open_call(publish("minifund"), at=now - timedelta(days=2))
    shop = open_call(publish("pressure_cooker"), house=mini.house, at=now + timedelta(days=5), opened=False)
    return {"minifund": mini, "shop": shop}


def answer(client, page, value):
    """Fill in the question on a page as a browser without script sends it."""
    data = [*page.context["kept"], ("now", page.context["name"])]
    query = "&".join(f"{key}={value}" for key, value in [*data, (f"q-{page.context['name']}", value)])
    return client.get(f"{URL}?{query}")


def verdicts(page):
    return {verdict: [row["card"]["call"].version.scheme.key for row in rows] for verdict, rows in page.context["groups"].items()}


def to_the_end(client, picks):
    page = client.get(URL)
    asked = []
    while "name" in page.context:
        asked.append(page.context["name"])
        page = answer(client, page, picks[page.context["name"].split("-")[0]])
        assert page.status_code == 200
    return page, asked


GRADUATE = {"who": "person", "place": "drenthe", "start": "graduate", "presented": "yes"}


def test_a_graduate_is_told_yes_with_a_way_to_start_and_no_with_why(client, calls):
    page, asked = to_the_end(client, GRADUATE)
    assert asked[0] == "who"
    assert verdicts(page) == {"fits": ["minifund"], "perhaps": [], "not": ["pressure_cooker"]}
    (fits,), (against,) = page.context["groups"][Verdict.FITS], page.context["groups"][Verdict.NOT]
    assert fits["start"].startswith(reverse("workflows:start", args=[calls["minifund"].call.reference]) + "?q-")
    assert against["start"] == ""
    assert against["against"] == ["u vraagt samen met andere organisaties aan"]
    assert len(page.context["answers"]) == 4
    changed = client.get(next(each["url"] for each in page.context["answers"] if each["value"].startswith("Voor mijzelf")))
    assert changed.context["name"] == "who", "an answer that is changed is asked again"
    # Nothing of it is kept.
    assert not Session.objects.exists()
    assert "sessionid" not in client.cookies
    assert not Application.objects.exists()


def test_who_does_not_know_yet_gets_perhaps_and_who_errs_hears_how_to_mend_it(client, calls):
    page = client.get(URL)
    page = client.get(f"{URL}?skip={page.context['name']}&now={page.context['name']}")
    assert page.context["name"] != "who"
    assert page.context["number"] == 2
    first = client.get(page.context["back"])
    assert first.context["name"] == "who"
    shown = client.get(page.context["so_far"])
    assert verdicts(shown)["perhaps"] == ["minifund", "pressure_cooker"]
    assert shown.context["groups"]["perhaps"][0]["open"]
    # A bad or missing answer is said beside its question.
    for query in ("now=who", "now=who&q-who=koning", "q-many=-3&now=many", "q-place=atlantis&skip=who"):
        page = client.get(f"{URL}?{query}")
        assert page.status_code == 422
        assert list(page.context["form"].errors) == [page.context["name"]]
    # What nobody asks is left out.
    page = client.get(f"{URL}?q-nope=1&skip=nope&now=nope&utm_source=x")
    assert (page.status_code, page.context["kept"]) == (200, [])


def test_no_call_is_an_empty_state_with_somewhere_to_go(client):
    page = client.get(URL)
    assert page.status_code == 200
    assert reverse("tender:calls") in page.content.decode()
    assert not page.context["any"]


def test_the_check_costs_the_same_for_many_calls(client, django_assert_num_queries):
    mini = open_call(publish("minifund"), at=database_now() - timedelta(days=2))
    with django_assert_num_queries(4):
        client.get(f"{URL}?ready=1")
    for _each in range(2):
        open_call(mini.call.version, house=mini.house, at=database_now() - timedelta(days=2))
    with django_assert_num_queries(4):
        page = client.get(f"{URL}?ready=1")
    assert sum(len(rows) for rows in page.context["groups"].values()) == 3


def test_answers_go_along_into_the_new_form_and_the_page_says_so(client, calls):
    page, _asked = to_the_end(client, GRADUATE)
    start = page.context["groups"]["fits"][0]["start"]
    user, _none = applicant(organisation=False)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    before = client.get(start)
    assert [row["value"] for row in before.context["said"]] == ["Ik ben hooguit twee jaar geleden afgestudeerd", "Drenthe", "ja"]
    assert before.context["form"].initial == {"who": "myself"}
    client.post(start, {"who": "myself"})
    case = Application.objects.get()
    assert case.draft == {"start": "graduate", "province": "drenthe", "presented": "yes"}
    assert case.draft_version == 1
    # What does not fit the form does not go along.
    other, _none = applicant(organisation=False)
    client.force_login(other, backend="allauth.account.auth_backends.AuthenticationBackend")
    url = reverse("workflows:start", args=[calls["minifund"].call.reference])
    client.post(f"{url}?q-place=atlantis&q-many=3&q-title=x", {"who": "myself"})
    assert Application.objects.get(applicant=other).draft == {}
