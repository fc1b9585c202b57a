"""The mini-fund as its makers meet it: a person without an organisation, on a phone of 360 px, from signing in to the report.

How long the application takes is counted, not guessed: `Counting` notes every word typed, every choice, every press and every page of the
walk itself, and `minutes` makes time of it by figures that are slow on purpose: 20 words a minute (people who write their own sentences;
copying on a phone goes at 36), 5 seconds to read and make a choice, 3 for a press, 6 to look at a new page. What the walk types are answers
as somebody would give them who keeps it short, as the form asks.
"""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from tender.accounts import know_address
from tender.clock import database_now
from tender.enums import ApplicationState, PitchState, ReportState, Role
from tender.models import Application, ProgressReport
from tests.browser.pages import PHONE, enter, follow, looks_right
from tests.browser.test_applicant_ways import tab_to
from tests.factories import decide, declare, deliver, open_call, pay, person, publish, score, screen
from tests.factories.pitching import offer, pitch_of
from workflows.commands import perform
from workflows.commands.proposing import propose_in_turn
from workflows.models import PitchMachine

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS_A_MINUTE, CHOICE, PRESS, PAGE = 20, 5, 3, 6
CHOICES = {"start": "starter", "province": "groningen", "theme": "free", "presented": "yes", "aid_before": "no", "aid_declaration": "yes"}
TYPED = {
    "title": "Regenlamp",
    "summary": "Een lamp die harder gaat branden als het regent. Hij staat in tuinen en op campings. Zo vindt u uw tent ook bij slecht weer.",
    "own_work": "Ik bedacht de lamp en maakte kap en sensor zelf. Een klasgenoot bouwde de accu in.",
    "presented_where": "Eindexpositie van Minerva in Groningen",
    "presented_when": "2026-06-18",
    "presented_success": "Elf bezoekers wilden er een lenen. Een campinghouder wil hem deze zomer proberen.",
    "voucher_name": "Marleen Dijkstra, docent",
    "voucher_contact": "marleen@minerva.example",
    "question": "Werkt de lamp een week buiten bij mensen die mij niet kennen? Ik wil leren wat stukgaat en wat zij eraan veranderen.",
    "approach": "In maart maak ik vijf lampen. In april staan ze bij vijf gezinnen op een camping. Ik kom elke week en pas één ding aan.",
    "amount": "1500",
    "costs-0-item": "Materiaal",
    "costs-0-amount": "900",
    "costs-1-item": "Eigen uren",
    "costs-1-amount": "600",
    "iban": "NL91ABNA0417164300",
}


class Counting:
    """What a walk through the form costs: words, choices, presses and pages."""

    def __init__(self):
        self.words = self.choices = self.presses = self.pages = self.fields = 0

    def typed(self, text):
        self.fields += 1
        self.words += len(text.split())

    def chosen(self):
        self.fields += 1
        self.choices += 1

    def pressed(self, *, page=True):
        self.presses += 1
        self.pages += page

    @property
    def minutes(self):
        return self.words / WORDS_A_MINUTE + (self.choices * CHOICE + self.presses * PRESS + self.pages * PAGE) / 60


@pytest.fixture
def fund():
    return open_call(publish("minifund"), at=database_now() - timedelta(days=2))


def sign_in(page, live_server, user, mailoutbox, count):
    """By the code in the mail; the words of address and code count too."""
    know_address(user)
    page.goto(live_server.url + reverse("account_request_login_code"))
    page.locator("input[name=email]").fill(user.email)
    count.typed(user.email)
    follow(page, page.locator("main button[type=submit]").first)
    count.pressed()
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", mailoutbox[-1].body, re.MULTILINE)[1]
    page.locator("input[name=code]").fill(code)
    count.typed(code)
    follow(page, page.locator("main button[type=submit]").first)
    count.pressed()


def start(page, live_server, fund, count):
    """From the call to the form, for oneself."""
    page.goto(live_server.url + reverse("tender:call", args=[fund.call.reference]))
    follow(page, page.locator(".dt-band a.utrecht-button"))
    count.pressed()
    myself = page.locator("[name=who][value=myself]")
    if myself.count() and not myself.is_checked():
        myself.check()
        count.chosen()
    follow(page, page.locator("main form.dt-form button[type=submit]"))
    count.pressed()
    return Application.objects.get()


def answer(page, field, count):
    """Answer one question as a person would, by what the page shows; what is not asked of everybody is left open."""
    if field.key in CHOICES:
        kind = page.locator(f"[name=q-{field.key}]").first.evaluate("each => each.tagName === 'SELECT' ? 'select' : each.type")
        if kind == "select":
            page.locator(f"[name=q-{field.key}]").select_option(CHOICES[field.key])
        else:
            page.locator(f"[name=q-{field.key}][value='{CHOICES[field.key]}']").check()
        count.chosen()
    for key, text in TYPED.items():
        if key != field.key and not key.startswith(f"{field.key}-"):
            continue
        box = page.locator(f"[name='q-{key}']")
        if not box.count() and (more := page.locator("[data-dt-add-row]")).is_visible():
            more.click()
            count.pressed(page=False)
        elif not box.count():
            follow(page, page.locator("button[name=stay]"))  # without the script an empty row comes with a save
            count.pressed()
        box.fill(text)
        count.typed(text)


def fill(page, form, count, *, look=False):
    """Every section of the form, one after the other."""
    follow(page, page.locator(".dt-tasklist a").first)
    count.pressed()
    for section in form.sections:
        assert page.url.endswith(f"/formulier/{section.key}/")
        for field in section.fields:
            answer(page, field, count)
        if look:
            looks_right(page, f"minifund-{section.key}")
            page.set_viewport_size(PHONE)
        follow(page, page.locator("form#answers .utrecht-button--primary-action"))
        count.pressed()


def hand_in(page, count):
    """Check, and hand in."""
    follow(page, page.locator("main .dt-actions a.utrecht-button--primary-action"))
    count.pressed()
    follow(page, page.locator("#hand-in button"))
    count.pressed()
    expect(page.locator(".call-hash").first).to_be_visible()


def photo():
    """A picture as a phone takes it."""
    out = BytesIO()
    Image.effect_noise((1200, 900), 40).convert("RGB").save(out, "JPEG", exif=b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00")
    return {"name": "IMG_2041.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def judged(fund, case):
    """Screened, heard, scored, awarded and paid."""
    at = database_now()
    house = fund.house
    for assessor in house.assessors:
        score(case, assessor, at, officer=house.officer)
    decide(propose_in_turn(pk=case.pk, actor=house.officer, at=at), house, at)
    deliver()
    grant = case.grants.get()
    pay(grant, house, at)
    deliver()


def rooms_of_the_house(page, live_server, fund):
    """The officer who plans moments, and the assessor who hears the maker, look at the same booking."""
    stage = fund.stage()
    enter(page.context, live_server, fund.house.officer)
    page.goto(live_server.url + reverse("workflows:pitch_slots", args=[stage.call.reference, stage.key]))
    expect(page.locator("tbody tr")).to_have_count(3)
    looks_right(page, "pitches-officer")
    enter(page.context, live_server, fund.house.assessors[0])
    page.goto(live_server.url + reverse("workflows:pitches"))
    expect(page.locator("main section h2")).to_have_text(TYPED["title"])
    looks_right(page, "pitches-assessor")


def test_a_person_on_a_phone_applies_books_a_pitch_and_hands_in_a_report_with_a_photo(page, live_server, fund, mailoutbox, complaints):
    """From signing in to the receipt: 25 fields, of which 18 are typed (121 words, address and code among them) and 7 chosen; 14 presses and
    13 pages: 8.6 minutes by the figures above."""
    page.set_viewport_size(PHONE)
    count, maker = Counting(), person("nynke")
    sign_in(page, live_server, maker, mailoutbox, count)
    case = start(page, live_server, fund, count)
    fill(page, case.rules.form, count, look=True)
    hand_in(page, count)
    looks_right(page, "minifund-receipt")
    print(vars(count), count.minutes)  # noqa: T201  `pytest -s` shows what the docstring says
    assert count.minutes <= 10
    case.refresh_from_db()
    assert (case.state, case.organisation) == (ApplicationState.SUBMITTED, None)

    screen(case, fund.house, database_now())
    declare(case, fund.house.assessors[0], at=database_now(), part=Role.ASSESSOR)
    offer(fund, at=database_now(), after=timedelta(days=1), number=3)
    page.set_viewport_size(PHONE)
    follow(page, page.locator("main .dt-actions a.utrecht-button--primary-action"))
    looks_right(page, "pitch-choose")
    page.set_viewport_size(PHONE)
    page.locator("#pitch input[type=radio]").nth(1).check()
    follow(page, page.locator("#pitch button.utrecht-button--primary-action"))
    assert pitch_of(case).state == PitchState.BOOKED
    looks_right(page, "pitch-booked")
    page.set_viewport_size(PHONE)
    rooms_of_the_house(page, live_server, fund)
    enter(page.context, live_server, maker)
    page.set_viewport_size(PHONE)
    page.goto(live_server.url + reverse("workflows:dossier", args=[case.reference]))
    with page.expect_download() as download:
        page.locator("#pitch a[href$='.ics']").click()
    assert "BEGIN:VEVENT" in download.value.path().read_text()
    page.locator("#pitch summary").click()
    page.locator("#pitch input[type=radio]").first.check()
    follow(page, page.locator("#pitch details button"))
    follow(page, page.locator("#pitch button[name=cancel]"), sure=True)
    expect(page.locator("#pitch input[type=radio]")).to_have_count(3)
    looks_right(page, "pitch-given-back")

    perform(PitchMachine, "note", pk=pitch_of(case).pk, actor=fund.house.officer, at=database_now(), reason="Aan tafel.")
    judged(fund, case)
    report = ProgressReport.objects.get()
    page.set_viewport_size(PHONE)
    page.goto(live_server.url + reverse("workflows:report", args=[case.reference, report.pk]))
    follow(page, page.locator("main form button.utrecht-button--primary-action"))
    for key in ("done", "learned", "onward"):
        page.locator(f"[name=q-{key}]").fill("Vijf lampen stonden een week buiten.")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.locator("[name=q-photo]").set_input_files(photo())
    expect(page.get_by_role("link", name="IMG_2041.jpg", exact=True)).to_be_visible()
    looks_right(page, "report")
    page.set_viewport_size(PHONE)
    follow(page, page.locator("form#answers .utrecht-button--primary-action"))
    looks_right(page, "report-check")
    page.set_viewport_size(PHONE)
    follow(page, page.locator("main form button.utrecht-button--primary-action"))
    assert ProgressReport.objects.get().state == ReportState.HANDED_IN
    looks_right(page, "report-handed-in")
    assert complaints == []


def press(page, selector, key="Enter"):
    """Reach it with Tab and press; wait for the page it leads to."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press(key)


def by_key(page, field):
    """One question by key alone: Tab to it, and type, or press the arrow to its choice."""
    if field.key in CHOICES:
        tab_to(page, f"[name=q-{field.key}]")
        if page.evaluate("document.activeElement.tagName") == "SELECT":
            page.locator(f"[name=q-{field.key}]").press("End" if CHOICES[field.key] == "free" else "ArrowDown")
        else:
            page.keyboard.press("Space")
            values = [option.value for option in field.options] or ["yes", "no"]
            for _step in range(values.index(CHOICES[field.key])):
                page.keyboard.press("ArrowDown")
        return
    for key, text in TYPED.items():
        if key != field.key and not key.startswith(f"{field.key}-"):
            continue
        if not page.locator(f"[name='q-{key}']").count():
            tab_to(page, "[data-dt-add-row]")
            page.keyboard.press("Enter")
        tab_to(page, f"[name='q-{key}']")
        page.keyboard.type("18062026" if key == "presented_when" else text)


def test_the_whole_application_by_key_alone(page, live_server, fund, complaints):
    """No mouse: every answer, every page and the button at the end; where one is stays visible (`tab_to` asks for a ring)."""
    page.set_viewport_size(PHONE)
    maker = person("nynke")
    enter(page.context, live_server, maker)
    page.goto(live_server.url + reverse("workflows:start", args=[fund.call.reference]))
    myself = page.locator("[name=who][value=myself]")
    if myself.count() and not myself.is_checked():
        tab_to(page, "[name=who]")
        page.keyboard.press("Space")
    press(page, "main form.dt-form button[type=submit]")
    case = Application.objects.get()
    press(page, ".dt-tasklist a")
    for section in case.rules.form.sections:
        assert page.url.endswith(f"/formulier/{section.key}/")
        for field in section.fields:
            by_key(page, field)
        press(page, "form#answers .utrecht-button--primary-action")
    press(page, "main .dt-actions a.utrecht-button--primary-action")
    press(page, "#hand-in button")
    expect(page.locator(".call-hash").first).to_be_visible()
    case.refresh_from_db()
    assert (case.state, case.organisation, case.draft["theme"]) == (ApplicationState.SUBMITTED, None, "free")
    assert complaints == []


def test_the_whole_application_without_a_script(browser, live_server, fund, mailoutbox):
    """Signing in, drafting, a second row of costs, handing in and booking a pitch, in a browser that runs no script."""
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page, count = context.new_page(), Counting()
    sign_in(page, live_server, person("nynke"), mailoutbox, count)
    case = start(page, live_server, fund, count)
    follow(page, page.locator(".dt-tasklist a").first)
    for section in case.rules.form.sections:
        assert page.url.endswith(f"/formulier/{section.key}/")
        for field in section.fields:
            if field.key == "presented_where":  # a question that another brings up comes with a save
                follow(page, page.locator("form#answers .utrecht-button--primary-action"))
            answer(page, field, count)
        follow(page, page.locator("form#answers .utrecht-button--primary-action"))
    hand_in(page, count)
    case.refresh_from_db()
    assert (case.state, len(case.submission().answers["costs"])) == (ApplicationState.SUBMITTED, 2)
    screen(case, fund.house, database_now())
    (slot,) = offer(fund, at=database_now(), after=timedelta(days=1))
    page.goto(live_server.url + reverse("workflows:dossier", args=[case.reference]))
    page.locator("#pitch input[type=radio]").check()
    follow(page, page.locator("#pitch button.utrecht-button--primary-action"))
    assert pitch_of(case).slot == slot
    context.close()
