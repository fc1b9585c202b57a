"""What stops a withdrawal, a change to the party's disadvantage, and a suspension that would not end."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tender.calendar import add_months, amsterdam_day
from tender.models import Decision, Grant, LedgerEntry
from tests.factories import clock
from tests.factories.recovering import WEIGHED, on, paid_grant, taken, taking, today
from tests.workflows.machines.test_grant import report_everything, settle_for_nothing
from tests.workflows.machines.walking import snapshot
from tests.workflows.refusals.saying import refused, words
from workflows.commands import Refused
from workflows.commands.clockwork import tick
from workflows.models import DecisionMachine, Event, GrantMachine, InstalmentMachine

pytestmark = pytest.mark.django_db


def refused_proposal(rule, it, grant, kind, amount, ground="duty", **more):
    before = snapshot()
    with pytest.raises(Refused) as said:
        taking(it, grant, kind, amount, ground, **more)
    assert words(rule, DecisionMachine, "propose") in said.value.reasons
    assert snapshot() == before


def test_a_grant_is_taken_back_on_a_ground_of_the_law_with_reasons_and_weighing():
    it, grant = paid_grant()
    for ground in ("", "rank", "later_facts", "changed"):
        refused_proposal("lowering_grounded", it, grant, "withdraw", 0, ground)
    refused_proposal("lowering_grounded", it, grant, "withdraw", 0, weighing=" ")
    refused_proposal("lowering_grounded", it, grant, "lower", grant.amount - 1, reasons=" ")
    paid = sum(grant.instalments.filter(state="paid").values_list("amount", flat=True))
    for amount in (-1, paid + 1):
        refused_proposal("takes_less", it, grant, "withdraw", amount)
    for amount in (-1, 0, grant.amount, grant.amount + 1):
        refused_proposal("takes_less", it, grant, "lower", amount)
    day = today(it)
    for ends_on in (None, day + timedelta(weeks=12), grant.ends_on + timedelta(days=1)):
        refused_proposal("term_is_reasonable", it, grant, "lower", grant.amount - 1, "changed", ends_on=ends_on)
    for ends_on in (day - timedelta(days=1), grant.ends_on + timedelta(days=1)):
        refused_proposal("term_is_reasonable", it, grant, "lower", grant.amount - 1, "duty", ends_on=ends_on)
    made = taking(it, grant, "lower", grant.amount - 1)
    data = {"amount": made.amount, "reasons": "Het verslag bleef uit."}
    officer = it.cast["officer"]
    refused("lowering_grounded", DecisionMachine, "edit", made, officer, it.at, **data, ground="changed_mind", weighing=WEIGHED)
    it.take(DecisionMachine, "edit", made, "officer", **data, ground="not_done", weighing="Anders gewogen.")
    made = Decision.objects.get(pk=made.pk)
    assert (made.ground, made.weighing) == ("not_done", "Anders gewogen.")
    refused("taking_published", GrantMachine, "withdraw", grant, clock(), it.at, decision=made.pk, amount=Decimal(0))
    refused("taking_published", GrantMachine, "lower", grant, clock(), it.at, decision=made.pk, amount=Decimal(1))


def test_nothing_is_taken_while_a_payment_is_on_its_way():
    it, grant = paid_grant()
    part = grant.instalments.filter(state="planned", due_on__isnull=False).order_by("due_on").first()
    it.at += part.due_on - today(it)
    tick(it.at)
    it.take(InstalmentMachine, "approve", part, "officer")
    refused_proposal("none_on_its_way", it, grant, "withdraw", 0)
    it.take(InstalmentMachine, "order", part, "controller")
    refused_proposal("none_on_its_way", it, grant, "withdraw", 0)
    it.take(InstalmentMachine, "send_back", part, "controller", reason="Rekening opgeheven.")
    taking(it, grant, "withdraw", 0)
    refused("not_being_settled", InstalmentMachine, "approve", part, it.cast["officer"], it.at)


def test_an_offer_is_not_taken_back_and_a_settlement_for_five_years():
    from tests.factories.awarded import award

    it = award(1)
    (offered,) = it.grants
    refused_proposal("takes_less", it, offered, "withdraw", 0)
    it.take(GrantMachine, "accept", offered, "signer")
    report_everything(it, offered)
    settle_for_nothing(it, offered)
    grant = Grant.objects.get()
    Grant.objects.update(settled_amount=grant.amount - 100)
    grant.refresh_from_db()
    refused_proposal("lowering_grounded", it, grant, "lower", 50, "duty")
    known = amsterdam_day(Decision.objects.get(kind="settle").published_at)
    it.at = on(add_months(known, 60) + timedelta(days=1))
    refused_proposal("takes_less", it, grant, "lower", 50, "later_facts")
    it.at = on(add_months(known, 60))
    taking(it, grant, "lower", 50, "later_facts")


def test_a_settlement_is_lowered_and_frees_what_was_not_paid():
    it, grant = paid_grant()
    report_everything(it, grant)
    from tests.factories import decide
    from workflows.commands.proposing import propose_for

    made = propose_for(pk=grant.application_id, kind="settle", ground="", amount=grant.amount, reasons="", actor=it.cast["officer"], at=it.at)
    decide(Decision.objects.get(pk=made.pk), it.cast.house, it.at)
    paid = sum(grant.instalments.filter(state="paid").values_list("amount", flat=True))
    it.at += timedelta(days=1)
    taken(it, Grant.objects.get(), "lower", paid + 200, "later_facts")
    grant.refresh_from_db()
    assert (grant.state, grant.settled_amount) == ("settled", paid + 200)
    assert sum(grant.instalments.filter(state="due").values_list("amount", flat=True)) == 200
    assert LedgerEntry.objects.balance(grant.stage, "committed") == 200


def test_suspension_ends_by_itself_and_is_not_given_twice_on_one_ground():
    it, grant = paid_grant()
    why = {"reason": "Er komt geen verslag.", "until": today(it) + timedelta(weeks=13)}
    it.take(GrantMachine, "ask_suspend", grant, "officer", **why)
    it.take(GrantMachine, "suspend", grant, "controller", **why)
    refused("pause_over", GrantMachine, "run_out", grant, clock(), on(why["until"]))
    tick(on(why["until"]))
    assert Grant.objects.get().state == "suspended"
    it.at = on(why["until"] + timedelta(days=1))
    tick(it.at)
    grant = Grant.objects.get()
    assert (grant.state, grant.suspended_until) == ("active", None)
    assert Event.objects.filter(kind="grant.run_out").count() == 1
    again = {"reason": " er komt  GEEN verslag. ", "until": today(it) + timedelta(weeks=4)}
    refused("pause_has_new_ground", GrantMachine, "ask_suspend", grant, it.cast["officer"], it.at, **again)
    it.take(GrantMachine, "ask_suspend", grant, "officer", **{**again, "reason": "De boekhouding klopt niet."})
