"""Deciding on a round in Chromium: proposed with a preview, departed from, before the board, set to be published; on a desk and a phone."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from playwright.sync_api import expect

from tender.calendar import next_working_day
from tender.clock import database_now
from tender.models import Application, BoardList, Decision
from tests.browser.pages import enter, follow, looks_right
from tests.factories import close, declare, deliver, open_call, pdf_file, score, screen, submitted, variant
from tests.workflows.refusals.test_departing import WHY
from workflows.commands import perform
from workflows.commands.assigning import assign_round
from workflows.commands.boarding import keep_board_list
from workflows.models import DecisionMachine, StageMachine

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BOARD = ('chain = ["officer", "reader", "signatory"]', 'chain = ["officer", "board", "signatory"]\nchain_above = { board = 20000 }')
TITLES = ("Licht op Lauwersoog", "De zingende dijk", "Zorg die klinkt")


@pytest.fixture
def game():
    """A ranked first stage; the first application is below the floor."""
    made = open_call(variant("crossover", BOARD), at=database_now() - timedelta(days=45))
    house, stage = made.house, made.stage()
    made.cases = [submitted(made.call, at=made.at, **{stage.rules.form.title: title}) for title in TITLES]
    made.at = close(stage)
    for case in made.cases:
        screen(case, house, made.at)
        declare(case, *house.jurors, at=made.at)
    assign_round(stage=stage, actor=house.officer, at=made.at)
    perform(StageMachine, "start_scoring", pk=stage.pk, actor=house.officer, at=made.at)
    for index, case in enumerate(made.cases):
        for sheet in case.sheets.all():
            score(case, sheet.juror, made.at, mark=2 if index == 0 else 5)
    perform(StageMachine, "ask_rank", pk=stage.pk, actor=house.secretary, at=made.at)
    perform(StageMachine, "rank", pk=stage.pk, actor=house.chair, at=made.at)
    deliver()
    return made


def test_from_a_ranking_to_a_set_moment(page, live_server, game, complaints):
    house, stage, at = game.house, game.stage(), game.at
    where = live_server.url + reverse("workflows:stage", args=[stage.call.reference, stage.key])
    enter(page.context, live_server, house.officer)
    page.goto(f"{where}besluiten/voorstellen/")
    looks_right(page, "deciding-propose")
    follow(page, page.locator("button[name=step][value=propose]"))
    weak = Decision.objects.get(application=game.cases[0])
    page.goto(live_server.url + reverse("workflows:step", args=["decision", weak.pk, "depart"]))
    looks_right(page, "deciding-depart")
    page.locator("input[value='admit:']").check()
    page.locator("input[name=amount]").fill("24.999")
    page.locator("textarea[name=departure]").fill("Te kort.")
    follow(page, page.locator("main form button[type=submit]"))
    looks_right(page, "deciding-depart-short")
    assert len(complaints) == 1, "a refusal is a conflict, and the browser says so"
    complaints.clear()
    page.locator("textarea[name=departure]").fill(WHY)
    follow(page, page.locator("main form button[type=submit]"))
    page.goto(live_server.url + reverse("workflows:decision", args=[weak.pk]))
    looks_right(page, "deciding-departed")
    page.goto(f"{where}besluiten/")
    looks_right(page, "deciding-decisions")
    page.locator("[data-dt-check-all=pk]").check()
    follow(page, page.locator("button[name=step][value=submit_for_check]"))
    looks_right(page, "deciding-check-preview")
    follow(page, page.locator("button[name=confirm]"))
    page.goto(f"{where}bestuurslijst/")
    looks_right(page, "deciding-board-none")
    follow(page, page.locator("button[name=step][value=draw_up]"))
    deliver()
    page.goto(f"{where}bestuurslijst/")
    looks_right(page, "deciding-board")
    drawn = BoardList.objects.get()
    signed = keep_board_list(stage=stage, file=SimpleUploadedFile("l.pdf", pdf_file()), signs=drawn, actor=house.board, at=at)
    for name, who, more in (("approve", house.board, {"board_list": signed.pk}), ("sign", house.signatory, {})):
        for each in Decision.objects.open().order_by("pk"):
            perform(DecisionMachine, name, pk=each.pk, actor=who, at=at, seen=each.seen_sha256, **more)
    deliver()
    enter(page.context, live_server, house.signatory)
    page.goto(f"{where}besluiten/bekendmaken/")
    looks_right(page, "deciding-publish")
    page.locator("input[name=publish_at]").fill((database_now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"))
    follow(page, page.locator("button[name=step][value=schedule]"))
    page.goto(f"{where}besluiten/bekendmaken/")
    looks_right(page, "deciding-scheduled")
    expect(page.locator(".dt-panel--quiet")).to_be_visible()
    enter(page.context, live_server, house.officer)
    page.goto(f"{where}uitstel/")
    looks_right(page, "deciding-postpone")
    last = Application.objects.get(pk=weak.application_id).decide_by
    page.locator("input[name=until]").fill(next_working_day(last + timedelta(days=7)).isoformat())
    page.locator("textarea[name=reason]").fill("Twee adviseurs zijn ziek.")
    follow(page, page.locator("main form button[type=submit]"))
    looks_right(page, "deciding-postpone-preview")
    expect(page.locator("button[name=confirm]")).to_be_visible()
    assert complaints == []
