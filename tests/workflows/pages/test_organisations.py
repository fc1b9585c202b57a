"""Who acts for an organisation: asks to be let in, is let in or not, goes; and the house helps where nobody answers."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tender.clock import database_now
from tender.models import Joining, Membership, Organisation
from tests.factories import applicant, house, open_call, person, publish, submitted
from tests.factories.beside import told
from tests.workflows.pages.house import sign_in
from workflows.commands import create, perform
from workflows.commands.joining import ask_in, found_organisation
from workflows.models import ConflictMachine, JoiningMachine

pytestmark = pytest.mark.django_db
JOIN = "workflows:join"


def step(made, what):
    return reverse("workflows:joining_step", args=[made.pk, what])


def ask(client, user, kvk, part="write"):
    """Ask in, through the page; the row."""
    sign_in(client, user)
    answer = client.post(reverse(JOIN), {"kvk": kvk, "part": part, "note": "Ik ben de zakelijk leider."})
    assert answer.status_code == 302, answer.context["form"].errors
    return Joining.objects.get(user=user)


def roles(user):
    return set(Membership.objects.filter(user=user).values_list("role", flat=True))


def test_from_the_start_of_an_application_to_being_let_in(client):
    game = open_call(publish("crossover"), at=database_now() - timedelta(days=2))
    owner, organisation = applicant()
    colleague = person("colleague")
    sign_in(client, colleague)
    start = reverse("workflows:start", args=[game.call.reference])
    page = client.post(start, {"who": "other", "kvk": organisation.kvk, "name": "Wij", "legal_form": "foundation"})
    assert page.status_code == 422
    assert page.context["ask_url"] == f"{reverse(JOIN)}?kvk={organisation.kvk}"
    assert client.get(page.context["ask_url"]).context["form"]["kvk"].value() == organisation.kvk
    made = ask(client, colleague, organisation.kvk)
    assert organisation.name in told(owner)[-1]
    assert client.get(reverse("workflows:my_dossiers")).context["asked"].get() == made
    assert client.get(reverse("workflows:organisation", args=[organisation.pk])).status_code == 404
    sign_in(client, owner)
    shown = client.get(reverse("workflows:organisation", args=[organisation.pk]))
    assert [each["joining"] for each in shown.context["asking"]] == [made]
    assert client.post(step(made, "let_in"), {"part": "alles"}).status_code == 422
    assert roles(colleague) == set()
    assert client.post(step(made, "let_in"), {"part": "write_sign"}).status_code == 302
    assert organisation.name in told(colleague)[-1]
    assert roles(colleague) == {"editor", "signer"}
    sign_in(client, colleague)
    assert client.post(start, {"who": str(organisation.pk)}).status_code == 302


def test_who_is_turned_away_hears_it_and_who_took_it_back_is_not_asked_about(client):
    owner, organisation = applicant()
    stranger = person("stranger")
    made = ask(client, stranger, organisation.kvk)
    sign_in(client, owner)
    client.post(step(made, "decline"))
    assert organisation.name in told(stranger)[-1]
    assert roles(stranger) == set()
    Joining.objects.all().delete()
    again = ask(client, stranger, organisation.kvk)
    assert client.post(step(again, "take_back")).url == reverse("workflows:my_dossiers")
    assert Joining.objects.get().state == "withdrawn"


def test_nobody_lets_themselves_in(client):
    owner, organisation = applicant()
    stranger, viewer = person("stranger"), person("viewer")
    Membership.objects.create(organisation=organisation, user=viewer, role="viewer")
    made = ask(client, stranger, organisation.kvk)
    assert client.post(step(made, "let_in"), {"part": "write"}).status_code == 403
    assert client.post(step(made, "everything")).status_code == 404
    sign_in(client, viewer)
    assert client.post(step(made, "let_in"), {"part": "write"}).status_code == 403
    sign_in(client, person("outsider"))
    assert client.post(step(made, "let_in"), {"part": "write"}).status_code == 404
    assert (roles(stranger), Joining.objects.get().state, roles(owner)) == (set(), "asked", {"editor", "signer"})


def test_what_is_wrong_with_a_question_is_told(client):
    owner, organisation = applicant()
    sign_in(client, owner)
    for said, status in (({"kvk": "123"}, 422), ({"kvk": "99999999"}, 422), ({"kvk": organisation.kvk}, 409)):
        answer = client.post(reverse(JOIN), {"part": "write", "note": "Ik.", **said})
        assert answer.status_code == status
        assert answer.context["form"]["note"].value() == "Ik."
    sign_in(client, house().reader)
    assert client.get(reverse(JOIN)).status_code == 403
    assert not Joining.objects.exists()


def test_the_house_puts_right_who_took_a_name(client):
    """An outsider gave a number that exists and a wrong name; the rightful people come later."""
    at, home = database_now(), house()
    taker, rightful = person("taker"), person("rightful")
    organisation = found_organisation(actor=taker, at=at, name="Van mij", kvk="66666666")
    made = ask(client, rightful, "66666666", part="write_sign")
    sign_in(client, home.officer)
    shown = client.get(reverse("workflows:organisation", args=[organisation.pk]))
    assert shown.context["house"]
    assert client.post(step(made, "let_in"), {"part": "write_sign", "called": "Museum De Wieken"}).status_code == 302
    assert client.post(step(Joining.objects.get(user=taker), "end")).status_code == 302
    organisation.refresh_from_db()
    assert organisation.name == "Museum De Wieken"
    assert (roles(taker), roles(rightful)) == (set(), {"editor", "signer"})
    assert "Museum De Wieken" in told(taker)[-1]
    sign_in(client, rightful)
    assert client.post(step(made, "end")).url == reverse("workflows:my_dossiers")
    assert roles(rightful) == {"editor", "signer"}, "the last who signs stays"
    sign_in(client, home.reader)
    assert client.get(reverse("workflows:organisation", args=[organisation.pk])).status_code == 404


def test_the_inbox_of_the_house_tells_who_asks_in_but_not_where_there_is_an_interest(client, django_assert_num_queries):
    game = open_call(publish("pressure_cooker"), at=database_now() - timedelta(days=2))
    officer, reader, inbox = game.house.officer, game.house.reader, reverse("workflows:inbox")
    owner, organisation = applicant()
    first = ask_in(organisation, part="write", note="Ik.", actor=person("first"), at=game.at)
    left = Organisation.objects.create(name="Verlaten", kvk="55555555")
    second = ask_in(left, part="write", note="Ik ben de directeur.", actor=person("director"), at=database_now())
    sign_in(client, officer)
    client.get(inbox)
    with CaptureQueriesContext(connection) as captured:
        page = client.get(inbox)
    assert [(each.pk, each.answered_there) for each in page.context["asking_in"]] == [(first.pk, True), (second.pk, False)]
    assert "Verlaten" in page.content.decode()
    for number in range(3):
        ask_in(organisation, part="view", note="Ik ook.", actor=person(f"more{number}"), at=database_now())
    with django_assert_num_queries(len(captured)):
        assert client.get(inbox).context["asking_in_number"] == 5
    perform(JoiningMachine, "decline", pk=second.pk, actor=officer, at=database_now())
    assert client.get(inbox).context["asking_in_number"] == 4
    case = submitted(game.call, user=owner, organisation=organisation, at=game.at)
    asked = create(ConflictMachine, "ask", of={"application": case, "user": officer, "part": "officer"}, actor=officer, at=game.at)
    perform(ConflictMachine, "declare_interest", pk=asked.pk, actor=officer, at=game.at, kind="family", explanation="Mijn zus.")
    assert client.get(inbox).context["asking_in_number"] == 0
    assert organisation.name not in client.get(inbox).content.decode()
    assert sign_in(client, reader).get(inbox).context["asking_in_number"] == 0


def test_the_page_costs_the_same_for_many(client, django_assert_max_num_queries):
    owner, organisation = applicant()
    counts = []
    for _round in range(2):
        for _each in range(3):
            member = person("member")
            Membership.objects.create(organisation=organisation, user=member, role="editor")
            ask(client, person("asks"), organisation.kvk)
        sign_in(client, owner)
        with django_assert_max_num_queries(20) as queries:
            client.get(reverse("workflows:organisation", args=[organisation.pk]))
        counts.append(len(queries))
    assert counts[0] == counts[1]
