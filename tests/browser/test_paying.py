"""From what is due to what the bank says of it, as an officer and a controller meet it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tender.calendar import amsterdam_day
from tender.clock import database_now
from tender.models import Instalment, PaymentBatch
from tests.browser.pages import enter, follow, looks_right
from tests.factories.paying import camt, entry, paying, returned

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_due_to_paid_and_one_returned(page, live_server, tmp_path, complaints):
    it = paying(3, at=database_now() - timedelta(days=60))
    enter(page.context, live_server, it.house.officer)
    page.goto(live_server.url + reverse("workflows:due_list"))
    looks_right(page, "paying-due")
    page.locator("[data-dt-check-all=pk]").check()
    follow(page, page.locator("main section.wf-form button[type=submit]"))
    batch = PaymentBatch.objects.get()
    expect(page.locator("main h1")).to_contain_text(batch.message_id)
    looks_right(page, "paying-drawn")

    page.context.clear_cookies()
    enter(page.context, live_server, it.house.controller)
    page.goto(live_server.url + reverse("workflows:batches"))
    looks_right(page, "paying-batches")
    follow(page, page.get_by_role("link", name=batch.message_id))
    follow(page, page.locator("button[value=approve]"))
    looks_right(page, "paying-approved")
    follow(page, page.locator("button[value=make_file]"))
    with page.expect_download() as fetched:
        page.locator("button[value=fetch]").click()
    batch.refresh_from_db()
    assert fetched.value.path().read_text() == batch.file
    assert fetched.value.suggested_filename == f"{batch.message_id}.xml"
    follow(page, page.locator("button[value=send]"))
    looks_right(page, "paying-sent")

    one, two, three = batch.lines.all()
    day = amsterdam_day(database_now()).isoformat()
    told = tmp_path / "afschrift.xml"
    told.write_bytes(camt(entry(one, day=day), returned(two, day=day), entry(three, day=day, amount="1.00")))
    follow(page, page.locator(f"a[href='{reverse('workflows:statements')}']").first)
    looks_right(page, "paying-statements")
    bomb = tmp_path / "bom.xml"
    bomb.write_bytes(camt(head='<!DOCTYPE a [<!ENTITY a "aaaa">]>'))
    page.locator("input[type=file]").set_input_files(bomb)
    follow(page, page.locator("main form button[type=submit]"))
    looks_right(page, "paying-bomb")
    page.locator("input[type=file]").set_input_files(told)
    follow(page, page.locator("main form button[type=submit]"))
    looks_right(page, "paying-looked")
    follow(page, page.locator("button[value=apply]"))
    looks_right(page, "paying-booked")
    assert list(Instalment.objects.order_by("pk").values_list("state", flat=True)) == ["paid", "due", "ordered"]
    page.goto(live_server.url + reverse("workflows:batch", args=[batch.pk]))
    looks_right(page, "paying-told")
