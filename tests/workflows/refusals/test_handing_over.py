"""What stops a dossier from going to another case officer; and that handing over wipes out no hand."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from tender.enums import Role
from tender.models import CaseRole, Membership, Organisation
from tests.factories import applicant, declare, deliver, dossier, open_call, person, publish, submitted
from tests.workflows.machines.walking import snapshot
from tests.workflows.refusals.saying import refused
from tests.workflows.refusals.test_decisions import agree, chained
from tests.workflows.refusals.test_standing_in import not_theirs
from workflows.commands import create, perform
from workflows.models import ApplicationMachine, ConflictMachine, Event, Notification

pytestmark = pytest.mark.django_db
WHY = "Gaat met verlof."


def two_officers(scheme="minifund"):
    """A dossier that one case officer looks after; another declared to have no interest in it, as a coach."""
    game = open_call(publish(scheme))
    case = submitted(game.call, at=game.at)
    other = person("collega", Role.OFFICER, Role.COACH)
    declare(case, game.house.officer, game.house.head, at=game.at)
    declare(case, other, at=game.at, part=Role.COACH)
    return game, case, other


def said(source, target, reason=WHY):
    return {"source": source.pk, "target": target.pk, "reason": reason}


def holders(case):
    return set(CaseRole.objects.open().filter(application=case, role=Role.OFFICER).values_list("user_id", flat=True))


def test_it_goes_from_one_to_the_other_and_the_other_hears_of_it():
    game, case, other = two_officers()
    officer = game.house.officer
    assert holders(case) == {officer.pk}
    perform(ApplicationMachine, "reassign", pk=case.pk, actor=game.house.head, at=game.at, **said(officer, other))
    assert holders(case) == {other.pk}
    event = Event.objects.get(kind="application.reassign")
    assert (event.actor, event.data) == (game.house.head, said(officer, other))
    assert (event.before, event.after) == ("submitted", "submitted")
    deliver()
    told = {row.user: row.subject for row in Notification.objects.filter(event=event)}
    assert set(told) == {officer, other}
    assert all(case.reference in subject for subject in told.values())
    assert told[officer] != told[other]
    perform(ApplicationMachine, "reassign", pk=case.pk, actor=other, at=game.at, **said(other, officer))
    deliver()
    back = Notification.objects.exclude(event=event).filter(event__kind="application.reassign")
    assert [row.user for row in back] == [officer], "who does it oneself is not told"


def test_who_can_give_and_who_can_take():
    game, case, other = two_officers()
    officer, at, reader = game.house.officer, game.at, person("lezer", Role.READER)
    gone = person("weg", Role.OFFICER)
    declare(case, reader, gone, at=at)

    def is_refused(rule, data):
        refused(rule, ApplicationMachine, "reassign", case, officer, at, **data)

    is_refused("reason_given", said(officer, other, " "))
    is_refused("giver_has_it", said(other, officer))
    is_refused("giver_has_it", {"reason": WHY})
    is_refused("taker_is_officer", said(officer, officer))
    is_refused("taker_is_officer", said(officer, reader))
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    is_refused("taker_is_officer", said(officer, gone))
    is_refused("taker_is_clear", said(officer, person("nieuw", Role.OFFICER)))
    stranger = person("vreemd", Role.OFFICER)
    before = snapshot()
    with pytest.raises(PermissionDenied):
        perform(ApplicationMachine, "reassign", pk=case.pk, actor=stranger, at=at, **said(officer, other))
    assert snapshot() == before


def test_an_interest_or_a_stake_of_their_own_keeps_somebody_from_taking_it():
    game, case, other = two_officers()
    officer, at = game.house.officer, game.at
    CaseRole.objects.create(application=case, user=other, role=Role.VIEWER, since=at)
    refused("taker_is_clear", ApplicationMachine, "reassign", case, officer, at, **said(officer, other))
    CaseRole.objects.filter(user=other, role=Role.VIEWER).delete()
    perform(ConflictMachine, "declare_interest", pk=case.conflicts.get(user=other).pk, actor=other, at=at, kind="family", explanation="Zus.")
    refused("taker_is_clear", ApplicationMachine, "reassign", case, officer, at, **said(officer, other))


def test_an_interest_in_another_dossier_of_the_round_does_too():
    game, case, other = two_officers("crossover")
    beside = submitted(game.call, at=game.at)
    of = {"application": beside, "user": other, "part": Role.OFFICER}
    asked = create(ConflictMachine, "ask", of=of, actor=other, at=game.at)
    perform(ConflictMachine, "declare_interest", pk=asked.pk, actor=other, at=game.at, kind="family", explanation="Zus.")
    refused("taker_is_clear", ApplicationMachine, "reassign", case, game.house.officer, game.at, **said(game.house.officer, other))


def test_whose_hand_is_in_a_chain_keeps_it_when_the_dossier_goes_to_a_colleague():
    """Four eyes are not evaded: who drew it up does not sign it, in whoever's name the dossier stands."""
    game, decision = chained("officer", "reader", "signatory")
    house, at = game.house, game.at
    house.officer.staff_roles.create(role=Role.SIGNATORY)
    drawer = type(house.officer).objects.get(pk=house.officer.pk)
    agree("submit_for_check", decision, drawer, at)
    other = person("collega", Role.OFFICER, Role.READER)
    declare(decision.application, other, at=at)
    perform(ApplicationMachine, "reassign", pk=decision.application_id, actor=house.head, at=at, **said(drawer, other))
    agree("approve", decision, other, at)
    for actor in (drawer, other):
        not_theirs("sign", decision, actor, at)
    perform(ApplicationMachine, "reassign", pk=decision.application_id, actor=house.head, at=at, **said(other, drawer))
    not_theirs("sign", decision, drawer, at + timedelta(hours=1))


def test_who_handed_it_over_takes_no_step_in_it_until_it_comes_back():
    game, case, other = two_officers("crossover")
    officer, at = game.house.officer, game.at
    perform(ApplicationMachine, "reassign", pk=case.pk, actor=game.house.head, at=at, **said(officer, other))
    before = snapshot()
    for name, data in (("reassign", said(other, officer)), ("note_legal_form", {"legal_form": "company"})):
        with pytest.raises(PermissionDenied):
            perform(ApplicationMachine, name, pk=case.pk, actor=officer, at=at, **data)
    assert snapshot() == before
    perform(ApplicationMachine, "reassign", pk=case.pk, actor=other, at=at, **said(other, officer))
    perform(ApplicationMachine, "note_legal_form", pk=case.pk, actor=officer, at=at, legal_form="company")


def test_a_declaration_as_somebody_who_judges_opens_no_step_of_the_house():
    """Who judges and works in the house too: until they are let in, the dossier is as closed to the one as to the other."""
    game, case, _other = two_officers("crossover")
    both = person("allebei", Role.OFFICER)
    declare(case, both, at=game.at, part=Role.JUROR)
    assert case.conflicts.get(user=both).state == "none"
    with pytest.raises(PermissionDenied):
        perform(ApplicationMachine, "note_legal_form", pk=case.pk, actor=both, at=game.at, legal_form="company")


def test_the_legal_form_is_noted_from_the_register():
    game, case, _other = two_officers("crossover")
    officer, at = game.house.officer, game.at
    Organisation.objects.update(legal_form="")
    refused("legal_form_known", ApplicationMachine, "note_legal_form", case, officer, at, legal_form="stichting")
    refused("legal_form_known", ApplicationMachine, "note_legal_form", case, officer, at)
    perform(ApplicationMachine, "note_legal_form", pk=case.pk, actor=officer, at=at, legal_form="sole_trader")
    organisation = Organisation.objects.get(pk=case.organisation_id)
    assert (organisation.legal_form, organisation.may_be_named) == ("sole_trader", False)
    event = Event.objects.get(kind="application.note_legal_form")
    assert event.data == {"organisation": organisation.pk, "before": "", "legal_form": "sole_trader"}


def test_a_person_has_no_legal_form():
    game = open_call(publish("minifund"))
    user, _none = applicant(organisation=False)
    case = dossier(game.call, user=user, organisation=None, at=game.at)
    declare(case, game.house.officer, at=game.at)
    refused("has_organisation", ApplicationMachine, "note_legal_form", case, game.house.officer, game.at, legal_form="company")
    assert not Membership.objects.exists()
