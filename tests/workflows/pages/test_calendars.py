"""Somebody's own deadlines in their calendar: a secret address that can be stopped, and nothing in it but reference and what."""

from datetime import timedelta

import pytest
from django.urls import reverse
from icalendar import Calendar

from tender.clock import database_now
from tender.models import Application, CalendarAddress, Grant, PitchSlot
from tests.factories import applicant, declare, dossier, open_call, person, publish, screen, submitted
from tests.factories.awarded import award
from tests.factories.pitching import book, offer, pitch_of
from tests.workflows.pages.house import sign_in
from workflows.commands import create, perform
from workflows.models import ApplicationMachine, ConflictMachine, PitchMachine

pytestmark = pytest.mark.django_db
PAGE = reverse("workflows:calendar")


def events(response):
    assert response.status_code == 200
    return {str(event["uid"]).split("@")[0]: event for event in Calendar.from_ical(response.content).walk("VEVENT")}


def address_of(client, user):
    """A new address of somebody, as a path."""
    page = sign_in(client, user).post(PAGE, {"make": "1"})
    path = page.context["made"].removeprefix("http://127.0.0.1:8000")
    client.logout()
    return path


def test_a_calendar_program_reads_dates_and_nothing_of_the_dossier(client, django_assert_num_queries):
    game = open_call(publish("minifund"), at=database_now() - timedelta(days=2))
    user, organisation = applicant(name="jannie oosterhuis")
    draft = dossier(game.call, user=user, organisation=organisation, at=game.at)
    sent = submitted(game.call, user=user, organisation=None, at=game.at, title="Geheimtitel")
    submitted(game.call, at=game.at)
    path = address_of(client, user)
    with django_assert_num_queries(10):
        read = client.get(path)
    found = events(read)
    assert set(found) == {f"dossier-{draft.reference}-support-hand-in", f"dossier-{sent.reference}-support-decision"}
    assert str(found[f"dossier-{draft.reference}-support-hand-in"]["summary"]).startswith(draft.reference)
    body = read.content.decode()
    assert not [word for word in (user.name, user.email, organisation.name, "Geheimtitel", "Oosterhuis") if word in body]
    assert read["Cache-Control"] == "private, no-store"
    for _each in range(2):
        submitted(game.call, user=user, organisation=None, at=game.at)
    with django_assert_num_queries(10):
        assert len(events(client.get(path))) == 4
    # Who knows no secret, or an old one, gets nothing; and nothing but the hash is kept.
    assert client.get(reverse("workflows:calendar_feed", args=["geraden"])).status_code == 404
    assert CalendarAddress.objects.get().secret_sha256 not in path
    again = address_of(client, user)
    assert (client.get(path).status_code, client.get(again).status_code) == (404, 200)
    sign_in(client, user).post(PAGE, {"stop": "1"})
    assert client.get(again).status_code == 404
    assert not client.get(PAGE).context["address"]
    assert address_of(client, user) != again
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    assert not CalendarAddress.objects.filter(user=user, stopped_at=None).count() > 1


def test_one_dossier_as_a_file_is_for_its_own_side(client):
    it = award(1)
    case, grant = Application.objects.get(), Grant.objects.get()
    url = reverse("workflows:dossier_dates", args=[case.reference])
    for name in ("signer", "editor"):
        found = events(sign_in(client, it.cast[name]).get(url))
    assert {f"grant-{grant.pk}-accept", f"decision-{grant.decision_id}-objection"} <= set(found)
    for name in ("officer", "juror", "outsider"):
        assert sign_in(client, it.cast[name]).get(url).status_code == 404
    client.logout()
    assert client.get(url).status_code == 302
    assert sign_in(client, person("huis", "coach")).get(PAGE).status_code == 403


def test_a_pitch_stands_in_the_calendars_of_who_presents_and_of_who_hears_without_an_interest(client, django_assert_num_queries):
    game = open_call(publish("minifund"), at=database_now() - timedelta(days=2))
    case, other = (submitted(game.call, at=game.at, title="Geheimtitel") for _ in range(2))
    slots = offer(game, number=2, after=timedelta(days=3))
    PitchSlot.objects.update(url="https://video.example/geheim", place="")
    for each, slot in zip((case, other), slots, strict=True):
        screen(each, game.house, game.at)
        book(each, slot, game.at)
    name, theirs = f"pitch-{case.reference}-support", f"pitch-{other.reference}-support"
    path = address_of(client, case.applicant)
    read = client.get(path)
    entry = events(read)[name]
    starts, ends = (moment.replace(microsecond=0) for moment in (slots[0].starts_at, slots[0].ends_at))
    assert (entry["dtstart"].dt, entry["dtend"].dt, entry["status"]) == (starts, ends, "CONFIRMED")
    assert theirs not in events(read)
    assert not [word for word in ("Geheimtitel", "video.example", case.applicant.name) if word in read.content.decode()]
    assert name in events(sign_in(client, case.applicant).get(reverse("workflows:dossier_dates", args=[case.reference])))
    # Who hears reads it once they declared to have no interest; of what an interest closes, nothing.
    hearer, second = game.house.assessors
    at, again = address_of(client, hearer), address_of(client, second)
    assert (set(events(client.get(at))), set(events(client.get(again)))) == (set(), set())
    for each in (case, other):
        declare(each, hearer, at=game.at, part="assessor")
    asked = create(ConflictMachine, "ask", of={"application": case, "user": second, "part": "assessor"}, actor=second, at=game.at)
    perform(ConflictMachine, "declare_interest", pk=asked.pk, actor=second, at=game.at, kind="family", explanation="Mijn zus.")
    read = client.get(at)
    assert set(events(read)) == {name, theirs}
    assert not [word for word in ("Geheimtitel", "video.example", case.applicant.name) if word in read.content.decode()]
    assert name not in events(client.get(again))
    with django_assert_num_queries(6):
        client.get(at)
    # Given back, it takes itself out of the one calendar and is gone from the other.
    perform(PitchMachine, "cancel", pk=pitch_of(case).pk, actor=case.applicant, at=game.at)
    assert events(client.get(path))[name]["status"] == "CANCELLED"
    assert set(events(client.get(at))) == {theirs}
    assert sign_in(client, hearer).get(PAGE).status_code == 200
    assert sign_in(client, person("huis", "coach")).get(PAGE).status_code == 403


def test_the_house_follows_its_own_terms_and_not_those_of_others(client):
    game = open_call(publish("minifund"), at=database_now() - timedelta(days=2))
    case, closed = (submitted(game.call, at=game.at, title="Geheimtitel") for _ in range(2))
    declare(case, game.house.officer, at=game.at)
    path = address_of(client, game.house.officer)
    read = client.get(path)
    found = events(read)
    assert set(found) == {f"term-{case.reference}-decide", f"term-{case.reference}-promise"}
    entry = found[f"term-{case.reference}-decide"]
    assert (entry["dtstart"].dt, entry["description"]) == (Application.objects.get(pk=case.pk).decide_by, "Awb 4:13")
    assert not [word for word in ("Geheimtitel", closed.reference, case.applicant.name) if word in read.content.decode()]
    page = sign_in(client, game.house.officer).get(PAGE)
    assert [url for _label, url in page.context["trail"]] == [reverse("workflows:terms")]
    gaps = [{"field": "iban", "words": "Welke rekening?"}]
    perform(ApplicationMachine, "request_completion", pk=case.pk, actor=game.house.officer, at=database_now(), gaps=gaps)
    assert events(client.get(path)) == {}, "it is the applicant's turn"
