"""The jury in Chromium: declare, read, score by key and mouse, hand in, meet; desk and phone, with axe on every page."""

import os
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from scoring.models import Mark, Scoresheet
from tender.clock import database_now
from tender.enums import ConflictState, Role, SheetState, StageState
from tender.models import Stage
from tests.factories import assign, close, declare, open_call, publish, score, screen, submitted
from workflows.commands import perform
from workflows.models import ConflictMachine, ScoresheetMachine, StageMachine

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
SCREENS = os.environ.get("SCREENS")
"""A folder for pictures of every page, where somebody wants to look at them."""
TITLES = ("Het Kwartier", "De Loods van Delfzijl en omstreken", "Havenhub")
NAMES = ("Anna Wiersma", "Bouke de Haan", "Chantal Oosterhuis", "Durk Postma", "Elin Veenstra", "Femke Dijkstra", "Gerrit Bos",
         "Hanna Mulder", "Ids Terpstra")  # fmt: skip


@pytest.fixture
def complaints(page):
    """What the browser complains of: refused by the policy, or broken."""
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield said
    assert said == []


@pytest.fixture
def game():
    """A round with a panel, closed and screened: three hubs on which the panel has to declare."""
    made = open_call(publish("hub_support"), at=database_now() - timedelta(days=45), ceiling=Decimal("400000.00"))
    for user, name in zip(made.house.jurors, NAMES, strict=True):
        user.name = name
        user.save(update_fields=["name"])
    made.cases = [submitted(made.call, at=made.at, **{made.stage().rules.form.title: title}) for title in TITLES]
    made.at = close(made.stage())
    for case in made.cases:
        screen(case, made.house, made.at)
    return made


def start_scoring(game, *, by):
    """The others declare; three members get every sheet."""
    for case in game.cases:
        declare(case, *game.house.jurors, at=game.at)
        assign(case, by, game.house, game.at)
    perform(StageMachine, "start_scoring", pk=game.stage().pk, actor=game.house.officer, at=game.at)


def sign_in(page, live_server, user):
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])


def looks_right(page, name):
    """Nothing for axe, and nothing that sticks out of a phone."""
    page.wait_for_load_state()
    for kind, size in (("phone", PHONE), ("desk", DESK)):
        page.set_viewport_size(size)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if SCREENS:
            page.screenshot(path=str(Path(SCREENS) / f"{name}-{kind}.png"), full_page=True)
        assert wide <= 0, f"{page.url} is {wide} px too wide for {kind}"
        found = Axe().run(page).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], page.url


def yes(page):
    """Agree in the dialog."""
    page.locator("#dt-confirm [data-dt-yes]").click()


def test_a_juror_declares_scores_and_hands_in(page, live_server, game, complaints):
    juror = game.house.jurors[2]
    sign_in(page, live_server, juror)
    page.goto(live_server.url + reverse("tender:home"))
    page.wait_for_url("**/jury/")
    looks_right(page, "reading-declare")
    page.locator("main a[href$='/belangen/']").first.click()
    page.wait_for_url("**/belangen/")
    looks_right(page, "conflicts")
    page.locator(f"a[href$='/{game.cases[0].reference}/']").click()
    looks_right(page, "conflict")
    page.go_back()
    page.locator("[data-dt-check-all=case]").check()
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/jury/")
    start_scoring(game, by=game.house.jurors[:3])

    page.reload()
    looks_right(page, "reading-sheets")
    page.locator(".dt-task a").first.click()
    page.wait_for_url("**/formulier/**")
    looks_right(page, "sheet-assigned")
    page.locator("button[value=start]").click()
    page.locator("#score").wait_for()
    page.set_viewport_size(DESK)

    page.locator("#id_q1_0").focus()
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    page.keyboard.press("3")
    page.keyboard.press("ArrowRight")
    page.locator("#id_q3_5").check()
    page.locator(".jury-why summary").first.click()
    page.locator("[name=q1-why]").fill("Een hub met een netwerk.")
    page.locator("[data-dt-save-status][data-state=saved]").wait_for()
    sheet = Scoresheet.objects.get(juror=juror, application=game.cases[0])
    expect(page.locator("#figures progress")).to_have_attribute("value", "3")
    looks_right(page, "sheet-started")

    page.reload()
    assert page.locator("[name=q1]:checked").input_value() == "4"
    assert page.locator("[name=q2]:checked").input_value() == "3.5"
    assert page.locator("[name=q1-why]").input_value() == "Een hub met een netwerk."
    assert Mark.objects.get(sheet=sheet, question__endswith=sheet_keys(sheet)[2]).value == Decimal("2.5")

    page.locator("button[value=seal]").click()
    yes(page)
    page.locator(".dt-error-summary").wait_for()
    looks_right(page, "sheet-gaps")
    for group in page.locator(".jury-question").all():
        if not group.locator("input:checked").count():
            group.locator("input").last.check()
    page.locator("button[value=seal]").click()
    yes(page)
    page.wait_for_url(lambda url: f"/{sheet.pk}/" not in url)
    sheet.refresh_from_db()
    assert sheet.state == SheetState.SEALED
    page.goto(live_server.url + reverse("workflows:sheet", args=[sheet.pk]))
    looks_right(page, "sheet-sealed")
    assert page.locator("#score").count() == 0
    complaints[:] = [each for each in complaints if "422" not in each]


def sheet_keys(sheet):
    return [f"{c.key}.{q.key}" for c in sheet.stage.rules.rubric.criteria for q in c.questions]


def test_a_chair_opens_the_meeting_and_the_ranking_is_fixed_by_two(page, live_server, game, complaints):
    house, stage = game.house, game.stage()
    doubted = game.cases[1].conflicts.get(user=house.jurors[5])
    perform(ConflictMachine, "declare_doubt", pk=doubted.pk, actor=house.jurors[5], at=game.at, kind="rival",
            explanation="Wij dongen vorig jaar naar dezelfde opdracht.")  # fmt: skip
    where = live_server.url + reverse("workflows:meeting", args=[stage.call.reference, stage.key])
    sign_in(page, live_server, house.chair)
    page.goto(live_server.url + reverse("workflows:reading"))
    looks_right(page, "reading-doubt")
    page.locator("main a[href$='#doubts']").click()
    page.wait_for_url("**/vergadering/#doubts")
    looks_right(page, "meeting-doubt")
    page.locator("a[href*='/clear/']").click()
    page.locator("[name=reason]").fill("Dat is te lang geleden.")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(where)
    doubted.refresh_from_db()
    assert doubted.state == ConflictState.CLEARED

    start_scoring(game, by=house.jurors[:5])
    marks = (("1", "5", "3", "4", "2.5"), ("4", "4", "4.5", "4", "3.5"), ("2", "2.5", "2", "3", "2"))
    for case, given in zip(game.cases, marks, strict=True):
        for juror, mark in zip(house.jurors[:5], given, strict=True):
            if (case, juror) != (game.cases[2], house.jurors[4]):
                score(case, juror, game.at, mark=mark)
    page.goto(where)
    looks_right(page, "meeting-before")
    expect(page.locator(".jury-missing li")).to_have_count(1)
    give_one_back(page, where, game)
    page.locator("main a[href*='/convene/']").click()
    page.locator("[name=present]").first.check()
    looks_right(page, "meeting-convene")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(where)
    looks_right(page, "meeting")
    expect(page.locator(".jury-agenda tbody th a").first).to_have_text(game.cases[0].reference)
    page.locator(".jury-agenda tbody th a").first.click()
    looks_right(page, "compare")

    sign_in(page, live_server, house.secretary)
    page.goto(where)
    page.locator("main a[href*='/minute/']").click()
    page.locator("[name=minutes]").fill("De vergadering besprak eerst Het Kwartier, waarover de oordelen uiteenliepen.")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(where)
    page.locator("form[action$='/ask_rank/'] button").click()
    yes(page)
    page.wait_for_load_state()
    sign_in(page, live_server, house.chair)
    for name in ("sign_minutes", "rank"):
        page.goto(where)
        page.locator(f"form[action$='/{name}/'] button").click()
        yes(page)
        page.locator("#messages .dt-alert").wait_for()
    assert Stage.objects.get(pk=stage.pk).state == StageState.RANKED
    looks_right(page, "meeting-ranked")
    page.locator("main a[href$='/rangschikking/']").click()
    looks_right(page, "ranking")
    assert house.chair.seats.get().part == Role.CHAIR


def give_one_back(page, where, game):
    """The chair gives a sheet back, by keyboard alone; its juror hands it in again."""
    sheet = Scoresheet.objects.get(juror=game.house.jurors[3], application=game.cases[1])
    page.locator(".jury-handed-in").locator("..").locator("summary").focus()
    page.keyboard.press("Enter")
    looks_right(page, "meeting-give-back")
    page.locator(f".jury-handed-in a[href*='/scoresheet/{sheet.pk}/']").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/step/scoresheet/{sheet.pk}/reopen/**")
    looks_right(page, "give-back")
    page.locator("[name=reason]").fill("U hebt twee voorstellen verwisseld.")
    page.locator("main form button[type=submit]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(where)
    sheet.refresh_from_db()
    assert sheet.state == SheetState.STARTED
    perform(ScoresheetMachine, "seal", pk=sheet.pk, actor=sheet.juror, at=game.at)
    page.goto(where)


def test_an_assessor_says_pass_or_fail_without_a_script(browser, live_server):
    small = open_call(publish("minifund"), at=database_now() - timedelta(days=5))
    case = submitted(small.call, at=small.at)
    screen(case, small.house, small.at)
    assessor = small.house.assessors[0]
    with browser.new_context(java_script_enabled=False, viewport=PHONE) as context:
        page = context.new_page()
        sign_in(page, live_server, assessor)
        page.goto(live_server.url + reverse("workflows:reading"))
        page.locator("main a[href$='/belangen/']").first.click()
        page.locator("[name=case]").check()
        page.locator("main form button[type=submit]").click()
        assign(case, [assessor], small.house, small.at)
        sheet = Scoresheet.objects.get(juror=assessor)
        page.goto(live_server.url + reverse("workflows:sheet", args=[sheet.pk]))
        page.locator("button[value=start]").click()
        for group in page.locator(".jury-question").all():
            group.locator("input").nth(1).check()
        page.locator("button[value=save]").click()
        if SCREENS:
            page.screenshot(path=str(Path(SCREENS) / "assessor-phone.png"), full_page=True)
        assert page.locator("[name=q1]:checked").input_value() == "1"
        page.locator("button[value=seal]").click()
        page.wait_for_url("**/jury/")
    sheet.refresh_from_db()
    assert sheet.state == SheetState.SEALED
