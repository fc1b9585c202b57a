"""Invitations, parts that end, consents, second signatures and memberships: what is refused, in words, and nothing has moved."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from scoring.models import PanelMember, Scoresheet, Seating
from tender.enums import Part, Role
from tender.models import Application, CoSignature, Membership, Organisation, StaffRole
from tender.together import draft_digest, is_own, partners_named
from tests.factories import applicant, clock, consents, open_call, person, publish
from tests.factories.beside import asked, asking_call, filled, invited, joined, parts, token_of, write
from tests.workflows.refusals.saying import refused, refused_new
from workflows.commands import create, perform
from workflows.commands.joining import ask_in, found_organisation
from workflows.machines.together import LASTS
from workflows.models import ApplicationMachine, ConflictMachine, ConsentMachine, InvitationMachine, JoiningMachine

pytestmark = pytest.mark.django_db


@pytest.fixture
def game():
    return asking_call(cosign=True)


@pytest.fixture
def case(game):
    return filled(game.call, game.at)


# ── invitations ───────────────────────────────────────────────────────────────────────────────────────────────
def test_who_writes_lets_nobody_sign_and_nobody_is_asked_twice(game, case):
    writer = joined(case, game.at)
    of = {"application": case, "email": "nieuw@studio.example", "part": Part.SIGN}
    refused_new("gives_no_more", InvitationMachine, "invite", of, writer, game.at)
    create(InvitationMachine, "invite", of={**of, "part": Part.WRITE}, actor=writer, at=game.at)
    refused_new("not_there_yet", InvitationMachine, "invite", of, case.applicant, game.at)
    refused_new("not_there_yet", InvitationMachine, "invite", {**of, "email": writer.email, "part": Part.WRITE}, case.applicant, game.at)
    create(InvitationMachine, "invite", of=of, actor=case.applicant, at=game.at + LASTS)  # the earlier one has expired by then


def test_a_flood_of_invitations_is_stopped(game, case):
    for number in range(30):
        create(InvitationMachine, "invite", of={"application": case, "email": f"x{number}@y.example", "part": Part.VIEW},
               actor=case.applicant, at=game.at)  # fmt: skip
    of = {"application": case, "email": "een@teveel.example", "part": Part.VIEW}
    refused_new("not_too_many", InvitationMachine, "invite", of, case.applicant, game.at)
    create(InvitationMachine, "invite", of=of, actor=case.applicant, at=game.at + timedelta(days=1))


def test_mails_to_people_and_partners_are_counted_together_and_each_that_is_sent_again(game, case):
    made = invited(case, person("maker"), game.at)
    asking, named = asked(case, game.at)
    for number in range(14):
        perform(InvitationMachine, "invite_again", pk=made.pk, actor=case.applicant, at=game.at)
        asked(case, game.at, email=f"x{number}@y.example")
    refused("not_too_many", InvitationMachine, "invite_again", made, case.applicant, game.at)
    refused("not_too_many", ConsentMachine, "ask_again", asking, case.applicant, game.at, email=named.email)
    other = partners_named(case)[1]
    of = {"application": case, "stage": case.stage, "partner": other.key, "name": other.name}
    refused_new("not_too_many", ConsentMachine, "ask", of, case.applicant, game.at, email=other.email)
    elsewhere = filled(game.call, game.at)
    asked(elsewhere, game.at)  # another dossier has thirty of its own
    asked(case, game.at + timedelta(days=1), number=1)


def test_an_invitation_is_accepted_in_time_by_whom_it_was_sent_to(game, case):
    user, other, officer = person("maker"), person("other"), person("officer", Role.OFFICER)
    made = invited(case, user, game.at)
    refused("answered_in_time", InvitationMachine, "accept", made, user, game.at + LASTS)
    with pytest.raises(PermissionDenied):
        perform(InvitationMachine, "accept", pk=made.pk, actor=other, at=game.at)
    assert parts(case, other) == set()
    refused("not_of_the_house", InvitationMachine, "accept", invited(case, officer, game.at), officer, game.at)
    assert parts(case, officer) == set()
    user.emailaddress_set.create(email=user.email, verified=True)
    other.emailaddress_set.create(email="tweede@maker.example", verified=False)
    unproved = create(InvitationMachine, "invite", of={"application": case, "email": "tweede@maker.example", "part": Part.VIEW},
                      actor=case.applicant, at=game.at)  # fmt: skip
    with pytest.raises(PermissionDenied):
        perform(InvitationMachine, "accept", pk=unproved.pk, actor=other, at=game.at)
    other.emailaddress_set.update(verified=True)
    perform(InvitationMachine, "accept", pk=unproved.pk, actor=other, at=game.at)
    assert parts(case, other) == {"viewer"}


def test_a_dossier_that_is_over_lets_nobody_in(game, case):
    user = person("late")
    made = invited(case, user, game.at)
    perform(ApplicationMachine, "withdraw", pk=case.pk, actor=case.applicant, at=game.at)
    refused("goes_on", InvitationMachine, "accept", made, user, game.at)
    refused("goes_on", InvitationMachine, "invite_again", made, case.applicant, game.at)


def test_who_judges_in_a_round_stands_on_no_side_of_an_applicant_in_it(game, case):
    seated, declared, scoring, asked_to_sit = game.house.jurors[0], person("declared"), person("scoring"), person("guest")
    other = filled(game.call, game.at)
    assert Seating.objects.seats(case.stage).filter(user=seated).exists()
    create(ConflictMachine, "ask", of={"application": other, "user": declared, "part": Role.JUROR}, actor=clock(), at=game.at)
    Scoresheet.objects.create(application=other, stage=case.stage, juror=scoring, state="assigned")
    PanelMember.objects.create(panel=case.stage.seating.panel, user=asked_to_sit, since=game.at.date(), state="invited")
    for judge in (seated, declared, scoring, asked_to_sit):
        refused("judges_not_here", InvitationMachine, "accept", invited(case, judge, game.at), judge, game.at)
        assert parts(case, judge) == set()
        of = {"organisation": case.organisation, "user": judge, "part": Part.VIEW, "note": "Ik."}
        refused_new("judges_not_here", JoiningMachine, "ask", of, judge, game.at)
    conflict = ConflictMachine.objects.get(user=declared)
    perform(ConflictMachine, "declare_interest", pk=conflict.pk, actor=declared, at=game.at, kind="family", explanation="Mijn zus.")
    made = invited(filled(game.call, game.at), declared, game.at)
    perform(InvitationMachine, "accept", pk=made.pk, actor=declared, at=game.at)


def test_nobody_is_let_in_who_came_to_judge_or_to_the_house_since_they_asked(game, case):
    judge, colleague = person("judge"), person("colleague")
    asking = [ask_in(case.organisation, part=Part.VIEW, note="Ik.", actor=user, at=game.at) for user in (judge, colleague)]
    create(ConflictMachine, "ask", of={"application": case, "user": judge, "part": Role.JUROR}, actor=clock(), at=game.at)
    StaffRole.objects.create(user=colleague, role=Role.READER)
    refused("judges_not_here", JoiningMachine, "let_in", asking[0], case.applicant, game.at)
    refused("not_of_the_house", JoiningMachine, "let_in", asking[1], case.applicant, game.at)
    assert not Membership.objects.filter(user__in=[judge, colleague]).exists()


# ── parts that end ────────────────────────────────────────────────────────────────────────────────────────────
def test_the_last_who_writes_and_the_last_who_signs_stay(game, case):
    owner, at = case.applicant, game.at
    refused("somebody_stays", ApplicationMachine, "end_part", case, owner, at, user=owner.pk)
    writer, viewer = joined(case, at), joined(case, at, Part.VIEW)
    refused("somebody_stays", ApplicationMachine, "end_part", case, owner, at, user=owner.pk)
    refused("own_part_or_signer", ApplicationMachine, "end_part", case, writer, at, user=viewer.pk)
    refused("has_that_part", ApplicationMachine, "end_part", case, owner, at, user=game.house.officer.pk)
    event = perform(ApplicationMachine, "end_part", pk=case.pk, actor=viewer, at=at, user=viewer.pk)
    assert event.data == {"user": viewer.pk, "roles": ["viewer"]}
    assert parts(case, viewer) == set()
    signer = joined(case, at, Part.WRITE_SIGN)
    refused("contact_stays", ApplicationMachine, "end_part", case, owner, at, user=owner.pk)
    refused("contact_stays", ApplicationMachine, "end_part", case, signer, at, user=owner.pk)
    Application.objects.filter(pk=case.pk).update(applicant=signer)
    perform(ApplicationMachine, "end_part", pk=case.pk, actor=owner, at=at, user=owner.pk)
    assert parts(case, owner) == set()


def test_who_goes_lets_nobody_in_any_more_and_does_not_come_back(game, case):
    at, owner = game.at, case.applicant
    signer = joined(case, at, Part.WRITE_SIGN)
    by_them, to_them, other = (
        create(InvitationMachine, "invite", of={"application": case, "email": email, "part": Part.VIEW}, actor=actor, at=at)
        for email, actor in (("alias@maker.example", signer), ("tweede@maker.example", owner), ("ander@maker.example", owner))
    )
    signer.emailaddress_set.create(email="tweede@maker.example", verified=True)
    perform(ApplicationMachine, "end_part", pk=case.pk, actor=owner, at=at, user=signer.pk)
    states = [InvitationMachine.objects.get(pk=each.pk).state for each in (by_them, to_them, other)]
    assert states == ["withdrawn", "withdrawn", "invited"]


# ── consent of partners ───────────────────────────────────────────────────────────────────────────────────────
def test_nothing_is_handed_in_before_every_partner_consented_to_what_stands_there(game, case):
    signer = joined(case, game.at, Part.SIGN)
    perform(ApplicationMachine, "cosign", pk=case.pk, actor=signer, at=game.at, seen=draft_digest(case))
    for number in range(3):
        refused("partners_consent", ApplicationMachine, "submit", case, case.applicant, game.at)
        made, named = asked(case, game.at, number)
        said = {"actor": clock(), "at": game.at, "token": token_of(made), "seen": named.sha256, "by_name": "Henk"}
        perform(ConsentMachine, "give", pk=made.pk, **said)
    rows = [dict(row) for row in case.draft["partners"]]
    rows[1]["contribution"] = "750.00"
    changed = write(case, game.at, partners=rows)
    refused("partners_consent", ApplicationMachine, "submit", changed, case.applicant, game.at)
    rows[1]["contribution"] = "500.00"
    write(case, game.at, partners=rows)
    perform(ApplicationMachine, "submit", pk=case.pk, actor=case.applicant, at=game.at)
    assert Application.objects.get(pk=case.pk).state == "submitted"


def test_whoever_stands_first_in_the_list_is_asked_unless_it_is_the_applicant(game, case):
    own, *others = case.draft["partners"]
    names = [each["name"] for each in others]
    for rows in ([own, *others], [*others, own], [{**own, "kvk": "", "name": case.organisation.name.upper()}, *others]):
        assert [each.name for each in partners_named(write(case, game.at, partners=rows))] == names
    assert [each.name for each in partners_named(write(case, game.at, partners=others))] == names
    stranger = {**own, "kvk": "99999999", "name": case.organisation.name}
    assert [each.kvk for each in partners_named(write(case, game.at, partners=[stranger]))] == ["99999999"]
    alone = filled(open_call(publish("minifund")).call, game.at)
    assert is_own(alone, {"kvk": "99999999", "name": str(alone.applicant).upper()})


def test_a_line_that_is_not_right_names_nobody(game, case):
    own, right, *_rest = case.draft["partners"]
    wrong = [{**right, "kvk": "x" * 200}, {**right, "name": "x" * 161}, {**right, "email": "nergens"}, "geen rij", None]
    changed = write(case, game.at, partners=[own, right])
    Application.objects.filter(pk=case.pk).update(draft={**changed.draft, "partners": [own, *wrong, right]})
    assert [each.kvk for each in partners_named(Application.objects.get(pk=case.pk))] == [right["kvk"]]
    Application.objects.filter(pk=case.pk).update(draft={**changed.draft, "partners": "geen lijst"})
    assert partners_named(Application.objects.get(pk=case.pk)) == []


def test_a_second_line_of_the_same_partner_is_a_gap(game, case):
    rows = [*case.draft["partners"], {**case.draft["partners"][1], "contribution": "50000.00"}]
    twice = write(case, game.at, partners=rows)
    consents(twice, game.at)
    refused("form_complete", ApplicationMachine, "submit", twice, case.applicant, game.at)


def test_a_revised_plan_asks_the_partners_and_the_second_signer_again(game, case):
    signer = joined(case, game.at, Part.SIGN)
    refused("awaits_plan", ApplicationMachine, "cosign", case, signer, case.stage.closes_at, seen=draft_digest(case))
    Application.objects.filter(pk=case.pk).update(state="in_review", revision_asked="Korter.")
    refused("partners_consent", ApplicationMachine, "revise", case, case.applicant, game.at)
    refused("cosigned", ApplicationMachine, "revise", case, case.applicant, game.at)
    refused("awaits_plan", ApplicationMachine, "cosign", case, signer, game.at, seen=draft_digest(case))  # a jury judges this stage


def test_a_partner_is_asked_where_the_scheme_asks_it_at_an_address_of_its_own(game, case):
    _made, named = asked(case, game.at)
    other = filled(open_call(publish("crossover")).call, game.at)
    of = {"application": other, "stage": other.stage, "partner": named.key, "name": named.name}
    refused_new("asks_consent", ConsentMachine, "ask", of, other.applicant, game.at, email="a@b.example")
    of = {"application": case, "stage": case.stage, "partner": "99999999", "name": "Niemand"}
    refused_new("is_named", ConsentMachine, "ask", of, case.applicant, game.at, email="a@b.example")
    of["partner"] = "34567890"
    refused_new("address_is_theirs", ConsentMachine, "ask", of, case.applicant, game.at, email=case.applicant.email.upper())


def test_a_link_is_used_once_by_name_for_what_was_shown_until_it_expires(game, case):
    made, named = asked(case, game.at)
    said = {"token": token_of(made), "seen": named.sha256, "by_name": "Henk"}
    give = (ConsentMachine, "give", made, clock())
    refused("link_holds", *give, game.at, **{**said, "token": "0" * 64})
    refused("link_holds", *give, game.at + LASTS, **said)
    refused("shown_as_it_is", *give, game.at, **{**said, "seen": "0" * 64})
    refused("answers_by_name", *give, game.at, **{**said, "by_name": " "})
    asked(case, game.at, email="ander@hunze.example")
    refused("link_holds", *give, game.at, **said)
    perform(ConsentMachine, "give", pk=made.pk, actor=clock(), at=game.at, **{**said, "token": token_of(made)})
    refused("not_consented_yet", ConsentMachine, "ask_again", made, case.applicant, game.at, email=named.email)
    write(case, game.at, title="Een andere titel")
    asked(case, game.at)  # to what stands there now, it has not


def test_a_partner_that_is_named_no_more_consents_to_nothing(game, case):
    made, named = asked(case, game.at)
    write(case, game.at, partners=case.draft["partners"][:1])
    said = {"token": token_of(made), "seen": named.sha256, "by_name": "Henk"}
    refused("shown_as_it_is", ConsentMachine, "give", made, clock(), game.at, **said)


# ── the second signature ──────────────────────────────────────────────────────────────────────────────────────
def test_a_second_signature_is_of_somebody_else_and_dies_with_the_text(game):
    game = asking_call(consent=False, cosign=True)
    case = filled(game.call, game.at)
    submit = (ApplicationMachine, "submit", case, case.applicant, game.at)
    refused("cosigned", *submit)
    perform(ApplicationMachine, "cosign", pk=case.pk, actor=case.applicant, at=game.at, seen=draft_digest(case))
    refused("cosigned", *submit)
    signer = joined(case, game.at, Part.SIGN)
    sign = (ApplicationMachine, "cosign", case, signer, game.at)
    refused("signs_what_stands", *sign, seen="0" * 64)
    for _twice in range(2):
        perform(ApplicationMachine, "cosign", pk=case.pk, actor=signer, at=game.at, seen=draft_digest(case))
    assert CoSignature.objects.filter(user=signer).count() == 1
    case = write(case, game.at, title="Nog één woord")
    refused("cosigned", *submit)
    perform(ApplicationMachine, "cosign", pk=case.pk, actor=signer, at=game.at, seen=draft_digest(case))
    perform(ApplicationMachine, "end_part", pk=case.pk, actor=signer, at=game.at, user=signer.pk)
    refused("cosigned", *submit)  # who may sign no more has not signed
    again = joined(case, game.at, Part.SIGN)
    perform(ApplicationMachine, "cosign", pk=case.pk, actor=again, at=game.at, seen=draft_digest(case))
    perform(ApplicationMachine, "submit", pk=case.pk, actor=case.applicant, at=game.at)


def test_who_else_may_sign_is_asked_once_for_one_text(game, case):
    writer = joined(case, game.at)
    ask = (ApplicationMachine, "ask_signature", case, writer, game.at)
    refused("others_may_sign", ApplicationMachine, "ask_signature", case, case.applicant, game.at)
    perform(ApplicationMachine, "ask_signature", pk=case.pk, actor=writer, at=game.at)
    refused("not_asked_for_this", *ask)
    signer = joined(case, game.at, Part.SIGN, name="signer")
    perform(ApplicationMachine, "ask_signature", pk=case.pk, actor=writer, at=game.at)  # somebody came who was not asked
    refused("not_asked_for_this", *ask)
    case = write(case, game.at, title="Een andere titel")
    perform(ApplicationMachine, "ask_signature", pk=case.pk, actor=writer, at=game.at)
    perform(ApplicationMachine, "cosign", pk=case.pk, actor=signer, at=game.at, seen=draft_digest(case))
    refused("not_signed_yet", *ask)
    refused("form_complete", ApplicationMachine, "ask_signature", write(case, game.at, title=""), writer, game.at)
    with pytest.raises(PermissionDenied):
        perform(ApplicationMachine, "ask_signature", pk=case.pk, actor=joined(case, game.at, Part.VIEW, name="viewer"), at=game.at)


def test_a_second_signature_is_for_stages_that_ask_it(game):
    plain = filled(open_call(publish("crossover")).call, game.at)
    refused("asks_cosignature", ApplicationMachine, "cosign", plain, plain.applicant, game.at, seen=draft_digest(plain))


# ── parts: write, view, sign ──────────────────────────────────────────────────────────────────────────────────
def test_who_only_signs_hands_in_and_does_not_write_and_who_writes_does_not_hand_in():
    game = open_call(publish("crossover"))
    case = filled(game.call, game.at)
    signer, writer, viewer = (joined(case, game.at, part) for part in (Part.SIGN, Part.WRITE, Part.VIEW))
    for user in (signer, viewer):
        with pytest.raises(PermissionDenied):
            write(case, game.at, actor=user, title="Van mij")
    assert Application.objects.get(pk=case.pk).draft == case.draft
    assert write(case, game.at, actor=writer, title="Van ons").draft["title"] == "Van ons"
    for user in (writer, viewer):
        with pytest.raises(PermissionDenied):
            perform(ApplicationMachine, "submit", pk=case.pk, actor=user, at=game.at)
    perform(ApplicationMachine, "submit", pk=case.pk, actor=signer, at=game.at)


# ── organisations ─────────────────────────────────────────────────────────────────────────────────────────────
def test_nobody_takes_an_organisation_that_is_known(game):
    _owner, organisation = applicant()
    stranger = person("stranger")
    of = {"organisation": organisation, "user": stranger, "part": Part.WRITE_SIGN}
    refused_new("comes_first", JoiningMachine, "found", of, stranger, game.at)
    left = Organisation.objects.create(name="Verlaten", kvk="55555555")
    ask_in(left, part=Part.WRITE, note="Ik ben de directeur.", actor=person("director"), at=game.at)
    refused_new("comes_first", JoiningMachine, "found", {**of, "organisation": left}, stranger, game.at)


def test_who_asks_is_no_member_yet_and_not_of_the_house(game):
    owner, organisation = applicant()
    of = {"organisation": organisation, "user": owner, "part": Part.VIEW}
    refused_new("not_a_member_yet", JoiningMachine, "ask", of, owner, game.at)
    stranger, reader = person("stranger"), person("reader", Role.READER)
    made = ask_in(organisation, part=Part.SIGN, note="Ik.", actor=stranger, at=game.at)
    refused_new("not_a_member_yet", JoiningMachine, "ask", {**of, "user": stranger}, stranger, game.at)
    refused_new("not_of_the_house", JoiningMachine, "ask", {**of, "user": reader}, reader, game.at)
    refused("known_part", JoiningMachine, "let_in", made, owner, game.at, part="owner")


def test_nobody_asks_many_organisations_in_a_day(game):
    user = person("eager")
    for number in range(10):
        one = Organisation.objects.create(name=f"Groep {number}", kvk=f"{60000000 + number}")
        ask_in(one, part=Part.VIEW, note="", actor=user, at=game.at)
    of = {"organisation": applicant()[1], "user": user, "part": Part.VIEW, "note": ""}
    refused_new("asks_few", JoiningMachine, "ask", of, user, game.at)
    create(JoiningMachine, "ask", of=of, actor=user, at=game.at + timedelta(days=1))


def test_the_last_who_signs_stays_unless_the_house_ends_it(game):
    taker = person("taker")
    organisation = found_organisation(actor=taker, at=game.at, name="Verkeerde naam", kvk="77777777")
    made = JoiningMachine.objects.get(organisation=organisation, user=taker)
    refused("a_signer_stays", JoiningMachine, "end", made, taker, game.at)
    rightful = person("rightful")
    asking = ask_in(organisation, part=Part.WRITE_SIGN, note="Ik ben de directeur.", actor=rightful, at=game.at)
    perform(JoiningMachine, "let_in", pk=asking.pk, actor=game.house.officer, at=game.at, part=Part.WRITE_SIGN, called="De goede naam")
    perform(JoiningMachine, "end", pk=made.pk, actor=game.house.officer, at=game.at)
    organisation.refresh_from_db()
    assert organisation.name == "De goede naam"
    assert set(Membership.objects.filter(organisation=organisation).values_list("user", flat=True)) == {rightful.pk}


def test_a_member_does_not_rename_the_organisation(game):
    owner, organisation = applicant()
    asking = ask_in(organisation, part=Part.WRITE, note="Ik.", actor=person("new"), at=game.at)
    perform(JoiningMachine, "let_in", pk=asking.pk, actor=owner, at=game.at, part=Part.VIEW, called="Van mij")
    organisation.refresh_from_db()
    assert organisation.name != "Van mij"
    assert list(organisation.memberships.filter(user=asking.user).values_list("role", flat=True)) == ["viewer"]
