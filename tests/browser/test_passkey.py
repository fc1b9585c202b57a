"""Signing in without a password in Chromium: by the link in the mail, which still wants a press, and by a passkey on a virtual device."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from playwright.sync_api import expect

from tender.accounts import know_address
from tests.browser.pages import DESK, PHONE, follow, looks_right, picture
from tests.factories import applicant

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def own_device(page):
    """A device with a fingerprint reader, as Chromium can pretend to have; whoever presses is who they say."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    kind = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }  # fmt: skip
    return session.send("WebAuthn.addVirtualAuthenticator", {"options": kind})["authenticatorId"]


def look_at_mail(page, sent, name):
    """A mail as people get it: on a phone and at a desk, in the light and in the dark. Axe, and nothing that sticks out."""
    (html, kind) = sent.alternatives[0]
    assert kind == "text/html"
    reader = page.context.new_page()
    for scheme in ("light", "dark"):
        reader.emulate_media(color_scheme=scheme)
        reader.set_content(html)
        looks_right(reader, f"{name}-{scheme}")
    reader.close()


def at(live_server, name):
    """Passkeys are of a name, not of a number."""
    return live_server.url.replace("127.0.0.1", "localhost") + reverse(name)


def ask_for_a_code(page, live_server, user):
    page.goto(at(live_server, "account_login"))
    page.locator("input[name=email]").fill(user.email)
    follow(page, page.locator("main button[type=submit]").first)


def link_in(sent):
    """The link that fills in the code; the text and the page of the mail have the same."""
    (found,) = set(re.findall(r"http://localhost[^\s\"<]*#[A-Z0-9-]+", sent.body + sent.alternatives[0][0]))
    return found


def test_the_link_in_the_mail_then_a_passkey_added_used_and_removed(page, live_server, own_device, mailoutbox, complaints):
    page.set_viewport_size(DESK)
    user, _organisation = applicant()
    know_address(user)
    page.goto(at(live_server, "account_signup"))
    looks_right(page, "signup")
    ask_for_a_code(page, live_server, user)
    looks_right(page)
    link = link_in(mailoutbox[-1])
    look_at_mail(page, mailoutbox[-1], "mail-code")
    elsewhere = page.context.browser.new_context()
    stranger = elsewhere.new_page()
    stranger.goto(link)
    assert "/code/confirm/" not in stranger.url, "in another browser the link opens nothing"
    elsewhere.close()

    asked = []
    page.on("request", lambda request: asked.append((request.url, str(request.headers), request.post_data or "")))
    page.goto("about:blank")
    page.goto(link)
    secret = link.partition("#")[2]
    expect(page.locator("input[name=code]")).to_have_value(secret)
    assert "#" not in page.url
    picture(page, "code-filled")
    assert secret not in str(asked), "it never left the browser"
    follow(page, page.locator(".dt-code-form button[type=submit]").first)
    page.wait_for_url("**/mijn/")

    for name in ("mfa_index", "account_email", "mfa_activate_totp", "mfa_list_webauthn"):
        page.goto(at(live_server, name))
        looks_right(page, name)
    page.goto(at(live_server, "mfa_add_webauthn"))
    looks_right(page, "passkey-add")
    page.locator("input[name=name]").fill("Mijn laptop")
    follow(page, page.locator("#mfa_webauthn_add"))
    looks_right(page, "passkey-confirm")
    follow(page, page.locator("#mfa_webauthn_reauthenticate"))
    looks_right(page, "passkey-recovery-codes")
    assert Authenticator.objects.get(user=user, type="webauthn").wrap().is_passwordless
    page.goto(at(live_server, "mfa_index"))
    looks_right(page, "mfa-index-with")

    page.context.clear_cookies()
    ask_for_a_code(page, live_server, user)
    page.goto(link_in(mailoutbox[-1]))
    follow(page, page.locator(".dt-code-form button[type=submit]").first)
    looks_right(page, "second-step")
    assert "/mfa/" in page.url or "/2fa/" in page.url, "from now on a code alone opens nothing"
    page.context.clear_cookies()
    mailoutbox.clear()
    page.set_viewport_size(PHONE)
    page.goto(at(live_server, "account_login"))
    follow(page, page.locator("#passkey_login"))
    page.wait_for_url("**/mijn/")
    assert mailoutbox == [], "no mail was needed"

    page.goto(at(live_server, "mfa_list_webauthn"))
    looks_right(page, "passkey-list")
    follow(page, page.get_by_role("link", name=re.compile("Mijn laptop")).last)
    follow(page, page.locator("#mfa_webauthn_reauthenticate"))
    looks_right(page, "passkey-remove")
    follow(page, page.locator("main form button[type=submit]"))
    assert not Authenticator.objects.filter(user=user, type="webauthn").exists()
    page.context.clear_cookies()
    page.goto(at(live_server, "account_login"))
    page.locator("#passkey_login").click()
    page.wait_for_timeout(500)
    assert "/account/login" in page.url, "what was removed opens nothing"
    assert [said for said in complaints if "NotAllowedError" not in said and "403" not in said and "400" not in said] == []
