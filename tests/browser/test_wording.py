"""A scheme manager words a letter in the browser, with the letter beside the form; the head reads it and puts it in force."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tender.clock import database_now
from tender.models import Wording
from tests.browser.pages import enter, follow, looks_right
from tests.factories import open_call, person, publish
from tests.factories.wording import written

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_letter_is_worded_read_and_used(page, live_server, context, complaints):
    game = open_call(publish("minifund"), at=database_now())
    enter(context, live_server, game.house.manager)
    page.goto(live_server.url + reverse("reports:wordings"))
    looks_right(page, "wordings")
    follow(page, page.locator("td a").first)
    looks_right(page, "wording-new")
    # What is typed stands in the letter beside it, without a press.
    page.locator("#id_closing").fill("Tot ziens, {applicant}.")
    expect(page.locator("#preview")).to_contain_text("Tot ziens, Stichting Voorbeeld.")
    page.locator("#id_opening").fill("Dag {aplicant},")
    expect(page.locator("#preview")).not_to_contain_text("Tot ziens")
    page.locator("#id_reason").fill("Warmer.")
    follow(page, page.locator("button[value=save]"))
    expect(page.locator(".dt-error-summary")).to_contain_text("{applicant}")
    expect(page.locator("#id_closing")).to_have_value("Tot ziens, {applicant}.")
    looks_right(page, "wording-wrong")
    page.locator("#id_opening").fill("Dag {applicant},")
    follow(page, page.locator("button[value=preview]"))
    expect(page.locator("#preview")).to_contain_text("Dag Stichting Voorbeeld,")
    with page.expect_popup() as concept:
        page.locator("button[value=pdf]").click()
    concept.value.close()
    follow(page, page.locator("button[value=save]"))
    looks_right(page, "wording-draft")
    # Somebody else writes meanwhile: this one is told, and types on.
    page.locator("#id_closing").fill("Mijn eigen slot.")
    page.locator("#id_reason").fill("Korter.")
    written(game, by=person("ander", "scheme_manager"), at=database_now(), closing="Het slot van een ander.")
    follow(page, page.locator("button[value=save]"))
    expect(page.locator("#theirs")).to_be_visible()
    expect(page.locator("#id_closing")).to_have_value("Mijn eigen slot.")
    looks_right(page, "wording-overtaken")
    follow(page, page.locator("button[value=save]"))
    follow(page, page.locator("form.wording__step button").first)
    looks_right(page, "wording-asked")
    enter(context, live_server, game.house.head)
    page.reload()
    looks_right(page, "wording-reader")
    follow(page, page.locator("form.wording__step button").first, sure=True)
    used = Wording.objects.get()
    assert (used.state, used.closing, used.adopted_by) == ("in_force", "Mijn eigen slot.", game.house.head)
    follow(page, page.locator("main a", has_text="Wie veranderde wat").or_(page.locator("a[href$='/wie/']")).first)
    looks_right(page, "wording-history")
    refusals = [said for said in complaints if "422" in said or "409" in said]
    assert complaints == refusals, "what was wrong, and what somebody else wrote meanwhile, is answered as such"
