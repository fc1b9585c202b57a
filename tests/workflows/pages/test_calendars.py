"""Somebody's own deadlines in their calendar: a secret address that can be stopped, and nothing in it but reference and what."""

from datetime import timedelta

import pytest
from django.urls import reverse
from icalendar import Calendar

from tender.clock import database_now
from tender.models import Application, CalendarAddress, Grant
from tests.factories import applicant, dossier, open_call, person, publish, submitted
from tests.factories.awarded import award
from tests.workflows.pages.house import sign_in

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
    with django_assert_num_queries(6):
        read = client.get(path)
    found = events(read)
    assert set(found) == {f"dossier-{draft.reference}-support-hand-in", f"dossier-{sent.reference}-support-decision"}
    assert str(found[f"dossier-{draft.reference}-support-hand-in"]["summary"]).startswith(draft.reference)
    body = read.content.decode()
    assert not [word for word in (user.name, user.email, organisation.name, "Geheimtitel", "Oosterhuis") if word in body]
    assert read["Cache-Control"] == "private, no-store"
    for _each in range(2):
        submitted(game.call, user=user, organisation=None, at=game.at)
    with django_assert_num_queries(6):
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
    assert sign_in(client, person("huis", "officer")).get(PAGE).status_code == 403
