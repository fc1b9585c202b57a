"""What every browser journey does: come in as somebody, go to another page, and look at it on a desk and on a phone."""

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
SCREENS = os.environ.get("SCREENS")
"""A folder for pictures of every page, where somebody wants to look at them."""


def enter(context, live_server, user):
    """Signed in, by the cookie of a session."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])


def follow(page, target, *, sure=False):
    """Press what leads to another page and wait until that is there: a click alone returns while the old page still stands.

    ``sure``: a dialog asks first, and is agreed with.
    """
    with page.expect_navigation():
        target.click()
        if sure:
            page.locator("#dt-confirm [data-dt-yes]").click()


def saving(page, *, timeout=15):
    """Wait, after what is done in here, for the answer to a form that saves itself, whatever the answer is."""

    def by_itself(answer):
        return answer.request.method == "POST" and "hx-request" in answer.request.headers

    return page.expect_response(by_itself, timeout=timeout * 1000)


def told(page, state, *, timeout=15):
    """The page says how its saving went: saved, or failed."""
    expect(page.locator("[data-dt-save-status]")).to_have_attribute("data-state", state, timeout=timeout * 1000)


def faults(page):
    """What axe finds: the rule and the first element that breaks it, of each."""
    return [(each["id"], each["nodes"][0]["html"]) for each in Axe().run(page).response["violations"]]


def picture(page, name):
    """For somebody who wants to look."""
    if SCREENS:
        page.screenshot(path=str(Path(SCREENS) / f"{name}.png"), full_page=True)


def looks_right(page, name=""):
    """Nothing for axe, and nothing that sticks out of a phone; a picture of a page with a name."""
    page.wait_for_load_state()
    for kind, size in (("phone", PHONE), ("desk", DESK)):
        page.set_viewport_size(size)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if name:
            picture(page, f"{name}-{kind}")
        assert wide <= 0, f"{page.url} is {wide} px too wide for {kind}"
        assert faults(page) == [], page.url
