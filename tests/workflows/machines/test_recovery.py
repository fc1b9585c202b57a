"""What is to come back, and a party that cannot pay: who may do what in which state, as a whole."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tender.models import InsolvencyNote, Recovery
from tests.factories.recovering import WHY, after, paid_grant, step, taken, today
from tests.workflows.machines.walking import Walk, reached, states_of
from workflows.commands import create, perform
from workflows.models import InsolvencyMachine, RecoveryMachine

pytestmark = pytest.mark.django_db

CLAIMED = {
    "signer": "ask_plan",
    "officer": "ask_set_off remind ask_set_interest file_claim ask_write_off",
    "controller": "agree_plan refuse_plan receive set_off write_off",
    "signatory": "set_interest",
    "head": "write_off",
}
AFTER_NOTICE = {
    **CLAIMED,
    "officer": "ask_set_off ask_set_interest file_claim ask_write_off",
    "controller": "receive set_off write_off",
}
RECOVERY = {
    "": {"clock": "arise"},
    "owed": {"officer": "ask_claim ask_write_off", "controller": "write_off", "signatory": "claim", "head": "write_off"},
    "claimed": CLAIMED,
    "plan": CLAIMED,
    "reminded": {
        **CLAIMED,
        "controller": "agree_plan refuse_plan receive set_off serve write_off",
    },
    "served": {key: said for key, said in AFTER_NOTICE.items() if key != "signer"},
    "paid": {},
    "written_off": {},
}
INSOLVENCY = {"": {"officer": "note"}, "noted": {"officer": "end"}, "ended": {}}
SAID = {"kind": "bankruptcy", "trustee": "Mr. T. Rustig", "register_number": "F.18/26/101"}


def test_who_may_do_what_with_what_is_to_come_back():
    it, grant = paid_grant()
    walk = Walk(RecoveryMachine, it.cast)
    decision = taken(it, grant, "withdraw", 0)
    recovery = Recovery.objects.get()
    walk.note_new(lambda _user: {"grant": grant, "decision": decision, "amount": Decimal(1)}, it.at)
    walk.note(recovery.pk, it.at)
    step(it, "ask_claim", recovery, "officer", **WHY)
    recovery = step(it, "claim", recovery, "signatory", **WHY)
    walk.note(recovery.pk, it.at)
    last = today(it) + timedelta(days=30)
    step(it, "ask_plan", recovery, "signer", plan=[[last.isoformat(), str(recovery.rest)]])
    step(it, "agree_plan", recovery, "controller")
    walk.note(recovery.pk, it.at)
    recovery = step(it, "remind", recovery, "officer", after(last))
    walk.note(recovery.pk, after(last))
    over = after(recovery.remind_until)
    step(it, "serve", recovery, "controller", over)
    walk.note(recovery.pk, over)
    step(it, "ask_write_off", recovery, "officer", over, reason="Er is niets te halen.")
    step(it, "write_off", recovery, "head", over, reason="Er is niets te halen.")
    walk.note(recovery.pk, over)
    walk.table["paid"] = {}
    assert walk.table == RECOVERY
    assert set(RECOVERY) == states_of(RecoveryMachine) == reached(RecoveryMachine) | {""}


def test_who_may_do_what_with_an_insolvency():
    it, grant = paid_grant()
    walk, of = Walk(InsolvencyMachine, it.cast), {"application": grant.application}
    said = {**SAID, "since": today(it)}
    walk.note_new(lambda _user: of, it.at, **said)
    note = create(InsolvencyMachine, "note", of=of, actor=it.cast["officer"], at=it.at, **said)
    walk.note(note.pk, it.at)
    perform(InsolvencyMachine, "end", pk=note.pk, actor=it.cast["officer"], at=it.at, reason="Opgeheven.")
    walk.note(note.pk, it.at)
    assert walk.table == INSOLVENCY
    assert set(INSOLVENCY) == states_of(InsolvencyMachine) == reached(InsolvencyMachine) | {""}
    assert InsolvencyNote.objects.get().trustee == "Mr. T. Rustig"
