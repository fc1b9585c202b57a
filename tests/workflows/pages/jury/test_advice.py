"""The panel's advice: drafted from the sheets, edited by the secretary, signed by the chair; and nothing of it for anybody else."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from scoring.models import Advice
from tender.clock import database_now
from tests.factories import assign, close, decide_round, declare, deliver, open_call, score, screen, submitted, variant
from tests.reading import text_of
from tests.workflows.machines.walking import snapshot
from tests.workflows.pages.jury.room import at, signed_in
from workflows.commands import perform
from workflows.models import AdviceMachine, Letter, StageMachine, WorkItem

pytestmark = [pytest.mark.django_db, pytest.mark.prints]
MEETS = ('assess = "jury"', 'assess = "jury"\nmeeting = true')


@pytest.fixture
def advised():
    """A round of two hubs whose panel met, ranked: an advice drafted on each."""
    game = open_call(variant("hub_support", MEETS), at=database_now() - timedelta(days=90), ceiling=Decimal("400000.00"))
    game.cases = [submitted(game.call, at=game.at) for _ in range(2)]
    game.at, house = close(game.stage()), game.house
    for case in game.cases:
        screen(case, house, game.at)
        declare(case, *house.jurors, at=game.at)
        assign(case, house.jurors[:3], house, game.at)
    take(game, "start_scoring", house.officer)
    for case, mark in zip(game.cases, ("4", "3.5"), strict=True):
        for juror in house.jurors[:3]:
            score(case, juror, game.at, mark=mark)
    take(game, "convene", house.chair, present=[juror.pk for juror in house.jurors])
    take(game, "minute", house.secretary, minutes="Wij waren het eens.")
    take(game, "sign_minutes", house.chair)
    take(game, "ask_rank", house.secretary)
    take(game, "rank", house.chair)
    return game


def take(game, name, user, **data):
    perform(StageMachine, name, pk=game.stage().pk, actor=user, at=game.at, **data)


def words(advice, **said):
    parts = {criterion.key: "Sterk." for criterion in advice.stage.rules.rubric.criteria}
    return {**parts, "seen": advice.seen_sha256, "text": "Wij bevelen dit aan.", **said}


def test_the_secretary_edits_and_the_chair_signs_what_was_seen(client, advised):
    house, case = advised.house, advised.cases[0]
    first, url = Advice.objects.get(application=case), at(advised, "advice", case.reference)
    page = signed_in(client, house.secretary).get(url)
    assert (page.context["may_edit"], page.context["may_sign"]) == (True, False)
    assert [part["words"] for part in page.context["criteria"]] == list(first.parts.values())
    assert client.post(url, words(first)).url == at(advised, "advices")
    edited = Advice.objects.get(pk=first.pk)
    assert (edited.state, edited.text, set(edited.parts.values())) == ("edited", "Wij bevelen dit aan.", {"Sterk."})
    page = signed_in(client, house.chair).get(url)
    assert (page.context["may_edit"], page.context["may_sign"]) == (False, True)
    before = snapshot()
    with translation.override("en"):
        stale = client.post(url, {"sign": "1", "seen": first.seen_sha256}, headers={"Accept-Language": "en"})
    assert (stale.status_code, snapshot()) == (409, before)
    assert client.post(url, {"sign": "1", "seen": edited.seen_sha256}).url == at(advised, "advices")
    signed = Advice.objects.get(pk=first.pk)
    assert (signed.state, signed.signed_by, signed.seen_sha256) == ("signed", house.chair, edited.seen_sha256)
    page = signed_in(client, house.secretary).get(url)
    assert (page.context["may_edit"], page.context["may_sign"]) == (False, False), "what is signed never changes"


def test_what_somebody_else_wrote_meanwhile_is_shown_and_not_lost(client, advised):
    case, secretary = advised.cases[0], advised.house.secretary
    first, url = Advice.objects.get(application=case), at(advised, "advice", case.reference)
    perform(AdviceMachine, "edit", pk=first.pk, actor=secretary, at=advised.at, seen=first.seen_sha256, parts={}, text="Van de ander.")
    page = signed_in(client, secretary).post(url, words(first, text="Van mij."))
    assert page.status_code == 409
    assert page.context["form"]["text"].value() == "Van mij."
    assert "Van de ander." in page.content.decode()
    assert Advice.objects.get(pk=first.pk).text == "Van de ander."
    assert client.post(url, words(first, text="Van ons.", seen=Advice.objects.get(pk=first.pk).seen_sha256)).status_code == 302
    assert Advice.objects.get(pk=first.pk).text == "Van ons."


def test_too_long_an_advice_keeps_what_was_typed(client, advised):
    case = advised.cases[0]
    url = at(advised, "advice", case.reference)
    page = signed_in(client, advised.house.secretary).post(url, words(Advice.objects.get(application=case), text="x" * 8001))
    assert page.status_code == 422
    assert page.context["form"]["text"].value() == "x" * 8001
    assert Advice.objects.get(application=case).state == "drafted"


def test_the_chair_signs_many_at_once_and_one_refused_does_not_stop_the_rest(client, advised):
    house, url = advised.house, at(advised, "advices")
    stale, fine = Advice.objects.filter(stage=advised.stage()).order_by("pk")
    page = signed_in(client, house.secretary).get(url)
    assert (page.context["may_sign"], page.context["waiting"]) == (False, 2)
    page = signed_in(client, house.chair).get(url)
    assert page.context["may_sign"]
    assert client.post(url, {}).status_code == 409, "nothing ticked"
    seen = [f"{stale.pk}:{'0' * 64}", f"{fine.pk}:{fine.seen_sha256}", "7", "x:y"]
    page = client.post(url, {"seen": seen})
    assert (page.status_code, [reference for reference, _why in page.context["refused"]]) == (409, [stale.application.reference])
    assert list(Advice.objects.order_by("pk").values_list("state", flat=True)) == ["drafted", "signed"]
    assert client.post(url, {"seen": f"{stale.pk}:{stale.seen_sha256}"}).url == url
    page = client.get(url)
    assert (page.context["waiting"], page.context["may_sign"]) == (0, False)


def test_the_advice_waits_in_the_inbox_before_the_proposals_do(advised):
    deliver()

    def waits():
        return set(WorkItem.objects.filter(process__noun="stage", stage=advised.stage()).values_list("noun", "arrow", "role"))

    assert waits() == {("advice", "edit", "secretary"), ("advice", "sign", "chair")}
    for advice in Advice.objects.order_by("pk"):
        perform(AdviceMachine, "sign", pk=advice.pk, actor=advised.house.chair, at=advised.at, seen=advice.seen_sha256)
    deliver()
    assert waits() == {("stage", "propose", "officer")}


def test_only_who_leads_the_panel_reads_the_advice_before_the_board(client, advised):
    urls = [at(advised, "advices"), at(advised, "advice", advised.cases[0].reference)]
    for user, status in ((advised.house.jurors[3], 403), (advised.house.officer, 404), (advised.cases[0].applicant, 404)):
        signed_in(client, user)
        assert {client.get(url).status_code for url in urls} == {status}
        assert {client.post(url, {"sign": "1"}).status_code for url in urls} == {status}
    chair = advised.house.chair
    signed_in(client, chair).post(
        at(advised, "conflict", advised.cases[0].reference), {"says": "declare_interest", "kind": "family", "explanation": "Mijn broer."}
    )
    assert {client.get(url).status_code for url in urls} == {404}
    page = signed_in(client, advised.house.deputy).get(urls[0])
    assert page.context["may_sign"], "the deputy signs in the place of a chair with an interest"
    assert signed_in(client, advised.house.deputy).get(at(advised, "advice", "HU26-9999")).status_code == 404


def test_the_list_costs_the_same_for_one_and_for_two(client, advised, django_assert_num_queries):
    url = at(advised, "advices")
    signed_in(client, advised.house.chair).get(url)
    with django_assert_num_queries(17):
        client.get(url)
    Advice.objects.filter(application=advised.cases[1]).delete()
    with django_assert_num_queries(17):
        client.get(url)


def test_the_signed_advice_is_enclosed_with_the_letter_by_criterion_and_names_no_member(advised, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    house = advised.house
    for number, juror in enumerate(house.jurors):
        type(juror).objects.filter(pk=juror.pk).update(name=f"Geheim Lid {number}")
    advice = Advice.objects.get(application=advised.cases[0])
    first, second, *_rest = advised.stage().rules.rubric.criteria
    said = {"seen": advice.seen_sha256, "parts": {first.key: "Hier staat waarom.", second.key: ""}, "text": "Alles bij elkaar goed."}
    perform(AdviceMachine, "edit", pk=advice.pk, actor=house.secretary, at=advised.at, **said)
    decide_round(advised.stage(), house, advised.at + timedelta(hours=1))
    letter = Letter.objects.get(application=advised.cases[0], decision__isnull=False)
    text = text_of(letter)
    annex = text[text.rindex("Bijlage: advies van de Creative Council") :]
    assert f"{first.label.in_language('nl')} Hier staat waarom. In het geheel Alles bij elkaar goed." in annex
    assert str(second.label.in_language("nl")) not in annex
    assert letter.facts["advice"] == "Hier staat waarom.\nAlles bij elkaar goed."
    assert "Geheim Lid" not in text
