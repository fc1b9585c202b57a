"""A decision on its way through the chain: who may do what in which state, as a whole."""

from datetime import timedelta

import pytest

from tender.models import Decision
from tests.factories import close, deliver, open_call, publish, submitted
from tests.factories.cast import cast
from tests.workflows.machines.walking import Walk, reached, states_of
from workflows.commands import perform
from workflows.commands.clockwork import tick
from workflows.commands.proposing import propose_for
from workflows.models import DecisionMachine

pytestmark = pytest.mark.django_db

# The chain here: officer, reader, controller, signatory. A reader may always send back; so may the signatory, and whose turn it is.
TABLE = {
    "": {"officer": "propose", "clock": "propose"},
    "drafted, the party not heard": {"officer": "edit depart announce_intent submit_for_check discard", "clock": "discard"},
    "hearing": {"signer": "respond", "officer": "note_response discard", "clock": "let_term_pass discard"},
    "in_check, the reader's turn": {
        "officer": "send_back discard", "reader": "approve send_back", "signatory": "send_back", "clock": "discard",
    },
    "in_check, the controller's turn": {
        "officer": "send_back discard", "reader": "send_back", "controller": "approve send_back", "signatory": "send_back",
        "clock": "discard",
    },
    "approved": {"officer": "send_back discard", "reader": "send_back", "signatory": "sign send_back", "clock": "discard"},
    "signed": {"officer": "send_back", "reader": "send_back", "signatory": "send_back publish", "clock": "publish discard"},
    "published": {"clock": "become_final renew_term supersede"},
    "final": {"clock": "supersede"},
    "superseded": {},
    "discarded": {},
}  # fmt: skip


def test_who_may_do_what_in_which_state():
    everybody = cast()
    game = open_call(publish("hub_support"), house=everybody.house)
    case = submitted(game.call, at=game.at, case=everybody.dossier(game.call, at=game.at))
    at = close(game.stage())
    walk = Walk(DecisionMachine, everybody)
    walk.note_new(lambda user: {"application": case, "stage": case.stage}, at, kind="ineligible")
    said = {"kind": "ineligible", "ground": "condition", "reasons": "De hub is nog niet open."}

    def take(name, who, **data):
        perform(DecisionMachine, name, pk=made.pk, actor=everybody[who], at=at, **data)

    def agree(name, who):
        take(name, who, seen=Decision.objects.get(pk=made.pk).seen_sha256)

    made = propose_for(pk=case.pk, actor=everybody["officer"], at=at, **said)
    take("discard", "officer", reason="Verkeerde grond.")
    walk.note(made.pk, at)
    made = propose_for(pk=case.pk, actor=everybody["officer"], at=at, **said)
    walk.note(made.pk, at, called="drafted, the party not heard")
    take("announce_intent", "officer")
    walk.note(made.pk, at)
    take("respond", "signer", response="De hub gaat in maart open.")
    agree("submit_for_check", "officer")
    walk.note(made.pk, at, called="in_check, the reader's turn")
    agree("approve", "reader")
    walk.note(made.pk, at, called="in_check, the controller's turn")
    agree("approve", "controller")
    walk.note(made.pk, at)
    agree("sign", "signatory")
    walk.note(made.pk, at)
    deliver()
    take("publish", "signatory")
    walk.note(made.pk, at)
    at += timedelta(weeks=7)
    tick(at)
    walk.note(made.pk, at)
    take("supersede", "clock", by=made.pk)
    walk.note(made.pk, at)
    assert walk.table == TABLE


def test_the_table_has_every_state():
    assert {state.split(",")[0] for state in TABLE} == states_of(DecisionMachine) == reached(DecisionMachine) | {""}
