"""Who takes part: invited by mail, let in by a press, gone again; what each part may see and do."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.urls import reverse

from tender.clock import database_now
from tender.enums import InvitationState, Part
from tender.models import Application, Invitation
from tests.factories import deliver, open_call, person, publish
from tests.factories.beside import asking_call, filled, invited, joined, parts, token_of, told
from tests.workflows.pages.house import sign_in
from workflows.commands import perform
from workflows.machines.together import LASTS
from workflows.models import ApplicationMachine, Event, InvitationMachine

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    """A complete draft of today."""
    game = open_call(publish("crossover"), at=database_now() - timedelta(days=2))
    return filled(game.call, game.at)


def link(made):
    return reverse("workflows:invited", args=[token_of(made)])


def page(case, name="together", *args):
    return reverse(f"workflows:{name}", args=[case.reference, *args])


def test_an_invitation_goes_out_by_mail_and_works_once(client, case, mailoutbox):
    user = person("maker")
    sign_in(client, case.applicant)
    assert client.post(page(case), {"email": user.email.upper(), "part": "write"}).status_code == 302
    deliver()
    made = Invitation.objects.get()
    (mail,) = [each for each in mailoutbox if each.to == [user.email]]
    url = link(InvitationMachine.objects.get())
    assert url in mail.body
    assert url in mail.alternatives[0].content
    assert made.token_sha256 not in mail.body
    assert "title" not in mail.body
    assert case.draft["title"] not in mail.body
    client.logout()
    for look in (client.get, client.head):  # as a mail filter does
        assert look(url).status_code == 200
    assert parts(case, user) == set()
    sign_in(client, user)
    shown = client.get(url)
    assert case.reference in shown.content.decode()
    assert parts(case, user) == set()
    assert client.post(url, {"accept": "1"}).url == page(case, "dossier")
    assert parts(case, user) == {"editor"}
    event = Event.objects.get(kind="invitation.accept")
    assert (event.actor, event.chain) == (user, f"dossier:{case.reference}")
    assert client.post(url, {"accept": "1"}).status_code == 410
    assert client.get(page(case, "dossier")).status_code == 200
    assert user.email in told(case.applicant)[-1], "who invited hears of it"


def test_a_newcomer_signs_in_first_and_comes_back_to_the_invitation(client, case):
    made = InvitationMachine.objects.get(pk=invited(case, person("x"), database_now()).pk)
    url = link(made)
    text = client.get(url).content.decode()
    for name in ("account_login", "account_signup"):
        assert f"{reverse(name)}?next={quote(url, safe='')}" in text
    assert case.reference not in text
    assert case.draft["title"] not in text
    assert client.post(url, {"accept": "1"}).status_code == 200
    assert Invitation.objects.get().state == InvitationState.INVITED
    newcomer = person("x")
    type(newcomer).objects.filter(pk=newcomer.pk).update(name="", email="nieuw@studio.example")
    Invitation.objects.update(email="nieuw@studio.example")
    sign_in(client, type(newcomer).objects.get(pk=newcomer.pk))
    assert client.get(url).url == f"{reverse('tender:profile')}?next={quote(url, safe='')}"


def test_a_link_opened_by_somebody_else_says_so_and_lets_nobody_in(client, case):
    url = link(invited(case, person("meant"), database_now()))
    other = person("other")
    sign_in(client, other)
    text = client.get(url).content.decode()
    assert other.email in text
    assert "m•••@drietrap.example" in text
    assert case.reference not in text
    assert client.post(url, {"accept": "1"}).status_code == 403
    assert parts(case, other) == set()


def test_a_link_that_is_over_tells_nothing(client, case):
    at = database_now()
    taken, old, sent_again = (invited(case, person(name), at) for name in ("taken", "old", "again"))
    first = link(sent_again)
    sign_in(client, case.applicant)
    assert client.post(page(case, "invitation_step", taken.pk, "take_back")).url == page(case)
    assert client.post(page(case, "invitation_step", sent_again.pk, "again")).url == page(case)
    assert client.post(page(case, "invitation_step", sent_again.pk, "accept")).status_code == 404
    Invitation.objects.filter(pk=old.pk).update(until=at - LASTS)
    for url in (link(taken), link(old), first, reverse("workflows:invited", args=["0" * 64])):
        for answer in (client.get(url), client.post(url, {"accept": "1"})):
            assert answer.status_code == 410
            assert case.reference not in answer.content.decode()
    assert client.get(link(sent_again)).status_code == 200
    assert client.post(page(case, "invitation_step", taken.pk, "again")).status_code == 302
    assert Invitation.objects.get(pk=taken.pk).state == "withdrawn"


def test_somebody_declines(client, case):
    user = person("busy")
    url = link(invited(case, user, database_now()))
    sign_in(client, user)
    assert client.post(url, {"decline": "1"}).status_code == 302
    assert Invitation.objects.get().state == "declined"
    assert parts(case, user) == set()


def test_what_is_wrong_is_told_beside_the_field_and_the_typing_stays(client, case):
    sign_in(client, case.applicant)
    answer = client.post(page(case), {"email": "geen adres", "part": "sign"})
    assert answer.status_code == 422
    assert answer.context["form"]["email"].value() == "geen adres"
    answer = client.post(page(case), {"email": case.applicant.email, "part": "write"})
    assert answer.status_code == 409
    assert answer.context["form"].errors["email"]
    writer = joined(case, database_now())
    sign_in(client, writer)
    assert client.post(page(case), {"email": "teken@studio.example", "part": "sign"}).status_code == 409
    assert not Invitation.objects.exclude(state="accepted").exists()


def test_somebody_leaves_and_somebody_is_put_out(client, case):
    at = database_now()
    viewer, writer = joined(case, at, Part.VIEW), joined(case, at)
    sign_in(client, case.applicant)
    assert client.post(page(case, "end_part", case.applicant.pk)).url == page(case)
    assert parts(case, case.applicant) == {"editor", "signer"}, "the last who signs stays"
    assert client.post(page(case, "end_part", writer.pk)).url == page(case)
    assert client.get(page(case)).context["before"][0].user == writer
    sign_in(client, writer)
    assert client.get(page(case)).status_code == 404
    sign_in(client, viewer)
    assert client.post(page(case, "end_part", case.applicant.pk)).status_code == 302
    assert client.post(page(case, "end_part", viewer.pk)).url == reverse("workflows:my_dossiers")
    assert client.get(page(case, "dossier")).status_code == 404
    assert case.reference in told(writer)[-1]
    assert told(viewer) == []


def test_the_page_is_for_who_takes_part(client, case):
    viewer = joined(case, database_now(), Part.VIEW)
    sign_in(client, viewer)
    shown = client.get(page(case))
    assert (shown.status_code, shown.context["may_invite"], shown.context["may_end"]) == (200, False, False)
    assert client.post(page(case), {"email": "a@b.example", "part": "view"}).status_code == 403
    sign_in(client, person("stranger"))
    for url in (page(case), page(case, "partners"), page(case, "cosign")):
        assert client.get(url).status_code == 404
    assert not Invitation.objects.filter(email="a@b.example").exists()


def test_the_page_costs_the_same_for_many(client, case, django_assert_max_num_queries):
    sign_in(client, case.applicant)
    counts = []
    for _round in range(2):
        for _each in range(3):
            joined(case, database_now(), Part.VIEW)
            invited(case, person("asked"), database_now())
        with django_assert_max_num_queries(25) as queries:
            client.get(page(case))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_who_only_signs_goes_from_the_list_to_the_button(client, case):
    signer = joined(case, database_now(), Part.SIGN)
    sign_in(client, signer)
    (todo,) = client.get(reverse("workflows:my_dossiers")).context["todos"]
    assert todo["todo"].url == page(case, "check")
    assert client.get(reverse("tender:draft", args=[case.reference])).status_code == 302
    shown = client.get(page(case, "check"))
    assert (shown.status_code, shown.context["tasks"]) == (200, [])
    assert client.post(page(case, "check")).url == page(case, "receipt")


# ── the second signature ──────────────────────────────────────────────────────────────────────────────────────
def test_a_signer_reads_and_signs_exactly_what_stands_there(client):
    game = asking_call(consent=False, cosign=True, at=database_now() - timedelta(days=2))
    case = filled(game.call, game.at)
    signer, writer = joined(case, game.at, Part.SIGN), joined(case, game.at)
    sign_in(client, writer)
    assert client.get(page(case, "cosign")).status_code == 403
    sign_in(client, case.applicant)
    assert client.post(page(case, "check")).status_code == 409
    sign_in(client, signer)
    shown = client.get(page(case, "cosign"))
    assert client.post(page(case, "cosign"), {"seen": "0" * 64}).status_code == 409
    assert client.post(page(case, "cosign"), {"seen": shown.context["seen"]}).url == page(case)
    assert client.get(page(case)).context["signed"] == [signer]
    assert client.get(page(case, "cosign")).context["signed"]
    sign_in(client, case.applicant)
    assert client.post(page(case, "check")).url == page(case, "receipt")
    assert client.get(page(case, "cosign")).status_code == 404
    assert Application.objects.get(pk=case.pk).state == "submitted"


def test_who_writes_asks_for_the_signature_by_mail(client):
    game = asking_call(consent=False, cosign=True, at=database_now() - timedelta(days=2))
    case = filled(game.call, game.at)
    signer, writer = joined(case, game.at, Part.SIGN), joined(case, game.at)
    sign_in(client, writer)
    assert page(case, "ask_signature") in client.get(page(case)).content.decode()
    before = told(signer), told(case.applicant), told(writer)
    assert client.post(page(case, "ask_signature")).url == page(case)
    for user, heard, news in zip((signer, case.applicant, writer), before, (1, 1, 0), strict=True):
        assert len(told(user)) == len(heard) + news
        assert all(case.reference in subject for subject in told(user)[len(heard) :])
        assert case.draft["title"] not in str(told(user))
    assert Event.objects.get(kind="application.ask_signature").data["users"] == sorted([signer.pk, case.applicant.pk])
    again = client.post(page(case, "ask_signature"), follow=True)
    assert [each.level_tag for each in again.context["messages"]] == ["success", "error"]
    assert Event.objects.filter(kind="application.ask_signature").count() == 1
    assert sign_in(client, person("stranger")).post(page(case, "ask_signature")).status_code == 404


def test_where_no_second_signature_is_asked_there_is_no_page_for_it(client, case):
    sign_in(client, case.applicant)
    assert client.get(page(case, "cosign")).status_code == 404
    assert client.get(page(case, "partners")).status_code == 404
    perform(ApplicationMachine, "withdraw", pk=case.pk, actor=case.applicant, at=database_now())
    assert client.get(page(case)).context["may_invite"] is False
