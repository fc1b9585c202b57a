"""Two dossiers in one step, with real connections: whoever sets off and whoever pays lock in one order."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tender.models import Instalment, Recovery
from tests.factories.recovering import step
from tests.workflows.refusals.test_recovering import two_grants
from tests.workflows.together import together
from workflows.commands import Refused, perform
from workflows.models import Event, InstalmentMachine, RecoveryMachine

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def asked_to_set_off():
    """A recovery of which a part is asked to be set off, the payment of the other grant, and what was asked."""
    it, recovery, other = two_grants()
    part = other.instalments.get(state="due")
    said = {"instalment": part.pk, "amount": Decimal(1), "same_activities": True}
    step(it, "ask_set_off", recovery, "officer", **said)
    return it, recovery, part, said


def test_setting_off_locks_both_dossiers_then_both_grants_then_the_payment():
    it, recovery, _part, said = asked_to_set_off()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        perform(RecoveryMachine, "set_off", pk=recovery.pk, actor=it.cast["controller"], at=it.at, **said)
    locks = [each["sql"] for each in asked if "FOR NO KEY UPDATE" in each["sql"]]
    tables = [sql.partition(' FROM "')[2].partition('"')[0] for sql in locks[:4]]
    assert tables == ["tender_application", "tender_grant", "tender_instalment", "tender_recovery"]
    assert all("ORDER BY" in sql for sql in locks[:2])
    assert [sql.count(" OR ") for sql in locks[:2]] == [1, 1], "those of both, in one query"


def test_a_payment_is_approved_while_it_is_set_off():
    it, recovery, part, said = asked_to_set_off()
    given = together(
        lambda: perform(RecoveryMachine, "set_off", pk=recovery.pk, actor=it.cast["controller"], at=it.at, **said),
        lambda: perform(InstalmentMachine, "approve", pk=part.pk, actor=it.cast["officer"], at=it.at),
    )
    assert type(given[0]) in {Event, Refused}, given
    assert type(given[1]) is Event, given
    taken = Decimal(1) if type(given[0]) is Event else Decimal(0)
    assert Instalment.objects.get(pk=part.pk).amount == part.amount - taken
    assert Recovery.objects.get(pk=recovery.pk).rest == recovery.amount - taken
