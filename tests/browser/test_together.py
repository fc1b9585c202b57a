"""Together in a browser: a newcomer comes in by an invitation, a partner consents without an account, and each page looks right."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tender.clock import database_now
from tender.enums import Part
from tender.models import Consent
from tests.browser.pages import DESK, PHONE, enter, follow, looks_right, picture
from tests.browser.test_applicant_ways import sign_up
from tests.factories import person
from tests.factories.beside import asked, asking_call, filled, invited, joined, parts, token_of, write
from workflows.commands.joining import ask_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def case():
    """A complete draft of today, whose stage asks consent and a second signature."""
    game = asking_call(cosign=True, at=database_now() - timedelta(days=2))
    return filled(game.call, game.at)


def test_a_newcomer_on_a_phone_comes_in_by_an_invitation(page, live_server, case, mailoutbox, complaints):
    page.set_viewport_size(DESK)
    enter(page.context, live_server, case.applicant)
    page.goto(live_server.url + reverse("workflows:together", args=[case.reference]))
    page.locator("[name=email]").fill("geen adres")
    follow(page, page.locator("form.dt-form button[type=submit]"))
    expect(page.locator(".dt-error-summary")).to_be_visible()
    page.locator("[name=email]").fill("nynke@voorbeeld.example")
    follow(page, page.locator("form.dt-form button[type=submit]"))
    looks_right(page, "together-invited")
    page.context.clear_cookies()
    page.set_viewport_size(PHONE)
    page.goto(live_server.url + reverse("workflows:invited", args=[token_of(case.invitations.get())]))
    looks_right(page, "together-link")
    page.set_viewport_size(PHONE)
    sign_up(page, live_server, mailoutbox, "nynke@voorbeeld.example")
    page.wait_for_url("**/uitnodiging/**")
    looks_right(page, "together-accept")
    page.set_viewport_size(PHONE)
    follow(page, page.locator("button[name=accept]"))
    page.wait_for_url(f"**/dossier/{case.reference}/")
    newcomer = case.invitations.get().answered_by
    assert (newcomer.name, parts(case, newcomer)) == ("Nynke Nieuw", {"editor"})
    assert [said for said in complaints if "422" not in said] == []


def test_partners_history_signature_and_organisation_look_right(page, live_server, case, complaints):
    at = database_now()
    other = joined(case, at)
    case = write(case, at, other, title="Licht op Lauwersoog en Zoutkamp", makers="Wij werken met bewoners en makers uit het dorp.")
    made, _named = asked(case, at)
    page.set_viewport_size(PHONE)
    page.goto(live_server.url + reverse("workflows:consent", args=[token_of(made)]))
    looks_right(page, "together-consent")
    page.set_viewport_size(PHONE)
    page.locator("[name=by_name]").fill("Henk Bos")
    follow(page, page.locator("button[name=give]"))
    looks_right(page, "together-consent-kept")
    assert Consent.objects.get().state == "given"
    asked(case, at, number=1)
    invited(case, person("asked"), at, Part.VIEW)
    ask_in(case.organisation, part=Part.WRITE, note="Ik ben de nieuwe zakelijk leider.", actor=person("leader"), at=at)
    enter(page.context, live_server, case.applicant)
    for name, address in {
        "together": reverse("workflows:together", args=[case.reference]),
        "together-partners": reverse("workflows:partners", args=[case.reference]),
        "together-sign": reverse("workflows:cosign", args=[case.reference]),
        "together-organisation": reverse("workflows:organisation", args=[case.organisation_id]),
        "together-join": reverse("workflows:join"),
        "together-check": reverse("workflows:check", args=[case.reference]),
        "together-dossiers": reverse("workflows:my_dossiers"),
        "together-history": reverse("tender:history", args=[case.reference]),
    }.items():
        page.goto(live_server.url + address)
        looks_right(page, name)
    page.set_viewport_size(DESK)
    follow(page, page.locator("form[action$='/title/terug/'] button").first, sure=True)
    picture(page, "together-put-back")
    case.refresh_from_db()
    assert case.draft["title"] == "Licht op Lauwersoog"
    assert complaints == []
