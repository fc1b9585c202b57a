"""After handing in, in Chromium: messages, the account, the term that stands still, what changed, and a hearing; desk and phone, with axe."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tender.clock import database_now
from tender.commands.drafting import save_draft
from tender.models import Application, BankAccount, Decision, Message
from tests.browser.pages import enter, follow, looks_right
from tests.factories import declare, open_call, publish, submitted
from workflows.commands import perform
from workflows.commands.proposing import propose_for
from workflows.models import ApplicationMachine, DecisionMachine

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def game():
    """A fund that is open all year; a dossier in it of which a formal point is asked."""
    made = open_call(publish("minifund"), at=database_now() - timedelta(days=2))
    made.case = submitted(made.call, at=made.at)
    declare(made.case, made.house.officer, at=made.at)
    gaps = [{"field": "iban", "words": "Welke rekening?"}]
    perform(ApplicationMachine, "request_completion", pk=made.case.pk, actor=made.house.officer, at=database_now(), gaps=gaps)
    return made


def case_page(page, live_server, case):
    page.goto(live_server.url + reverse("workflows:dossier", args=[case.reference]))


def test_after_handing_in(page, context, live_server, game, complaints):
    case, officer = Application.objects.get(pk=game.case.pk), game.house.officer
    enter(context, live_server, case.applicant)
    case_page(page, live_server, case)
    expect(page.locator("#term")).to_be_visible()
    looks_right(page, "after-suspended")
    follow(page, page.locator(f"a[href$='/{case.reference}/berichten/']"))
    page.locator("[name=body]").fill("Is de pitch ook online?\nWij zitten die week in Groningen.")
    page.locator("main form button[type=submit]").dblclick()
    expect(page.locator(".letters > li")).to_have_count(1)
    assert Message.objects.count() == 1, "pressed twice, sent once"

    enter(context, live_server, officer)
    page.goto(live_server.url + reverse("workflows:inbox"))
    looks_right(page, "after-inbox")
    follow(page, page.locator("#waiting-messages ~ ul a"))
    page.locator("[name=body]").fill("Ja, dat kan. Kies een moment in het portaal.")
    follow(page, page.locator("main form button[type=submit]"))

    enter(context, live_server, case.applicant)
    page.goto(live_server.url + reverse("workflows:my_dossiers"))
    looks_right(page, "after-dossiers")
    page.goto(live_server.url + reverse("workflows:messages", args=[case.reference]))
    expect(page.locator(".letters > li")).to_have_count(2)
    looks_right(page, "after-messages")
    the_account_changes(page, context, live_server, case)
    what_changed(page, live_server, case)
    the_party_is_heard(page, live_server, game)
    assert [each for each in complaints if "422" not in each] == [], "but for the answer that told of a wrong account"


def the_account_changes(page, context, live_server, case):
    """Proposed, and confirmed by the same person after signing in again."""
    page.goto(live_server.url + reverse("workflows:details", args=[case.reference]))
    page.locator("main summary").first.click()
    page.locator("[name=account-iban]").fill("NL20 INGB 0001 2345 6")
    page.locator("[name=account-holder]").fill("Fenna de Vries")
    follow(page, page.locator("button[value=propose-account]"))
    looks_right(page, "after-account-wrong")
    page.locator("[name=account-iban]").fill("NL20 INGB 0001 2345 67")
    follow(page, page.locator("button[value=propose-account]"))
    looks_right(page, "after-account")
    follow(page, page.locator("form[action$='opnieuw-inloggen/'] button"))
    expect(page).to_have_url(re.compile("login"))
    enter(context, live_server, case.applicant)
    page.goto(live_server.url + reverse("workflows:details", args=[case.reference]))
    follow(page, page.locator("button[value=confirm-account]"))
    assert BankAccount.objects.get().state == "confirmed"


def what_changed(page, live_server, case):
    """A second version, held against the first."""
    save_draft(pk=case.pk, actor=case.applicant, at=database_now(), typed={"iban": "NL20INGB0001234567"})
    perform(ApplicationMachine, "complete", pk=case.pk, actor=case.applicant, at=database_now())
    case_page(page, live_server, case)
    looks_right(page, "after-term")
    follow(page, page.locator("a[href$='/verschil/']"))
    expect(page.locator(".changes ins")).to_have_count(1)
    looks_right(page, "after-changes")


def the_party_is_heard(page, live_server, game):
    """What we intend stands on the case page, and is responded to there."""
    officer, at = game.house.officer, database_now()
    why = "Het prototype is nog niet eerder getoond (artikel 4)."
    made = propose_for(pk=game.case.pk, kind="ineligible", ground="condition", reasons=why, actor=officer, at=at)
    perform(DecisionMachine, "announce_intent", pk=made.pk, actor=officer, at=at)
    case_page(page, live_server, game.case)
    looks_right(page, "after-intent")
    follow(page, page.locator(f"a[href='{reverse('workflows:step', args=['decision', made.pk, 'respond'])}']"))
    looks_right(page, "after-respond")
    page.locator("[name=response]").fill("Wij toonden het in mei in Assen.")
    follow(page, page.locator("main form button[type=submit]"))
    assert Decision.objects.get(pk=made.pk).response == "Wij toonden het in mei in Assen."
