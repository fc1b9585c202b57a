"""Signing in with a code, saying who one is, and the one click of the demo."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from tender.accounts import know_address
from tender.clock import database_now
from tender.enums import Role
from tender.models import User
from tests.factories import applicant, dossier, open_call, person, publish, submitted

pytestmark = pytest.mark.django_db


def test_somebody_we_made_signs_in_with_a_code(client, mailoutbox):
    user = person("fenna")
    know_address(user)
    know_address(user)
    response = client.post(reverse("account_request_login_code"), {"email": user.email})
    assert response.status_code == 302
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", mailoutbox[0].body, re.MULTILINE)[1]
    assert mailoutbox[0].subject == f"Uw code om u aan te melden: {code}"
    response = client.post(response.url, {"code": code})
    assert response.url == reverse("tender:home")
    assert client.get(response.url).url == reverse("workflows:my_dossiers")


def test_a_name_is_asked_first(client):
    user = User.objects.create_user("new@drietrap.example")
    client.force_login(user)
    assert client.get(reverse("tender:home")).url == reverse("tender:profile")
    assert client.post(reverse("tender:profile"), {"name": " ", "language": "nl"}).status_code == 422
    response = client.post(reverse("tender:profile"), {"name": "Nynke", "language": "en"})
    assert response.url == reverse("workflows:my_dossiers")
    user.refresh_from_db()
    assert (user.name, user.language) == ("Nynke", "en")
    assert client.cookies["django_language"].value == "en"


@pytest.mark.parametrize(("asked", "goes"), [("/resultaten/", "/resultaten/"), ("https://elders.example/", "/mijn/"), ("", "/mijn/")])
def test_whoever_was_on_the_way_goes_on_after_the_name(client, asked, goes):
    client.force_login(User.objects.create_user("new@drietrap.example"))
    url = reverse("tender:profile")
    assert client.get(url, {"next": asked}).context["next"] == (asked if asked == goes else "")
    assert client.post(url, {"name": "Nynke", "language": "nl", "next": asked}).url == goes


def code_in(mail):
    return re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", mail.body, re.MULTILINE)[1]


def test_the_mails_of_signing_up_and_in_are_ours(client, mailoutbox):
    signup = client.post(reverse("account_signup"), {"email": "nynke@voorbeeld.example"})
    code = code_in(mailoutbox[-1])
    assert mailoutbox[-1].subject == f"Uw code om uw adres te bevestigen: {code}"
    wrong = client.post(signup.url, {"code": "AAAA-AAAA"})
    assert "vraag een nieuwe aan" in str(wrong.context["verify_form"].errors)
    assert client.post(signup.url, {"code": code}).status_code == 302
    assert list(client.get(reverse("tender:home"), follow=True).context["messages"]) == []
    client.post(reverse("account_logout"))
    again = client.post(reverse("account_signup"), {"email": "nynke@voorbeeld.example"})
    assert again.status_code == 429
    assert "Te vaak in korte tijd" in again.content.decode()
    known = person("fenna")
    know_address(known)
    client.post(reverse("account_signup"), {"email": known.email})
    assert f"http://testserver{reverse('account_login')}" in mailoutbox[-1].body
    assert not any("testserver" in mail.subject for mail in mailoutbox)


def test_an_unknown_address_is_shown_the_way_to_an_account(client, mailoutbox):
    client.post(reverse("account_request_login_code"), {"email": "niemand@voorbeeld.example"})
    assert f"http://testserver{reverse('account_signup')}" in mailoutbox[-1].body


def test_without_the_demo_there_is_no_one_click(client, settings):
    settings.DEMO = False
    user = person("fenna")
    url = reverse("tender:demo_sign_in")
    assert client.get(url).status_code == 404
    assert client.post(url, {"user": user.pk}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_the_demo_lists_everybody_by_role_and_signs_in(client, settings):
    settings.DEMO = True
    officer = person("officer", Role.OFFICER)
    user, _organisation = applicant()
    clock = User.objects.clock()
    url = reverse("tender:demo_sign_in")
    listed = {person.pk for _role, people in client.get(url).context["groups"] for person in people}
    assert {officer.pk, user.pk} <= listed
    assert clock.pk not in listed
    assert client.post(url, {"user": clock.pk}).status_code == 404
    assert client.post(url, {"user": "x"}).status_code == 404
    assert client.post(url, {"user": user.pk}).url == reverse("tender:home")
    assert client.session["_auth_user_id"] == str(user.pk)


def test_the_demo_shows_who_has_something_to_do_first(client, settings):
    settings.DEMO = True
    game = open_call(publish("crossover"), at=database_now() - timedelta(days=2))
    (idle, _org), (busy, own), (done, other) = applicant(name="aafke"), applicant(name="zwaan"), applicant(name="douwe")
    draft = dossier(game.call, user=busy, organisation=own, at=game.at)
    sent = submitted(game.call, user=done, organisation=other, at=game.at)
    people = client.get(reverse("tender:demo_sign_in")).context["groups"][0][1]
    assert [person.pk for person in people] == [busy.pk, done.pk, idle.pk]
    assert [person.hint for person in people] == [f"{draft.reference} · concept", f"{sent.reference} · ingediend", ""]
