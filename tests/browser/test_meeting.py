"""The panel's meeting in Chromium: three people at once, each on a page of their own; then the minutes and the advice."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from scoring.models import Advice, MarkChange, MeetingItem
from tender.clock import database_now
from tender.enums import AdviceState
from tests.browser.pages import DESK, PHONE, enter, follow, looks_right
from tests.factories import assign, close, declare, open_call, score, screen, submitted, variant
from workflows.commands import perform
from workflows.models import StageMachine

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MEETS = ('assess = "jury"', 'assess = "jury"\nmeeting = true')


@pytest.fixture
def meeting():
    """Two hubs, three sheets on each, and all nine in the meeting."""
    return convened({"Het Kwartier": ("2", "5", "3.5"), "Havenhub": ("4", "4", "4.5")})


def convened(marks, *changes):
    made = open_call(variant("hub_support", MEETS, *changes), at=database_now() - timedelta(days=45), ceiling=Decimal("400000.00"))
    title = made.stage().rules.form.title
    made.cases = [submitted(made.call, at=made.at, **{title: name}) for name in marks]
    made.at, house = close(made.stage()), made.house
    for case in made.cases:
        screen(case, house, made.at)
        declare(case, *house.jurors, at=made.at)
        assign(case, house.jurors[:3], house, made.at)
    perform(StageMachine, "start_scoring", pk=made.stage().pk, actor=house.officer, at=made.at)
    for case in made.cases:
        for juror, mark in zip(house.jurors[:3], marks[case.title], strict=True):
            score(case, juror, made.at, mark=mark)
    present = [juror.pk for juror in house.jurors]
    perform(StageMachine, "convene", pk=made.stage().pk, actor=house.chair, at=made.at, present=present)
    return made


@pytest.fixture
def sit_down(browser, live_server):
    """Opens a page of one's own: somebody's, at an address, on a desk or a phone."""
    contexts, said = [], []

    def opened(user, url, size=DESK):
        context = browser.new_context(viewport=size, locale="nl-NL", timezone_id="Europe/Amsterdam")
        contexts.append(context)
        enter(context, live_server, user)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(live_server.url + url)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [each for each in said if "422" not in each] == []


def test_marks_rooms_and_order_move_for_everybody_and_nobody_is_typed_over(sit_down, meeting):
    house, stage, case = meeting.house, meeting.stage(), meeting.cases[0]
    here = reverse("workflows:meeting", args=[stage.call.reference, stage.key])
    there = reverse("workflows:compare", args=[stage.call.reference, stage.key, case.reference])
    secretary, chair, juror = sit_down(house.secretary, here), sit_down(house.chair, there), sit_down(house.jurors[2], there, PHONE)
    chair.locator("section[aria-labelledby=mine] summary").first.click()
    chair.locator("#q1-reason").fill("Ik twijfel nog")

    juror.locator("section[aria-labelledby=mine] summary").first.click()
    juror.locator("#q1-value").select_option("1")
    follow(juror, juror.locator("section[aria-labelledby=mine] details[open] button"))
    expect(juror.locator(".dt-error-summary")).to_be_visible()
    assert MarkChange.objects.count() == 0, "no change without a reason"
    juror.locator("[name=reason]").fill("Bij nader inzien is de vraag van niemand.")
    follow(juror, juror.locator("main form button[type=submit]").first)
    assert MarkChange.objects.get().after == Decimal(1)
    expect(juror.locator("section[aria-labelledby=changes]")).to_contain_text("Bij nader inzien")
    looks_right(juror, "compare-changed")

    expect(secretary.locator("#agenda-moved")).to_contain_text(case.reference)
    expect(secretary.locator(".jury-agenda")).to_contain_text("was")
    expect(chair.locator(".jury-moved a")).to_be_visible()
    assert chair.locator("#q1-reason").input_value() == "Ik twijfel nog", "the page did not move under who was typing"
    looks_right(secretary, "meeting-moved")
    looks_right(chair, "compare-moved")

    follow(secretary, secretary.locator(".jury-agenda tbody th a").first)
    secretary.locator("section[aria-labelledby=room] summary").click()
    secretary.locator("section[aria-labelledby=room] [name=present]").last.uncheck()
    secretary.locator("section[aria-labelledby=room] [name=note]").fill("Ging even bellen.")
    follow(secretary, secretary.locator("section[aria-labelledby=room] button[type=submit]"))
    assert MeetingItem.objects.get(application=case).present.count() == 8
    expect(secretary.locator("section[aria-labelledby=room]")).to_contain_text("Ging even bellen.")
    looks_right(secretary, "compare-room")


def test_who_leads_is_warned_in_the_meeting_where_a_number_cuts_through_the_noise(sit_down):
    marks = {"Het Kwartier": ("2", "5", "3.5"), "Havenhub": ("4", "3", "3.5"), "De Loods": ("1", "2", "1.5")}
    made = convened(marks, ("[stages.selection]\n", "[stages.selection]\nmeeting_fixes = [1, 2]\n"))
    here = reverse("workflows:meeting", args=[made.call.reference, made.stage().key])
    secretary, juror = sit_down(made.house.secretary, here), sit_down(made.house.jurors[2], here)
    expect(secretary.locator("section[aria-labelledby=noise-heading] .dt-alert").first).to_be_visible()
    looks_right(secretary, "meeting-noise")
    secretary.goto(secretary.url.split("/jury/")[0] + reverse("workflows:meeting_noise", args=[made.call.reference, made.stage().key]))
    expect(secretary.locator("h1")).to_be_visible()
    looks_right(secretary, "meeting-noise-alone")
    expect(juror.locator("#agenda table")).to_be_visible()
    assert juror.locator("section[aria-labelledby=noise-heading]").count() == 0


def test_the_secretary_writes_the_minutes_and_the_advice_and_the_chair_signs_both(sit_down, meeting):
    house, stage, case = meeting.house, meeting.stage(), meeting.cases[0]
    here = reverse("workflows:meeting", args=[stage.call.reference, stage.key])
    secretary, chair = sit_down(house.secretary, here), sit_down(house.chair, here)
    follow(secretary, secretary.locator("main a[href*='/minute/']"))
    looks_right(secretary, "minute")
    secretary.locator("[name=minutes]").fill("Wij bespraken beide hubs, en waren het over Havenhub snel eens.")
    follow(secretary, secretary.locator("main form button[type=submit]").first)
    follow(secretary, secretary.locator("form[action$='/ask_rank/'] button"), sure=True)
    for name in ("sign_minutes", "rank"):
        chair.goto(chair.url.split("?")[0])
        follow(chair, chair.locator(f"form[action$='/{name}/'] button"), sure=True)

    secretary.reload()
    follow(secretary, secretary.locator("main a[href$='/advies/']"))
    looks_right(secretary, "advices")
    follow(secretary, secretary.locator(f"main a[href$='/{case.reference}/']").first)
    secretary.locator("[name=text]").fill("Wij bevelen dit van harte aan.")
    looks_right(secretary, "advice")
    follow(secretary, secretary.locator("main form button[type=submit]:not([name])"))
    assert Advice.objects.get(application=case).state == AdviceState.EDITED

    chair.reload()
    follow(chair, chair.locator("main a[href$='/advies/']"))
    follow(chair, chair.locator(f"main a[href$='/{case.reference}/']").first)
    expect(chair.locator("main")).to_contain_text("Wij bevelen dit van harte aan.")
    looks_right(chair, "advice-to-sign")
    follow(chair, chair.locator("button[name=sign]"))
    assert Advice.objects.get(application=case).signed_by == house.chair
