"""The auditor in Chromium: search, trail, check, export and preview, on a desk and on a phone, with axe on every page."""

from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from reports.commands.exporting import make_export
from reports.models import Export
from tests.factories import decide, open_call, person, publish
from tests.reports.conftest import Case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


@pytest.fixture
def case():
    """An award that was made known, and a second decision on the desk."""
    game = open_call(publish("minifund"), ceiling=Decimal("100000.00"))
    first = Case(game).assess()
    decide(first.propose(), first.house, first.at)
    first.drafted = Case(game, day=2).assess().propose()
    return first


def looks_right(page):
    """Nothing for axe, and nothing that sticks out of a phone."""
    for kind, size in (("phone", PHONE), ("desk", DESK)):
        page.set_viewport_size(size)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} is {wide} px too wide for {kind}"
        found = Axe().run(page).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], page.url


def sign_in(page, live_server):
    """An auditor at the browser; what the browser complains of comes into the list."""
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    client = Client()
    client.force_login(person("auditor", "auditor"), backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    return complaints


def test_an_auditor_follows_a_euro_and_proves_the_trail(page, live_server, case):
    complaints = sign_in(page, live_server)
    page.goto(live_server.url + reverse("reports:dashboard"))
    looks_right(page)
    page.locator("#audit-q").fill("5.000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=case.application.reference)).to_be_visible()
    looks_right(page)
    page.get_by_role("link", name=case.application.reference).click()
    expect(page.locator("#verdict")).to_be_attached()
    looks_right(page)
    page.locator("a[hx-target='#verdict']").click()
    expect(page.locator("#verdict .utrecht-alert, #verdict [class*=alert]").first).to_be_visible()
    looks_right(page)

    page.goto(live_server.url + reverse("reports:letter_preview", args=[case.drafted.pk]))
    looks_right(page)

    assert complaints == []


def test_an_auditor_takes_records_out(page, live_server, case):
    complaints = sign_in(page, live_server)
    page.goto(live_server.url + reverse("reports:exports"))
    looks_right(page)
    page.locator("main form[method=post] button[type=submit]").click()
    row = page.locator("tr[id^=export-]")
    expect(row.locator("progress")).to_be_visible()
    looks_right(page)
    make_export(pk=Export.objects.get().pk)
    expect(row.get_by_role("link")).to_be_visible(timeout=6000)
    looks_right(page)
    with page.expect_download() as download:
        row.get_by_role("link").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    assert complaints == []
