"""The style guide in Chromium under the strict policy: axe in both themes and sizes, and what the script does."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from playwright.sync_api import expect

from tests.browser.pages import faults
from tests.tender.guide import render, static_file
from tests.tender.test_design import urlpatterns  # noqa: F401 - the addresses of the menu

HOST = "http://drietrap.test"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'"
)
TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "woff2": "font/woff2"}
pytestmark = [pytest.mark.browser, pytest.mark.urls(__name__)]


@pytest.fixture
def site(page, complaints):
    """Pages and static files without a server; every request but GET of a page is noted and answered by `answer`."""
    noted = []
    pages = {"/": render()}

    def answer(route):
        request = route.request
        path = request.url.removeprefix(HOST).split("?")[0]
        if path.startswith("/static/"):
            kind = TYPES[path.rsplit(".", 1)[1]]
            return route.fulfill(body=static_file(path.removeprefix("/static/")), content_type=kind)
        if request.method != "GET":
            noted.append(request)
        return route.fulfill(
            body=pages.get(path, pages["/"]),
            content_type="text/html; charset=utf-8",
            headers={"Content-Security-Policy": POLICY},
        )

    page.route(f"{HOST}/**", answer)
    page.noted, page.pages = noted, pages
    yield page
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", ["/", "/gone/"])
def test_axe_finds_nothing(site, scheme, width, path):
    site.pages["/gone/"] = render("404.html")
    site.emulate_media(color_scheme=scheme)
    site.set_viewport_size({"width": width, "height": 800})
    site.goto(HOST + path)
    assert faults(site) == []
    assert site.evaluate("document.documentElement.scrollWidth") <= width


def test_the_error_summary_takes_focus_and_leads_to_the_field(site):
    site.goto(HOST)
    assert "dt-error-summary" in site.evaluate("document.activeElement.className")
    site.locator(".dt-error-summary a").nth(1).click()
    assert site.evaluate("document.activeElement.id") == "id_theme"


@pytest.mark.parametrize(
    ("typed", "total"),
    [("1.250,50", "€4,250.50"), ("1250.50", "€4,250.50"), ("€ 2.000", "€5,000.00"), ("1,250.5", "€4,250.50"), ("", "€3,000.00")],
)
def test_a_budget_adds_up(site, typed, total):
    site.goto(HOST)
    site.get_by_label("Materials, in euros").fill(typed)
    assert site.locator("[data-dt-total=cost]").inner_text() == total


def test_what_was_typed_survives_an_expired_session_but_not_signing_out(site):
    site.goto(HOST)
    site.locator("#id_title").fill("Nothing is lost")
    site.pages["/away/"] = render("403_csrf.html", visitor=AnonymousUser())
    site.goto(HOST + "/away/")
    site.goto(HOST)
    assert site.locator("#id_title").input_value() == "Nothing is lost"
    status = site.locator("[data-dt-save-status]")
    expect(status).to_have_text(re.compile("put back what you typed.* Saved at"))
    site.locator("#id_title").fill("Nothing is lost now")
    expect(status).to_have_text(re.compile("^Saved at"))
    site.locator(".dt-user-menu > summary").click()
    with site.expect_navigation():
        site.get_by_role("button", name="Sign out").click()
    assert site.evaluate("Object.keys(localStorage).length") == 0


def test_typing_is_saved_with_the_token_and_says_so(site):
    site.goto(HOST)
    site.locator("#id_title").fill("Tidal sounds")
    site.get_by_text("Saved at").wait_for()
    assert site.noted[-1].url == HOST + "/save/"
    assert site.noted[-1].headers["x-csrftoken"] == "token"
    assert "title=Tidal%20sounds" in site.noted[-1].post_data
    assert site.evaluate("Object.keys(localStorage).length") == 0, "the copy on the device is gone once it is saved"


def test_what_cannot_be_saved_stays_on_the_device(page):
    html = render()
    down = {"down": True}

    def answer(route):
        if "/static/" in route.request.url:
            path = route.request.url.removeprefix(HOST + "/static/")
            return route.fulfill(body=static_file(path), content_type=TYPES[path.rsplit(".", 1)[1]])
        if route.request.method == "POST" and down["down"]:
            return route.abort("internetdisconnected")
        return route.fulfill(body=html, content_type="text/html; charset=utf-8")

    page.route(f"{HOST}/**", answer)
    page.goto(HOST)
    page.locator("#id_title").fill("Tidal sounds")
    page.get_by_text("Not saved yet").wait_for()
    assert page.evaluate("Object.keys(localStorage).length") == 1
    down["down"] = False
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.get_by_text("Saved at").wait_for()
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_a_danger_is_asked_about_first(site):
    site.goto(HOST)
    site.get_by_role("button", name="Withdraw").click()
    site.get_by_role("button", name="No, go back").click()
    assert site.noted == []
    site.get_by_role("button", name="Withdraw").click()
    with site.expect_navigation():
        site.get_by_role("button", name="Yes, go on").click()
    assert len(site.noted) == 1
    assert "withdraw=" in site.noted[0].post_data


def test_a_form_is_sent_once(site):
    site.goto(HOST)
    with site.expect_navigation():
        site.get_by_role("button", name="Save and continue").evaluate("(one) => { one.click(); one.click(); one.click(); }")
    assert len(site.noted) == 1


def test_digits_score(site):
    site.goto(HOST)
    site.locator("#makers-7").focus()
    site.keyboard.press("3")
    assert site.locator("#makers-3").is_checked()
    site.keyboard.press("0")
    assert site.locator("#makers-10").is_checked()


def test_a_long_text_counts_down(site):
    site.goto(HOST)
    site.locator("#id_question").fill("x" * 601)
    assert site.locator(".dt-counter").inner_text() == "1 characters too many"


def test_the_menu_opens_on_a_phone_without_the_script(browser, settings):
    settings.NAVIGATION = [{"label": "Open calls", "url": "calls", "roles": ()}]
    html = render()
    with browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800}) as context:
        page = context.new_page()
        page.route(
            f"{HOST}/**",
            lambda route: (
                route.fulfill(body=static_file("tender/app.css"), content_type="text/css")
                if route.request.url.endswith(".css")
                else route.fulfill(body=html, content_type="text/html; charset=utf-8")
            ),
        )
        page.goto(HOST)
        link = page.get_by_role("link", name="Open calls", exact=True)
        assert not link.is_visible()
        page.get_by_role("button", name="Menu").click()
        assert link.is_visible()
