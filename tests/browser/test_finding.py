"""Finding a call, asking about it and having it answered, in Chromium: on a phone without a script, and on a desk with one."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tender.clock import database_now
from tender.models import Question
from tests.browser.pages import PHONE, enter, follow, looks_right
from tests.factories import applicant, asking, open_call, publish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def calls():
    """A fund for persons that is open, and one for organisations together that comes."""
    now = database_now()
    mini = open_call(publish("minifund"), at=now - timedelta(days=2))
    open_call(publish("pressure_cooker"), house=mini.house, at=now + timedelta(days=5), opened=False)
    return mini


def test_a_graduate_finds_the_fund_that_fits_on_a_phone_without_a_script(browser, live_server, calls):
    with browser.new_context(java_script_enabled=False, viewport=PHONE, locale="nl-NL") as context:
        page = context.new_page()
        page.goto(live_server.url)
        page.locator("details summary").first.click()
        page.locator("#id_who").select_option("person")
        follow(page, page.locator(".calls-search button[type=submit]"))
        expect(page.locator(".calls-card")).to_have_count(1)
        assert "who=person" in page.url
        follow(page, page.locator(f"main a[href='{reverse('tender:fits')}']").first)
        follow(page, page.locator("main form button[type=submit]").first)
        expect(page.locator(".dt-error-summary")).to_be_visible()
        for answer in ("person", "groningen", "graduate", "yes"):
            page.locator(f"main input[value={answer}]").check()
            follow(page, page.locator("main form button[type=submit]").first)
        expect(page.locator("#fits ~ article")).to_have_count(1)
        expect(page.locator("#not ~ article li")).to_have_count(1)
        user, _none = applicant(organisation=False)
        enter(context, live_server, user)
        follow(page, page.locator("#fits ~ article .utrecht-button"))
        expect(page.locator("#id_who_0")).to_be_checked()
        follow(page, page.locator("main form button[type=submit]"))
        case = user.applications.get()
        assert (case.draft["start"], case.draft["province"], case.draft["presented"]) == ("graduate", "groningen", "yes")


def test_a_call_is_found_asked_about_and_answered_for_everybody(page, live_server, calls, complaints):
    (user, _organisation), call = applicant(name="jannie"), calls.call
    page.goto(live_server.url)
    looks_right(page, "calls")
    page.locator("#id_q").fill("innovatiecoach")
    expect(page.locator(".calls-card")).to_have_count(1)
    page.locator(".calls-search summary").click()
    page.locator("#id_province").select_option("drenthe")
    page.wait_for_url("**province=drenthe**")
    looks_right(page, "calls-found")
    page.locator("#id_q").fill("zeppelin")
    expect(page.locator("#found .dt-empty")).to_be_visible()
    looks_right(page, "calls-nothing")
    page.goto(live_server.url + reverse("tender:fits"))
    looks_right(page, "fits-first")
    follow(page, page.locator("button[name=skip]"))
    looks_right(page, "fits-second")
    page.locator("main input[value=groningen]").check()
    follow(page, page.locator("main form button[type=submit]").first)
    follow(page, page.locator(".fits-ways li:last-child a"))
    looks_right(page, "fits-result")
    asking.answer(asking.ask(calls.stage(), at=database_now()), calls.house.officer, database_now())
    enter(page.context, live_server, user)
    page.goto(live_server.url + reverse("tender:call", args=[call.reference]))
    looks_right(page, "call")
    follow(page, page.locator(".call-ask a"))
    looks_right(page, "ask")
    page.locator("#id_body").fill("Telt mijn stage mee als eerdere presentatie?")
    follow(page, page.locator("main form button[type=submit]"))
    looks_right(page, "answers")
    page.goto(live_server.url + reverse("workflows:calendar"))
    follow(page, page.locator("button[name=make]"))
    looks_right(page, "calendar")
    page.context.clear_cookies()
    enter(page.context, live_server, calls.house.officer)
    page.goto(live_server.url + reverse("workflows:inbox"))
    looks_right(page, "inbox-questions")
    follow(page, page.locator(".wf-questions a"))
    looks_right(page, "questions")
    follow(page, page.locator(".asking-row .utrecht-button").first)
    looks_right(page, "question")
    page.locator("#id_answer").fill("Nee. Het gaat om een presentatie aan publiek (artikel 4, derde lid).")
    follow(page, page.locator("main form button[type=submit]"), sure=True)
    expect(page.locator("#messages")).not_to_be_empty()
    assert Question.objects.answered().count() == 2
    assert complaints == []
