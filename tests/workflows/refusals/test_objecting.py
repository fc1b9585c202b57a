"""What stops an objection: how it comes in, what may be missing, who looks into it, and what can be decided."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from reports.letters.words import day
from tender.calendar import amsterdam_day, objection_deadline, reconsideration_deadline
from tender.enums import ApplicationState, DecisionState, Role
from tender.models import Application, Decision, Objection
from tests.factories import clock, decide, declare, deliver, open_call, person, publish, submitted
from tests.factories.objecting import GROUNDS, advised, decided, filed, heard, published, take
from tests.workflows.refusals.saying import refused, refused_new
from workflows.commands import perform
from workflows.commands.objecting import propose_anew
from workflows.commands.posting import ask_correction
from workflows.commands.proposing import propose_for
from workflows.mending import SignCorrection
from workflows.models import (
    ApplicationMachine,
    ConflictMachine,
    CorrectionMachine,
    DecisionMachine,
    Event,
    Notification,
    ObjectionMachine,
    StageMachine,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def made():
    return published()


def later(made, days=8):
    return made.at + days * DAY


def of(made, name="weak"):
    return {"application": made.case(name), "decision": made.decision(name)}


def test_an_objection_says_something_about_a_known_decision_once(made):
    party, at = made.case().applicant, later(made)
    for grounds in ("", " \n", "x" * 20_001):
        refused_new("grounds_given", ObjectionMachine, "file", of(made), party, at, grounds=grounds)
    first = filed(made)
    refused_new("none_before", ObjectionMachine, "file", of(made), party, at, grounds=GROUNDS)
    take(first, "withdraw", party, at)
    assert filed(made, at=at).state == "filed"
    game = open_call(publish("pressure_cooker"))
    other = submitted(game.call, at=game.at)
    declare(other, *game.house.staff, at=game.at)
    draft = propose_for(pk=other.pk, kind="ineligible", ground="condition", reasons="Geen hub.", actor=game.house.officer, at=game.at)
    refused_new("is_known", ObjectionMachine, "file", {"application": other, "decision": draft}, other.applicant, game.at, grounds=GROUNDS)


def test_a_letter_has_days_that_can_be(made):
    at = later(made)
    today = amsterdam_day(at)
    for days in ({"received_on": None}, {"received_on": today + DAY}, {"received_on": today, "posted_on": today + DAY}):
        refused_new("days_right", ObjectionMachine, "enter", of(made), made.handler, at, grounds=GROUNDS, **days)


def test_what_is_missing_is_named_once_with_a_fair_term(made):
    case, at = filed(made), later(made)
    take(case, "acknowledge", made.handler, at)
    today, ask = amsterdam_day(at), {"gaps": "De gronden.", "until": amsterdam_day(at) + 14 * DAY}
    refused("gaps_named", ObjectionMachine, "ask_completion", case, made.handler, at, **{**ask, "gaps": " "})
    for until in (None, today + 6 * DAY, today + 43 * DAY):
        refused("repair_fits", ObjectionMachine, "ask_completion", case, made.handler, at, **{**ask, "until": until})
    take(case, "ask_completion", made.handler, at, **ask)
    refused("completion_over", ObjectionMachine, "let_term_pass", case, clock(), at + 14 * DAY)
    party = made.case().applicant
    for text in ("", " ", "x" * 20_001):
        refused("completion_given", ObjectionMachine, "complete", case, party, at, completion=text)
    refused("completes_in_time", ObjectionMachine, "complete", case, party, at + 15 * DAY, completion="Hierbij.")
    case = take(case, "let_term_pass", clock(), at + 15 * DAY)
    assert (case.state, case.suspended_days) == ("acknowledged", 13)
    refused("not_asked_yet", ObjectionMachine, "ask_completion", case, made.handler, at + 15 * DAY, **{**ask, "until": today + 30 * DAY})
    take(case, "advise", made.handler, at + 15 * DAY, outcome="inadmissible", inadmissible="gap", advice="Er kwam niets.")


def test_what_came_by_post_completes_it_too(made):
    case, at = filed(made), later(made)
    take(case, "acknowledge", made.handler, at)
    take(case, "ask_completion", made.handler, at, gaps="De gronden.", until=amsterdam_day(at) + 14 * DAY)
    case = take(case, "note_completion", made.handler, at + DAY, completion="De gronden.")
    assert (case.state, case.suspended_days) == ("acknowledged", 0)
    said = {"outcome": "inadmissible", "advice": "Niet compleet.", "inadmissible": "gap"}
    refused("inadmissible_holds", ObjectionMachine, "advise", case, made.handler, at, **said)


def test_a_hearing_is_planned_ahead_and_minuted_after(made):
    case, at = filed(made), later(made)
    refused("hearing_ahead_if_any", ObjectionMachine, "acknowledge", case, made.handler, at, hearing_at=at - DAY)
    take(case, "acknowledge", made.handler, at)
    for moment in (None, at):
        refused("hearing_ahead", ObjectionMachine, "plan_hearing", case, made.handler, at, hearing_at=moment)
    take(case, "find_admissible", made.handler, at)
    refused("hearing_was", ObjectionMachine, "hear", case, made.handler, at, minutes="Gezegd.")
    take(case, "plan_hearing", made.handler, at, hearing_at=at + DAY, agreed="Zij vroeg er zelf om.")
    refused("hearing_was", ObjectionMachine, "hear", case, made.handler, at, minutes="Gezegd.")
    refused("minutes_given", ObjectionMachine, "hear", case, made.handler, at + DAY, minutes=" ")
    refused("hearing_not_needed", ObjectionMachine, "dispense", case, made.handler, at, no_hearing="busy", reason="Druk.")
    refused("reason_given", ObjectionMachine, "dispense", case, made.handler, at, no_hearing="declined", reason=" ")


def test_a_hearing_leaves_two_weeks_for_papers_and_the_file_unless_the_party_agreed(made):
    case, at = filed(made), later(made)
    refused("hearing_leaves_room", ObjectionMachine, "acknowledge", case, made.handler, at, hearing_at=at + 13 * DAY)
    take(case, "acknowledge", made.handler, at, hearing_at=at + 14 * DAY)
    for agreed in ({}, {"agreed": " "}):
        refused("hearing_leaves_room", ObjectionMachine, "plan_hearing", case, made.handler, at, hearing_at=at + 13 * DAY, **agreed)
    assert take(case, "plan_hearing", made.handler, at, hearing_at=at + 14 * DAY).hearing_at == at + 14 * DAY
    said = "Belde op 3 november: liever volgende week."
    assert take(case, "plan_hearing", made.handler, at, hearing_at=at + 6 * DAY, agreed=said).hearing_at == at + 6 * DAY
    planned = Event.objects.filter(kind="objection.plan_hearing").order_by("seq")
    assert [event.data["agreed"] for event in planned] == ["", said]


def test_a_term_that_begins_anew_makes_what_came_too_late_in_time(made):
    """The mistake in the letter may be why it was late: nobody need excuse it, nor object again."""
    case, at = filed(made, at=later(made, 44)), later(made, 45)
    take(case, "acknowledge", made.handler, at)
    take(case, "advise", made.handler, at, outcome="inadmissible", inadmissible="late", advice="Te laat.")
    refused("in_time_now", ObjectionMachine, "count_in_time", case, clock(), at)
    renewed(made, at, "anew")
    case = Objection.objects.get(pk=case.pk)
    assert (case.in_time, case.state) == (True, "advised")
    assert case.decide_by == reconsideration_deadline(made.decision().objection_until)
    assert made.decision().objection_until == objection_deadline(amsterdam_day(at))
    counted = Event.objects.get(kind="objection.count_in_time")
    assert counted.data == {"last_day": made.decision().objection_until.isoformat(), "decide_by": case.decide_by.isoformat()}
    said = {"outcome": "inadmissible", "inadmissible": "late", "reasons": "Te laat."}
    refused("inadmissible_holds", ObjectionMachine, "decide", case, made.decider, at, **said)
    refused("came_late", ObjectionMachine, "count_in_time", case, clock(), at)
    deliver()
    told = {row.user: row.subject for row in Notification.objects.filter(event=counted)}
    assert set(told) == {made.handler, made.case().applicant}
    assert day(case.decide_by, "nl") in told[made.case().applicant]


def test_a_term_does_not_begin_anew_for_who_objected_in_time(made):
    """They have all that a new term could bring; it would only put off the day on which we decide."""
    case, at = filed(made), later(made)
    before = made.decision().objection_until
    stays_as_it_is(made, at)
    take(case, "withdraw", made.case().applicant, at)
    renewed(made, at, "anew")
    assert made.decision().objection_until > before, "who withdrew may object again"
    assert filed(made, at=later(made, 47)).in_time, "which the old term did not allow"


def test_a_term_does_not_begin_anew_once_an_objection_was_decided_on(made):
    case, at = filed(made, at=later(made, 44)), later(made, 45)
    take(case, "acknowledge", made.handler, at)
    take(case, "advise", made.handler, at, outcome="inadmissible", inadmissible="late", advice="Te laat.")
    take(case, "decide", made.decider, at, outcome="inadmissible", inadmissible="late", reasons="Te laat.")
    stays_as_it_is(made, at)


def letter_of(made):
    return made.decision().letters.get()


def stays_as_it_is(made, at):
    """That the term begins anew is refused, and the form does not offer it; that it runs on is signed."""
    asked = ask_correction(letter=letter_of(made), actor=made.house.officer, at=at, reason="Fout.", text="Goed.")
    say = {"seen": asked.seen_sha256, "term": "anew"}
    refused("term_chosen", CorrectionMachine, "sign", asked, made.house.signatory, at, **say)
    form = SignCorrection(case=CorrectionMachine.objects.get(pk=asked.pk))
    assert [value for value, _label in form.fields["term"].choices] == ["runs"]
    perform(CorrectionMachine, "sign", pk=asked.pk, actor=made.house.signatory, at=at, **{**say, "term": "runs"})


def renewed(made, at, term):
    """The letter of the decision is mended, with this for its term."""
    asked = ask_correction(letter=letter_of(made), actor=made.house.officer, at=at, reason="Fout.", text="Goed.")
    form = SignCorrection(case=CorrectionMachine.objects.get(pk=asked.pk))
    assert term in [value for value, _label in form.fields["term"].choices]
    perform(CorrectionMachine, "sign", pk=asked.pk, actor=made.house.signatory, at=at, seen=asked.seen_sha256, term=term)


def test_more_time_is_taken_once_and_in_time(made):
    case, at = filed(made), later(made)
    for weeks in (0, 7, "six", None):
        refused("weeks_right", ObjectionMachine, "postpone", case, made.handler, at, weeks=weeks, reason="Ziekte.")
    refused("not_over_yet", ObjectionMachine, "postpone", case, made.handler, at + 200 * DAY, weeks=2, reason="Ziekte.")
    before = case.decide_by
    case = take(case, "postpone", made.handler, at, weeks=6, reason="Ziekte.")
    assert (case.decide_by - before).days == 42
    refused("weeks_right", ObjectionMachine, "postpone", case, made.handler, at, weeks=1, reason="Ziekte.")


def test_lateness_is_excused_with_a_reason(made):
    case = filed(made, at=later(made, 44))
    take(case, "acknowledge", made.handler, later(made, 45))
    refused("late_excused", ObjectionMachine, "find_admissible", case, made.handler, later(made, 45), excused=" ")
    case = take(case, "find_admissible", made.handler, later(made, 45), excused="Ziekenhuis.")
    assert case.excused == "Ziekenhuis."


def test_an_advice_fits_what_was_done(made):
    case, at = filed(made), later(made)
    take(case, "acknowledge", made.handler, at)
    say = {"advice": "Zo is het.", "outcome": "unfounded"}
    for outcome in ("unfounded", "founded", "", "perhaps"):
        refused("outcome_fits", ObjectionMachine, "advise", case, made.handler, at, **{**say, "outcome": outcome})
    for ground in ("late", "gap", "", "other"):
        said = {"outcome": "inadmissible", "inadmissible": ground, "advice": "Nee."}
        refused("inadmissible_holds", ObjectionMachine, "advise", case, made.handler, at, **said)
    take(case, "find_admissible", made.handler, at)
    take(case, "dispense", made.handler, at, no_hearing="declined", reason="Wil niet.")
    refused("advice_written", ObjectionMachine, "advise", case, made.handler, at, **{**say, "advice": " "})


def test_who_had_a_hand_in_it_keeps_out(made):
    """The officer who drew it up, the second reader who judged, the signatory who signed: whatever role they have beside."""
    case, at, house = filed(made), later(made), made.house
    for name in ("officer", "reader", "signatory"):
        user = getattr(house, name)
        person_with(user, Role.OBJECTION_HANDLER)
        refused("no_hand_in_it", ObjectionMachine, "acknowledge", case, type(user).objects.get(pk=user.pk), at)
    after = advised(made, case, at)
    refused("no_hand_in_it", ObjectionMachine, "decide", case, house.signatory, after, outcome="unfounded", reasons="Nee.")
    judge = person("judge", Role.HEAD)
    declare(made.case(), judge, at=at)
    assert take(case, "decide", judge, after, outcome="unfounded", reasons="Nee.").state == "unfounded"


def person_with(user, role):
    user.staff_roles.create(role=role)
    user.__dict__.pop("roles", None)


def test_who_has_an_interest_keeps_out(made):
    case, at = filed(made), later(made)
    stranger = person("stranger", Role.OBJECTION_HANDLER)
    for user in (stranger, recused(made, at)):
        with pytest.raises(PermissionDenied):
            take(case, "acknowledge", user, at)
    assert Objection.objects.get(pk=case.pk).state == "filed"


def recused(made, at):
    user = person("sister", Role.OBJECTION_HANDLER, Role.SIGNATORY)
    declare(made.case(), user, at=at)
    conflict = made.case().conflicts.get(user=user)
    perform(ConflictMachine, "declare_interest", pk=conflict.pk, actor=user, at=at, kind="family", explanation="Mijn zus.")
    return user


def test_who_advises_does_not_decide(made):
    person_with(made.handler, Role.HEAD)
    case = filed(made)
    after = advised(made, case, later(made))
    refused("not_the_adviser", ObjectionMachine, "decide", case, made.handler, after, outcome="unfounded", reasons="Nee.")


def test_a_decision_has_reasons_and_says_what_follows(made):
    case = filed(made)
    after = advised(made, case, later(made), "founded")
    say = {"outcome": "founded", "reasons": "De score klopt niet.", "follows": "rank"}
    refused("reasons_written", ObjectionMachine, "decide", case, made.decider, after, **{**say, "reasons": " "})
    for follows in ("", "otherwise", None):
        refused("follows_fits", ObjectionMachine, "decide", case, made.decider, after, **{**say, "follows": follows})
    refused("outcome_fits", ObjectionMachine, "decide", case, made.decider, after, **{**say, "outcome": "perhaps"})
    take(case, "decide", made.decider, after, **say)
    refused("new_decision_known", ObjectionMachine, "settle", case, clock(), after)
    refused("put_right_apart", ObjectionMachine, "conclude", case, made.handler, after, reason="Klaar.")


def test_nothing_else_is_weighed_meanwhile(made):
    """A settlement that is on a desk comes first: a founded objection would find two decisions in one dossier."""
    case = filed(made, name="best")
    after = advised(made, case, later(made), "founded")
    decision = made.decision("best")
    Decision.objects.filter(pk=decision.pk).update(state=DecisionState.DRAFTED)
    say = {"outcome": "founded", "reasons": "Te laag.", "follows": "otherwise"}
    refused("nothing_else_weighed", ObjectionMachine, "decide", case, made.decider, after, **say)


def test_nothing_is_final_while_an_objection_is_open(made):
    case = filed(made)
    decision = DecisionMachine.objects.get(pk=made.decision().pk)
    refused("no_objection_open", DecisionMachine, "become_final", decision, clock(), later(made, 60))
    refused("objections_over", StageMachine, "finish", made.game.stage(), clock(), later(made, 60))
    after = heard(made, case, later(made, 9))
    take(case, "advise", made.handler, after, outcome="unfounded", advice="Nee.")
    take(case, "decide", made.decider, after, outcome="unfounded", reasons="Nee.")
    refused("appeal_over", ObjectionMachine, "close", case, clock(), after)
    refused("no_objection_open", DecisionMachine, "become_final", decision, clock(), later(made, 48))


def test_a_dossier_comes_back_by_a_founded_objection_alone(made):
    case = made.case()
    objection = filed(made)
    for name in ("reconsider_to_review", "reconsider_to_rank"):
        refused("objection_says", ApplicationMachine, name, case, clock(), later(made), objection=objection.pk)
        refused("objection_says", ApplicationMachine, name, case, clock(), later(made))
    assert Application.objects.get(pk=case.pk).state == ApplicationState.REFUSED


def test_a_published_round_is_ranked_again_for_an_objection_alone(made):
    stage, house = made.game.stage(), made.house
    refused("brought_back_here", StageMachine, "ask_rerank", stage, house.officer, later(made), reason="Toch anders.")
    at = decided(made, filed(made), later(made), "founded", follows="rank")
    refused_new(
        "ranked_since", DecisionMachine, "propose", {"application": made.case(), "stage": stage}, house.officer, at,
        kind="refuse", ground="minimum", amount=0,
    )  # fmt: skip
    for name, who in (("ask_rerank", house.officer), ("rerank", house.head)):
        perform(StageMachine, name, pk=stage.pk, actor=who, at=at, reason="Gegrond bezwaar.")
    new = propose_anew(pk=made.case().pk, actor=house.officer, at=at)
    perform(DecisionMachine, "submit_for_check", pk=new.pk, actor=house.officer, at=at, seen=new.seen_sha256)
    refused("signed_by_another", DecisionMachine, "sign", DecisionMachine.objects.get(pk=new.pk), house.signatory, at, seen=new.seen_sha256)
    house.signatory = made.decider
    decide(Decision.objects.get(pk=new.pk), house, at)
    of_new = {"application": made.case(), "decision": Decision.objects.get(pk=new.pk)}
    refused_new("no_court_yet", ObjectionMachine, "file", of_new, made.case().applicant, at, grounds=GROUNDS)
