"""An objection in Chromium: the party's pages and those of the room, on a desk and on a phone, with axe on every page."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tender.clock import database_now
from tender.models import Objection
from tests.browser.pages import enter, follow, looks_right
from tests.factories import deliver
from tests.factories.objecting import GROUNDS, advised, decided, filed, published, take

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def made():
    return published(at=database_now() - timedelta(days=45))


def test_a_party_objects_and_follows_what_becomes_of_it(page, live_server, made, complaints):
    enter(page.context, live_server, made.case().applicant)
    page.goto(live_server.url + reverse("workflows:dossier", args=[made.case().reference]))
    looks_right(page, "objection-dossier")
    follow(page, page.locator(f"a[href='{reverse('workflows:object', args=[made.decision().pk])}']"))
    looks_right(page, "objection-file")
    page.locator("textarea[name=grounds]").fill(GROUNDS)
    follow(page, page.locator("main form button[type=submit]"))
    looks_right(page, "objection-own")
    at = decided(made, Objection.objects.get(), database_now() + timedelta(minutes=1))
    deliver()
    assert at
    page.reload()
    looks_right(page, "objection-own-decided")
    assert complaints == []


def test_a_late_party_is_told_so(page, live_server, complaints):
    made = published(at=database_now() - timedelta(days=120))
    enter(page.context, live_server, made.case().applicant)
    page.goto(live_server.url + reverse("workflows:object", args=[made.decision().pk]))
    looks_right(page, "objection-late")
    assert complaints == []


def test_the_room_of_who_handles_and_decides(page, live_server, made, complaints):
    objection = filed(made)
    deliver()
    enter(page.context, live_server, made.handler)
    page.goto(live_server.url + reverse("workflows:objections"))
    looks_right(page, "objection-list")
    page.goto(live_server.url + reverse("workflows:objection", args=[objection.pk]))
    looks_right(page, "objection-page")
    for name in ("acknowledge", "postpone"):
        page.goto(live_server.url + reverse("workflows:step", args=["objection", objection.pk, name]))
        looks_right(page, f"objection-{name}")
    page.goto(live_server.url + reverse("workflows:enter_objection", args=[made.decision("best").pk]))
    looks_right(page, "objection-enter")
    at = advised(made, objection, made.at + timedelta(days=8), "founded")
    enter(page.context, live_server, made.decider)
    page.goto(live_server.url + reverse("workflows:step", args=["objection", objection.pk, "decide"]))
    looks_right(page, "objection-decide")
    take(objection, "decide", made.decider, at, outcome="founded", follows="rank", reasons="De score is verkeerd opgeteld.")
    deliver()
    enter(page.context, live_server, made.house.officer)
    page.goto(live_server.url + reverse("workflows:objection", args=[objection.pk]))
    looks_right(page, "objection-founded")
    assert complaints == []
