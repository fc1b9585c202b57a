"""Nothing typed is lost, and nothing that others saved is overwritten: of a draft and of a score sheet alike, in Chromium."""

from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from scoring.models import Scoresheet
from tender.clock import database_now
from tests.browser.pages import enter, follow, looks_right, picture, saving, told
from tests.factories import applicant, assign, close, declare, dossier, open_call, publish, screen, submitted
from workflows.commands import perform
from workflows.models import ScoresheetMachine, StageMachine

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAVE = "button[name=close], button[value=save]"
PATIENCE = 40
"""Seconds until a save that failed is tried again by itself, and then some; no test waits so long for what should come sooner."""


@dataclass
class Typing:
    """A page that saves itself: two of its inputs that belong to different questions, and what the database holds of them."""

    path: str
    user: Any
    row: Any
    first: str
    second: str

    def stored(self):
        self.row.refresh_from_db()
        if isinstance(self.row, Scoresheet):
            mark = self.row.marks.order_by("pk").filter(question=first_question(self.row)).first()
            return (mark.comment if mark else "", self.row.comment)
        return tuple(self.row.draft.get(key) or "" for key in ("title", "makers"))


def first_question(sheet):
    criterion = sheet.stage.rules.rubric.criteria[0]
    return f"{criterion.key}.{criterion.questions[0].key}"


def a_draft():
    game = open_call(publish("crossover"), at=database_now() - timedelta(days=2))
    user, organisation = applicant()
    case = dossier(game.call, user=user, organisation=organisation, at=game.at)
    return Typing(reverse("tender:section", args=[case.reference, "idea"]), user, case, "q-title", "q-makers")


def a_sheet():
    game = open_call(publish("hub_support"), at=database_now() - timedelta(days=45))
    case, jurors = submitted(game.call, at=game.at), game.house.jurors
    game.at = close(game.stage())
    screen(case, game.house, game.at)
    declare(case, *jurors, at=game.at)
    assign(case, jurors[:3], game.house, game.at)
    perform(StageMachine, "start_scoring", pk=game.stage().pk, actor=game.house.officer, at=game.at)
    sheet = Scoresheet.objects.get(juror=jurors[0], application=case)
    perform(ScoresheetMachine, "start", pk=sheet.pk, actor=jurors[0], at=game.at)
    return Typing(reverse("workflows:sheet", args=[sheet.pk]), jurors[0], sheet, "q1-why", "comment")


@pytest.fixture(params=[a_draft, a_sheet], ids=["draft", "sheet"])
def typing(request, page, live_server):
    made = request.param()
    made.url = live_server.url + made.path
    enter(page.context, live_server, made.user)
    opened(page, made)
    return made


def opened(page, typing):
    page.goto(typing.url)
    unfold(page)


def unfold(page):
    for folded in page.locator(".jury-why:not([open]) summary").all()[:1]:
        folded.click()


def field(page, name):
    return page.locator(f"[name='{name}']")


def again(page):
    page.reload()
    unfold(page)


def saved_in_time(page, typing, *texts):
    """The server has all of them, whether it was sent them before or after a reload; and the page says nothing else."""
    until = monotonic() + PATIENCE
    while typing.stored() != texts and monotonic() < until:
        page.wait_for_timeout(200)
    assert typing.stored() == texts
    expect(page.locator("[data-dt-save-status]")).not_to_have_attribute("data-state", "failed")


def test_a_reload_right_after_typing_keeps_it(page, typing):
    with saving(page):
        field(page, typing.first).fill("Eerst")
    told(page, "saved")
    field(page, typing.second).fill("Net getypt")
    again(page)
    expect(field(page, typing.second)).to_have_value("Net getypt")
    saved_in_time(page, typing, "Eerst", "Net getypt")


def test_a_save_that_is_slow_does_not_take_what_was_typed_since(page, typing):
    held = []
    page.route(typing.url, lambda route: held.append(route) if route.request.method == "POST" and not held else route.continue_())
    with page.expect_request(lambda sent: sent.method == "POST"):
        field(page, typing.first).fill("Eerst")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        field(page, typing.second).fill("Net getypt")
        held[0].continue_()
    page.unroute(typing.url)
    again(page)
    expect(field(page, typing.first)).to_have_value("Eerst")
    expect(field(page, typing.second)).to_have_value("Net getypt")
    saved_in_time(page, typing, "Eerst", "Net getypt")


def test_a_page_made_before_the_last_save_shows_what_that_saved(page, typing):
    """A reload while a save is under way: the server reads the page first, saves then, and answers both."""
    before = page.request.get(typing.url).body()
    page.evaluate("window.dispatchEvent(new Event('beforeunload'))")
    with saving(page):
        field(page, typing.first).fill("Net getypt")
    told(page, "saved")
    page.route(typing.url, lambda route: route.fulfill(body=before, content_type="text/html"), times=1)
    page.reload()
    page.unroute(typing.url)
    expect(field(page, typing.first)).to_have_value("Net getypt")
    saved_in_time(page, typing, "Net getypt", "")


def test_what_is_typed_after_the_press_on_save_comes_back(page, typing):
    """The page still stands while the server takes its time; a second press sends nothing, and must not pass for sent."""
    field(page, typing.first).fill("Verzonden")
    page.evaluate(
        """([name, save]) => window.addEventListener("submit", () => window.setTimeout(() => {
          const field = document.querySelector(`[name='${name}']`);
          field.value = "Daarna getypt";
          field.dispatchEvent(new Event("input", { bubbles: true }));
          document.querySelector(save).click();
        }), { once: true })""",
        [typing.second, SAVE],
    )
    follow(page, page.locator(SAVE))
    opened(page, typing)
    expect(field(page, typing.second)).to_have_value("Daarna getypt")
    saved_in_time(page, typing, "Verzonden", "Daarna getypt")


def test_without_a_connection_it_waits_and_is_saved_when_that_is_back(page, typing):
    page.context.set_offline(True)
    field(page, typing.first).fill("Onderweg getypt")
    told(page, "failed")
    expect(page.locator("#dt-offline")).to_be_visible()
    assert typing.stored() == ("", "")
    with saving(page, timeout=10):
        page.context.set_offline(False)
    told(page, "saved")
    expect(page.locator("#dt-offline")).to_be_hidden()
    assert typing.stored() == ("Onderweg getypt", "")


def turned_down(page, typing, why):
    """A save that is not taken is said in words, and the link there is followed."""
    with saving(page):
        field(page, typing.first).fill("Niet kwijt")
    told(page, "failed")
    notice = page.locator(f"#dt-{why}")
    expect(notice).to_be_visible()
    looks_right(page, f"kept-{why}-{typing.first}")
    assert typing.stored() == ("", "")
    follow(page, notice.get_by_role("link"))


def test_an_ended_session_is_said_in_words_and_loses_nothing(page, live_server, typing):
    Session.objects.all().delete()
    turned_down(page, typing, "signed-out")
    assert f"next={typing.path}" in page.url
    enter(page.context, live_server, typing.user)
    opened(page, typing)
    expect(field(page, typing.first)).to_have_value("Niet kwijt")
    expect(page.locator("[data-dt-save-status]")).to_contain_text("teruggezet")
    saved_in_time(page, typing, "Niet kwijt", "")


def test_another_sign_in_makes_a_page_out_of_date_and_loses_nothing(page, live_server, typing):
    """Its token is refused; what was typed comes back on the page that is loaded again."""
    page.context.clear_cookies(name="csrftoken")
    page.context.add_cookies([{"name": "csrftoken", "value": "x" * 32, "url": live_server.url}])
    turned_down(page, typing, "out-of-date")
    expect(field(page, typing.first)).to_have_value("Niet kwijt")
    saved_in_time(page, typing, "Niet kwijt", "")


def elsewhere(browser, live_server, typing, name, text):
    """The same person saves something on another device."""
    with browser.new_context(locale="nl-NL") as context:
        enter(context, live_server, typing.user)
        window = context.new_page()
        opened(window, typing)
        with saving(window):
            field(window, name).fill(text)
        told(window, "saved")


def cut_off(page, typing, text):
    """Typed in a window whose saves do not arrive."""
    page.route(typing.url, lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    field(page, typing.first).fill(text)
    told(page, "failed")
    page.unroute(typing.url)


def test_a_window_left_behind_overwrites_nothing_when_it_is_loaded_again(page, browser, live_server, typing):
    cut_off(page, typing, "Van dit venster")
    elsewhere(browser, live_server, typing, typing.first, "Van elders")
    with saving(page):
        again(page)
    expect(field(page, typing.first)).to_have_value("Van dit venster")
    expect(page.locator("#overtaken .dt-alert")).to_be_visible()
    told(page, "failed")
    assert typing.stored() == ("Van elders", "")
    follow(page, page.locator(SAVE))
    expect(page.locator("#main")).to_contain_text("Van elders")
    expect(field(page, typing.first)).to_have_value("Van dit venster")
    picture(page, f"kept-both-{typing.first}")
    assert typing.stored() == ("Van elders", "")
    follow(page, page.locator(SAVE))
    assert typing.stored() == ("Van dit venster", ""), "who saw both may choose"
    opened(page, typing)
    expect(page.locator("[data-dt-save-status]")).not_to_contain_text("teruggezet")


def test_what_was_not_typed_here_stays_as_the_server_has_it_by_now(page, browser, live_server, typing):
    cut_off(page, typing, "Van dit venster")
    elsewhere(browser, live_server, typing, typing.second, "Van elders")
    again(page)
    expect(field(page, typing.first)).to_have_value("Van dit venster")
    expect(field(page, typing.second)).to_have_value("Van elders")
    saved_in_time(page, typing, "Van dit venster", "Van elders")


def test_a_save_in_one_window_leaves_the_text_of_another_on_this_device(page, typing):
    other = page.context.new_page()
    opened(other, typing)
    cut_off(page, typing, "Van dit venster")
    with saving(other):
        field(other, typing.first).fill("Van het andere")
    told(other, "saved")
    other.close()
    with saving(page):
        again(page)
    expect(field(page, typing.first)).to_have_value("Van dit venster")
    expect(page.locator("#overtaken .dt-alert")).to_be_visible()
    assert typing.stored() == ("Van het andere", "")


def test_a_window_that_was_closed_leaves_its_text_to_the_next(page, typing):
    cut_off(page, typing, "Van het gesloten venster")
    context = page.context
    page.close()
    following = context.new_page()
    opened(following, typing)
    expect(field(following, typing.first)).to_have_value("Van het gesloten venster")
    saved_in_time(following, typing, "Van het gesloten venster", "")
    told(following, "saved")
    assert copies(following) == []


def test_another_user_of_this_device_never_sees_it(page, typing):
    cut_off(page, typing, "Van iemand anders")
    [key] = copies(page)
    theirs = key.replace(f":{typing.user.pk}:", f":{typing.user.pk + 1}:")
    page.evaluate("([mine, theirs]) => (localStorage[theirs] = localStorage[mine], localStorage.removeItem(mine))", [key, theirs])
    again(page)
    expect(field(page, typing.first)).to_have_value("")
    assert copies(page) == [theirs]


def test_signing_out_wipes_it(page, typing):
    cut_off(page, typing, "Van mij alleen")
    assert len(copies(page)) == 1
    with page.expect_navigation():
        page.locator("form[data-dt-sign-out]").evaluate("form => form.requestSubmit()")
    assert copies(page) == []


def copies(page):
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('drietrap:keep:'))")
