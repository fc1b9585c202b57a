"""Payments that go to the bank together, and what the bank says of them."""

import hashlib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import sepaxml
from django.db import IntegrityError, transaction
from django.utils.translation import gettext
from lxml import etree

from tender.enums import Account
from tender.models import Grant, Instalment, LedgerEntry, PaymentBatch, PaymentLine, Recovery
from tender.statements import because
from tests.factories import fill_report
from tests.factories.paying import entry, paying, returned
from workflows.commands import perform
from workflows.models import Event, InstalmentMachine

pytestmark = pytest.mark.django_db
STOP = "the bank says that it was paid, though it was noted as returned: stop the new payment"
SENT = "it came in with our reference, but the bank does not call it a return: the party sent it itself"
NS = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}


def outcomes():
    return list(PaymentLine.objects.order_by("pk").values_list("outcome", flat=True))


def states():
    return list(Instalment.objects.order_by("pk").values_list("state", flat=True))


def against_its_schema(text):
    """The file, as another program than the one that made it finds it right."""
    schema = etree.XMLSchema(etree.parse(Path(sepaxml.__file__).parent / "schemas" / "pain.001.001.09.xsd"))
    found = etree.fromstring(text.encode())
    schema.assertValid(found)
    return found


def test_a_batch_goes_from_list_to_bank_and_back():
    it = paying(3)
    batch = it.sent()
    assert (states(), outcomes()) == (["ordered"] * 3, ["waits"] * 3)
    found = against_its_schema(batch.file)
    assert batch.file_sha256 == hashlib.sha256(batch.file.encode()).hexdigest()
    assert found.findtext(".//p:GrpHdr/p:CtrlSum", namespaces=NS) == "12000.00"
    assert found.findtext(".//p:GrpHdr/p:NbOfTxs", namespaces=NS) == "3"
    assert found.findtext(".//p:GrpHdr/p:MsgId", namespaces=NS) == batch.message_id
    assert {each.text for each in found.iterfind(".//p:EndToEndId", NS)} == {str(line) for line in batch.lines.all()}
    assert {each.text for each in found.iterfind(".//p:ReqdExctnDt/p:Dt", NS)} == {batch.execute_on.isoformat()}
    one, two, three = batch.lines.all()
    statement = it.booked(entry(one), returned(two), entry(three, amount="1.00"))
    assert states() == ["paid", "due", "ordered"]
    assert outcomes() == ["paid", "returned", "waits"]
    paid = one.instalment
    paid.refresh_from_db()
    assert (paid.paid_on, paid.bank_reference) == (date(2026, 1, 7), f"BANK{one.pk}")
    assert PaymentLine.objects.get(pk=two.pk).why == because("AC04")
    assert [each.did for each in statement.entries.all()] == ["pay", "send_back", "nothing"]
    assert PaymentBatch.objects.get().state == "sent"
    it.booked(entry(three), number="ST-2")
    assert PaymentBatch.objects.get().state == "settled"
    assert LedgerEntry.objects.balance(it.game.stage(), Account.PAID) == Decimal(8000)
    kinds = list(Event.objects.filter(noun="batch").order_by("seq").values_list("kind", flat=True))
    assert kinds == [f"batch.{name}" for name in ("draw_up", "approve", "make_file", "send", "settle")]
    made = Event.objects.get(kind="batch.make_file").data
    assert (made["sha256"], made["number"], made["amount"]) == (batch.file_sha256, 3, "12000.00")


def test_what_came_back_goes_again_with_a_reference_of_its_own():
    it = paying(1)
    (line,) = it.sent().lines.all()
    it.booked(returned(line))
    perform(InstalmentMachine, "approve", pk=line.instalment_id, actor=it.house.officer, at=it.at)
    again = it.sent()
    assert str(again.lines.get()) != str(line)
    it.booked(entry(again.lines.get()), number="ST-2")
    assert states() == ["paid"]
    assert PaymentBatch.objects.filter(state="settled").count() == 2


def test_what_came_back_after_it_was_paid_is_due_again():
    it = paying(1)
    (line,) = it.sent().lines.all()
    it.booked(entry(line))
    it.booked(returned(line, "MS03"), number="ST-2")
    part = Instalment.objects.get()
    assert (part.state, part.paid_on, part.bank_reference) == ("due", None, "")
    assert outcomes() == ["returned"]
    assert LedgerEntry.objects.balance(it.game.stage(), Account.PAID) == 0
    assert [each.did for each in it.booked(returned(line), number="ST-3").entries.all()] == ["nothing"]


def test_what_comes_back_to_a_closed_grant_is_for_a_person():
    it = paying(1)
    (line,) = it.sent().lines.all()
    it.booked(entry(line))
    fill_report(Grant.objects.get().reports.get(), it.house, it.at)
    assert Grant.objects.get().state == "closed"
    statement = it.booked(returned(line), number="ST-2")
    assert (states(), statement.entries.get().did) == (["paid"], "nothing")
    assert statement.entries.get().why


def test_a_statement_changes_nothing_that_it_does_not_name_rightly():
    it = paying(2)
    first = it.sent(it.parts[0]).lines.get()
    drawn = it.approved(it.parts[1]).lines.get()
    wrong = [
        entry(first, id="ONBEKEND"), entry(first, id=""), entry(first, amount="3999.99"), entry(first, currency="USD"),
        entry(first, status="<Cd>PDNG</Cd>", amount="0.00"), entry(first, day="2027-01-01"), entry(drawn), entry(first, reason="AC01"),
    ]  # fmt: skip
    statement = it.booked(*wrong, balance=Decimal(100000) - sum(Decimal(each["amount"]) for each in wrong))
    assert {each.did for each in statement.entries.all()} == {"nothing"}
    assert all(each.why for each in statement.entries.all())
    assert states() == ["ordered", "ordered"]


def test_a_statement_that_says_it_twice_books_it_once():
    it = paying(2)
    one, two = it.sent().lines.all()
    statement = it.booked(entry(one), entry(one), entry(two), returned(two))
    assert [each.did for each in statement.entries.all()] == ["pay", "nothing", "nothing", "send_back"]
    again = it.booked(entry(one), number="ST-2")
    assert [each.did for each in again.entries.all()] == ["nothing"]
    assert states() == ["paid", "due"]


def test_the_database_itself_lets_a_payment_into_one_file_only():
    it = paying(1)
    line = it.sent().lines.get()
    for outcome in ("waits", "paid"):
        PaymentLine.objects.filter(pk=line.pk).update(outcome=outcome)
        with pytest.raises(IntegrityError), transaction.atomic():
            PaymentLine.objects.create(batch=line.batch, instalment=line.instalment, amount=1, iban="x", name="x", end_to_end_id="other")
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentBatch.objects.filter(pk=line.batch_id).update(approved_by=line.batch.drawn_by)


def test_a_file_is_the_same_each_time_and_each_time_is_noted():
    it = paying(1)
    batch = it.made()
    before = batch.file
    for _ in range(2):
        batch = it.take("fetch", batch)
    assert (batch.state, batch.file) == ("made", before)
    said = Event.objects.filter(kind="batch.fetch").values_list("actor", "data__sha256")
    assert list(said) == [(it.house.controller.pk, batch.file_sha256)] * 2


def test_dropped_and_taken_out_payments_are_due_and_go_again():
    it = paying(3)
    one, two, three = it.parts
    kept = it.approved(one, two)
    kept = it.take("take_out", kept, by=it.house.officer, line=kept.lines.get(instalment=two).pk, reason="De factuur klopt niet.")
    assert states() == ["ordered", "due", "approved"]
    it.take("make_file", kept)
    dropped = it.drawn(three)
    it.take("drop", dropped, reason="Verkeerde dag.")
    assert states() == ["ordered", "due", "approved"], "what was not released stays approved"
    assert it.approved(three).state == "approved"
    perform(InstalmentMachine, "approve", pk=two.pk, actor=it.house.officer, at=it.at)
    assert it.drawn(two).lines.get().end_to_end_id.endswith("-2")


def test_one_line_that_cannot_be_booked_leaves_the_rest_of_its_statement():
    """It is foreseen, and told with why: never a statement that cannot be booked at all."""
    it = paying(5)
    closed, gone, owing, empty, fine = it.sent().lines.all()
    it.booked(*[entry(line) for line in (closed, gone, owing, empty, fine)])
    for line, state in ((closed, "closed"), (gone, "withdrawn")):
        Grant.objects.filter(pk=line.instalment.grant_id).update(state=state)
    decision = owing.instalment.grant.application.decisions.get()
    Recovery.objects.create(grant=owing.instalment.grant, decision=decision, amount=1, state="owed")
    Instalment.objects.filter(pk=empty.instalment_id).update(amount=Decimal("4000.01"))
    statement = it.booked(*[returned(line) for line in (closed, gone, owing, empty, fine)], number="ST-2")
    assert [each.did for each in statement.entries.all()] == ["nothing"] * 4 + ["come_back"]
    assert len({each.why for each in statement.entries.all()}) == 5
    assert states() == ["paid"] * 4 + ["due"]


def test_what_comes_back_is_booked_before_what_closes_its_grant():
    it = paying(2)
    one, two = it.sent().lines.all()
    it.booked(entry(two))
    statement = it.booked(entry(one), returned(two), number="ST-2")
    assert [each.did for each in statement.entries.all()] == ["pay", "come_back"]
    told = LedgerEntry.objects.filter(account__kind=Account.PAID).order_by("pk").values_list("amount", flat=True)
    assert list(told) == [4000, -4000, 4000], "what closes a grant comes last"


def test_a_payment_that_was_noted_as_returned_and_is_paid_after_all_asks_for_a_person():
    it = paying(1)
    (line,) = it.sent().lines.all()
    perform(InstalmentMachine, "send_back", pk=line.instalment_id, actor=it.house.controller, at=it.at, reason="De bank belde.")
    statement = it.booked(entry(line))
    assert statement.entries.get().did == "nothing"
    assert statement.entries.get().why == gettext(STOP)


def test_a_debit_that_a_booked_return_already_answers_alarms_nobody():
    it = paying(1)
    (line,) = it.sent().lines.all()
    it.booked(returned(line, day="2026-01-06"))
    told = [it.booked(entry(line, day=day), number=day).entries.get().why for day in ("2026-01-05", "2026-01-06", "2026-01-07")]
    assert told[0] == told[1] == gettext("it was noted before")
    assert told[2] == gettext(STOP)


def test_what_the_party_sends_itself_is_no_return():
    it = paying(1)
    (line,) = it.sent().lines.all()
    sent = entry(line, credit=True)
    assert it.booked(sent).entries.get().why == gettext(SENT)
    it.booked(entry(line), number="ST-2")
    assert it.booked(sent, number="ST-3").entries.get().did == "nothing"
    assert states() == ["paid"]
