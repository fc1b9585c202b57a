"""The auditor in Chromium: search, trail, check, export and preview, on a desk and on a phone, with axe on every page."""

from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from reports.commands.exporting import make_export
from reports.models import Export
from tests.browser.pages import enter, follow, looks_right
from tests.factories import decide, open_call, person, publish
from tests.reports.conftest import Case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def case():
    """An award that was made known, and a second decision on the desk."""
    game = open_call(publish("minifund"), ceiling=Decimal("100000.00"))
    first = Case(game).assess()
    decide(first.propose(), first.house, first.at)
    first.drafted = Case(game, day=2).assess().propose()
    return first


def test_an_auditor_follows_a_euro_and_proves_the_trail(page, live_server, case, complaints):
    enter(page.context, live_server, person("auditor", "auditor"))
    page.goto(live_server.url + reverse("reports:dashboard"))
    looks_right(page)
    page.locator("#audit-q").fill("5.000")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=case.application.reference)).to_be_visible()
    looks_right(page)
    follow(page, page.get_by_role("link", name=case.application.reference))
    expect(page.locator("#verdict")).to_be_attached()
    looks_right(page)
    page.locator("a[hx-target='#verdict']").click()
    expect(page.locator("#verdict .utrecht-alert, #verdict [class*=alert]").first).to_be_visible()
    looks_right(page)

    page.goto(live_server.url + reverse("reports:letter_preview", args=[case.drafted.pk]))
    looks_right(page)

    assert complaints == []


def test_an_auditor_takes_records_out(page, live_server, case, complaints):
    enter(page.context, live_server, person("auditor", "auditor"))
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
