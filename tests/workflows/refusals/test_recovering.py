"""What stops a claim, a plan, money that comes in, a set-off; and a party that cannot pay."""

import os
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal

import pytest

from scoring.models import Conflict
from tender.calendar import add_months, amsterdam_day
from tender.enums import Account
from tender.models import CaseRole, Decision, Grant, InsolvencyNote, Instalment, LedgerEntry, Recovery
from tender.step import Step
from tests.factories import clock, pay
from tests.factories.recovering import WHY, after, claimed, on, paid_grant, step, taken, taking, today
from tests.workflows.machines.test_recovery import SAID
from tests.workflows.refusals.saying import refused, refused_new
from workflows.commands import create, perform
from workflows.due import due_in
from workflows.models import DecisionMachine, GrantMachine, InsolvencyMachine, InstalmentMachine, RecoveryMachine
from workflows.recovering import SetOff

pytestmark = pytest.mark.django_db


def stopped(rule, it, name, recovery, who, at=None, **data):
    refused(rule, RecoveryMachine, name, recovery, it.cast[who], at or it.at, **data)


def test_it_is_claimed_by_two_people_and_within_five_years():
    it, grant = paid_grant()
    decision = taken(it, grant, "withdraw", 0)
    recovery = Recovery.objects.get()
    of = {"grant": grant, "decision": grant.decision}
    for amount in (Decimal(0), Decimal(-1), Decimal("1.005")):
        refused_new("follows_decision", RecoveryMachine, "arise", {**of, "amount": amount}, clock(), it.at)
    stopped("reason_given", it, "ask_claim", recovery, "officer")
    stopped("asked_by_another", it, "claim", recovery, "signatory", **WHY)
    last = add_months(today(it), 60)
    assert recovery.claim_until == recovery.barred_after == last
    stopped("claimed_in_time", it, "ask_claim", recovery, "officer", after(last), **WHY)
    step(it, "ask_claim", recovery, "officer", on(last), **WHY)
    stopped("claimed_in_time", it, "claim", recovery, "signatory", after(last), **WHY)
    stopped("asked_by_another", it, "claim", recovery, "signatory", on(last), reason="Iets anders.")
    Decision.objects.filter(pk=decision.pk).update(published_at=None)
    fresh = Recovery.objects.get()
    assert (fresh.claim_until, fresh.barred_after, fresh.schedule, fresh.next_part) == (None, None, [], None)
    stopped("claimed_in_time", it, "claim", recovery, "signatory", on(last), **WHY)
    Decision.objects.filter(pk=decision.pk).update(state="superseded", published_at=it.at)
    stopped("decision_stands", it, "claim", recovery, "signatory", on(last), **WHY)


def test_nobody_is_told_to_pay_into_an_account_that_is_not_ours(settings):
    it, grant = paid_grant()
    taken(it, grant, "withdraw", 0)
    recovery, name, iban = Recovery.objects.get(), settings.PAY_BACK_NAME, settings.PAY_BACK_IBAN
    step(it, "ask_claim", recovery, "officer", **WHY)
    for settings.PAY_BACK_NAME, settings.PAY_BACK_IBAN in (("", iban), (" ", iban), (name, ""), (name, "NL91 ABNA 0417 1643 01")):
        stopped("pay_back_known", it, "ask_claim", recovery, "officer", **WHY)
        stopped("pay_back_known", it, "claim", recovery, "signatory", **WHY)
    settings.PAY_BACK_NAME, settings.PAY_BACK_IBAN = name, iban
    recovery = step(it, "claim", recovery, "signatory", **WHY)
    settings.PAY_BACK_IBAN = ""
    stopped("pay_back_known", it, "remind", recovery, "officer", after(recovery.pay_by))
    settings.PAY_BACK_IBAN = iban
    recovery = step(it, "remind", recovery, "officer", after(recovery.pay_by))
    settings.PAY_BACK_IBAN = ""
    stopped("pay_back_known", it, "serve", recovery, "controller", after(recovery.remind_until))


def test_no_account_stands_in_for_one_that_was_not_set(tmp_path):
    ask = "from settings import base; print(repr((base.PAY_BACK_IBAN, base.PAY_BACK_NAME)))"
    env = {name: said for name, said in os.environ.items() if not name.startswith("PAY_BACK_")} | {"DRIETRAP_VAR": str(tmp_path)}
    run = subprocess.run([sys.executable, "-c", ask], env=env, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "('', '')"


def test_instalments_are_exactly_what_is_owed():
    it, grant = paid_grant()
    recovery = claimed(it, grant)
    day, rest = today(it), recovery.rest
    soon, later, far = ((day + timedelta(days=days)).isoformat() for days in (1, 40, 900))
    for wrong in (
        [], "nonsense", [["", "1"]], [[soon, "x"]], [[soon, str(rest - 1)]], [[soon, str(rest + 1)]], [[soon, "-1"], [later, str(rest + 1)]],
        [[soon, "0"], [later, str(rest)]], [[soon, "0.005"], [later, str(rest - Decimal("0.005"))]], [[later, "1"], [soon, str(rest - 1)]],
        [[soon, "1"], [soon, str(rest - 1)]], [[day.isoformat(), str(rest)]], [[far, str(rest)]], [[soon, "NaN"]], [[soon, None]],
    ):  # fmt: skip
        stopped("plan_fits", it, "ask_plan", recovery, "signer", plan=wrong)
    stopped("plan_fits", it, "ask_plan", recovery, "signer")
    stopped("plan_was_asked", it, "agree_plan", recovery, "controller")
    stopped("plan_was_asked", it, "refuse_plan", recovery, "controller", reason="Te lang.")
    step(it, "ask_plan", recovery, "signer", plan=[[soon, "1"], [later, str(rest - 1)]])
    stopped("plan_as_seen", it, "agree_plan", recovery, "controller", seen="iets anders")
    stopped("asked_plan_holds", it, "agree_plan", recovery, "controller", after(day, 2))
    stopped("reason_given", it, "refuse_plan", recovery, "controller")
    recovery = step(it, "refuse_plan", recovery, "controller", reason="Te lang.")
    assert (recovery.state, recovery.asked_plan) == ("claimed", [])
    late = on(recovery.pay_by + timedelta(days=400))
    recovery = step(it, "receive", recovery, "controller", late, amount=rest, on=amsterdam_day(late), bank_reference="IN-1")
    assert recovery.rest == 0 < recovery.interest_owed(amsterdam_day(late))
    no_more = [[(amsterdam_day(late) + timedelta(days=9)).isoformat(), "1"]]
    stopped("sum_still_owed", it, "ask_plan", recovery, "signer", late, plan=no_more)


def test_only_what_is_owed_comes_in_once_and_on_a_day_that_was():
    it, grant = paid_grant()
    recovery = claimed(it, grant)
    right = {"amount": Decimal(100), "on": today(it), "bank_reference": "IN-1"}
    for amount in (None, Decimal(0), Decimal(-1), Decimal("0.001"), recovery.amount + Decimal("0.01"), Decimal("Infinity")):
        stopped("not_more_than_owed", it, "receive", recovery, "controller", **{**right, "amount": amount})
    for day in (None, today(it) - timedelta(days=1), today(it) + timedelta(days=1)):
        stopped("received_then", it, "receive", recovery, "controller", **{**right, "on": day})
    stopped("reference_new", it, "receive", recovery, "controller", **{**right, "bank_reference": " "})
    recovery = step(it, "receive", recovery, "controller", **right)
    assert (recovery.state, recovery.rest) == ("claimed", recovery.amount - 100)
    stopped("reference_new", it, "receive", recovery, "controller", **right)
    recovery = step(it, "receive", recovery, "controller", **{**right, "amount": recovery.rest, "bank_reference": "IN-2"})
    assert recovery.state == "paid"
    assert LedgerEntry.objects.balance(grant.stage, Account.RECOVERED) == recovery.amount
    assert recovery.owed(today(it)) == 0


def test_reminded_of_only_after_its_term_and_not_when_barred():
    it, grant = paid_grant()
    recovery = claimed(it, grant)
    stopped("term_passed", it, "remind", recovery, "officer", on(recovery.pay_by))
    barred = after(recovery.barred_after)
    assert recovery.barred_after == add_months(recovery.pay_by, 60)
    stopped("not_barred", it, "remind", recovery, "officer", barred)
    stopped("interest_to_set", it, "ask_set_interest", recovery, "officer", after(recovery.pay_by, 400))
    recovery = step(it, "remind", recovery, "officer", after(recovery.pay_by))
    assert recovery.barred_after > add_months(recovery.pay_by, 60), "a reminder begins the five years anew"
    stopped("reminder_passed", it, "serve", recovery, "controller", on(recovery.remind_until))
    stopped("not_barred", it, "serve", recovery, "controller", after(recovery.barred_after))
    stopped("reason_given", it, "ask_write_off", recovery, "officer")
    stopped("asked_by_another", it, "write_off", recovery, "head", reason="Er is niets te halen.")
    rows = {row.kind: row for row in due_in([grant.application_id], it.at)}
    assert rows["pay_back"].day == recovery.remind_until
    assert rows["barred"].day == recovery.barred_after
    assert "4:104" in rows["barred"].article


def test_the_bailiff_gets_no_part_that_was_not_due_and_reminded_of():
    it, grant = paid_grant()
    recovery = claimed(it, grant)
    first, second = today(it) + timedelta(days=10), today(it) + timedelta(days=60)
    step(it, "ask_plan", recovery, "signer", plan=[[first.isoformat(), "100"], [second.isoformat(), str(recovery.rest - 100)]])
    step(it, "agree_plan", recovery, "controller")
    recovery = step(it, "remind", recovery, "officer", after(first))
    over = recovery.remind_until + timedelta(days=1)
    stopped("not_reminded_of", it, "remind", recovery, "officer", on(over))
    came = first + timedelta(days=3)
    recovery = step(it, "receive", recovery, "controller", on(came), amount=Decimal(100), on=came, bank_reference="IN-1")
    assert (recovery.state, recovery.reminder_until) == ("reminded", None)
    for name, who in (("serve", "controller"), ("remind", "officer")):
        stopped("term_passed", it, name, recovery, who, on(over))
    assert {row.kind: row.day for row in due_in([grant.application_id], it.at)}["pay_back"] == second
    stopped("reminder_passed", it, "serve", recovery, "controller", after(second))
    recovery = step(it, "remind", recovery, "officer", after(second))
    stopped("reminder_passed", it, "serve", recovery, "controller", on(recovery.remind_until))
    assert step(it, "serve", recovery, "controller", after(recovery.remind_until)).state == "served"


def two_grants():
    """What is to come back of one grant, and a payment of the same party's other grant that is due."""
    it, grant = paid_grant(2)
    other = it.grants[1]
    it.take(GrantMachine, "accept", other, "signer")
    return it, claimed(it, grant), Grant.objects.get(pk=other.pk)


def test_it_is_set_off_against_another_grant_of_the_same_party():
    it, recovery, other = two_grants()
    part, amount = other.instalments.get(state="due"), Decimal("600.00")
    right = {"instalment": part.pk, "amount": amount, "same_activities": True}
    own = Instalment.objects.filter(grant=recovery.grant).first()
    for wrong in (
        {"instalment": None}, {"instalment": own.pk}, {"amount": Decimal(-1)}, {"amount": part.amount + 1}, {"amount": recovery.rest + 1},
        {"amount": Decimal("1.001")}, {"same_activities": False}, {"instalment": other.instalments.filter(state="planned").first().pk},
    ):  # fmt: skip
        stopped("set_off_fits", it, "ask_set_off", recovery, "officer", **{**right, **wrong})
    stopped("asked_by_another", it, "set_off", recovery, "controller", **right)
    stopped("not_barred", it, "ask_set_off", recovery, "officer", after(recovery.barred_after), **right)
    refused("set_off_within", InstalmentMachine, "set_off", part, clock(), it.at, amount=part.amount + 1, recovery=recovery.pk)
    before = {kind: LedgerEntry.objects.balance(other.stage, kind) for kind in Account}
    step(it, "ask_set_off", recovery, "officer", **right)
    recovery = step(it, "set_off", recovery, "controller", **right)
    assert recovery.rest == recovery.amount - amount
    assert Instalment.objects.get(pk=part.pk).amount == part.amount - amount
    now = {kind: LedgerEntry.objects.balance(other.stage, kind) for kind in Account}
    assert now[Account.COMMITTED] == before[Account.COMMITTED] - amount
    assert now[Account.PAID] == before[Account.PAID], "paid for the other grant, back for this one"
    assert now[Account.RECOVERED] == amount
    rest = {**right, "amount": Instalment.objects.get(pk=part.pk).amount}
    if rest["amount"] <= recovery.rest:
        step(it, "ask_set_off", recovery, "officer", **rest)
        step(it, "set_off", recovery, "controller", **rest)
        assert Instalment.objects.get(pk=part.pk).state == "cancelled"
    pay(other, it.cast.house, it.at)
    assert LedgerEntry.objects.filter(funded=False, balance_after__lt=0).count() == 0


def test_nothing_is_set_off_in_a_dossier_closed_to_who_does_it():
    it, recovery, other = two_grants()
    part, officer = other.instalments.get(state="due"), it.cast["officer"]
    right = {"instalment": part.pk, "amount": Decimal(1), "same_activities": True}

    def offered():
        step = Step(actor=officer, at=it.at, data={})
        return [pk for pk, _label in SetOff(case=recovery, moment=step).fields["instalment"].choices]

    assert offered() == [part.pk]
    assert not SetOff(case=recovery).fields["instalment"].choices
    asked = Conflict.objects.get(application=other.application, user=officer)
    Conflict.objects.filter(pk=asked.pk).update(state="asked")
    stopped("other_dossier_clear", it, "ask_set_off", recovery, "officer", **right)
    assert offered() == []
    CaseRole.objects.filter(application=other.application, user=officer).delete()
    stopped("set_off_fits", it, "ask_set_off", recovery, "officer", **right)
    assert offered() == []


def test_nothing_is_set_off_against_a_payment_that_rests_or_is_being_settled():
    it, recovery, other = two_grants()
    part = other.instalments.get(state="due")
    right = {"instalment": part.pk, "amount": Decimal(1), "same_activities": True}
    step(it, "ask_set_off", recovery, "officer", **right)
    made = taking(it, other, "withdraw", 0)
    for name, who in (("ask_set_off", "officer"), ("set_off", "controller")):
        stopped("other_grant_pays", it, name, recovery, who, **right)
    it.take(DecisionMachine, "discard", made, "officer", reason="Toch niet.")
    why = {"reason": "Geen verslag.", "until": today(it) + timedelta(weeks=2)}
    it.take(GrantMachine, "ask_suspend", other, "officer", **why)
    it.take(GrantMachine, "suspend", other, "controller", **why)
    stopped("other_grant_pays", it, "set_off", recovery, "controller", **right)


def test_an_insolvent_party_is_not_paid_and_nothing_is_set_off():
    it, recovery, other = two_grants()
    officer, of, part = it.cast["officer"], {"application": other.application}, other.instalments.get(state="due")
    said = {**SAID, "since": today(it)}
    for wrong in ({"since": None}, {"since": today(it) + timedelta(days=1)}, {"trustee": " "}, {"register_number": ""}, {"kind": ""}):
        refused_new("insolvency_right", InsolvencyMachine, "note", of, officer, it.at, **{**said, **wrong})
    stopped("party_insolvent", it, "file_claim", recovery, "officer", on=today(it))
    create(InsolvencyMachine, "note", of=of, actor=officer, at=it.at, **said)
    note = InsolvencyNote.objects.get()
    for case in (other.application, recovery.grant.application):
        refused_new("insolvency_new", InsolvencyMachine, "note", {"application": case}, officer, it.at, **said)
    refused("party_solvent", InstalmentMachine, "approve", part, officer, it.at)
    right = {"instalment": part.pk, "amount": Decimal(1), "same_activities": True}
    stopped("party_not_insolvent", it, "ask_set_off", recovery, "officer", **right)
    stopped("party_not_insolvent", it, "remind", recovery, "officer", after(recovery.pay_by))
    for day in (None, today(it) + timedelta(days=1)):
        stopped("filed_then", it, "file_claim", recovery, "officer", on=day)
    recovery = step(it, "file_claim", recovery, "officer", on=today(it))
    assert recovery.trustee_told_on == today(it)
    refused("reason_given", InsolvencyMachine, "end", note, officer, it.at)
    perform(InsolvencyMachine, "end", pk=note.pk, actor=officer, at=it.at, reason="Opgeheven.")
    it.take(InstalmentMachine, "approve", part, "officer")


def test_a_party_without_an_organisation_is_itself():
    it, grant = paid_grant()
    grant.application.organisation = None
    create(InsolvencyMachine, "note", of={"application": grant.application}, actor=it.cast["officer"], at=it.at, **SAID, since=today(it))
    assert not InsolvencyNote.objects.of(grant.application).exists(), "it stands with the organisation of the dossier as it is kept"
    type(grant.application).objects.filter(pk=grant.application_id).update(organisation=None)
    assert InsolvencyNote.objects.of(grant.application).exists()
