"""The administrator in Chromium: from what was handed in to money ordered, on a desk and on a phone, with axe on every page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tender.clock import database_now
from tender.enums import InstalmentState, StageState
from tender.models import Decision, Instalment, Stage
from tests.browser.pages import enter, follow, looks_right
from tests.factories import close, declare, deliver, open_call, publish, score, screen, submitted
from workflows.commands import perform
from workflows.models import StageMachine

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def game():
    """A round that has closed with five ideas; the money holds four."""
    made = open_call(publish("crossover"), at=database_now() - timedelta(days=45))
    titles = ["Licht op Lauwersoog", "De zingende dijk", "Zorg die klinkt", "Aardbeving in beeld", "Het drijvende atelier"]
    made.cases = [submitted(made.call, at=made.at, **{made.stage().rules.form.title: title}) for title in titles]
    made.at = close(made.stage())
    deliver()
    return made


def together(page, name, button=None):
    """Tick everything, choose a step, look at the preview, confirm, look at what happened."""
    page.locator("[data-dt-check-all=pk]").check()
    follow(page, page.locator(button or f"button[name=step][value={name}]"))
    looks_right(page, f"{name}-preview")
    follow(page, page.locator("button[name=confirm]"))
    expect(page.locator("#results-caption")).to_be_visible()
    looks_right(page, f"{name}-results")
    expect(page.locator("tr.dt-row--warning")).to_have_count(0)
    follow(page, page.locator("main .dt-actions a.utrecht-button--primary-action"))
    expect(page.locator("#results-caption")).to_have_count(0)


def take(page, label_url):
    """A step of its own page: open it, look, take it."""
    page.locator(f"a[href*='{label_url}']").first.click()
    page.wait_for_url(f"**{label_url}**")
    looks_right(page, label_url.strip("/").replace("/", "-"))
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(lambda url: label_url not in url)


def wholly(page, url, name):
    """A step on the round as a whole: open its preview, look, and press."""
    follow(page, page.locator(f"a[href*='{url}']").first)
    looks_right(page, f"{name}-whole")
    follow(page, page.locator(f"button[name=step][value={name}]"))


def test_from_what_was_handed_in_to_money_ordered(page, live_server, game, complaints):
    house, stage = game.house, game.stage()
    round_page = live_server.url + reverse("workflows:stage", args=[stage.call.reference, stage.key])
    enter(page.context, live_server, house.officer)
    page.goto(live_server.url + reverse("workflows:inbox"))
    looks_right(page, "inbox")
    expect(page.locator("tbody tr")).not_to_have_count(0)
    page.goto(live_server.url + reverse("workflows:calls"))
    looks_right(page, "calls")
    page.goto(round_page)
    looks_right(page, "stage-closed")

    page.locator("a[href$='verklaren/']").click()
    page.wait_for_url("**/verklaren/")
    looks_right(page, "declare")
    together(page, "declare", "main form button[type=submit]")
    page.goto(f"{round_page}screening/")
    for box in page.locator("thead .wf-check input").all():
        box.check()
    looks_right(page, "screening")
    together(page, "find_eligible")

    for case in game.cases:
        declare(case, house.reader, house.signatory, house.controller, house.secretary, *house.jurors, at=game.at)
    page.goto(f"{round_page}toewijzing/")
    looks_right(page, "assign")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(round_page)
    take(page, "/start_scoring/")
    for number, case in enumerate(game.cases):
        for index, sheet in enumerate(case.sheets.order_by("pk")):
            score(case, sheet.juror, game.at, mark=[2, 5, 4, "4.5", "3.5"][number] if index else [2, 4, 4, 4, 4][number])
    perform(StageMachine, "ask_rank", pk=stage.pk, actor=house.secretary, at=game.at)
    perform(StageMachine, "rank", pk=stage.pk, actor=house.chair, at=game.at)

    page.goto(f"{round_page}rangschikking/")
    looks_right(page, "ranking")
    page.goto(round_page)
    looks_right(page, "stage-ranked")
    page.goto(f"{round_page}besluiten/")
    wholly(page, "/voorstellen/", "propose")
    looks_right(page, "decisions")
    together(page, "submit_for_check")
    page.locator("tbody a").first.click()
    page.wait_for_url("**/besluit/**")
    looks_right(page, "decision")
    for user, name in ((house.reader, "approve"), (house.signatory, "sign")):
        enter(page.context, live_server, user)
        page.goto(f"{round_page}besluiten/?mine=1")
        together(page, name)
    page.goto(round_page)  # the page of decisions loads itself anew once the letters are there, and would race with us
    deliver()
    page.goto(f"{round_page}besluiten/")
    wholly(page, "/bekendmaken/", "publish")
    looks_right(page, "decisions-published")
    assert game.stage().state == StageState.PUBLISHED
    assert Decision.objects.filter(state="published").count() == 5

    enter(page.context, live_server, house.officer)
    page.goto(live_server.url + reverse("workflows:payments"))
    looks_right(page, "payments")
    together(page, "approve")
    enter(page.context, live_server, house.controller)
    page.goto(live_server.url + reverse("workflows:payments"))
    together(page, "order")
    assert Instalment.objects.filter(state=InstalmentState.ORDERED).exists()
    page.locator("tbody th a").first.click()
    page.wait_for_url("**/subsidies/**")
    looks_right(page, "grant")
    page.goto(live_server.url + reverse("workflows:grants"))
    looks_right(page, "grants")
    assert complaints == []


def test_planning_a_call_and_seating_its_panel(page, live_server, game, complaints):
    enter(page.context, live_server, game.house.officer)
    page.goto(live_server.url + reverse("workflows:plan_call"))
    looks_right(page, "plan")
    page.locator("[name=version]").select_option(index=1)
    page.locator("[name=total]").fill("2.000.000")
    page.locator("main form[method=get] button").click()
    page.wait_for_url("**total=**")
    looks_right(page, "plan-windows")
    page.locator("main form[method=post] button[type=submit]").click()
    page.wait_for_url("**/programming/")
    looks_right(page, "stage-draft")
    page.locator("a[href$='/panel/']").click()
    page.wait_for_url("**/panel/")
    looks_right(page, "panel-choose")
    page.locator("[name=panel]").first.check()
    page.locator("button[name=choose]").click()
    page.wait_for_url("**/programming/")
    take(page, "/ask_announce/")
    enter(page.context, live_server, game.house.head)
    page.reload()
    take(page, "/announce/")
    assert Stage.objects.exclude(call=game.call).get(number=1).state == StageState.PLANNED
    assert complaints == []


def test_an_assignment_that_cannot_be_made_says_who_is_lacking(page, live_server, game, complaints):
    for case in game.cases[:2]:
        screen(case, game.house, game.at)
    stage = game.stage()
    enter(page.context, live_server, game.house.officer)
    page.goto(live_server.url + reverse("workflows:assign", args=[stage.call.reference, stage.key]))
    looks_right(page, "assign-lacking")
    expect(page.locator("main form")).to_have_count(0)
    assert complaints == []
