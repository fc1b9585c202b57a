"""Who counts as one for state aid, and aid of other bodies: who may do what in which state, as a whole."""

import pytest

from tender.models import Organisation, Undertaking
from tests.factories import open_call, publish
from tests.factories.cast import cast
from tests.workflows.machines.walking import Walk, reached, states_of
from workflows.commands import create, perform
from workflows.models import AidNoteMachine, LinkMachine

pytestmark = pytest.mark.django_db

MINDERS = ("officer", "controller", "newcomer")
LINK = {"": dict.fromkeys(MINDERS, "link"), "linked": dict.fromkeys(MINDERS, "end"), "ended": {}}
NOTE = {"": dict.fromkeys(MINDERS, "note"), "noted": dict.fromkeys(MINDERS, "strike"), "struck": {}}
WHY = "Uit het handelsregister."


def test_who_links_and_who_notes():
    """Who has an interest in a dossier of the party does neither; who has not declared yet reads nothing of a dossier by it."""
    everybody = cast()
    game = open_call(publish("pressure_cooker"), house=everybody.house)
    party = everybody.dossier(game.call, at=game.at).organisation
    today, officer = game.at.date(), everybody["officer"]
    whole = Undertaking.objects.create(name="Samen")
    walk = Walk(LinkMachine, everybody)
    of = {"undertaking": whole, "organisation": party, "since": today}
    walk.note_new(lambda user: of, game.at)
    made = create(LinkMachine, "link", of=of, actor=officer, at=game.at, reason=WHY)
    walk.note(made.pk, game.at)
    event = perform(LinkMachine, "end", pk=made.pk, actor=officer, at=game.at, reason=WHY, until=today)
    assert (event.chain, event.data["organisation"]) == (f"undertaking:{whole.pk}", party.pk)
    walk.note(made.pk, game.at)
    assert walk.table == LINK
    assert {""} | reached(LinkMachine) == states_of(LinkMachine)
    walk = Walk(AidNoteMachine, everybody)
    of = {"organisation": party, "body": "RVO", "amount": 10, "granted_on": today}
    walk.note_new(lambda user: of, game.at)
    made = create(AidNoteMachine, "note", of=of, actor=officer, at=game.at, reason=WHY)
    walk.note(made.pk, game.at)
    event = perform(AidNoteMachine, "strike", pk=made.pk, actor=officer, at=game.at, reason=WHY)
    assert event.chain == f"organisation:{party.pk}"
    walk.note(made.pk, game.at)
    assert walk.table == NOTE
    assert Organisation.objects.get(pk=party.pk).aid_notes.count() == 1
