"""The jury in Chromium: declare, read, score by key and mouse, hand in, meet; desk and phone, with axe on every page."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from playwright.sync_api import expect

from scoring.models import Mark, PracticeSheet, Scoresheet
from tender.clock import database_now
from tender.enums import ConflictState, Role, SheetState, StageState
from tender.models import Stage
from tests.browser.pages import DESK, PHONE, enter, follow, looks_right, picture
from tests.factories import assign, close, declare, open_call, publish, score, screen, submitted, variant
from tests.factories.practice import PRACTICE, practised
from tests.workflows.test_blind_walk import blind_round
from workflows.commands import perform
from workflows.models import ConflictMachine, ScoresheetMachine, StageMachine

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TITLES = ("Het Kwartier", "De Loods van Delfzijl en omstreken", "Havenhub")
NAMES = ("Anna Wiersma", "Bouke de Haan", "Chantal Oosterhuis", "Durk Postma", "Elin Veenstra", "Femke Dijkstra", "Gerrit Bos",
         "Hanna Mulder", "Ids Terpstra")  # fmt: skip


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


def test_a_juror_declares_scores_and_hands_in(page, live_server, game, complaints):
    juror = game.house.jurors[2]
    enter(page.context, live_server, juror)
    page.goto(live_server.url + reverse("tender:home"))
    page.wait_for_url("**/jury/")
    looks_right(page, "reading-declare")
    page.locator("main a[href$='/belangen/']").first.click()
    page.wait_for_url("**/belangen/")
    looks_right(page, "conflicts")
    follow(page, page.locator(f"a[href$='/{game.cases[0].reference}/']"))
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
    follow(page, page.locator("button[value=start]"))
    expect(page.locator("#score")).to_be_visible()
    page.set_viewport_size(DESK)

    page.locator("#id_q1_0").focus()
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    page.keyboard.press("3")
    page.keyboard.press("ArrowRight")
    page.locator("#id_q3_5").check()
    page.locator(".jury-why summary").first.click()
    with page.expect_response(lambda answer: "hub" in (answer.request.post_data or "")):  # the save of the marks may still be under way
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

    follow(page, page.locator("button[value=seal]"), sure=True)
    expect(page.locator(".dt-error-summary")).to_be_visible()
    looks_right(page, "sheet-gaps")
    for group in page.locator(".jury-question").all():
        if not group.locator("input:checked").count():
            group.locator("input").last.check()
    follow(page, page.locator("button[value=seal]"), sure=True)
    assert f"/{sheet.pk}/" not in page.url
    sheet.refresh_from_db()
    assert sheet.state == SheetState.SEALED
    page.goto(live_server.url + reverse("workflows:sheet", args=[sheet.pk]))
    looks_right(page, "sheet-sealed")
    assert page.locator("#score").count() == 0
    assert [each for each in complaints if "422" not in each] == []


def test_a_window_that_was_left_behind_says_so_and_what_was_typed_stays(page, live_server, game):
    juror = game.house.jurors[2]
    start_scoring(game, by=game.house.jurors[:3])
    sheet = Scoresheet.objects.get(juror=juror, application=game.cases[0])
    perform(ScoresheetMachine, "start", pk=sheet.pk, actor=juror, at=game.at)
    enter(page.context, live_server, juror)
    url = live_server.url + reverse("workflows:sheet", args=[sheet.pk])
    behind = page.context.new_page()
    for window in (page, behind):
        window.goto(url)
    page.locator("[name=q1][value='4']").check()
    page.locator("[data-dt-save-status][data-state=saved]").wait_for()
    page.locator("[name=q1][value='3']").check()
    expect(page.locator("[data-dt-save-status]")).to_have_attribute("data-state", "saved")
    behind.locator("[name=q1][value='1']").check()
    expect(behind.locator("#overtaken [class*=alert]").first).to_be_visible()
    expect(behind.locator("[data-dt-save-status]")).to_have_attribute("data-state", "failed")
    assert Mark.objects.get(sheet=sheet, question=sheet_keys(sheet)[0]).value in {3, 4}
    follow(behind, behind.locator("button[value=save]"))
    expect(behind.locator(".dt-error-summary")).to_be_visible()
    assert behind.locator("[name=q1]:checked").input_value() == "1"
    looks_right(behind, "sheet-overtaken")


def test_a_member_tries_the_marks_on_a_made_up_proposal(page, live_server, complaints):
    made = open_call(variant("hub_support", PRACTICE), at=database_now() - timedelta(days=10))
    stage, house, juror = made.stage(), made.house, made.house.jurors[2]
    for other, mark in zip(house.jurors[3:6], ("2", "3", "3.5"), strict=True):
        practised(stage, other, made.at, mark)
    enter(page.context, live_server, juror)
    page.goto(live_server.url + reverse("workflows:reading"))
    looks_right(page, "reading-practice")
    follow(page, page.locator(".jury-practice a"))
    looks_right(page, "practice-before")
    follow(page, page.locator("button[value=start]"))
    page.locator("#id_q1_0").focus()
    page.keyboard.press("4")
    page.locator("[data-dt-save-status][data-state=saved]").wait_for()
    looks_right(page, "practice-started")
    page.reload()
    assert page.locator("[name=q1]:checked").input_value() == "4"
    for number in range(2, 6):
        page.locator(f"[name=q{number}][value='3']").check()
    follow(page, page.locator("button[value=seal]"), sure=True)
    expect(page.locator(".jury-tried")).to_have_count(5)
    expect(page.locator(".jury-tried").first).to_contain_text("2 (1×), 3 (1×), 3,5 (1×)")
    looks_right(page, "practice-answer")
    assert PracticeSheet.objects.get(juror=juror).state == SheetState.SEALED
    enter(page.context, live_server, house.secretary)
    page.goto(live_server.url + reverse("workflows:meeting", args=[stage.call.reference, stage.key]))
    expect(page.get_by_text("4 van 9")).to_be_visible()
    looks_right(page, "calibration")
    assert complaints == []


def test_a_file_that_cannot_be_made_blind_is_said_in_words(page, live_server, settings, tmp_path):
    blind = blind_round(settings, tmp_path)
    juror = blind.house.jurors[2]
    declare(blind.cases[0], *blind.house.jurors, at=blind.at)
    assign(blind.cases[0], [juror], blind.house, blind.at)
    blind.document.file.save("x.pdf", ContentFile(b"%PDF-1.7 stuk"))
    enter(page.context, live_server, juror)
    page.goto(live_server.url + reverse("tender:document", args=[blind.document.pk]))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert "Geheim" not in page.content()
    looks_right(page, "cannot-strip")


def sheet_keys(sheet):
    return [f"{c.key}.{q.key}" for c in sheet.stage.rules.rubric.criteria for q in c.questions]


def test_a_chair_opens_the_meeting_and_the_ranking_is_fixed_by_two(page, live_server, game, complaints):
    house, stage = game.house, game.stage()
    doubted = game.cases[1].conflicts.get(user=house.jurors[5])
    perform(ConflictMachine, "declare_doubt", pk=doubted.pk, actor=house.jurors[5], at=game.at, kind="rival",
            explanation="Wij dongen vorig jaar naar dezelfde opdracht.")  # fmt: skip
    where = live_server.url + reverse("workflows:meeting", args=[stage.call.reference, stage.key])
    enter(page.context, live_server, house.chair)
    page.goto(live_server.url + reverse("workflows:reading"))
    looks_right(page, "reading-doubt")
    page.locator("main a[href$='#doubts']").click()
    page.wait_for_url("**/vergadering/#doubts")
    looks_right(page, "meeting-doubt")
    follow(page, page.locator("a[href*='/clear/']"))
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
    follow(page, page.locator("main a[href*='/convene/']"))
    for member in page.locator("[name=present]").all():
        member.check()
    looks_right(page, "meeting-convene")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(where)
    looks_right(page, "meeting")
    expect(page.locator(".jury-agenda tbody th a").first).to_have_text(game.cases[0].reference)
    follow(page, page.locator(".jury-agenda tbody th a").first)
    looks_right(page, "compare")

    enter(page.context, live_server, house.secretary)
    page.goto(where)
    follow(page, page.locator("main a[href*='/minute/']"))
    page.locator("[name=minutes]").fill("De vergadering besprak eerst Het Kwartier, waarover de oordelen uiteenliepen.")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(where)
    follow(page, page.locator("form[action$='/ask_rank/'] button"), sure=True)
    enter(page.context, live_server, house.chair)
    for name in ("sign_minutes", "rank"):
        page.goto(where)
        follow(page, page.locator(f"form[action$='/{name}/'] button"), sure=True)
        expect(page.locator("#messages .dt-alert")).to_be_visible()
    assert Stage.objects.get(pk=stage.pk).state == StageState.RANKED
    looks_right(page, "meeting-ranked")
    follow(page, page.locator("main a[href$='/rangschikking/']"))
    looks_right(page, "ranking")
    assert house.chair.seats.get().part == Role.CHAIR
    assert complaints == []


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
        enter(page.context, live_server, assessor)
        page.goto(live_server.url + reverse("workflows:reading"))
        follow(page, page.locator("main a[href$='/belangen/']").first)
        page.locator("[name=case]").check()
        follow(page, page.locator("main form button[type=submit]"))
        assign(case, [assessor], small.house, small.at)
        sheet = Scoresheet.objects.get(juror=assessor)
        page.goto(live_server.url + reverse("workflows:sheet", args=[sheet.pk]))
        follow(page, page.locator("button[value=start]"))
        for group in page.locator(".jury-question").all():
            group.locator("input").nth(1).check()
        follow(page, page.locator("button[value=save]"))
        picture(page, "assessor-phone")
        assert page.locator("[name=q1]:checked").input_value() == "1"
        follow(page, page.locator("button[value=seal]"))
        assert page.url.endswith("/jury/")
    sheet.refresh_from_db()
    assert sheet.state == SheetState.SEALED
