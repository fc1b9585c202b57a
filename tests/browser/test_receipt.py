"""The proof in Chromium: from the receipt to the page where anybody checks it, on a desk and on a phone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tender.clock import database_now
from tests.browser.pages import enter, follow, looks_right
from tests.factories import open_call, publish
from tests.workflows.pages.test_receipt import completed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_receipt_is_kept_and_checked_by_somebody_else(page, browser, live_server, tmp_path, complaints):
    case = completed(open_call(publish("crossover"), at=database_now() - timedelta(days=2)))
    enter(page.context, live_server, case.applicant)
    page.goto(live_server.url + reverse("workflows:dossier", args=[case.reference]))
    page.locator("details:has(.receipt-links) > summary").first.click()
    expect(page.locator(".receipt-links").first).to_be_visible()
    looks_right(page, "case-with-receipts")
    page.goto(live_server.url + reverse("workflows:receipt", args=[case.reference]))
    looks_right(page, "receipt")
    with page.expect_download() as download:
        page.locator("main a[href^='/ontvangst/'][href$='/']:has(svg)").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)

    page.context.clear_cookies()  # somebody else, without an account
    page.goto(live_server.url)
    follow(page, page.locator("footer a[href='/ontvangst/controleren/']"))
    looks_right(page, "check")
    button = page.locator("main form button[type=submit]")
    page.locator("input[type=file]").set_input_files(file)
    follow(page, button)
    expect(page.locator("#proven")).to_contain_text(case.reference)
    looks_right(page, "check-genuine")
    page.locator("textarea").fill(file.read_text().replace(case.reference, "CX26-9999"))
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#proven")).to_have_count(0)
    expect(page.locator("textarea")).to_have_attribute("aria-invalid", "true")
    assert "CX26-9999" in page.locator("textarea").input_value(), "what was pasted stays"
    looks_right(page, "check-changed")
    assert [said for said in complaints if "422" not in said] == []
