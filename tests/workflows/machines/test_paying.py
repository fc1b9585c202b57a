"""A batch of payments, and a statement of the bank: who may do what in which state, as a whole."""

from datetime import timedelta

import pytest

from tender.enums import Account
from tender.models import LedgerEntry
from tests.factories.awarded import award
from tests.factories.paying import camt, entry
from tests.workflows.machines.walking import Walk, reached, states_of
from workflows.commands.paying import draw_up, read_statements
from workflows.models import BatchMachine, GrantMachine, InstalmentMachine, StatementMachine
from workflows.statements import foreseen, plan_sha256

pytestmark = pytest.mark.django_db

BATCH = {
    "": {"officer": "draw_up", "controller": "draw_up", "recused": "draw_up", "newcomer": "draw_up"},
    "drawn": {"officer": "take_out drop", "controller": "approve take_out drop", "clock": "lose"},
    "approved": {"officer": "take_out drop", "controller": "make_file take_out drop", "clock": "lose"},
    "made": {"controller": "fetch send ask_recall recall", "clock": "settle"},
    "sent": {"controller": "fetch", "clock": "settle"},
    "settled": {"controller": "fetch"},
    "dropped": {},
}
STATEMENT = {
    "": {"controller": "read", "recused": "read", "newcomer": "read"},
    "read": {"controller": "apply drop"},
    "applied": {},
    "dropped": {},
}


def test_who_may_do_what_with_a_batch_and_a_statement():
    it = award(1)
    (grant,) = it.grants
    it.take(GrantMachine, "accept", grant, "signer")
    part = grant.instalments.get(state="due")
    it.take(InstalmentMachine, "approve", part, "officer")
    walk, told, said = Walk(BatchMachine, it.cast), Walk(StatementMachine, it.cast), {"execute_on": (it.at + timedelta(days=1)).date()}
    while said["execute_on"].weekday() > 4:
        said["execute_on"] += timedelta(days=1)
    walk.note_new(lambda _user: dict(said), it.at, parts=[part.pk])
    batch = draw_up([part.pk], actor=it.cast["officer"], at=it.at, **said)
    walk.note(batch.pk, it.at)
    it.take(BatchMachine, "drop", batch, "officer", reason="Verkeerde dag.")
    walk.note(batch.pk, it.at)
    batch = draw_up([part.pk], actor=it.cast["officer"], at=it.at, **said)
    it.take(BatchMachine, "approve", batch, "controller", seen=batch.sha256)
    walk.note(batch.pk, it.at)
    it.take(BatchMachine, "make_file", batch, "controller")
    walk.note(batch.pk, it.at)
    it.take(BatchMachine, "send", batch, "controller")
    walk.note(batch.pk, it.at)

    line, day = batch.lines.get(), it.at.date().isoformat()
    of = {"iban": batch.iban, "number": "1", "sha256": "0" * 64}
    told.note_new(lambda _user: dict(of), it.at, entries=[])
    (first,) = read_statements(camt(entry(line, day=day)), actor=it.cast["controller"], at=it.at)
    told.note(first.pk, it.at)
    it.take(StatementMachine, "drop", first, "controller", reason="Dubbel.")
    told.note(first.pk, it.at)
    (again,) = read_statements(camt(entry(line, day=day)), actor=it.cast["controller"], at=it.at)
    it.take(StatementMachine, "apply", again, "controller", seen=plan_sha256(foreseen(again, it.at)))
    told.note(again.pk, it.at)
    walk.note(batch.pk, it.at)
    assert LedgerEntry.objects.balance(grant.stage, Account.PAID) == line.amount
    assert walk.table == BATCH
    assert told.table == STATEMENT
    for machine, table in ((BatchMachine, BATCH), (StatementMachine, STATEMENT)):
        assert set(table) == states_of(machine) == reached(machine) | {""}
