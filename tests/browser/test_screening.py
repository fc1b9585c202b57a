"""The coach's intake, the screening desk, completing for a round, and state aid: each on a desk and on a phone, with axe."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tender.clock import database_now
from tender.models import Application, Organisation
from tests.browser.pages import enter, follow, looks_right
from tests.factories import declare, open_call, publish, submitted
from tests.factories.awarded import award
from workflows.commands import perform
from workflows.commands.linking import link_parties, note_aid
from workflows.models import ApplicationMachine

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def go(page, live_server, name, *args, shot=""):
    page.goto(live_server.url + reverse(name, args=args))
    looks_right(page, shot)


def test_an_intake_by_keyboard_alone(page, live_server, complaints):
    """Tab, arrow, type, enter: no mouse, and the next one is there."""
    game = open_call(publish("minifund"), at=database_now() - timedelta(days=2))
    first, second = (submitted(game.call, at=game.at) for _ in range(2))
    for case in (first, second):
        declare(case, *game.house.staff, at=game.at)
    enter(page.context, live_server, game.house.coach)
    go(page, live_server, "workflows:coach_intake", first.reference, shot="screening-intake")
    page.locator("input[name=serious]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Gebeld: serieus plan, begroting mist nog een regel.")
    expect(page.locator("input[name=called_with]")).to_have_value(first.applicant.name)
    page.locator("main form button[type=submit]").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith(reverse("workflows:coach_intake", args=[second.reference]))
    noted = Application.objects.get(pk=first.pk)
    assert noted.intake_serious is True
    assert noted.intake_called_at is not None
    with page.expect_navigation():
        page.locator("main form button[type=submit]").click()
    looks_right(page, "screening-intake-wrong")
    perform(ApplicationMachine, "intake", pk=second.pk, actor=game.house.coach, at=game.at, serious=False, note="Alleen een idee.",
            missing=["costs"], called_at=game.at, called_with="Bo")  # fmt: skip
    enter(page.context, live_server, game.house.officer)
    go(page, live_server, "workflows:desk", game.call.reference, second.stage.key, second.reference, shot="screening-desk-not-serious")
    assert [each for each in complaints if "422" not in each] == [], "but of what was wrong in the form"


def test_the_desk_and_one_request_for_all(page, live_server, complaints):
    game = open_call(publish("pressure_cooker"), at=database_now() - timedelta(days=2))
    cases = [submitted(game.call, at=game.at) for _ in range(3)]
    house, stage = game.house, game.stage()
    formal = [field.key for field in stage.rules.form.fields() if field.formal]
    for case in cases:
        declare(case, *house.staff, at=game.at)
    for case in cases[1:]:
        gaps = [{"field": key, "words": "Vul dit alsnog in."} for key in formal[:2]]
        perform(ApplicationMachine, "screen", pk=case.pk, actor=house.officer, at=game.at, checklist={}, notes={}, gaps=gaps)
    enter(page.context, live_server, house.officer)
    where = (game.call.reference, stage.key)
    go(page, live_server, "workflows:screening", *where, shot="screening-list")
    go(page, live_server, "workflows:desk", *where, cases[0].reference, shot="screening-desk")
    page.locator("details:has([id^=id_gap]) > summary").click()
    page.locator(f"#id_gap-{formal[0]}").check()
    with page.expect_navigation():
        page.locator("button[value=keep]").click()
    looks_right(page, "screening-desk-wrong")
    page.locator(f"#id_words-{formal[0]}").fill("Vul dit alsnog in.")
    follow(page, page.locator("button[value=keep]"))
    go(page, live_server, "workflows:completion", *where, shot="screening-completion")
    follow(page, page.locator("button[value=request_completion]"))
    looks_right(page, "screening-completion-preview")
    follow(page, page.locator("button[name=confirm]"))
    looks_right(page, "screening-completion-done")
    assert Application.objects.filter(state="incomplete").values("repair_until").distinct().count() == 1
    go(page, live_server, "workflows:completion", *where, shot="screening-asked")
    assert [each for each in complaints if "422" not in each] == [], "but of what was wrong in the form"


def test_state_aid_of_an_undertaking(page, live_server, complaints):
    it = award(1)
    party, officer, today = it.grants[0].application.organisation, it.cast["officer"], it.at.date()
    sister = Organisation.objects.create(name="Studio Zuster BV", kvk="87654321")
    link_parties(party, sister, since=today, reason="Zelfde bestuurder (handelsregister).", actor=officer, at=it.at)
    note_aid(sister, body="RVO", amount=120000, granted_on=today, reason="Centraal register.", actor=officer, at=it.at)
    enter(page.context, live_server, officer)
    go(page, live_server, "workflows:aid", shot="screening-aid")
    go(page, live_server, "workflows:aid_party", "organisatie", party.pk, shot="screening-aid-party")
    page.locator("#link_kvk").fill("12")
    follow(page, page.locator("form:has(#link_kvk) button[type=submit]"))
    looks_right(page, "screening-aid-wrong")
    expect(page.locator("#link_kvk")).to_have_value("12")
    go(page, live_server, "workflows:step", "grant", it.grants[0].pk, "report_aid", shot="screening-report-aid")
    go(page, live_server, "workflows:terms", shot="screening-terms")
    assert [each for each in complaints if "422" not in each] == [], "but of what was wrong in the form"
