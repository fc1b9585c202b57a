"""Money that comes back: a lower settlement paid back in instalments, one of them late; a withdrawal after the hearing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from tender.calendar import payment_deadline
from tender.enums import Account
from tender.models import Application, Decision, Grant, LedgerEntry, Recovery
from tests.factories import approve_report, decide, deliver
from tests.factories.recovering import WEIGHED, WHY, after, on, paid_grant, step, taken, taking, today
from tests.reading import text_of
from tests.workflows.machines.test_grant import report_everything
from tests.workflows.refusals.saying import words
from workflows.commands import Refused
from workflows.commands.proposing import propose_for
from workflows.models import DecisionMachine, Event, Letter, Notification

pytestmark = [pytest.mark.django_db, pytest.mark.prints]


def pots(stage):
    return {kind.value: LedgerEntry.objects.balance(stage, kind) for kind in Account}


def test_a_lower_settlement_is_paid_back_in_instalments_with_interest_on_the_late_one(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    it, grant = paid_grant()
    house, paid = it.cast.house, sum(grant.instalments.filter(state="paid").values_list("amount", flat=True))
    report_everything(it, grant)
    settled = Decimal("400.00")
    said = {"kind": "settle", "ground": "not_done", "reasons": "De helft van de bijeenkomsten ging niet door.", "weighing": WEIGHED}
    made = propose_for(pk=grant.application_id, actor=house.officer, at=it.at, amount=settled, **said)
    decide(Decision.objects.get(pk=made.pk), house, it.at)
    grant.refresh_from_db()
    back = paid - settled
    recovery = Recovery.objects.get()
    assert (grant.state, grant.settled_amount, recovery.state, recovery.amount) == ("settled", settled, "owed", back)
    assert pots(grant.stage) == {
        "free": grant.stage.ceiling - paid,
        "reserved": 0,
        "committed": 0,
        "ordered": 0,
        "paid": paid,
        "recovered": 0,
    }
    deliver()
    text = text_of(Letter.objects.get(kind="settlement"))
    for needed in ("artikel 4:46, tweede lid, onder a", WEIGHED, "te veel", "apart besluit"):
        assert needed in text
    assert not Recovery.objects.visible_to(it.cast["signer"]).exists(), "not before it is claimed"

    step(it, "ask_claim", recovery, "officer", **WHY)
    recovery = step(it, "claim", recovery, "signatory", **WHY)
    assert recovery.pay_by == payment_deadline(today(it))
    deliver()
    text = text_of(Letter.objects.get(kind="recovery"))
    assert "NL91 ABNA 0417 1643 00" in text
    assert "bezwaar maken" in text
    assert Recovery.objects.visible_to(it.cast["signer"]).get() == recovery

    first, second = today(it) + timedelta(days=30), today(it) + timedelta(days=60)
    plan = [[first.isoformat(), "1000.00"], [second.isoformat(), str(back - 1000)]]
    step(it, "ask_plan", recovery, "signer", plan=plan)
    recovery = step(it, "agree_plan", recovery, "controller")
    assert recovery.state == "plan"
    recovery = step(it, "receive", recovery, "controller", on(first), amount=Decimal(1000), on=first, bank_reference="IN-1")
    assert (recovery.state, recovery.rest, recovery.interest_owed(second)) == ("plan", back - 1000, 0)
    late = second + timedelta(days=90)
    recovery = step(it, "remind", recovery, "officer", after(second))
    assert recovery.remind_until == second + timedelta(days=15)
    recovery = step(it, "receive", recovery, "controller", on(late), amount=back - 1000, on=late, bank_reference="IN-2")
    interest = ((back - 1000) * 4 * 90 / Decimal(36500)).quantize(Decimal("0.01"))
    assert interest >= 20
    assert (recovery.state, recovery.rest, recovery.interest_owed(late)) == ("reminded", 0, interest)
    with pytest.raises(Refused):
        step(it, "receive", recovery, "controller", on(late), amount=interest, on=late, bank_reference="IN-3")
    step(it, "ask_set_interest", recovery, "officer", on(late))
    recovery = step(it, "set_interest", recovery, "signatory", on(late))
    assert recovery.interest_set == interest
    recovery = step(it, "receive", recovery, "controller", after(late), amount=interest, on=late + timedelta(days=1), bank_reference="IN-3")
    assert (recovery.state, recovery.owed(late)) == ("paid", 0)
    assert pots(grant.stage)["paid"] == settled
    assert pots(grant.stage)["recovered"] == back
    deliver()
    told = [letter.kind for letter in Letter.objects.filter(event__noun="recovery").order_by("pk")]
    assert told == ["recovery", "recovery_change", "recovery_reminder", "recovery_change"]
    assert Grant.objects.get().state == "settled", "a progress report is still to be judged"
    for report in grant.reports.filter(state="handed_in"):
        approve_report(report, it.cast.house, it.at)
    assert Grant.objects.get().state == "closed"
    assert Application.objects.get().state == "closed"


def test_a_grant_is_withdrawn_after_the_party_was_heard(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    it, grant = paid_grant()
    paid, stage = sum(grant.instalments.filter(state="paid").values_list("amount", flat=True)), grant.stage
    made = taking(it, grant, "withdraw", 0)
    before = Event.objects.count()
    with pytest.raises(Refused, match=words("heard_first", DecisionMachine, "submit_for_check")):
        it.take(DecisionMachine, "submit_for_check", made, "officer")
    with pytest.raises(PermissionDenied):
        it.take(DecisionMachine, "announce_intent", made, "signer")
    assert Event.objects.count() == before
    decide(made, it.cast.house, it.at)
    grant.refresh_from_db()
    assert (grant.state, grant.settled_amount) == ("withdrawn", 0)
    assert set(grant.instalments.values_list("state", flat=True)) == {"paid", "cancelled"}
    assert pots(stage) == {"free": stage.ceiling - paid, "reserved": 0, "committed": 0, "ordered": 0, "paid": paid, "recovered": 0}
    assert Recovery.objects.get().amount == paid
    deliver()
    assert "in te trekken" in text_of(Letter.objects.get(kind="intent"))
    text = text_of(Letter.objects.get(kind="withdrawal"))
    for needed in ("artikel 4:48, eerste lid, onder b", WEIGHED, "hebben wij meegewogen", "te veel"):
        assert needed in text
    assert Application.objects.get().state == "awarded", "money is still to come back"
    assert Notification.objects.filter(event__kind="recovery.arise").exists()
    recovery = Recovery.objects.get()
    step(it, "ask_write_off", recovery, "officer", reason="De stichting is opgeheven.")
    step(it, "write_off", recovery, "controller", reason="De stichting is opgeheven.")
    assert Application.objects.get().state == "closed"
    assert pots(stage)["paid"] == paid, "what was written off stays paid"


def test_a_running_grant_is_lowered_and_ends_earlier_with_a_reasonable_term(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    it, grant = paid_grant()
    paid, was = sum(grant.instalments.filter(state="paid").values_list("amount", flat=True)), grant.amount
    ends_on = today(it) + timedelta(weeks=20)
    taken(it, grant, "lower", was - 500, "changed", ends_on=ends_on)
    grant.refresh_from_db()
    assert (grant.state, grant.amount, grant.ends_on) == ("active", was - 500, ends_on)
    alive = grant.instalments.exclude(state="cancelled").values_list("amount", flat=True)
    assert sum(alive) == was - 500
    assert pots(grant.stage)["committed"] == was - 500 - paid
    assert not Recovery.objects.exists()
    deliver()
    text = text_of(Letter.objects.get(kind="withdrawal"))
    assert "artikel 4:50, eerste lid, onder b" in text
    assert "vergoeden die schade" in text
    less = paid - 100
    it.at += timedelta(days=1)
    taken(it, grant, "lower", less, "not_done")
    assert Recovery.objects.get().amount == 100
    assert pots(grant.stage)["committed"] == 0
