"""What stops a batch of payments, and a statement of the bank."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from tender.calendar import amsterdam_day
from tender.enums import Role
from tender.models import BankStatement, Grant, Instalment, PaymentBatch, PaymentLine, StaffRole
from tender.statements import WORDS
from tender.step import Step
from tests.factories import clock, declare, fill_report, person
from tests.factories.awarded import award
from tests.factories.paying import Paying, camt, entry, paying, returned
from tests.factories.recovering import taken
from tests.workflows.machines.walking import snapshot
from tests.workflows.refusals.saying import refused, refused_new
from workflows.commands import Refused, create, perform
from workflows.commands.paying import draw_up, read_statements
from workflows.commands.proposing import propose_for
from workflows.models import AccountMachine, BatchMachine, GrantMachine, InsolvencyMachine, InstalmentMachine, StatementMachine
from workflows.rules.paying import stopped as held_back
from workflows.statements import foreseen, plan_sha256

pytestmark = pytest.mark.django_db
OTHER = "NL20INGB0001234567"


def refused_batch(rule, it, *parts, on=None, by=None):
    """No batch is drawn up of these, by this rule."""
    keys = [part.pk for part in parts]
    refused_new(rule, BatchMachine, "draw_up", {"execute_on": on or it.day}, by or it.house.officer, it.at, parts=keys)


def test_what_is_drawn_up_is_approved_whole_and_for_a_day_on_which_banks_work(settings):
    it = paying(2)
    first, second = it.parts
    refused_batch("payments_approved", it)
    today = amsterdam_day(it.at)
    sunday = today + timedelta(days=6 - today.weekday())
    for wrong in (today - timedelta(days=1), sunday, today + timedelta(days=31)):
        refused_batch("day_to_execute", it, first, on=wrong)
    Instalment.objects.filter(pk=first.pk).update(amount=Decimal(0))
    refused_batch("amounts_payable", it, first, second)
    Instalment.objects.filter(pk=first.pk).update(amount=Decimal(4000))
    drawn = it.drawn(first)
    refused_batch("in_no_other_batch", it, first, second)
    it.take("drop", drawn, reason="Anders.")
    perform(InstalmentMachine, "recheck", pk=second.pk, actor=clock(), at=it.at, reason="x")
    refused_batch("payments_approved", it, first, second)
    newcomer = person("nieuw", Role.CONTROLLER)
    refused_batch("payments_open_to_you", it, first, by=newcomer)
    for name, iban in (("", settings.PAYMENT_IBAN), ("Fonds", ""), ("Fonds", "NL00ABNA0123456789")):
        settings.PAYMENT_NAME, settings.PAYMENT_IBAN = name, iban
        refused_batch("own_account_known", it, first)


def test_nothing_is_paid_before_acceptance_during_suspension_or_under_a_settlement():
    it = award(1)
    (grant,) = it.grants
    assert set(grant.instalments.values_list("state", flat=True)) == {"planned"}, "nothing falls due before acceptance"
    it.take(GrantMachine, "accept", grant, "signer")
    part = grant.instalments.get(state="due")
    it.take(InstalmentMachine, "approve", part, "officer")
    on, officer, controller = it.at.date() + timedelta(days=1), it.cast["officer"], it.cast["controller"]
    while on.weekday() > 4:
        on += timedelta(days=1)
    batch = draw_up([part.pk], execute_on=on, actor=officer, at=it.at)
    why = {"reason": "Geen verslag.", "until": amsterdam_day(it.at) + timedelta(weeks=4)}
    it.take(GrantMachine, "ask_suspend", grant, "officer", **why)
    it.take(GrantMachine, "suspend", grant, "controller", **why)
    refused("batch_payable", BatchMachine, "approve", batch, controller, it.at, seen=batch.sha256)
    perform(BatchMachine, "drop", pk=batch.pk, actor=officer, at=it.at, reason="Opgeschort.")
    refused_new("payments_payable", BatchMachine, "draw_up", {"execute_on": on}, officer, it.at, parts=[part.pk])
    it.take(GrantMachine, "ask_resume", grant, "officer", reason="Het is er.")
    it.take(GrantMachine, "resume", grant, "controller", reason="Het is er.")
    batch = draw_up([part.pk], execute_on=on, actor=officer, at=it.at)
    perform(BatchMachine, "approve", pk=batch.pk, actor=controller, at=it.at, seen=batch.sha256)
    why["reason"] = "Nog steeds geen verslag."
    it.take(GrantMachine, "ask_suspend", grant, "officer", **why)
    it.take(GrantMachine, "suspend", grant, "controller", **why)
    refused("batch_payable", BatchMachine, "make_file", batch, controller, it.at)


def note_insolvent(it, part):
    """The officer notes that the party of a payment is bankrupt."""
    said = {"kind": "bankruptcy", "trustee": "mr. Curator", "register_number": "F.1", "since": amsterdam_day(it.at)}
    create(InsolvencyMachine, "note", of={"application": part.grant.application}, actor=it.house.officer, at=it.at, **said)


def test_a_file_is_not_fetched_while_it_may_not_go_and_is_once_it_went():
    it = paying(2)
    first, second = it.parts
    controller = it.house.controller
    made, sent = it.made(first), it.sent(second)
    perform(BatchMachine, "fetch", pk=made.pk, actor=controller, at=it.at)
    refused("file_may_go", BatchMachine, "fetch", made, controller, it.at + timedelta(days=9))
    for part in (first, second):
        note_insolvent(it, part)
    refused("file_may_go", BatchMachine, "fetch", made, controller, it.at)
    assert it.take("fetch", sent).state == "sent", "what went is only looked at"


def test_an_insolvent_party_is_not_paid_by_a_batch():
    it = paying(2)
    first, second = it.parts
    made = it.made(first)
    note_insolvent(it, first)
    refused("batch_payable", BatchMachine, "send", made, it.house.controller, it.at)
    assert it.made(second).state == "made", "another party is paid"


def test_what_stops_payments_is_looked_up_at_once_however_many(django_assert_num_queries):
    it = paying(3)
    related = ("grant__application", "grant__stage")
    parts = list(Instalment.objects.select_related(*related))
    step = Step(actor=it.house.controller, at=it.at)
    for number in (1, 3):
        with django_assert_num_queries(2):
            assert held_back(parts[:number], step) == []


def test_nothing_goes_to_the_bank_under_an_open_settlement():
    it = award(1)
    (grant,) = it.grants
    it.take(GrantMachine, "accept", grant, "signer")
    part = grant.instalments.get(state="due")
    it.take(InstalmentMachine, "approve", part, "officer")
    for report in grant.reports.all():
        fill_report(report, it.cast.house, it.at)
    propose_for(pk=grant.application_id, kind="settle", ground="", reasons="", actor=it.cast["officer"], at=it.at, amount=grant.amount)
    on = it.at.date() + timedelta(days=1)
    refused_new("payments_payable", BatchMachine, "draw_up", {"execute_on": on}, it.cast["officer"], it.at, parts=[part.pk])


def test_a_batch_is_approved_by_a_second_person_as_they_saw_it():
    it = paying(2)
    first, second = it.parts
    officer = it.house.officer
    StaffRole.objects.create(user=officer, role=Role.CONTROLLER)
    both = type(officer).objects.get(pk=officer.pk)
    batch = it.drawn(first, second, by=it.house.controller)
    refused("second_person", BatchMachine, "approve", batch, it.house.controller, it.at, seen=batch.sha256)
    refused("second_person", BatchMachine, "approve", batch, both, it.at, seen=batch.sha256)
    other = person("tweede", Role.CONTROLLER)
    with pytest.raises(PermissionDenied):
        perform(BatchMachine, "approve", pk=batch.pk, actor=other, at=it.at, seen=batch.sha256)
    for part in (first, second):
        declare(part.grant.application, other, at=it.at)
    refused("batch_as_seen", BatchMachine, "approve", batch, other, it.at, seen="0" * 64)
    seen = batch.sha256
    line = batch.lines.get(instalment=first)
    refused("reason_given", BatchMachine, "take_out", batch, officer, it.at, line=line.pk)
    perform(BatchMachine, "take_out", pk=batch.pk, actor=officer, at=it.at, line=line.pk, reason="Nog niet.")
    refused("line_goes", BatchMachine, "take_out", batch, officer, it.at, line=line.pk, reason="Nog niet.")
    refused("batch_as_seen", BatchMachine, "approve", batch, other, it.at, seen=seen)
    refused("reason_given", BatchMachine, "drop", batch, officer, it.at)
    refused("day_is_ahead", BatchMachine, "approve", batch, other, it.at + timedelta(days=9), seen=batch.sha256)
    perform(BatchMachine, "take_out", pk=batch.pk, actor=officer, at=it.at, line=batch.lines.get(instalment=second).pk, reason="Nog niet.")
    refused("something_left", BatchMachine, "approve", batch, other, it.at, seen=batch.sha256)


def test_what_was_approved_is_what_goes_into_the_file():
    it = paying(2)
    batch = it.approved()
    line = batch.lines.first()
    for change in ({"amount": Decimal("4000.01")}, {"iban": OTHER}, {"name": "Iemand anders"}):
        before = {name: getattr(line, name) for name in change}
        PaymentLine.objects.filter(pk=line.pk).update(**change)
        refused("as_approved", BatchMachine, "make_file", batch, it.house.controller, it.at)
        PaymentLine.objects.filter(pk=line.pk).update(**before)
    refused("day_is_ahead", BatchMachine, "make_file", batch, it.house.controller, it.at + timedelta(days=9))
    PaymentBatch.objects.update(execute_on=it.day + timedelta(days=1))
    refused("as_approved", BatchMachine, "make_file", batch, it.house.controller, it.at)
    perform(BatchMachine, "take_out", pk=batch.pk, actor=it.house.officer, at=it.at, line=line.pk, reason="Dat was niet goedgekeurd.")
    refused("as_approved", BatchMachine, "make_file", batch, it.house.controller, it.at)
    PaymentBatch.objects.update(execute_on=it.day)
    for each in batch.lines.filter(outcome="waits"):
        perform(BatchMachine, "take_out", pk=batch.pk, actor=it.house.officer, at=it.at, line=each.pk, reason="Ook niet.")
    refused("something_left", BatchMachine, "make_file", batch, it.house.controller, it.at)


def change_account(case, at):
    """Another account, proposed by the party and confirmed by a second person of theirs."""
    made = create(AccountMachine, "propose", of={"application": case}, actor=case.applicant, at=at, iban=OTHER, holder="Nieuw")
    fresh = at + timedelta(minutes=1)
    perform(AccountMachine, "confirm", pk=made.pk, actor=case.applicant, at=fresh, signed_in_at=fresh)


def test_a_changed_account_takes_a_payment_out_before_its_file_is_made():
    it = paying(3)
    one, two, three = it.parts
    drawn, approved, made = it.drawn(one), it.approved(two), it.made(three)
    for part in (one, two, three):
        change_account(part.grant.application, it.at)
    assert list(PaymentLine.objects.order_by("pk").values_list("outcome", flat=True)) == ["out", "out", "waits"]
    assert list(Instalment.objects.order_by("pk").values_list("state", flat=True)) == ["due", "due", "ordered"]
    for batch, name in ((drawn, "approve"), (approved, "make_file")):
        refused("something_left", BatchMachine, name, batch, it.house.controller, it.at, seen=PaymentBatch.objects.get(pk=batch.pk).sha256)
    refused("batch_payable", BatchMachine, "send", made, it.house.controller, it.at)
    perform(InstalmentMachine, "approve", pk=one.pk, actor=it.house.officer, at=it.at)
    line = it.drawn(one).lines.get()
    assert (line.iban, line.name) == (OTHER, "Nieuw")


def test_a_proposed_account_is_not_paid():
    it = paying(1)
    case = it.parts[0].grant.application
    create(AccountMachine, "propose", of={"application": case}, actor=case.applicant, at=it.at, iban=OTHER, holder="Nieuw")
    assert it.made().lines.get().iban != OTHER


def test_a_file_is_taken_back_by_two_and_not_once_it_was_executed():
    it = paying(2)
    batch, controller, why = it.made(), it.house.controller, {"reason": "Niet ingediend."}
    other = person("tweede", Role.CONTROLLER)
    for part in it.parts:
        declare(part.grant.application, other, at=it.at)
    refused("reason_given", BatchMachine, "ask_recall", batch, controller, it.at)
    refused("asked_by_another", BatchMachine, "recall", batch, controller, it.at, **why)
    perform(BatchMachine, "ask_recall", pk=batch.pk, actor=controller, at=it.at, **why)
    refused("asked_by_another", BatchMachine, "recall", batch, controller, it.at, **why)
    refused("all_said", BatchMachine, "settle", batch, clock(), it.at)
    refused("day_is_ahead", BatchMachine, "send", batch, controller, it.at + timedelta(days=9))
    it.booked(entry(batch.lines.first()))
    for name in ("ask_recall", "recall"):
        refused("none_executed", BatchMachine, name, batch, other, it.at, **why)
    again = paying(1)
    batch = again.made()
    perform(BatchMachine, "ask_recall", pk=batch.pk, actor=again.house.controller, at=again.at, **why)
    declare(batch.lines.get().instalment.grant.application, other, at=again.at)
    perform(BatchMachine, "recall", pk=batch.pk, actor=other, at=again.at, **why)
    part = batch.lines.get().instalment
    assert (part.state, batch.lines.get().outcome) == ("due", "out")


def test_a_payment_in_a_batch_goes_with_its_batch():
    it = paying(1)
    part, controller = it.parts[0], it.house.controller
    batch = it.drawn()
    refused("released_with_batch", InstalmentMachine, "order", part, controller, it.at)
    refused("released_with_batch", InstalmentMachine, "order", part, controller, it.at, batch=batch.pk)
    it.take("approve", batch, seen=batch.sha256)
    refused("file_went_out", InstalmentMachine, "pay", part, controller, it.at, bank_reference="B1")
    refused("file_went_out", InstalmentMachine, "send_back", part, controller, it.at, reason="x")


def test_what_stands_in_a_file_that_was_not_sent_is_not_due_again_by_one_hand():
    """Else it is paid by that file, and by the next batch as well."""
    it = paying(3)
    batch, controller = it.made(), it.house.controller
    one, two, _three = batch.lines.all()
    refused("back_by_statement", InstalmentMachine, "send_back", one.instalment, controller, it.at, reason="x")
    perform(InstalmentMachine, "pay", pk=one.instalment_id, actor=controller, at=it.at, bank_reference="B1")
    refused("back_by_statement", InstalmentMachine, "come_back", one.instalment, controller, it.at, reason="x")
    it.booked(returned(two))
    assert Instalment.objects.get(pk=two.instalment_id).state == "due", "the bank itself tells it"
    assert it.take("send", batch).state == "sent"


def test_a_file_with_a_payment_that_was_returned_by_hand_does_not_go():
    it = paying(2)
    batch, controller, why = it.made(), it.house.controller, {"reason": "Niet ingediend."}
    PaymentLine.objects.filter(pk=batch.lines.first().pk).update(outcome="returned")  # as it could be before it was refused
    refused("none_returned_by_hand", BatchMachine, "send", batch, controller, it.at)
    it.take("ask_recall", batch, **why)
    other = person("tweede", Role.CONTROLLER)
    for part in it.parts:
        declare(part.grant.application, other, at=it.at)
    assert it.take("recall", batch, by=other, **why).state == "dropped"


def test_what_was_paid_comes_back_with_a_reason_while_the_grant_is_open():
    it = paying(1)
    (line,) = it.sent().lines.all()
    it.booked(entry(line))
    part, controller = line.instalment, it.house.controller
    refused("reason_given", InstalmentMachine, "come_back", part, controller, it.at)
    fill_report(Grant.objects.get().reports.get(), it.house, it.at)
    refused("not_closed_yet", InstalmentMachine, "come_back", part, controller, it.at, reason="x")


def over_paid():
    """A grant that was paid by a batch, and then lowered: a claim arose."""
    it = award(1)
    (grant,) = it.grants
    it.take(GrantMachine, "accept", grant, "signer")
    part = grant.instalments.get(state="due")
    it.take(InstalmentMachine, "approve", part, "officer")
    way = Paying(it.game, it.at)
    line = way.sent(part).lines.get()
    way.booked(entry(line, day=amsterdam_day(it.at).isoformat()))
    taken(it, Grant.objects.get(), "lower", part.amount - 1)
    return way, line


def test_what_comes_back_beside_a_claim_is_for_a_decision():
    way, line = over_paid()
    assert Grant.objects.get().recoveries.count() == 1
    refused("no_claim_stands", InstalmentMachine, "come_back", line.instalment, way.house.controller, way.at, reason="x")


def not_read(content, by, at):
    before = snapshot()
    with pytest.raises(Refused) as said:
        read_statements(content, actor=by, at=at)
    assert snapshot() == before
    return str(said.value)


def test_a_statement_is_of_our_account_and_read_once(settings):
    it = paying(2)
    line = it.sent().lines.first()
    of, controller = {"iban": OTHER, "number": "1", "sha256": "0" * 64}, it.house.controller
    refused_new("of_our_account", StatementMachine, "read", of, controller, it.at, entries=[])
    assert not_read(camt(entry(line), iban=OTHER), controller, it.at)
    it.read(entry(line))
    refused_new("not_read_before", StatementMachine, "read", {**of, "iban": line.batch.iban, "number": "ST-1"}, controller, it.at, entries=[])
    sha = BankStatement.objects.get().sha256
    refused_new("not_read_before", StatementMachine, "read", {**of, "iban": line.batch.iban, "sha256": sha}, controller, it.at, entries=[])
    settings.PAYMENT_IBAN = OTHER
    assert it.read(entry(line), number="ST-2").iban == line.batch.iban, "an account that we paid from before"
    newcomer = person("nieuw", Role.CONTROLLER)
    told = [{"id": str(line)}]
    refused_new("entries_open_to_you", StatementMachine, "read", {**of, "iban": OTHER}, newcomer, it.at, entries=told)


@pytest.mark.parametrize(
    "content",
    [
        b"geen xml",
        camt(head='<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'),
        camt(balance="1.00"),
        b"<Document xmlns='urn:iso:std:iso:20022:tech:xsd:pain.001.001.09'/>",
    ],
)
def test_a_hostile_or_changed_file_changes_nothing(content):
    it = paying(1)
    assert not_read(content, it.house.controller, it.at) in {str(words) for words in WORDS.values()}


def test_a_file_with_one_wrong_statement_is_not_read_at_all():
    it = paying(1)
    line = it.sent().lines.get()
    one, other = camt(entry(line)), camt(entry(line), iban=OTHER, number="ST-2")
    both = one.replace(b"</Stmt>", b"</Stmt>" + other[other.index(b"<Stmt>") : other.index(b"</Stmt>") + 7])
    not_read(both, it.house.controller, it.at)
    assert not BankStatement.objects.exists()


def test_a_statement_is_booked_as_it_was_seen():
    it = paying(2)
    one, two = it.sent().lines.all()
    controller = it.house.controller
    statement = it.read(entry(one), returned(two))
    seen = plan_sha256(foreseen(statement, it.at))
    refused("plan_as_seen", StatementMachine, "apply", statement, controller, it.at, seen="0" * 64)
    perform(InstalmentMachine, "pay", pk=one.instalment_id, actor=controller, at=it.at, bank_reference="met de hand")
    refused("plan_as_seen", StatementMachine, "apply", statement, controller, it.at, seen=seen)
    refused("reason_given", StatementMachine, "drop", statement, controller, it.at)
    perform(StatementMachine, "drop", pk=statement.pk, actor=controller, at=it.at, reason="Met de hand gedaan.")
    again = it.booked(entry(one), returned(two))
    assert [each.did for each in again.entries.all()] == ["nothing", "send_back"]
