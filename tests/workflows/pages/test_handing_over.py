"""Dossiers handed over at once: the preview says what will happen to which, and each goes through the door on its own."""

import pytest
from django.urls import reverse

from tender.clock import database_now
from tender.enums import Role
from tender.models import Application
from tests.factories import declare, open_call, person, publish, submitted
from tests.workflows.pages.house import confirm, sign_in
from tests.workflows.refusals.test_handing_over import WHY, holders
from workflows.commands import perform
from workflows.commands.declaring import ask_once
from workflows.commands.proposing import propose_for
from workflows.models import ApplicationMachine, ConflictMachine, Event

pytestmark = pytest.mark.django_db
URL = "workflows:hand_over"


def desk(number=3, scheme="minifund"):
    """So many dossiers of one case officer; a colleague declared on all but the last."""
    game = open_call(publish(scheme), at=database_now())
    cases = [submitted(game.call, at=game.at) for _ in range(number)]
    other = person("collega", Role.OFFICER)
    for case in cases:
        declare(case, game.house.officer, game.house.head, at=game.at)
    for case in cases[:-1]:
        declare(case, other, at=game.at)
    return game, cases, other


def sent(source, target, *cases):
    return {"source": source.pk, "target": target.pk, "pk": [case.pk for case in cases]}


def test_many_at_once_with_a_preview(client):
    game, cases, other = desk()
    officer = game.house.officer
    sign_in(client, game.house.head)
    shown = client.get(reverse(URL), {"source": officer.pk})
    assert [case.pk for case in shown.context["page"]] == [case.pk for case in cases]
    assert list(shown.context["takers"]) == [other]
    said = sent(officer, other, *cases)
    preview = client.post(reverse(URL), said)
    assert [row.pk for row in preview.context["preview"].possible] == [case.pk for case in cases[:-1]]
    assert [row.pk for row in preview.context["preview"].impossible] == [cases[-1].pk]
    assert not Event.objects.filter(kind="application.reassign").exists()
    _preview, unexplained = confirm(client, reverse(URL), **said)
    assert unexplained.status_code == 422
    _preview, done = confirm(client, reverse(URL), **said, reason=WHY)
    assert [result.done for result in done.context["results"]] == [True, True, False]
    assert all(officer.pk not in holders(case) and other.pk in holders(case) for case in cases[:-1])
    assert holders(cases[-1]) == {officer.pk}
    events = Event.objects.filter(kind="application.reassign")
    assert {(event.actor, event.data["reason"]) for event in events} == {(game.house.head, WHY)}
    _preview, again = confirm(client, reverse(URL), **said, reason=WHY)
    assert events.count() == 2, "pressed twice, it is done once"
    assert [result.row.pk for result in again.context["results"]] == [cases[-1].pk]


def test_what_an_interest_closes_is_not_offered(client):
    game, cases, other = desk()
    head = game.house.head
    perform(ConflictMachine, "declare_interest", pk=cases[0].conflicts.get(user=head).pk, actor=head, at=game.at, kind="family",
            explanation="Mijn zus.")  # fmt: skip
    sign_in(client, head)
    shown = client.get(reverse(URL), {"source": game.house.officer.pk})
    assert cases[0].pk not in [case.pk for case in shown.context["page"]]
    preview = client.post(reverse(URL), sent(game.house.officer, other, *cases))
    assert cases[0].reference not in preview.content.decode()


@pytest.mark.parametrize("number", ["", "0", "x", "²", "99999999999999999999", "-1"])
def test_a_number_of_nobody_leads_nowhere(client, number):
    game, cases, _other = desk(1)
    sign_in(client, game.house.officer)
    assert client.get(reverse(URL), {"source": number}).context["source"] is None
    answer = client.post(reverse(URL), {"source": number, "target": number, "pk": cases[0].pk, "confirm": "1", "reason": WHY})
    assert answer.status_code == 200
    assert answer.context["results"] == []
    assert client.post(reverse(URL), {**sent(game.house.officer, game.house.officer, *cases), "target": number}).status_code == 200
    assert holders(cases[0]) == {game.house.officer.pk}


def test_one_from_the_dossier_itself(client):
    game, cases, other = desk()
    officer = game.house.officer
    sign_in(client, officer)
    url = reverse("workflows:step", args=["application", cases[0].pk, "reassign"])
    form = client.get(url).context["form"]
    assert {value for value, _name in form.fields["target"].choices} == {"", str(officer.pk), str(other.pk)}
    assert client.post(url, {"source": officer.pk, "target": "", "reason": WHY}).status_code == 422
    assert client.post(url, {"source": officer.pk, "target": officer.pk, "reason": WHY}).status_code == 409
    assert client.post(url, {"source": officer.pk, "target": other.pk, "reason": WHY}).status_code == 302
    assert holders(cases[0]) == {other.pk}


def test_nobody_has_anything_yet(client):
    game = open_call(publish("minifund"))
    sign_in(client, game.house.head)
    page = client.get(reverse(URL))
    assert list(page.context["givers"]) == []
    sign_in(client, game.house.reader)
    assert client.get(reverse(URL)).status_code == 403


def test_the_legal_form_is_noted_on_a_page(client):
    game = open_call(publish("crossover"), at=database_now())
    case = submitted(game.call, at=game.at)
    declare(case, game.house.officer, at=game.at)
    sign_in(client, game.house.officer)
    url = reverse("workflows:step", args=["application", case.pk, "note_legal_form"])
    assert client.get(url).context["form"].fields["legal_form"].initial == "foundation"
    assert client.post(url, {"legal_form": "iets"}).status_code == 422
    assert client.post(url, {"legal_form": "sole_trader"}).status_code == 302
    case.organisation.refresh_from_db()
    assert case.organisation.legal_form == "sole_trader"


def test_steps_by_address_are_closed_with_the_dossier_to_who_handed_it_over(client):
    """What they could not read any more, they could still do: they knew the address."""
    game, cases, other = desk(scheme="crossover")
    officer, case = game.house.officer, cases[0]
    step = reverse("workflows:step", args=["application", case.pk, "note_legal_form"])
    noted = {"legal_form": "company"}
    sign_in(client, officer)
    assert client.get(step).status_code == 200
    assert client.post(step, noted).status_code == 302
    perform(ApplicationMachine, "reassign", pk=case.pk, actor=game.house.head, at=game.at, source=officer.pk, target=other.pk, reason=WHY)
    number = Event.objects.count()
    for answer in (client.get(step), client.post(step, {"legal_form": "foundation"}), client.post(step, {})):
        assert answer.status_code == 403
        assert case.title not in answer.content.decode()
    assert Event.objects.count() == number
    sign_in(client, other)
    assert client.post(step, {"legal_form": "foundation"}).status_code == 302


def test_what_they_did_before_is_not_shown_to_them_again(client):
    game, cases, other = desk()
    officer, head, case = game.house.officer, game.house.head, cases[0]
    said = {"kind": "ineligible", "ground": "condition", "reasons": "Buiten het Noorden."}
    made = propose_for(pk=case.pk, actor=officer, at=game.at, amount=0, **said)
    step = reverse("workflows:step", args=["decision", made.pk, "discard"])
    sign_in(client, officer)
    assert client.post(step, {"reason": "Toch niet."}).status_code == 302
    again = client.post(step, {"reason": "Toch niet."})
    assert (again.status_code, case.title in again.content.decode()) == (409, True), "pressed twice says that it moved on"
    perform(ApplicationMachine, "reassign", pk=case.pk, actor=head, at=game.at, source=officer.pk, target=other.pk, reason=WHY)
    closed = client.post(step, {"reason": "Toch niet."})
    assert (closed.status_code, case.title in closed.content.decode()) == (403, False)


def test_who_may_not_read_yet_still_declares_by_address(client):
    """That step opens the dossier: it cannot wait for it to be open."""
    game, cases, other = desk()
    asked = ask_once(application=cases[-1], user=other, at=game.at)
    sign_in(client, other)
    assert client.post(reverse("workflows:step", args=["conflict", asked.pk, "declare_none"])).status_code == 302
    assert Application.objects.visible_to(other).filter(pk=cases[-1].pk).exists()
