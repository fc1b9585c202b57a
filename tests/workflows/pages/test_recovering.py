"""The desk of a grant and the party's page: what is owed, until when, how to pay; and what is typed there."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from tender.clock import database_now
from tender.models import Decision, InsolvencyNote, Recovery
from tests.factories.recovering import claimed, paid_grant, step, taken, today
from tests.workflows.pages.house import sign_in
from workflows.models import Event

pytestmark = pytest.mark.django_db


def begun(**more):
    """A grant given half a year ago, so that the pages, which read the clock, see it in its period."""
    return paid_grant(at=database_now() - timedelta(days=100), **more)


def test_an_officer_proposes_to_withdraw_and_reads_what_is_wrong(client):
    it, grant = begun()
    sign_in(client, it.cast["officer"])
    page = client.get(reverse("workflows:grant", args=[grant.pk]))
    url = reverse("workflows:take", args=[grant.pk])
    assert url in page.content.decode()
    assert client.get(url).status_code == 200
    said = {"kind": "withdraw", "amount": "0", "ground": "duty", "reasons": "Het verslag bleef uit.", "weighing": "Naar verhouding."}
    assert client.post(url, {**said, "amount": "1,005"}).status_code == 422
    assert client.post(url, {**said, "ground": "later_facts"}).status_code == 422
    assert client.post(url, {**said, "weighing": ""}).status_code == 422
    assert client.post(url, {**said, "amount": "999999"}).status_code == 409
    assert not Decision.objects.filter(kind="withdraw").exists()
    done = client.post(url, said)
    made = Decision.objects.get(kind="withdraw")
    assert done.url == reverse("workflows:decision", args=[made.pk])
    assert client.get(done.url).status_code == 200
    sight = client.get(reverse("workflows:grant", args=[grant.pk])).content.decode()
    assert "4:48(1)(b)" in sight
    sign_in(client, it.cast["controller"])
    assert client.get(url).status_code == 403


def test_the_party_sees_what_it_owes_and_asks_for_instalments(client):
    it, grant = begun()
    recovery = claimed(it, grant)
    sign_in(client, it.cast["signer"])
    dossier = reverse("workflows:dossier", args=[grant.application.reference])
    sight = client.get(dossier).content.decode()
    for needed in (
        "NL91 ABNA 0417 1643 00",
        grant.application.reference,
        reverse("workflows:step", args=["recovery", recovery.pk, "ask_plan"]),
    ):
        assert needed in sight
    url = reverse("workflows:step", args=["recovery", recovery.pk, "ask_plan"])
    assert client.get(url).status_code == 200
    day = database_now().date() + timedelta(days=20)
    assert client.post(url, {"day_1": day.isoformat(), "amount_1": "1", "day_2": day.isoformat()}).status_code == 422
    before = Event.objects.count()
    assert client.post(url, {"day_1": day.isoformat(), "amount_1": "1"}).status_code == 409
    assert Event.objects.count() == before
    rest = str(recovery.rest - 1).replace(".", ",")
    later = day + timedelta(days=30)
    done = client.post(url, {"day_1": day.isoformat(), "amount_1": "1", "day_2": later.isoformat(), "amount_2": rest})
    assert done.status_code == 302
    sign_in(client, it.cast["controller"])
    desk = reverse("workflows:grant", args=[grant.pk])
    agree = reverse("workflows:step", args=["recovery", recovery.pk, "agree_plan"])
    assert agree in client.get(desk).content.decode()
    page = client.get(agree)
    assert client.post(agree, {"seen": page.context["form"].initial["seen"]}).status_code == 302
    receive = reverse("workflows:step", args=["recovery", recovery.pk, "receive"])
    paid = {"amount": "1", "on": database_now().date().isoformat(), "bank_reference": "IN-1"}
    assert client.post(receive, {**paid, "amount": "0,001"}).status_code == 422
    assert client.post(receive, paid).status_code == 302
    assert Recovery.objects.get().rest == recovery.amount - 1
    assert "IN-1" in client.get(desk).content.decode()
    refuse = reverse("workflows:step", args=["recovery", recovery.pk, "refuse_plan"])
    assert client.get(refuse).status_code == 200
    sign_in(client, it.cast["officer"])
    for name in ("ask_set_off", "ask_write_off"):
        assert client.get(reverse("workflows:step", args=["recovery", recovery.pk, name])).status_code == 200


def test_an_insolvency_is_noted_on_the_desk_and_stands_there(client):
    it, grant = begun()
    taken(it, grant, "withdraw", 0)
    recovery = Recovery.objects.get()
    sign_in(client, it.cast["officer"])
    url = reverse("workflows:note_insolvency", args=[grant.pk])
    assert client.get(url).status_code == 200
    said = {"kind": "bankruptcy", "since": today(it).isoformat(), "trustee": "Mr. T. Rustig", "register_number": "F.18/26/101"}
    assert client.post(url, {**said, "trustee": ""}).status_code == 422
    assert client.post(url, {**said, "since": "2999-01-01"}).status_code == 409
    assert client.post(url, said).status_code == 302
    note = InsolvencyNote.objects.get()
    sight = client.get(reverse("workflows:grant", args=[grant.pk])).content.decode()
    assert "F.18/26/101" in sight
    assert reverse("workflows:step", args=["insolvency", note.pk, "end"]) in sight
    claim = reverse("workflows:step", args=["recovery", recovery.pk, "ask_claim"])
    assert client.get(claim).status_code == 200
    step(it, "ask_claim", recovery, "officer", reason="Te veel.")
    step(it, "claim", recovery, "signatory", reason="Te veel.")
    assert client.get(reverse("workflows:step", args=["recovery", recovery.pk, "file_claim"])).status_code == 200
    assert recovery.amount > Decimal(0)
