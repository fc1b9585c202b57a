"""A letter that mends, the way of post, what went on paper, an address that works again: who may do what, as a whole."""

import pytest
from django.utils.timezone import localdate

from tender.enums import Bounce
from tender.models import Application
from tests.factories import clock, deliver
from tests.workflows.machines.test_corresponding import stage_set
from tests.workflows.machines.walking import Walk, reached, states_of
from workflows.commands import create, perform
from workflows.commands.posting import ask_correction, choose_route, note_address_works, note_on_paper
from workflows.models import AddressTrustMachine, CorrectionMachine, Event, Letter, Notification, PaperPostMachine, PostRouteMachine

pytestmark = pytest.mark.django_db

CORRECTION = {
    "": {"officer": "ask"},
    "asked": {"officer": "drop", "signatory": "sign decline"},
    "signed": {},
    "declined": {},
    "dropped": {},
}
ROUTE = {"": {"signer": "choose", "officer": "choose"}, "chosen": {"clock": "replace"}, "replaced": {}}
PAPER = {"": {"officer": "send"}, "sent": {"officer": "undo"}, "undone": {}}
TRUST = {"": {"officer": "note"}, "noted": {}}
HOME = "Noorderhaven 12\n9712 VG Groningen"


def posted():
    """A dossier with its receipt, its mail sent."""
    everybody, case, at = stage_set()
    deliver()
    return everybody, case, at, Letter.objects.get(application=case, kind="receipt")


def asked(letter, actor, at, text="U vroeg € 5.000,00."):
    return ask_correction(letter=letter, actor=actor, at=at, reason="Het bedrag klopt niet.", text=text)


def signed(correction, actor, at, **said):
    perform(CorrectionMachine, "sign", pk=correction.pk, actor=actor, at=at, seen=correction.seen_sha256, **said)
    deliver()
    return Letter.objects.get(mends=correction.letter)


def routed(case, actor, at, *, on_paper=True, address=HOME):
    return choose_route(application=case, actor=actor, at=at, on_paper=on_paper, address=address)


def bounced(case, user=None):
    """Mail about the dossier came back for good."""
    rows = Notification.objects.filter(event__chain=f"dossier:{case.reference}")
    row = rows.get(user=user) if user else rows.filter(kind="receipt").order_by("pk").first()
    row.sent_at, row.address, row.bounce, row.bounced_at = row.event.at, row.user.email, Bounce.HARD, row.event.at
    row.save()
    return row


def one_of_each(case):
    """One of each on a dossier that was handed in, for tests that want something of every kind."""
    deliver()
    case = Application.objects.get(pk=case.pk)
    officer = case.case_roles.filter(role="officer").first().user
    at = case.submissions.latest("at").at
    routed(case, officer, at)
    letter = case.letters.filter(kind="receipt").last()
    asked(letter, officer, at)
    note_on_paper(application=case, event=letter.event, actor=officer, at=at, posted_on=localdate(at))
    note_address_works(application=case, user=bounced(case).user, actor=officer, at=at, reason="Gebeld.")


def test_who_may_mend_a_letter():
    everybody, case, at, letter = posted()
    walk = Walk(CorrectionMachine, everybody)
    walk.note_new(lambda user: {"application": case, "letter": letter}, at)
    for step, who, said in (("drop", "officer", {}), ("decline", "signatory", {"reason": "Klopt toch."}), ("sign", "signatory", {})):
        made = asked(letter, everybody["officer"], at)
        walk.note(made.pk, at)
        perform(CorrectionMachine, step, pk=made.pk, actor=everybody[who], at=at, **({"seen": made.seen_sha256} | said))
        walk.note(made.pk, at)
    assert walk.table == CORRECTION


def test_who_may_choose_the_way_of_post():
    everybody, case, at, _letter = posted()
    walk = Walk(PostRouteMachine, everybody)
    walk.note_new(lambda user: {"application": case}, at, on_paper=True, address=HOME)
    first = routed(case, everybody["signer"], at)
    walk.note(first.pk, at)
    routed(case, everybody["officer"], at, on_paper=False, address="")
    walk.note(first.pk, at)
    assert walk.table == ROUTE


def test_who_may_note_what_went_on_paper():
    everybody, case, at, letter = posted()
    routed(case, everybody["signer"], at)
    walk = Walk(PaperPostMachine, everybody)
    walk.note_new(lambda user: {"application": case, "event": letter.event, "letter": letter}, at)
    made = note_on_paper(application=case, event=letter.event, actor=everybody["officer"], at=at, posted_on=localdate(at))
    walk.note(made.pk, at)
    perform(PaperPostMachine, "undo", pk=made.pk, actor=everybody["officer"], at=at, reason="Verkeerde stapel.")
    walk.note(made.pk, at)
    assert walk.table == PAPER
    again = note_on_paper(application=case, event=letter.event, actor=everybody["officer"], at=at, posted_on=localdate(at))
    assert again.state == "sent"


def test_who_may_say_for_the_house_that_an_address_works():
    everybody, case, at, _letter = posted()
    user = bounced(case).user
    walk = Walk(AddressTrustMachine, everybody)
    walk.note_new(lambda actor: {"application": case, "user": user}, at)
    made = create(AddressTrustMachine, "note", of={"application": case, "user": user}, actor=everybody["officer"], at=at, reason="Gebeld.")
    walk.note(made.pk, at)
    assert walk.table == TRUST


TABLES = [(CorrectionMachine, CORRECTION), (PostRouteMachine, ROUTE), (PaperPostMachine, PAPER), (AddressTrustMachine, TRUST)]


@pytest.mark.parametrize(("machine", "table"), TABLES)
def test_the_tables_have_every_state(machine, table):
    assert set(table) == states_of(machine) == reached(machine) | {""}


def test_another_address_does_not_move_the_day_from_which_post_goes_on_paper():
    everybody, case, at, _letter = posted()
    first = routed(case, everybody["signer"], at)
    later = at.replace(year=at.year + 1)
    assert routed(case, everybody["signer"], later, address="Postbus 1\n9700 AA Groningen").since == first.since
    assert routed(case, everybody["signer"], later, on_paper=False, address="Postbus 1\n9700 AA Groningen").since == later
    assert Event.objects.filter(kind="route.replace", actor=clock()).count() == 2


def test_the_trail_holds_no_address():
    everybody, case, at, letter = posted()
    routed(case, everybody["signer"], at)
    note_on_paper(application=case, event=letter.event, actor=everybody["officer"], at=at, posted_on=localdate(at))
    assert "Noorderhaven" not in str([event.content() for event in Event.objects.all()])
