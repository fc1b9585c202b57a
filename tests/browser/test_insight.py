"""A ranking looked into, in Chromium: the pictures, the what-if, and the warning that comes after the page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tender.clock import database_now
from tests.browser.pages import enter, follow, looks_right
from tests.factories import close, declare, open_call, score, screen, submitted, variant
from workflows.commands import perform
from workflows.commands.assigning import assign_round
from workflows.models import StageMachine

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MARKS = ((2, 3, 2), (4, 5, 3), ("4.5", 4, 5), (5, 5, 4), (4, 4, "4.5"), (3, "3.5", 3))


@pytest.fixture
def game():
    """Six ideas of which the jurors think differently, ranked."""
    made = open_call(variant("crossover", ("assessors = 2", "assessors = 5")), at=database_now() - timedelta(days=45))
    titles = ["Licht op Lauwersoog", "De zingende dijk", "Zorg die klinkt", "Aardbeving in beeld", "Het drijvende atelier", "Stil water"]
    cases = [submitted(made.call, at=made.at, **{made.stage().rules.form.title: title}) for title in titles]
    house, stage = made.house, made.stage()
    made.at = close(stage)
    for case in cases:
        screen(case, house, made.at)
        declare(case, *house.jurors, at=made.at)
    assign_round(stage=stage, actor=house.officer, at=made.at)
    perform(StageMachine, "start_scoring", pk=stage.pk, actor=house.officer, at=made.at)
    for marks, case in zip(MARKS, cases, strict=True):
        for place, sheet in enumerate(case.sheets.order_by("juror_id")):
            score(case, sheet.juror, made.at, mark=marks[place % 3])
    perform(StageMachine, "ask_rank", pk=stage.pk, actor=house.secretary, at=made.at)
    perform(StageMachine, "rank", pk=stage.pk, actor=house.chair, at=made.at)
    return made


def test_a_ranking_is_looked_into(page, live_server, game, complaints):
    stage = game.stage()
    enter(page.context, live_server, game.house.officer)
    page.goto(live_server.url + reverse("workflows:ranking", args=[stage.call.reference, stage.key]))
    expect(page.locator("[hx-get] .utrecht-alert, [hx-get] > p:not(.dt-muted)").first).to_be_visible(timeout=20_000)
    looks_right(page, "ranking-noise")
    follow(page, page.locator("main a[href*='/inzicht/']").first)
    expect(page.locator("svg.wf-strips")).to_have_count(2)
    looks_right(page, "insight")
    page.locator("[name=without]").select_option(index=1)
    page.locator("main form [name^=weight-]").last.fill("")
    follow(page, page.locator("main form button[type=submit]"))
    expect(page.locator("#changed-caption")).to_be_visible()
    looks_right(page, "what-if")
    page.locator("main form [name^=weight-]").first.fill("2")
    follow(page, page.locator("main form button[type=submit]"))
    expect(page.locator("main form [name^=weight-]").first).to_have_value("2")
    looks_right(page, "what-if-wrong")
    follow(page, page.locator("main a[href*='/betrouwbaarheid/']").first)
    expect(page.locator("svg.wf-strips, svg.wf-heat")).to_have_count(2)
    page.locator("summary").last.click()
    looks_right(page, "reliability")
