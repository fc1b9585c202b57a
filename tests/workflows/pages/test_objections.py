"""The pages of objections: the party's own, and the room of who handles and decides them."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from tender.calendar import AMSTERDAM
from tender.clock import database_now
from tender.enums import Role
from tender.models import Decision, Objection
from tests.factories import deliver, person
from tests.factories.objecting import GROUNDS, advised, decided, filed, published, take
from tests.workflows.pages.house import sign_in
from workflows.due import all_due
from workflows.queries import inbox

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(client):
    client.cookies["django_language"] = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def made():
    """Published some days ago."""
    return published(at=database_now() - timedelta(days=45))


def url(name, *args):
    return reverse(f"workflows:{name}", args=args)


def step(client, case, name, **data):
    here = url("objection", case.pk)
    return client.post(url("step", "objection", case.pk, name), {"next": here, **data})


def test_the_party_objects_from_its_dossier_and_follows_it(client, made):
    case, decision = made.case(), made.decision()
    sign_in(client, case.applicant)
    dossier = client.get(url("dossier", case.reference)).content.decode()
    assert url("object", decision.pk) in dossier
    form = client.get(url("object", decision.pk))
    assert "You can object until" in form.content.decode()
    assert "late_because" not in form.content.decode()
    empty = client.post(url("object", decision.pk), {"grounds": " "})
    assert empty.status_code == 422
    sent = client.post(url("object", decision.pk), {"grounds": GROUNDS})
    objection = Objection.objects.get()
    assert sent.url == url("own_objection", objection.pk)
    again = client.post(url("object", decision.pk), {"grounds": "Nog een keer."})
    assert again.url == sent.url, "pressed twice, it is one"
    page = client.get(sent.url).content.decode()
    assert GROUNDS in page
    assert url("step", "objection", objection.pk, "withdraw") in page
    assert client.get(url("dossier", case.reference)).content.decode().count(url("own_objection", objection.pk)) == 1
    assert client.get(url("objections")).status_code == 403
    assert client.get(url("objection", objection.pk)).status_code == 403


def test_a_late_objection_is_told_so_and_asked_why(client):
    made = published(at=database_now() - timedelta(days=120))
    sign_in(client, made.case().applicant)
    page = client.get(url("object", made.decision().pk)).content.decode()
    assert "The last day for objecting is over" in page
    assert "late_because" in page
    client.post(url("object", made.decision().pk), {"grounds": GROUNDS, "late_because": "Ziekenhuis."})
    objection = Objection.objects.get()
    assert (objection.in_time, objection.late_because) == (False, "Ziekenhuis.")
    assert "It came after the last day" in client.get(url("own_objection", objection.pk)).content.decode()


def test_nobody_else_objects_or_follows(client, made):
    objection = filed(made)
    for user in (person("stranger"), made.case("best").applicant, made.house.officer):
        sign_in(client, user)
        assert client.get(url("object", made.decision().pk)).status_code in {403, 404}
        assert client.get(url("own_objection", objection.pk)).status_code == 404
    draft = made.decision("best")
    Decision.objects.filter(pk=draft.pk).update(state="drafted")
    sign_in(client, made.case("best").applicant)
    assert client.get(url("object", draft.pk)).status_code == 404


def test_what_came_by_post_is_entered_beside_its_decision(client, made):
    sign_in(client, made.handler)
    room = url("objections")
    assert client.post(room, {"reference": ""}).status_code == 422
    assert client.post(room, {"reference": "XX99-0001"}).status_code == 422
    found = client.post(room, {"reference": made.case().reference.lower()})
    assert found.url == url("dossier", made.case().reference)
    enter = url("enter_objection", made.decision().pk)
    assert enter in client.get(found.url).content.decode()
    assert client.get(enter).status_code == 200
    assert client.post(enter, {"grounds": GROUNDS}).status_code == 422
    today = database_now().date()
    wrong = client.post(enter, {"grounds": GROUNDS, "received_on": today, "posted_on": today + timedelta(days=1)})
    assert wrong.status_code == 409
    right = client.post(enter, {"grounds": GROUNDS, "received_on": today, "posted_on": today - timedelta(days=1)})
    assert right.url == url("objection", Objection.objects.get().pk)
    stranger = person("stranger", Role.OBJECTION_HANDLER)
    sign_in(client, stranger)
    assert client.get(enter).status_code == 404


def test_through_the_room_from_receipt_to_decision(client, made):
    objection = filed(made, at=database_now() - timedelta(days=3))
    sign_in(client, made.handler)
    room = client.get(url("objections"))
    assert url("objection", objection.pk) in room.content.decode()
    here = client.get(url("objection", objection.pk)).content.decode()
    assert url("step", "objection", objection.pk, "acknowledge") in here
    soon = datetime.combine(database_now().date() + timedelta(days=15), time(10), tzinfo=AMSTERDAM)
    said = step(client, objection, "acknowledge", hearing_at=soon.strftime("%Y-%m-%dT%H:%M"), hearing_place="Groningen")
    assert said.url == url("objection", objection.pk)
    assert client.get(url("step", "objection", objection.pk, "find_admissible")).status_code == 200
    step(client, objection, "find_admissible")
    for name in ("dispense", "plan_hearing", "hear", "postpone", "note_withdrawal"):
        assert client.get(url("step", "objection", objection.pk, name)).status_code == 200
    assert step(client, objection, "dispense", no_hearing="declined", reason="Zij belde ons.").status_code == 302
    assert step(client, objection, "advise", outcome="unfounded", advice="De score is gemotiveerd.").status_code == 302
    assert client.get(url("step", "objection", objection.pk, "decide")).status_code == 403
    sign_in(client, made.decider)
    page = client.get(url("step", "objection", objection.pk, "decide")).content.decode()
    assert "De score is gemotiveerd." in page
    assert step(client, objection, "decide", outcome="unfounded", follows="rank", reasons="Zo is het.").status_code == 302
    objection.refresh_from_db()
    assert (objection.state, objection.follows) == ("unfounded", "")
    for view in ("open", "after", "over", "?"):
        listed = url("objection", objection.pk) in client.get(url("objections") + f"?view={view}").content.decode()
        assert listed is (view == "after")
    deliver()
    sign_in(client, made.case().applicant)
    page = client.get(url("own_objection", objection.pk)).content.decode()
    assert "You can go to the court until" in page
    assert "Zo is het." in page


def test_who_had_a_hand_in_it_reads_that_it_is_not_for_them(client, made):
    objection = filed(made)
    advised(made, objection, made.at + timedelta(days=9))
    sign_in(client, made.house.signatory)
    page = client.get(url("objection", objection.pk)).content.decode()
    assert "This objection is not for you" in page
    assert url("step", "objection", objection.pk, "decide") not in page
    assert "not for you: you had a hand in it" in client.get(url("objections")).content.decode()


def test_who_has_not_declared_declares_first(client, made):
    objection = filed(made)
    sign_in(client, person("new", Role.OBJECTION_HANDLER))
    assert "declare first" in client.get(url("objections")).content.decode()
    declare = client.get(url("objection", objection.pk))
    assert declare.url == url("declare", made.case().reference)
    cover = client.get(declare.url)
    assert cover.status_code == 200
    assert client.post(declare.url, {"answer": "none"}).status_code in {302, 422}


def test_a_founded_one_leads_to_a_new_decision(client, made):
    objection = filed(made)
    decided(made, objection, made.at + timedelta(days=8), "founded", follows="rank")
    here, anew = url("objection", objection.pk), url("propose_anew", objection.pk)
    sign_in(client, made.house.officer)
    page = client.get(here).content.decode()
    assert "If it were ranked again now: who shifts" in page
    assert "Nobody else would have come out otherwise" in page
    assert anew not in page, "first the round is ranked again"
    first = client.post(anew)
    assert first.status_code == 409
    assert "Rank the round again first" in first.content.decode()
    stage = made.game.stage()
    asked = client.post(url("step", "stage", stage.pk, "ask_rerank"), {"reason": "Gegrond bezwaar.", "next": here})
    assert asked.url == here
    sign_in(client, made.house.head)
    assert client.post(anew).status_code == 403
    assert client.post(url("step", "stage", stage.pk, "rerank"), {"reason": "Gegrond bezwaar.", "next": here}).url == here
    sign_in(client, made.house.officer)
    page = client.get(here).content.decode()
    assert "Ranked again: who shifts" in page
    assert anew in page
    made_now = client.post(anew)
    new = Decision.objects.get(supersedes=made.decision())
    assert made_now.url == url("decision", new.pk)
    assert "on its way through the chain" in client.get(here).content.decode()
    assert client.post(anew).status_code == 409


def test_it_waits_in_the_inbox_and_on_the_page_of_terms(client, made):
    objection = filed(made)
    deliver()
    assert [row.kind for row in inbox(made.handler) if row.noun == "objection"] == ["objection.acknowledge"]
    assert not [row for row in inbox(made.house.officer) if row.noun == "objection"]
    kinds = {row.kind: row for row in all_due(made.handler, made.at + timedelta(days=8))}
    assert (kinds["objection"].day, kinds["objection"].article) == (objection.decide_by, "Awb 7:10")
    sign_in(client, made.handler)
    assert url("objection", objection.pk) in client.get(url("inbox")).content.decode()
    stranger = person("new", Role.OBJECTION_HANDLER)
    sign_in(client, stranger)
    assert url("declare", made.case().reference) in client.get(url("inbox")).content.decode()
    at = advised(made, objection, made.at + timedelta(days=8))
    deliver()
    rows = {user: [row.kind for row in inbox(user) if row.noun == "objection"] for user in (made.house.signatory, made.decider)}
    assert rows == {made.house.signatory: [], made.decider: ["objection.decide"]}
    take(objection, "decide", made.decider, at, outcome="unfounded", reasons="Nee.")
    assert "appeal" in {row.kind for row in all_due(made.handler, at)}


def test_the_list_costs_the_same_for_one_and_for_three(client, made, django_assert_max_num_queries):
    filed(made)
    sign_in(client, made.handler)
    with django_assert_max_num_queries(60) as one:
        client.get(url("objections"))
    for name in ("best", "level"):
        filed(made, name=name)
    with django_assert_max_num_queries(60) as three:
        client.get(url("objections"))
    assert len(three) == len(one)
