"""An invitation, a partner's consent, and somebody who wants to act for an organisation: who may do what in which state."""

import pytest

from tender.canonical import digest
from tender.enums import Part
from tender.models import Application, Membership
from tender.together import link_hash
from tests.factories import answers_for, clock, deliver
from tests.factories.beside import asked, asking_call, partners_of, parts, token_of, write
from tests.factories.cast import cast
from tests.workflows.machines.walking import Walk, reached, states_of
from workflows.commands import create, perform
from workflows.models import CaseProcess, ConsentMachine, Event, InvitationMachine, JoiningMachine

pytestmark = pytest.mark.django_db

ASKING = ("signer", "editor")
LETTING = ("signer", "officer", "head", "newcomer")
INVITATION = {
    "": dict.fromkeys(ASKING, "invite"),
    "invited": {**dict.fromkeys(ASKING, "invite_again take_back"), "outsider": "accept decline", "clock": "take_back"},
    "accepted": {},
    "declined": {},
    "withdrawn": {},
}
CONSENT = {
    "": dict.fromkeys(ASKING, "ask"),
    "asked": {**dict.fromkeys(ASKING, "ask_again"), "clock": "give decline"},
    "given": dict.fromkeys(ASKING, "ask_again"),
    "declined": dict.fromkeys(ASKING, "ask_again"),
}
JOINING = {
    "": {"outsider": "found ask"},
    "asked": {**dict.fromkeys(LETTING, "let_in decline"), "outsider": "take_back"},
    "let_in": {**dict.fromkeys(LETTING, "end"), "outsider": "end"},
    "declined": {},
    "withdrawn": {},
    "ended": {},
}


@pytest.fixture
def it():
    """Everybody, and a dossier in a stage that asks the consent of partners."""
    everybody = cast()
    game = asking_call(house=everybody.house)
    case = everybody.dossier(game.call, at=game.at)
    return everybody, write(case, game.at, **{**answers_for(case.rules.form), "partners": partners_of(case)}), game.at


def test_who_may_do_what_with_an_invitation(it):
    everybody, case, at = it
    walk, outsider = Walk(InvitationMachine, everybody), everybody["outsider"]
    of = {"application": case, "email": outsider.email, "part": Part.WRITE_SIGN}
    walk.note_new(lambda _user: of, at)
    for end in ("decline", "take_back", "accept"):
        made = create(InvitationMachine, "invite", of=of, actor=everybody["signer"], at=at)
        walk.note(made.pk, at)
        first = token_of(made)
        perform(InvitationMachine, "invite_again", pk=made.pk, actor=everybody["signer"], at=at)
        assert InvitationMachine.objects.get(pk=made.pk).token_sha256 == link_hash(token_of(made)) != link_hash(first)
        event = perform(InvitationMachine, end, pk=made.pk, actor=everybody["signer" if end == "take_back" else "outsider"], at=at)
        assert event.chain == f"dossier:{case.reference}"
        assert walk.note(made.pk, at).token_sha256 == ""
    assert walk.table == INVITATION
    assert outsider.email not in str([each.content() for each in Event.objects.filter(noun="invitation")])
    assert parts(case, outsider) == {"editor", "signer"}


def test_who_may_do_what_with_a_consent(it):
    everybody, case, at = it
    walk = Walk(ConsentMachine, everybody)
    _made, named = asked(case, at, number=1)
    walk.note_new(
        lambda _user: {"application": case, "stage": case.stage, "partner": named.key, "name": named.name, "email": named.email}, at
    )
    made, named = asked(case, at)
    walk.note(made.pk, at)
    said = {"actor": clock(), "at": at, "by_name": "Henk Bos"}
    perform(ConsentMachine, "decline", pk=made.pk, token=token_of(made), reason="Te druk.", **said)
    assert walk.note(made.pk, at).reason == "Te druk."
    asked(case, at, email="ander@hunze.example")
    again = walk.note(made.pk, at)
    assert (again.email, again.reason, again.answered_at) == ("ander@hunze.example", "", None)
    event = perform(ConsentMachine, "give", pk=made.pk, token=token_of(made), seen=named.sha256, **said)
    assert event.data == {
        "partner": digest(named.key), "email_sha256": digest("ander@hunze.example"), "shown_sha256": named.sha256,
    }  # fmt: skip
    trail = str([each.content() for each in Event.objects.filter(noun="consent")])
    assert [word for word in ("hunze.example", "Henk", "Te druk", "Zorggroep") if word in trail] == []
    walk.note(made.pk, at)
    assert walk.table == CONSENT


def test_who_may_do_what_for_who_wants_to_act_for_an_organisation(it):
    everybody, _case, at = it
    walk, outsider, signer = Walk(JoiningMachine, everybody), everybody["outsider"], everybody["signer"]
    of = {"organisation": everybody.organisation, "user": outsider, "part": Part.WRITE}
    walk.note_new(lambda _user: of, at)
    for way in (["take_back"], ["decline"], ["let_in", "end"]):
        made = create(JoiningMachine, "ask", of=of, actor=outsider, at=at)
        walk.note(made.pk, at)
        for name in way:
            perform(JoiningMachine, name, pk=made.pk, actor=outsider if name == "take_back" else signer, at=at)
            walk.note(made.pk, at)
            held = Membership.objects.filter(organisation=everybody.organisation, user=outsider).values_list("role", flat=True)
            assert list(held) == (["editor"] if name == "let_in" else [])
    assert walk.table == JOINING
    assert deliver(), "the mails go out"


def test_no_flow_waits_for_who_comes_beside(it):
    everybody, case, at = it
    deliver()
    before = list(CaseProcess.objects.values("pk", "status", "seen"))
    of = {"application": case, "email": "nieuw@studio.example", "part": Part.VIEW}
    create(InvitationMachine, "invite", of=of, actor=everybody["editor"], at=at)
    deliver()
    assert list(CaseProcess.objects.values("pk", "status", "seen")) == before
    assert Application.objects.get(pk=case.pk).state == "draft"


@pytest.mark.parametrize(("machine", "table"), [(InvitationMachine, INVITATION), (ConsentMachine, CONSENT), (JoiningMachine, JOINING)])
def test_the_tables_have_every_state(machine, table):
    assert set(table) == states_of(machine) == reached(machine) | {""}
