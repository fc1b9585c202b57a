"""The pages of the applicant's room and account that no other journey comes by: each on a desk and on a phone, with axe."""

import time
from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from tender.accounts import know_address
from tender.clock import database_now
from tender.models import Application, ProgressReport
from tender.pages import receipts
from tests.browser.pages import enter, follow, looks_right
from tests.factories import decide, declare, dossier, open_call, person, publish, score, screen, submitted
from tests.factories.awarded import award
from tests.factories.pitching import present
from tests.workflows.refusals.test_lateness import late, note_default
from workflows.commands import perform
from workflows.commands.clockwork import tick
from workflows.commands.proposing import propose_for, propose_in_turn
from workflows.models import ApplicationMachine, GrantMachine

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
GAPS = [{"field": "iban", "words": "Welke rekening?"}]


@pytest.fixture
def see(page, live_server):
    """Go to a page of ours by its name, and look at it."""

    def look(name, *args, shot="", user=None, status=200):
        if user is not None:
            enter(page.context, live_server, user)
        answer = page.goto(live_server.url + reverse(name, args=args))
        assert answer.status == status, name
        looks_right(page, shot and f"every-{shot}")

    return look


def number_of(secret):
    """What an authenticator app shows now, for some seconds yet: who sees it about to change waits for the next."""
    if (left := 30 - time.time() % 30) < 8:
        time.sleep(left)
    return auth.format_hotp_value(auth.hotp_value(secret, next(auth.yield_hotp_counters_from_time())))


def test_the_second_step_on_and_off(page, live_server, see, mailoutbox, complaints):
    """An app, its recovery codes, new ones, and off again."""
    user = person("fenna")
    know_address(user)
    enter(page.context, live_server, user)
    see("mfa_activate_totp")
    page.locator("input[name=code]").fill("12")
    follow(page, page.locator("main form button[type=submit]"))
    looks_right(page, "every-app-wrong")
    secret = page.locator("main code").inner_text()
    page.locator("input[name=code]").fill(number_of(secret))
    follow(page, page.locator("main form button[type=submit]"))
    looks_right(page, "every-reauthenticate")  # this session has shown nothing yet
    page.locator("input[name=code]").fill(number_of(secret))
    follow(page, page.locator("main form button[type=submit]").first)
    looks_right(page, "every-codes")
    codes = page.locator("main li code").all_inner_texts()
    assert len(codes) == 10
    see("mfa_generate_recovery_codes", shot="codes-again")
    follow(page, page.locator("main form button[type=submit]"))
    assert not set(codes) & set(page.locator("main li code").all_inner_texts()), "the old ones have gone"
    see("mfa_index", shot="second-step-on")
    see("mfa_deactivate_totp", shot="app-off")
    follow(page, page.locator("main form button[type=submit]"))
    looks_right(page, "every-second-step-off")
    assert not Authenticator.objects.exists()
    see("tender:profile", shot="profile")
    see("account_logout", shot="sign-out")
    see("account_inactive", shot="inactive")
    assert complaints == []


def test_the_terms_of_the_house(page, see, complaints):
    """A term that has passed, and what that costs; on a phone each row is a card."""
    game, case = late()
    came = date(2026, 3, 5)
    see("workflows:terms", shot="terms", user=game.house.officer)
    note_default(case, game.house.officer, game.at + timedelta(days=60), received=came)
    see("workflows:terms", shot="terms-penalty")
    expect(page.locator("#penalty")).to_be_visible()
    see("workflows:dossier", case.reference, shot="dossier-in-default")
    see("workflows:note_default", case.reference, shot="note-default")
    notice = case.default_notices.get()
    see("workflows:step", "notice", notice.pk, "ask_drop", shot="notice-drop")
    see("workflows:step", "notice", notice.pk, "ask_fix", shot="notice-fix")
    assert complaints == []


WRONG = {400: BadRequest("?"), 403: PermissionDenied("?"), 413: RequestDataTooBig("?"), 500: RuntimeError("as a test")}


def test_what_went_wrong_is_told_on_a_page_of_ours(page, live_server, see, monkeypatch):
    """Every answer that is no page, as the server gives it; and links that open nothing."""
    for code, fault in WRONG.items():

        def fail(fault=fault):
            raise fault

        monkeypatch.setattr(receipts, "listed", fail)
        see("tender:check_receipt", shot=f"wrong-{code}", status=code)
        expect(page.locator("h1")).to_have_count(1)
    see("account_login")
    page.context.clear_cookies()
    page.locator("input[name=email]").fill("fenna@voorbeeld.example")
    follow(page, page.locator("main button[type=submit]").first)
    looks_right(page, "every-wrong-csrf")
    for _press in range(2):
        Client().post(reverse("account_signup"), {"email": "nynke@voorbeeld.example"})
    see("account_signup")
    page.locator("input[name=email]").fill("nynke@voorbeeld.example")
    follow(page, page.locator("main button[type=submit]").first)
    looks_right(page, "every-wrong-429")
    see("workflows:invited", "0" * 64, shot="dead-invitation", status=410)
    see("workflows:consent", "0" * 64, shot="dead-consent", status=410)
    see("workflows:consent_kept", "declined", shot="declined")
    see("reports:check_letter", shot="check-letter")
    see("reports:mail_off", "geraden", shot="dead-mail-off", status=410)


def weighed(case, house, at, *, mark=None):
    """Heard and scored."""
    screen(case, house, at)
    present(case, house, at)
    for assessor in house.assessors:
        score(case, assessor, at, mark=mark, officer=house.officer)


def incomplete(case, house, at):
    """A formal point is asked of it."""
    declare(case, *house.staff, at=at)
    perform(ApplicationMachine, "request_completion", pk=case.pk, actor=house.officer, at=at, gaps=GAPS)


def in_every_state():
    """A fund that is open all year, with one dossier for every way to stand or to have ended."""
    now = database_now()
    game = open_call(publish("minifund"), at=now - timedelta(days=30))
    house, made = game.house, {"draft": dossier(game.call, at=now), "set_aside": submitted(game.call, at=game.at)}
    incomplete(made["set_aside"], house, game.at)
    tick(now)
    for name in ("submitted", "withdrawn", "incomplete", "in_review", "ineligible", "refused", "admitted"):
        made[name] = submitted(game.call, at=now)
    perform(ApplicationMachine, "withdraw", pk=made["withdrawn"].pk, actor=made["withdrawn"].applicant, at=now)
    incomplete(made["incomplete"], house, now)
    screen(made["in_review"], house, now)
    weighed(made["refused"], house, now, mark=0)
    decide(propose_in_turn(pk=made["refused"].pk, actor=house.officer, at=now), house, now)
    weighed(made["admitted"], house, now)
    declare(made["ineligible"], *house.staff, at=now)
    for name, ground in (("set_aside", ""), ("ineligible", "condition"), ("admitted", "")):
        why, kind = "Het prototype is al eerder getoond (artikel 4).", {"admitted": "admit"}.get(name, name)
        decide(propose_for(pk=made[name].pk, kind=kind, ground=ground, reasons=why, actor=house.officer, at=now), house, now)
    return game, {name: Application.objects.get(pk=case.pk) for name, case in made.items()}


def test_the_case_page_in_every_state(see, complaints):
    game, cases = in_every_state()
    for name, case in cases.items():
        assert case.state == name
        see("workflows:dossier", case.reference, shot=f"case-{name}", user=case.applicant)
    see("workflows:my_dossiers", shot="dossiers-ended")
    draft, mends = cases["draft"], cases["incomplete"]
    see("tender:draft", draft.reference, shot="form", user=draft.applicant)
    see("workflows:check", draft.reference, shot="check-gaps")
    see("tender:history", draft.reference, shot="history-empty")
    see("workflows:step", "application", draft.pk, "withdraw", shot="step-withdraw")
    see("workflows:my_dossiers", shot="dossiers-draft")
    see("tender:draft", mends.reference, shot="form-mend", user=mends.applicant)
    see("workflows:check", mends.reference, shot="check-mend")
    see("workflows:messages", mends.reference, shot="messages-empty")
    see("workflows:details", mends.reference, shot="details")
    see("workflows:together", mends.reference, shot="together-alone")
    see("workflows:calendar", shot="calendar")
    see("workflows:start", game.call.reference, shot="start-person", user=person("nynke"))
    see("tender:answers", game.call.reference, shot="answers-none")
    see("workflows:join", shot="join")
    assert complaints == []


def test_a_grant_is_accepted(page, see, complaints):
    made = award(1, at=database_now() - timedelta(days=33))
    (grant,) = made.grants
    case = grant.application
    see("workflows:dossier", case.reference, shot="case-awarded", user=case.applicant)
    see("workflows:step", "grant", grant.pk, "accept", shot="step-accept")
    see("workflows:my_dossiers", shot="dossiers-awarded")
    follow(page, page.locator(".dt-tasklist a").first)
    follow(page, page.locator(".dossier-actions form button").first, sure=True)
    assert GrantMachine.objects.get(pk=grant.pk).state == "active"
    looks_right(page, "every-case-active")
    see("workflows:organisation", case.organisation_id, shot="organisation")
    see("workflows:report", case.reference, ProgressReport.objects.order_by("due_on").first().pk, shot="report-before")
    assert complaints == []
