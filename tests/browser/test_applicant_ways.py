"""The applicant's other ways: as a newcomer on a phone, by key alone, without a script; and what anybody may see."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tender.clock import database_now
from tender.commands.drafting import save_draft
from tender.enums import ApplicationState
from tender.models import Application, Stage
from tests.browser.pages import PHONE, enter, follow, looks_right
from tests.browser.test_applicant import PDF, fill, game, open_section, saved
from tests.factories import answers_for, applicant, dossier, open_call, publish

__all__ = ["game"]  # a fixture
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_up(page, live_server, mailoutbox, email):
    """A new account, by the code in the mail; then a name is asked."""
    follow(page, page.locator("main a[href*='/signup/']"))
    looks_right(page)
    page.locator("input[name=email]").fill(email)
    follow(page, page.locator("main button[type=submit]").first)
    looks_right(page)
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", mailoutbox[-1].body, re.MULTILINE)[1]
    page.locator("input[name=code]").fill(code)
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url("**/profiel/**")
    looks_right(page)
    page.locator("input[name=name]").fill("Nynke Nieuw")
    page.locator("main form.dt-form button[type=submit]").click()


def test_a_newcomer_on_a_phone_goes_from_the_call_to_the_form(page, live_server, game, mailoutbox, complaints):
    page.set_viewport_size(PHONE)
    page.goto(live_server.url + reverse("tender:call", args=[game.call.reference]))
    follow(page, page.locator(".dt-band a.utrecht-button"))
    sign_up(page, live_server, mailoutbox, "nynke@voorbeeld.example")
    page.wait_for_url("**/aanvragen/")
    looks_right(page)
    page.set_viewport_size(PHONE)
    expect(page.locator("input[type=radio]")).to_have_count(0)  # nothing to choose from: the organisation is asked outright
    page.locator("[name=kvk]").fill("123")
    page.locator("[name=name]").fill("Studio Nieuw")
    follow(page, page.locator("main form.dt-form button[type=submit]"))
    expect(page.locator(".dt-error-summary")).to_be_visible()
    looks_right(page)
    page.set_viewport_size(PHONE)
    page.locator("[name=kvk]").fill("12345678")
    page.locator("[name=legal_form]").select_option("foundation")
    page.locator("main form.dt-form button[type=submit]").click()
    page.wait_for_url("**/formulier/")
    case = Application.objects.get()
    assert (str(case.applicant), case.party) == ("Nynke Nieuw", "Studio Nieuw")
    assert [said for said in complaints if "422" not in said] == []


def ready(live_server, game, page, *, but=""):
    """A draft with everything filled in except one section, and its applicant signed in."""
    user, organisation = applicant()
    case = dossier(game.call, user=user, organisation=organisation, at=game.at)
    form = case.rules.form
    missing = {field.key for section in form.sections if section.key == but for field in section.fields}
    typed = {key: answer for key, answer in answers_for(form).items() if key not in missing}
    save_draft(pk=case.pk, actor=user, at=database_now(), typed=typed)
    enter(page.context, live_server, user)
    return case


def tab_to(page, selector, most=80):
    """Press Tab until this has the focus, as somebody without a mouse does."""
    for _press in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert ring != "none", f"{selector}: one does not see where one is"
            return
    raise AssertionError(f"{selector} cannot be reached with Tab on {page.url}")


def test_by_key_alone_on_a_phone(page, live_server, game, complaints):
    page.set_viewport_size(PHONE)
    case = ready(live_server, game, page, but="aid")
    page.goto(live_server.url + reverse("tender:draft", args=[case.reference]))
    tab_to(page, "a[href$='/formulier/aid/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/formulier/aid/")
    tab_to(page, "[name=q-aid_before]")
    page.keyboard.press("Space")  # the first of the group: yes
    expect(page.locator("[name=q-aid_received]")).to_be_visible()
    tab_to(page, "[name=q-aid_received]")
    page.keyboard.type("1000")
    tab_to(page, "[name=q-aid_declaration]")
    page.keyboard.press("Space")
    saved(page)
    tab_to(page, "form#answers .utrecht-button--primary-action")
    page.keyboard.press("Enter")
    page.wait_for_url("**/formulier/")
    tab_to(page, "main .dt-actions a.utrecht-button--primary-action")
    page.keyboard.press("Enter")
    page.wait_for_url("**/controleren/")
    tab_to(page, "#hand-in button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ontvangst/")
    looks_right(page)
    case.refresh_from_db()
    assert case.state == ApplicationState.SUBMITTED
    assert complaints == []


def test_rows_that_were_not_saved_come_back_after_signing_in(page, live_server, game):
    user, organisation = applicant()
    case = open_section(page, live_server, game, user, organisation, "consortium")
    page.context.clear_cookies(name="sessionid")
    page.locator("[name='q-partners-0-name']").fill("Eerste")
    page.locator("[data-dt-add-row]").click()
    page.locator("[name='q-partners-2-name']").fill("Derde, nieuw")
    expect(page.locator("#dt-signed-out")).to_be_visible()  # the page moves there, once
    page.locator("form#answers .utrecht-button--primary-action").click()
    page.wait_for_url("**/account/login/**")
    enter(page.context, live_server, user)
    page.goto(live_server.url + reverse("tender:section", args=[case.reference, "consortium"]))
    expect(page.locator("[name='q-partners-2-name']")).to_have_value("Derde, nieuw")
    saved(page)
    case.refresh_from_db()
    assert [row["name"] for row in case.draft["partners"]] == ["Eerste", "Derde, nieuw"]


def test_drafting_and_handing_in_without_a_script(browser, live_server, game):
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    case = ready(live_server, game, page, but="consortium")
    page.goto(live_server.url + reverse("tender:section", args=[case.reference, "consortium"]))
    section = next(each for each in case.rules.form.sections if each.key == "consortium")
    answers = answers_for(case.rules.form)
    fill(page, section, {**answers, "partners": answers["partners"][:2]})
    page.locator("button[name=stay]").click()  # without the script an empty row comes with a save
    page.locator("[name='q-partners-2-name']").fill("Half")
    page.locator("form#answers .utrecht-button--primary-action").click()
    expect(page.locator(".dt-error-summary")).to_contain_text("Partner 3")
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()
    page.locator("[name='q-partners-2-name']").fill("")
    page.locator("form#answers .utrecht-button--primary-action").click()
    page.wait_for_url("**/formulier/aid/")
    page.goto(live_server.url + reverse("tender:section", args=[case.reference, "idea"]))
    page.locator("[name=q-sketch]").set_input_files(PDF)
    page.locator("form#answers .utrecht-button--primary-action").click()
    page.wait_for_url("**/formulier/consortium/")
    page.goto(live_server.url + reverse("workflows:check", args=[case.reference]))
    expect(page.locator(".readout a:not(.dt-attached__picture)").first).to_contain_text("schets.pdf")
    page.locator("#hand-in button").click()
    page.wait_for_url("**/ontvangst/")
    case.refresh_from_db()
    assert case.state == ApplicationState.SUBMITTED
    assert [file["name"] for file in case.submission().documents] == ["schets.pdf"]
    expect(page.locator(".call-hash").first).to_have_text(case.submission().sha256)
    context.close()


def test_public_pages_look_right(page, live_server, game, complaints):
    decided = open_call(publish("pressure_cooker"), at=database_now() - timedelta(days=90), house=game.house)
    Stage.objects.filter(call=decided.call).update(state="finished")
    for address in ("/", "/resultaten/", reverse("tender:call", args=[decided.call.reference]), "/account/login/"):
        page.goto(live_server.url + address)
        looks_right(page)
    assert complaints == []
    page.goto(f"{live_server.url}/nergens/")
    looks_right(page)
