"""What stops a message, and a change of account or contact; and what a confirmed change does to the money."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from tender.commands.drafting import save_draft
from tender.enums import Role
from tender.models import Application, BankAccount, Contact, Grant, Instalment, Message, iban_of
from tests.factories import answers_for, clock, dossier, open_call, person, publish, submitted
from tests.factories.awarded import award
from tests.workflows.machines.test_corresponding import IBAN, OTHER, account, contact, stage_set, write
from tests.workflows.machines.walking import snapshot
from tests.workflows.refusals.saying import refused, refused_new
from workflows.commands import perform
from workflows.commands.corresponding import send_message
from workflows.models import (
    AccountMachine,
    ApplicationMachine,
    ContactMachine,
    Event,
    GrantMachine,
    InstalmentMachine,
    MessageMachine,
)
from workflows.rules.corresponding import FRESH

pytestmark = pytest.mark.django_db
SOON = timedelta(minutes=1)


def test_a_message_says_something_once_on_what_was_handed_in():
    everybody, case, at = stage_set()
    editor, of = everybody["editor"], {"application": case}
    for body in ("", "  \n ", "x" * 5001):
        refused_new("says_something", MessageMachine, "send", of, editor, at, body=body, token=uuid4())
    token = uuid4()
    made = send_message(application=case, actor=editor, at=at, body="Dag", token=token)
    refused_new("not_sent_before", MessageMachine, "send", of, editor, at, body="Dag", token=token)
    before = snapshot()
    assert send_message(application=case, actor=editor, at=at, body="Dag", token=token).pk == made.pk, "sent twice is sent once"
    assert snapshot() == before
    game = open_call(publish("minifund"))
    draft = dossier(game.call, at=game.at)
    refused_new("was_handed_in", MessageMachine, "send", {"application": draft}, draft.applicant, game.at, body="Dag", token=uuid4())


def test_somebody_elses_token_gives_nobody_their_message():
    everybody, case, at = stage_set()
    token = uuid4()
    send_message(application=case, actor=everybody["editor"], at=at, body="Van ons", token=token)
    refused_new("not_sent_before", MessageMachine, "send", {"application": case}, everybody["officer"], at, body="Dag", token=token)
    assert Message.objects.count() == 1


def test_the_trail_holds_that_there_was_a_message_and_not_what_it_says():
    everybody, case, at = stage_set()
    write(case, everybody["editor"], at, body="Mijn nummer is 06-12345678.")
    event = Event.objects.get(kind="message.send")
    assert event.data.keys() == {"from_house", "sha256"}
    assert "06-12345678" not in str(event.content())


def test_an_account_is_a_right_one_and_another_one():
    everybody, case, at = stage_set()
    signer, of = everybody["signer"], {"application": case}
    for iban in ("NL20INGB0001234568", "NL20 INGB 0001 2345 67", "", "DE"):
        refused_new("account_right", AccountMachine, "propose", of, signer, at, iban=iban, holder="Wij")
    refused_new("account_differs", AccountMachine, "propose", of, signer, at, iban=case.iban, holder="Wij")
    account(case, signer, at)
    refused_new("none_proposed", AccountMachine, "propose", of, signer, at, iban=OTHER, holder="Wij")
    game = open_call(publish("minifund"))
    draft = dossier(game.call, at=game.at)
    refused_new("was_handed_in", AccountMachine, "propose", {"application": draft}, draft.applicant, game.at, iban=IBAN, holder="Ik")


def test_a_form_does_not_move_the_money_of_an_account_that_is_known():
    """As at a later stage: what was handed in before named an account, or another was confirmed since."""
    game = open_call(publish("minifund"))
    case = dossier(game.call, at=game.at)
    save_draft(pk=case.pk, actor=case.applicant, at=game.at, typed=answers_for(case.rules.form))
    typed = Application.objects.get(pk=case.pk).draft["iban"]
    Application.objects.filter(pk=case.pk).update(iban=OTHER)
    assert typed != OTHER
    refused("account_as_known", ApplicationMachine, "submit", case, case.applicant, game.at)
    Application.objects.filter(pk=case.pk).update(iban=typed)
    perform(ApplicationMachine, "submit", pk=case.pk, actor=case.applicant, at=game.at)


def test_who_proposed_confirms_only_after_signing_in_afresh():
    everybody, case, at = stage_set()
    signer = everybody["signer"]
    made = account(case, signer, at)
    refused("confirmed_twice", AccountMachine, "confirm", made, signer, at + SOON)
    refused("confirmed_twice", AccountMachine, "confirm", made, signer, at + SOON, signed_in_at=at)
    late = at + SOON + FRESH + SOON
    refused("confirmed_twice", AccountMachine, "confirm", made, signer, late, signed_in_at=at + SOON)
    before = snapshot()
    with pytest.raises(PermissionDenied):
        perform(AccountMachine, "confirm", pk=made.pk, actor=everybody["editor"], at=at + SOON, signed_in_at=at + SOON)
    assert snapshot() == before
    assert iban_of(case) == case.iban
    perform(AccountMachine, "confirm", pk=made.pk, actor=signer, at=at + SOON, signed_in_at=at + SOON)
    assert iban_of(case) == IBAN
    case.refresh_from_db()
    assert case.iban != IBAN, "what was handed in stays what it is"


def test_only_what_was_seen_is_confirmed():
    everybody, case, at = stage_set()
    editor, signer = everybody["editor"], everybody["signer"]
    seen = account(case, editor, at)
    perform(AccountMachine, "drop", pk=seen.pk, actor=editor, at=at)
    again = account(case, editor, at)
    refused("change_as_seen", AccountMachine, "confirm", again, signer, at, seen=seen.seen_sha256)
    named = contact(case, editor, editor, at)
    refused("change_as_seen", ContactMachine, "confirm", named, signer, at, seen=again.seen_sha256)
    perform(ContactMachine, "confirm", pk=named.pk, actor=signer, at=at, seen=named.seen_sha256)


def test_nothing_is_changed_in_a_dossier_that_is_over():
    everybody, case, at = stage_set()
    signer = everybody["signer"]
    made = account(case, everybody["editor"], at)
    perform(ApplicationMachine, "withdraw", pk=case.pk, actor=signer, at=at)
    case.refresh_from_db()
    refused("still_runs", AccountMachine, "confirm", made, signer, at)
    refused_new("still_runs", ContactMachine, "propose", {"application": case, "user": everybody["editor"]}, signer, at)


def test_a_contact_takes_part():
    everybody, case, at = stage_set()
    signer = everybody["signer"]
    for user in (signer, everybody["viewer"], everybody["outsider"]):
        refused_new("contact_takes_part", ContactMachine, "propose", {"application": case, "user": user}, signer, at)
    made = contact(case, everybody["editor"], everybody["editor"], at)
    case.case_roles.filter(user=everybody["editor"], role=Role.EDITOR).close(at=at)
    refused("contact_takes_part", ContactMachine, "confirm", made, signer, at)
    refused("contact_confirmed", ApplicationMachine, "change_contact", case, clock(), at, contact=made.pk)
    game = open_call(publish("minifund"))
    alone = submitted(game.call, at=game.at)
    of = {"application": alone, "user": person("friend")}
    refused_new("applies_together", ContactMachine, "propose", of, alone.applicant, game.at)
    assert not Contact.objects.confirmed().exists()


@pytest.fixture
def paying():
    """A grant of which one payment was ordered, one is approved, and others are to come."""
    it = award(1)
    (grant,) = it.grants
    it.take(GrantMachine, "accept", grant, "signer")
    first, second, *_later = grant.instalments.order_by("pk")
    Instalment.objects.filter(pk=second.pk).update(due_on=it.at.date())
    it.take(InstalmentMachine, "fall_due", second, "clock")
    for part in (first, second):
        it.take(InstalmentMachine, "approve", part, "officer")
    it.take(InstalmentMachine, "order", first, "controller")
    it.grant, it.first, it.second = grant, first, second
    return it


def test_what_was_ordered_stays_and_what_was_approved_is_approved_afresh(paying):
    it = paying
    old = it.grant.iban
    made = account(Application.objects.get(pk=it.grant.application_id), it.cast["editor"], it.at)
    refused("account_confirmed", GrantMachine, "change_account", it.grant, clock(), it.at, account=made.pk)
    refused("reason_given", InstalmentMachine, "recheck", it.second, clock(), it.at)
    it.take(AccountMachine, "confirm", made, "signer")
    state = {part.pk: (part.state, part.iban) for part in it.grant.instalments.all()}
    assert state[it.first.pk] == ("ordered", old)
    assert state[it.second.pk] == ("due", "")
    assert Grant.objects.get(pk=it.grant.pk).iban == IBAN
    it.take(InstalmentMachine, "approve", it.second, "officer")
    assert Instalment.objects.get(pk=it.second.pk).iban == IBAN
    it.take(InstalmentMachine, "pay", it.first, "controller", bank_reference="B1")
    assert Instalment.objects.get(pk=it.first.pk).iban == old


def test_the_account_that_was_confirmed_holds_for_the_grants_to_come():
    everybody, case, at = stage_set()
    made = account(case, everybody["editor"], at)
    perform(AccountMachine, "confirm", pk=made.pk, actor=everybody["signer"], at=at)
    again = account(case, everybody["editor"], at, iban=OTHER)
    perform(AccountMachine, "confirm", pk=again.pk, actor=everybody["signer"], at=at)
    assert list(BankAccount.objects.order_by("pk").values_list("state", flat=True)) == ["replaced", "confirmed"]
    assert iban_of(Application.objects.get(pk=case.pk)) == OTHER


def test_two_who_open_a_message_at_once_read_it_once(monkeypatch):
    from workflows.commands import corresponding

    everybody, case, at = stage_set()
    made, first = write(case, everybody["editor"], at), corresponding.admits

    def somebody_was_first(*asked):
        perform(MessageMachine, "read", pk=made.pk, actor=everybody["coach"], at=at)
        return first(*asked)

    monkeypatch.setattr(corresponding, "admits", somebody_was_first)
    assert corresponding.open_messages(application=case, actor=everybody["officer"], at=at) == set()
    monkeypatch.undo()
    assert corresponding.open_messages(application=case, actor=everybody["officer"], at=at) == set()
    assert Message.objects.get(pk=made.pk).read_by == everybody["coach"]
