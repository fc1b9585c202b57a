"""Messages, accounts and contacts: who may do what in which state, as a whole."""

from uuid import uuid4

import pytest

from tender.models import Application
from tests.factories import close, open_call, publish, submitted
from tests.factories.cast import cast
from tests.workflows.machines.walking import Walk, reached, states_of
from workflows.commands import create, perform
from workflows.models import AccountMachine, ContactMachine, MessageMachine

pytestmark = pytest.mark.django_db
IBAN, OTHER = "NL20INGB0001234567", "NL02ABNA0123456789"

MESSAGE = {
    "": {"signer": "send", "editor": "send", "coach": "send", "officer": "send"},
    "sent, by the applicant": {"coach": "read", "officer": "read"},
    "sent, by the house": {"signer": "read", "editor": "read", "viewer": "read", "partner": "read"},
    "read": {},
}
CHANGE = {
    "": {"signer": "propose", "editor": "propose"},
    "proposed": {"signer": "confirm drop", "editor": "drop"},
    "confirmed": {"clock": "replace"},
    "replaced": {},
    "dropped": {},
}


def stage_set():
    everybody = cast()
    game = open_call(publish("hub_support"), house=everybody.house)
    case = submitted(game.call, at=game.at, case=everybody.dossier(game.call, at=game.at))
    return everybody, Application.objects.get(pk=case.pk), close(game.stage())


def write(case, actor, at, body="Hebt u onze begroting gezien?", token=None):
    return create(MessageMachine, "send", of={"application": case}, actor=actor, at=at, body=body, token=token or uuid4())


def account(case, actor, at, iban=IBAN):
    return create(AccountMachine, "propose", of={"application": case}, actor=actor, at=at, iban=iban, holder="Studio Noord")


def contact(case, actor, user, at):
    return create(ContactMachine, "propose", of={"application": case, "user": user}, actor=actor, at=at)


def corresponded(case):
    """One of each on a dossier, for tests that want something of every kind."""
    at = case.submissions.latest("at").at
    write(case, case.applicant, at)
    account(case, case.applicant, at)
    # Who applies alone has nobody else to write to: a contact as a larger dossier would have it.
    made = ContactMachine(application=case, user=case.applicant, before=case.applicant, proposed_by=case.applicant, proposed_at=at)
    made.__dict__["state"] = "proposed"
    made.save()


def test_who_may_write_and_read():
    everybody, case, at = stage_set()
    walk = Walk(MessageMachine, everybody)
    walk.note_new(lambda user: {"application": case}, at, body="Dag", token=uuid4())
    ours = write(case, everybody["editor"], at)
    walk.note(ours.pk, at, called="sent, by the applicant")
    theirs = write(case, everybody["officer"], at)
    walk.note(theirs.pk, at, called="sent, by the house")
    perform(MessageMachine, "read", pk=ours.pk, actor=everybody["officer"], at=at)
    walk.note(ours.pk, at)
    perform(MessageMachine, "read", pk=theirs.pk, actor=everybody["viewer"], at=at)
    walk.note(theirs.pk, at)
    assert walk.table == MESSAGE


def change(machine, propose, everybody, case, at):
    """Through every state: dropped, confirmed by another, replaced by the next."""
    walk = Walk(machine, everybody)
    of = {"application": case, **({"user": everybody["editor"]} if machine is ContactMachine else {})}
    walk.note_new(lambda user: of, at)
    first = propose("editor")
    walk.note(first.pk, at)
    perform(machine, "drop", pk=first.pk, actor=everybody["editor"], at=at)
    walk.note(first.pk, at)
    second = propose("editor")
    perform(machine, "confirm", pk=second.pk, actor=everybody["signer"], at=at)
    walk.note(second.pk, at)
    return walk, second


def test_who_may_change_the_account():
    everybody, case, at = stage_set()
    walk, second = change(AccountMachine, lambda who: account(case, everybody[who], at), everybody, case, at)
    third = account(case, everybody["editor"], at, iban=OTHER)
    perform(AccountMachine, "confirm", pk=third.pk, actor=everybody["signer"], at=at)
    walk.note(second.pk, at)
    assert walk.table == CHANGE


def test_who_may_change_the_contact():
    everybody, case, at = stage_set()
    propose = lambda who: contact(Application.objects.get(pk=case.pk), everybody[who], everybody["editor"], at)  # noqa: E731
    walk, second = change(ContactMachine, propose, everybody, case, at)
    case.refresh_from_db()
    assert case.applicant == everybody["editor"]
    third = contact(case, everybody["editor"], everybody["signer"], at)
    perform(ContactMachine, "confirm", pk=third.pk, actor=everybody["signer"], at=at)
    walk.note(second.pk, at)
    case.refresh_from_db()
    assert case.applicant == everybody["signer"]
    assert walk.table == CHANGE


@pytest.mark.parametrize(("machine", "table"), [(MessageMachine, MESSAGE), (AccountMachine, CHANGE), (ContactMachine, CHANGE)])
def test_the_tables_have_every_state(machine, table):
    assert {state.split(",")[0] for state in table} == states_of(machine) == reached(machine) | {""}
