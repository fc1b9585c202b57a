"""An invitation to a panel: told by mail, answered on the terms that were shown, and nothing opens before."""

from datetime import timedelta

import pytest
from django.urls import reverse

from scoring.terms import TERMS, terms_hash
from tender.clock import database_now
from tender.enums import Role, SeatState
from tests.factories import deliver, house
from tests.factories.people import person
from tests.workflows.machines.walking import snapshot
from tests.workflows.pages.jury.room import signed_in
from workflows.commands.paneling import Seat, make_panel
from workflows.models import Event, Notification

pytestmark = pytest.mark.django_db


@pytest.fixture
def invited():
    """One person who is asked to sit in a panel."""
    home, guest, at = house(), person("guest"), database_now()
    seats = [Seat(guest.email.upper(), guest.name, Role.JUROR, "ICT"), Seat("new@raad.example", "Nieuw Lid", Role.CHAIR)]
    panel = make_panel(name="Raad", since=at.date(), until=at.date() + timedelta(days=700), seats=seats, actor=home.officer, at=at)
    return panel.members.get(user=guest)


def test_whoever_is_invited_reads_the_terms_and_takes_the_seat(client, invited):
    url = reverse("workflows:invitation", args=[invited.pk])
    page = signed_in(client, invited.user).get(reverse("workflows:reading"))
    assert list(page.context["invited"]) == [invited]
    assert url in page.content.decode()
    page = client.get(url)
    assert (page.context["hash"], page.context["terms"]) == (terms_hash(), TERMS)
    before = snapshot()
    assert client.post(url, {"accept": "1", "terms": "0" * 64}).status_code == 409
    assert snapshot() == before
    assert client.post(url, {"accept": "1", "terms": terms_hash()}).url == reverse("workflows:reading")
    invited = type(invited).objects.get(pk=invited.pk)
    assert (invited.state, invited.terms_sha256) == (SeatState.ACCEPTED, terms_hash())
    assert client.get(url).status_code == 404, "answered once"
    assert list(client.get(reverse("workflows:reading")).context["invited"]) == []


def test_whoever_declines_may_say_why(client, invited):
    url = reverse("workflows:invitation", args=[invited.pk])
    assert signed_in(client, invited.user).post(url, {"decline": "1", "reason": " Geen tijd. "}).status_code == 302
    assert type(invited).objects.get(pk=invited.pk).state == SeatState.DECLINED
    assert Event.objects.get(kind="seat.decline").data == {"reason": "Geen tijd."}


def test_nobody_answers_for_another(client, invited):
    url = reverse("workflows:invitation", args=[invited.pk])
    before = snapshot()
    assert signed_in(client, person("other")).get(url).status_code == 404
    assert client.post(url, {"accept": "1", "terms": terms_hash()}).status_code == 404
    assert snapshot() == before


def test_everybody_who_is_invited_hears_of_it_once(invited):
    deliver()
    deliver()
    told = Notification.objects.filter(event__kind="seat.invite").select_related("user")
    assert sorted(row.user.email for row in told) == sorted([invited.user.email, "new@raad.example"])
    assert all("Raad" in row.subject for row in told)
