"""The budget of a multi-year plan in Chromium: years as columns that add up at once, on a desk and on a phone; and the reader's own time."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tender.clock import database_now
from tender.commands.drafting import save_draft
from tests.browser.pages import DESK, PHONE, enter, looks_right, picture, saving
from tests.factories import applicant, dossier, open_call
from tests.factories.budgeted import budgeted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def at_money(page, live_server):
    game = open_call(budgeted(), at=database_now() - timedelta(days=2))
    user, organisation = applicant()
    case = dossier(game.call, user=user, organisation=organisation, at=game.at)
    save_draft(pk=case.pk, actor=user, at=database_now(), typed={"years": "3", "amount": "90000"})
    enter(page.context, live_server, user)
    page.goto(live_server.url + reverse("tender:section", args=[case.reference, "money"]))
    return case


def test_a_budget_of_three_years_adds_up_and_is_held_against_its_cover(page, live_server, complaints):
    case = at_money(page, live_server)
    page.set_viewport_size(DESK)
    budget, cover = page.locator("#id_q-budget"), page.locator("#id_q-financing")
    expect(budget.locator("thead th")).to_have_count(7)
    page.locator("[name='q-budget-0-item']").fill("Lichtontwerper")
    page.locator("[name='q-budget-0-kind']").select_option("people")
    for year, amount in enumerate(["30.000", "40000", "30000,50"], start=1):
        page.locator(f"[name='q-budget-0-year_{year}']").fill(amount)
    expect(budget.locator("[data-dt-row-sum]").first).to_contain_text("100.000,50")
    budget.locator("[data-dt-add-row]").click()
    with saving(page):
        budget.locator("tbody tr").last.locator("[name$='-year_2']").fill("9999,50")
    expect(budget.locator("[data-dt-grand]")).to_contain_text("110.000,00")
    expect(budget.locator("[data-dt-total=year_2]")).to_contain_text("49.999,50")
    page.locator("[name='q-financing-0-source']").select_option("this_grant")
    page.locator("[name='q-financing-0-certain']").select_option("asked")
    with saving(page):
        page.locator("[name='q-financing-0-year_1']").fill("90000")
    expect(page.locator("#balance-covered")).to_contain_text("20.000")
    expect(page.locator("#balance-grant .answering-balance--off")).to_have_count(0)
    looks_right(page, "budget")
    page.set_viewport_size(PHONE)
    first, second = (page.locator(f"[name='q-budget-0-year_{year}']").bounding_box() for year in (1, 2))
    assert first["x"] + first["width"] <= second["x"], "two years stand side by side on a phone"
    expect(cover.locator("[data-dt-grand]")).to_be_visible()
    case.refresh_from_db()
    names = [row["_row"] for row in case.draft["budget"]]
    assert len(set(names)) == 2, "each row has a name of its own"
    page.set_viewport_size(DESK)
    page.goto(live_server.url + reverse("workflows:check", args=[case.reference]))
    looks_right(page, "budget-check")
    page.goto(live_server.url + reverse("tender:section", args=[case.reference, "hub"]))
    with saving(page):
        page.locator("[name=q-province][value=elsewhere]").check()
    expect(page.locator("#unmet-q-province")).to_contain_text(case.rules.form.field("province").eligibility.ground.nl[1:])
    looks_right(page, "unmet")
    page.goto(live_server.url + reverse("tender:section", args=[case.reference, "work"]))
    page.locator(".answering-example summary").first.click()
    looks_right(page, "example")
    assert complaints == []


def test_who_reads_elsewhere_sees_the_closing_in_their_own_time_too(browser, live_server):
    for zone, shown in (("America/New_York", True), ("Europe/Amsterdam", False), ("Europe/Berlin", False)):
        context = browser.new_context(timezone_id=zone, locale="nl-NL", viewport=PHONE)
        page = context.new_page()
        at_money(page, live_server)
        expect(page.locator("[data-dt-zone]")).to_be_visible() if shown else expect(page.locator("[data-dt-zone]")).to_be_hidden()
        if shown:
            picture(page, "zone-phone")
        context.close()
