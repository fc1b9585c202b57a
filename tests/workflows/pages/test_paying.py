"""The pages of paying: what is due, batches, and statements of the bank."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from tender import statements
from tender.calendar import amsterdam_day
from tender.enums import Role
from tender.models import BankStatement, Instalment, PaymentBatch
from tests.factories import declare, person
from tests.factories.paying import camt, entry, paying, returned
from tests.factories.recovering import WEIGHED
from tests.workflows.pages.house import sign_in
from workflows.commands import create, perform
from workflows.commands.proposing import propose_for
from workflows.models import Event, InsolvencyMachine, InstalmentMachine

pytestmark = pytest.mark.django_db


def at(name, *args):
    return reverse(f"workflows:{name}", args=args)


def test_from_the_list_to_the_statement(client):
    it = paying(2)
    house = it.house
    sign_in(client, house.officer)
    page = client.get(at("due_list"))
    assert all(row["ready"] and row["days_late"] > 0 for row in page.context["rows"]), "the story is of long ago"
    assert page.context["late"]["number"] == 2
    day = page.context["form"].initial["execute_on"]
    assert client.post(at("due_list"), {"pk": [], "execute_on": day}).status_code == 409
    assert client.post(at("due_list"), {"pk": [it.parts[0].pk], "execute_on": "?"}).status_code == 422
    done = client.post(at("due_list"), {"pk": [part.pk for part in it.parts], "execute_on": day})
    batch = PaymentBatch.objects.get()
    assert done.url == at("batch", batch.pk)
    assert client.get(done.url).context["main"] == ""
    assert all(row["batch"] == batch for row in client.get(at("due_list")).context["rows"])

    sign_in(client, house.controller)
    page = client.get(done.url)
    assert page.context["main"] == "approve"
    assert client.post(done.url, {"do": "approve", "seen": "0"}).status_code == 409
    for step in ("approve", "make_file", "fetch", "send"):
        answer = client.post(done.url, {"do": step, "seen": batch.sha256})
        assert answer.status_code == (200 if step == "fetch" else 302), step
        batch = PaymentBatch.objects.get()
    again = client.post(done.url, {"do": "fetch"})
    assert again.content.decode() == batch.file
    assert batch.message_id in again["Content-Disposition"]
    assert Event.objects.filter(kind="batch.fetch").count() == 2
    book = load_workbook(BytesIO(client.get(reverse("reports:batch_xlsx", args=[batch.pk])).content))
    assert [row[3].value for row in book.worksheets[0].iter_rows(min_row=2, max_row=3)] == [line.name for line in batch.lines.all()]

    one, two = batch.lines.all()
    told = SimpleUploadedFile("afschrift.xml", camt(entry(one), returned(two), entry(one, id="ONBEKEND")))
    looked = client.post(at("statements"), {"file": told}, follow=True)
    assert [len(looked.context[each]) for each in ("paid", "back")] == [1, 1]
    assert looked.context["left"] == 1
    assert set(Instalment.objects.values_list("state", flat=True)) == {"ordered"}, "looking changes nothing"
    statement = BankStatement.objects.get()
    url = at("statement", statement.pk)
    assert client.post(url, {"do": "apply", "seen": "0"}).status_code == 409
    assert client.post(url, {"do": "apply", "seen": looked.context["seen"]}).status_code == 302
    assert list(Instalment.objects.order_by("pk").values_list("state", flat=True)) == ["paid", "due"]
    page = client.get(url)
    assert not page.context["waits"]
    assert [each.plan for each in page.context["plan"]] == ["nothing", "pay", "send_back"]
    assert client.get(done.url).context["batch"].state == "settled"


def test_steps_back_with_a_reason(client):
    it = paying(3)
    one, two, three = it.parts
    controller = sign_in(client, it.house.controller)
    drawn = it.drawn(one, two)
    url = at("batch", drawn.pk)
    assert controller.post(url, {"do": "take_out", "line": "x", "reason": "y"}).status_code == 409
    assert controller.post(url, {"do": "take_out", "line": drawn.lines.first().pk, "reason": "Nog niet."}).status_code == 302
    assert controller.post(url, {"do": "drop", "reason": " "}).status_code == 409
    assert controller.post(url, {"do": "drop", "reason": "Verkeerd."}).status_code == 302
    assert controller.post(url, {"do": "nothing"}).status_code == 404
    made = it.made(three)
    url = at("batch", made.pk)
    assert controller.post(url, {"do": "ask_recall", "reason": "Niet ingediend."}).status_code == 302
    assert not controller.get(url).context["second"]
    other = person("tweede", Role.CONTROLLER)
    declare(three.grant.application, other, at=it.at)
    sign_in(client, other)
    page = client.get(url)
    assert page.context["second"]
    assert client.post(url, {"do": "recall", "reason": page.context["asked"].data["asked"]["reason"]}).status_code == 302
    assert PaymentBatch.objects.get(pk=made.pk).state == "dropped"


def test_what_holds_a_payment_up_is_told(client):
    it = paying(2)
    first, second = it.parts
    perform(InstalmentMachine, "recheck", pk=second.pk, actor=type(it.house.officer).objects.clock(), at=it.at, reason="x")
    sign_in(client, it.house.controller)
    rows = {row["part"].pk: row for row in client.get(at("due_list")).context["rows"]}
    assert rows[first.pk]["ready"]
    assert len(rows[second.pk]["blocks"]) == 1
    assert client.get(at("batches")).status_code == 200


def test_an_insolvent_party_and_a_decision_that_takes_hold_a_payment_up(client):
    it = paying(3, approve=False)
    first, second, third = it.parts
    said = {"kind": "bankruptcy", "trustee": "mr. Curator", "register_number": "F.1", "since": amsterdam_day(it.at)}
    create(InsolvencyMachine, "note", of={"application": first.grant.application}, actor=it.house.officer, at=it.at, **said)
    taking = {"kind": "withdraw", "ground": "later_facts", "reasons": "Het verslag bleef uit.", "weighing": WEIGHED, "amount": Decimal(0)}
    propose_for(pk=second.grant.application_id, actor=it.house.officer, at=it.at, grant=second.grant, **taking)
    sign_in(client, it.house.controller)
    rows = {row["part"].pk: row for row in client.get(at("due_list")).context["rows"]}
    assert [len(rows[part.pk]["blocks"]) for part in (first, second, third)] == [2, 2, 1]
    assert rows[first.pk]["blocks"] != rows[second.pk]["blocks"]


def test_who_did_not_declare_or_only_looks_gets_no_further(client):
    it = paying(1)
    batch = it.made()
    line = batch.lines.get()
    statement = it.read(entry(line))
    sign_in(client, person("nieuw", Role.CONTROLLER))
    assert client.get(at("batches")).context["closed"] == 1
    for url in (at("batch", batch.pk), at("statement", statement.pk), reverse("reports:batch_xlsx", args=[batch.pk])):
        assert client.get(url).status_code == 404
    assert client.post(at("batch", batch.pk), {"do": "fetch"}).status_code == 404
    told = client.post(at("statements"), {"file": SimpleUploadedFile("a.xml", camt(entry(line), number="ST-2"))})
    assert told.status_code == 409
    assert line.instalment.grant.application.reference not in told.content.decode().replace(str(line), "")
    sign_in(client, it.house.officer)
    assert client.post(at("statements"), {}).status_code == 403
    assert client.post(at("batch", batch.pk), {"do": "fetch"}).status_code == 403
    sign_in(client, it.house.auditor)
    assert client.get(at("batch", batch.pk)).status_code == 200
    assert client.get(at("statement", statement.pk)).status_code == 200
    assert client.post(at("batch", batch.pk), {"do": "fetch"}).status_code == 403
    sign_in(client, it.house.coach)
    assert client.get(at("due_list")).status_code == 403


def test_a_file_that_is_too_large_or_hostile_is_refused_beside_its_field(client, monkeypatch):
    it = paying(1)
    sign_in(client, it.house.controller)
    bomb = camt(head='<!DOCTYPE a [<!ENTITY a "aaaa">]>')
    assert client.post(at("statements"), {"file": SimpleUploadedFile("a.xml", bomb)}).context["form"].errors["file"]
    assert client.post(at("statements"), {}).status_code == 422
    monkeypatch.setattr("workflows.pages.statements.MOST_BYTES", 10)
    assert client.post(at("statements"), {"file": SimpleUploadedFile("a.xml", bomb)}).status_code == 422
    assert statements.MOST_BYTES == 10 * 1024 * 1024
    assert not BankStatement.objects.exists()


def test_a_statement_is_set_aside_with_a_reason(client):
    it = paying(1)
    statement = it.read(entry(it.sent().lines.get()))
    sign_in(client, it.house.controller)
    url = at("statement", statement.pk)
    assert client.post(url, {"do": "x"}).status_code == 404
    assert client.post(url, {"do": "drop", "reason": ""}).status_code == 409
    assert client.post(url, {"do": "drop", "reason": "Dubbel."}).status_code == 302
    assert BankStatement.objects.get().state == "dropped"


def test_lists_ask_a_constant_number_of_queries(client, django_assert_max_num_queries):
    counted = []
    for number in (1, 3):
        it = paying(number + 1)
        batch = it.sent(*it.parts[: (number + 1) // 2])
        statement = it.read(*[entry(line) for line in batch.lines.all()], number=f"ST-{number}")
        sign_in(client, it.house.controller)
        here = []
        for url in (at("due_list"), at("batches"), at("batch", batch.pk), at("statements"), at("statement", statement.pk)):
            with django_assert_max_num_queries(45) as asked:
                assert client.get(url).status_code == 200
            here.append(len(asked.captured_queries))
        counted.append(here)
    assert counted[0] == counted[1]
