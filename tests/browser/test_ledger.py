"""The controller reads the ledger of a call in Chromium: sources, lines, one dossier sought; on a desk and on a phone."""

from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tender.models import Instalment
from tests.browser.pages import enter, follow, looks_right
from tests.factories import decide, open_call, publish, score, screen, submitted
from tests.tender.funding import two_sources
from workflows.commands import perform
from workflows.commands.proposing import propose_in_turn
from workflows.models import InstalmentMachine

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_round_to_ledger_and_to_one_dossier(page, live_server, complaints):
    funding = two_sources("support", 2026, "3000.00", "47000.00")
    game = open_call(publish("minifund"), ceiling=Decimal("50000.00"), funding=funding)
    house, stage = game.house, game.stage()
    case = submitted(game.call, at=game.at, **{stage.rules.form.amount: "4000"})
    screen(case, house, game.at)
    for assessor in house.assessors:
        score(case, assessor, game.at, officer=house.officer)
    decide(propose_in_turn(pk=case.pk, actor=house.officer, at=game.at), house, game.at)
    part = Instalment.objects.get()
    perform(InstalmentMachine, "approve", pk=part.pk, actor=house.officer, at=game.at)
    perform(InstalmentMachine, "order", pk=part.pk, actor=house.controller, at=game.at)

    enter(page.context, live_server, house.controller)
    page.goto(live_server.url + reverse("workflows:stage", args=[game.call.reference, stage.key]))
    looks_right(page, "ledger-round")
    follow(page, page.locator("a[href$='/grootboek/']"))
    expect(page.locator("#sources-caption")).to_be_visible()
    looks_right(page, "ledger")
    page.locator("[name=dossier]").fill(case.reference)
    page.locator("[name=pot]").select_option("ordered")
    follow(page, page.locator(".dt-toolbar button[type=submit]"))
    expect(page.locator("#lines-caption + thead + tbody tr")).to_have_count(2)
    looks_right(page, "ledger-sought")
    assert complaints == []
