"""The applicant in Chromium: from signing in to the receipt, on a desk and on a phone, with axe on every page."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tender.accounts import know_address
from tender.clock import database_now
from tender.enums import ApplicationState, Role
from tender.models import Application, Membership
from tests.browser.pages import PHONE, enter, follow, looks_right
from tests.factories import answers_for, applicant, dossier, open_call, pdf_file, person, publish
from tests.tender.pages.filled import data_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PDF = {"name": "schets.pdf", "mimeType": "application/pdf", "buffer": pdf_file()}


@pytest.fixture
def game():
    return open_call(publish("crossover"), at=database_now() - timedelta(days=2))


def sign_in(page, live_server, user, mailoutbox):
    know_address(user)
    page.goto(live_server.url + reverse("account_request_login_code"))
    looks_right(page)
    page.locator("input[name=email]").fill(user.email)
    page.locator("main button[type=submit]").first.click()
    page.locator("input[name=code]").wait_for()
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", mailoutbox[-1].body, re.MULTILINE)[1]
    page.locator("input[name=code]").fill(code)
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url("**/mijn/")


def fill(page, section, answers):
    """Fill in a section as a person would, by the inputs it shows."""
    for name, value in data_for(section, answers).items():
        field = page.locator(f"[name='{name}']")
        if not field.count():
            page.locator("[data-dt-add-row]").click()
        kind = field.first.evaluate("each => each.tagName === 'SELECT' ? 'select' : each.type")
        if not field.first.is_visible() and kind != "radio":
            continue
        if kind == "radio":
            page.locator(f"[name='{name}'][value='{value}']").check()
        elif kind == "select":
            field.select_option(value)
        else:
            field.fill(str(value))


def find_and_start(page, live_server):
    """From the list of calls to the form, for a new organisation."""
    page.goto(live_server.url)
    looks_right(page)
    follow(page, page.get_by_role("link", name=re.compile("Crossover")).first)
    looks_right(page)
    follow(page, page.locator(".dt-band a.utrecht-button"))
    looks_right(page)
    page.locator("[name=kvk]").fill("12345678")
    page.locator("[name=legal_form]").select_option("foundation")
    page.locator("[name=name]").fill("Studio Noorderlicht")
    page.locator("main form.dt-form button[type=submit]").click()
    page.wait_for_url("**/formulier/")
    looks_right(page)
    return Application.objects.get()


def fill_everything(page, form):
    """Section by section, back to the list."""
    answers = answers_for(form)
    page.locator(".dt-tasklist a").first.click()
    for section in form.sections:
        page.wait_for_url(f"**/formulier/{section.key}/")
        fill(page, section, answers)
        looks_right(page)
        page.locator("form#answers .utrecht-button--primary-action").click()
    page.wait_for_url("**/formulier/")


def hand_in(page):
    """Check, and press twice."""
    page.locator("main .dt-actions a.utrecht-button").click()
    page.wait_for_url("**/controleren/")
    looks_right(page)
    page.locator("#hand-in button").dblclick()
    page.wait_for_url("**/ontvangst/")
    looks_right(page)


def test_from_signing_in_to_the_receipt(page, live_server, game, mailoutbox, complaints):
    sign_in(page, live_server, person("fenna"), mailoutbox)
    looks_right(page)  # the empty state
    case = find_and_start(page, live_server)
    fill_everything(page, case.rules.form)
    hand_in(page)
    case.refresh_from_db()
    assert case.state == ApplicationState.SUBMITTED
    assert case.submissions.count() == 1
    expect(page.locator(".call-hash").first).to_have_text(case.submission().sha256)
    expect(page.locator(".dt-ladder > li")).to_have_count(3)

    page.locator("main .dt-actions a.utrecht-button--primary-action").click()
    page.wait_for_url(f"**/dossier/{case.reference}/")
    looks_right(page)
    expect(page.locator(".dt-timeline__item")).to_have_count(2)
    assert complaints == []


@pytest.fixture
def drafting(page, live_server, game):
    """A draft of which a section is open in the browser."""
    user, organisation = applicant()
    return open_section(page, live_server, game, user, organisation, "idea")


def open_section(page, live_server, game, user, organisation, section):
    case = Application.objects.filter(organisation=organisation).first()
    case = case or dossier(game.call, user=user, organisation=organisation, at=game.at)
    enter(page.context, live_server, user)
    page.goto(live_server.url + reverse("tender:section", args=[case.reference, section]))
    return case


def saved(page):
    expect(page.locator("[data-dt-save-status][data-state=saved]")).to_be_visible()


def test_what_is_typed_is_saved_without_a_press(page, drafting, complaints):
    page.locator("[name=q-title]").press_sequentially("Licht op Lauwersoog")
    saved(page)
    drafting.refresh_from_db()
    assert drafting.draft["title"] == "Licht op Lauwersoog"
    page.locator("[name=q-title]").press_sequentially(" 2")
    page.locator("form#answers .utrecht-button--primary-action").click()
    page.wait_for_url("**/formulier/consortium/")
    drafting.refresh_from_db()
    assert drafting.draft["title"] == "Licht op Lauwersoog 2"
    assert complaints == []


def test_a_file_is_sent_at_once_and_words_are_counted(page, drafting, complaints):
    page.locator("[name=q-makers]").fill("een twee drie")
    expect(page.locator("[data-words-of=id_q-makers]")).to_contain_text("197")
    page.locator("[name=q-sketch]").set_input_files(PDF)
    expect(page.locator(".dt-attached__about a")).to_have_text("schets.pdf")
    looks_right(page)
    drafting.refresh_from_db()
    assert drafting.documents.count() == 1
    wrong = {"name": "schets.pdf", "mimeType": "application/pdf", "buffer": b"MZ this is no picture"}
    page.locator("[name=q-sketch]").set_input_files(wrong)
    expect(page.locator("#question-q-sketch .dt-field__error")).to_be_visible()
    assert [said for said in complaints if "422" not in said] == []


def test_a_question_shows_at_once_when_another_brings_it_up(page, live_server, game, complaints):
    user, organisation = applicant()
    open_section(page, live_server, game, user, organisation, "aid")
    amount = page.locator("[name=q-aid_received]")
    expect(amount).to_be_hidden()
    page.locator("[name=q-aid_before][value=yes]").check()
    expect(amount).to_be_visible()
    page.locator("[name=q-aid_before][value=no]").check()
    expect(amount).to_be_hidden()
    assert complaints == []


def test_partners_add_up_and_rows_come_and_go(page, live_server, game):
    user, organisation = applicant()
    case = open_section(page, live_server, game, user, organisation, "consortium")
    page.locator("[name='q-partners-0-contribution']").fill("1.000,50")
    page.locator("[name='q-partners-1-contribution']").fill("250")
    expect(page.locator("[data-dt-total=contribution]")).to_contain_text("1.250,50")
    page.locator("[data-dt-add-row]").click()
    page.locator("[name='q-partners-2-contribution']").fill("100")
    page.locator("[name='q-partners-0-name']").fill("Weg")
    page.locator("[data-dt-remove-row]").first.click()
    expect(page.locator("[data-dt-total=contribution]")).to_contain_text("350,00")
    looks_right(page)
    page.locator("form#answers .utrecht-button--primary-action").click()
    page.locator(".dt-error-summary").wait_for()
    case.refresh_from_db()
    assert [row["contribution"] for row in case.draft["partners"]] == ["250.00", "100.00"]


def test_a_budget_adds_up_and_stands_in_cards_on_a_phone(page, live_server, complaints):
    small = open_call(publish("minifund"), at=database_now() - timedelta(days=2))
    user, organisation = applicant()
    case = open_section(page, live_server, small, user, organisation, "money")
    columns = [column.key for column in case.rules.form.field("costs").columns]
    page.set_viewport_size(PHONE)
    page.locator("[name='q-costs-0-amount']").fill("1250,50")
    page.locator("[data-dt-add-row]").click()
    page.locator(".answering-table tbody tr").last.locator("[data-dt-amount]").fill("249,50")
    expect(page.locator(".answering-table [data-dt-total]")).to_contain_text("1.500,00")
    first, second = (page.locator(f"[name='q-costs-0-{key}']").bounding_box() for key in columns[:2])
    assert first["y"] + first["height"] <= second["y"], "the inputs of a row lie over each other"
    looks_right(page)
    assert complaints == []


def test_two_people_at_once_see_both_texts(page, live_server, game, browser):
    user, organisation = applicant()
    other = person("other")
    Membership.objects.create(organisation=organisation, user=other, role=Role.EDITOR)
    case = open_section(page, live_server, game, user, organisation, "idea")
    second = browser.new_context()
    theirs = second.new_page()
    open_section(theirs, live_server, game, other, organisation, "idea")
    theirs.locator("[name=q-title]").fill("Van de ander")
    saved(theirs)
    page.locator("[name=q-title]").fill("Van mij")
    expect(page.locator("#overtaken .dt-alert")).to_be_visible()
    page.locator("form#answers .utrecht-button--primary-action").click()
    expect(page.locator(".answering-theirs")).to_contain_text("Van de ander")
    expect(page.locator("[name=q-title]")).to_have_value("Van mij")
    looks_right(page)
    case.refresh_from_db()
    assert case.draft["title"] == "Van de ander"
    second.close()


def test_signed_out_while_typing_loses_nothing(page, live_server, game, drafting):
    page.context.clear_cookies(name="sessionid")
    page.locator("[name=q-title]").fill("Niet kwijt")
    page.locator("form#answers .utrecht-button--primary-action").click()
    page.wait_for_url("**/account/login/**")
    enter(page.context, live_server, drafting.applicant)
    page.goto(live_server.url + reverse("tender:section", args=[drafting.reference, "idea"]))
    expect(page.locator("[name=q-title]")).to_have_value("Niet kwijt")
    saved(page)
    drafting.refresh_from_db()
    assert drafting.draft["title"] == "Niet kwijt"


def test_it_works_without_a_script(browser, live_server, game):
    user, organisation = applicant()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    case = open_section(page, live_server, game, user, organisation, "aid")
    page.locator("[name=q-aid_before][value=yes]").check()
    page.locator("form#answers .utrecht-button--primary-action").click()
    expect(page.locator("[name=q-aid_received]")).to_be_visible()
    page.locator("[name=q-aid_received]").fill("1000")
    page.locator("[name=q-aid_declaration][value=yes]").check()
    page.locator("form#answers .utrecht-button--primary-action").click()
    page.wait_for_url("**/formulier/")
    case.refresh_from_db()
    assert case.draft["aid_received"] == "1000.00"
    context.close()
