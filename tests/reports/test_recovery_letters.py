"""The figures in a letter that claims money back: as they were when it arose, whatever followed."""

from datetime import timedelta
from decimal import Decimal

import pytest

from reports.letters.afterwards import recovering
from reports.letters.recovery import write
from tender.models import Grant, Recovery
from tests.factories.recovering import WHY, paid_grant, step, taken
from workflows.models import Event

pytestmark = pytest.mark.django_db


def test_each_claim_tells_what_was_received_and_what_is_claimed_apart():
    it, grant = paid_grant()
    paid = sum(grant.instalments.filter(state="paid").values_list("amount", flat=True))
    for less in (20, 50):
        taken(it, Grant.objects.get(pk=grant.pk), "lower", paid - less, "not_done")
        it.at += timedelta(days=1)
    facts = []
    for recovery in Recovery.objects.order_by("pk"):
        step(it, "ask_claim", recovery, "officer", **WHY)
        step(it, "claim", recovery, "signatory", **WHY)
        facts.append(recovering(Event.objects.get(noun="recovery", key=recovery.pk, kind="recovery.claim")))
    told = [(each.received, each.entitled, each.apart, each.amount) for each in facts]
    assert told == [(paid, paid - 20, Decimal(0), Decimal(20)), (paid, paid - 50, Decimal(20), Decimal(30))]
    assert all(received == entitled + apart + amount for received, entitled, apart, amount in told)
    assert ["Wij vorderen apart terug" in repr(write(each)) for each in facts] == [False, True]
