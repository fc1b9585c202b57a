"""An objection: unfounded, late, posted in time, withdrawn; and founded, up to a new decision that leaves everybody else's as it is."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from scoring.commands.freezing import recomputes
from tender.calendar import amsterdam_day, objection_deadline
from tender.commands.submitting import lawful_day
from tender.enums import Account, DecisionState, Role, StageState
from tender.enums import ApplicationState as A
from tender.models import Application, Decision, Grant, LedgerEntry, Objection
from tests.factories import close, decide, declare, deliver, open_call, person, publish, score, screen, submitted
from tests.factories.objecting import GROUNDS, Published, advised, decided, entered, filed, published, put_aside, take
from tests.factories.rounds import assign
from tests.journeys.telling import assert_sound, balances, letter, pots
from tests.reading import text_of
from tests.workflows.refusals.saying import refused
from workflows.commands import Refused, create, perform
from workflows.commands.clockwork import tick
from workflows.commands.objecting import propose_anew
from workflows.models import (
    ApplicationMachine,
    DecisionMachine,
    Event,
    Letter,
    NoticeMachine,
    Notification,
    ObjectionMachine,
    StageMachine,
    WorkItem,
)
from workflows.rerunning import rerun_of
from workflows.rules.lateness import decided_on
from workflows.rules.objecting import touched_by

pytestmark = [pytest.mark.django_db, pytest.mark.prints]


def state(objection):
    return Objection.objects.get(pk=objection.pk).state


def todo(objection):
    """Whose turn it is."""
    return sorted(WorkItem.objects.filter(noun="objection", key=objection.pk).values_list("arrow", "role"))


def test_unfounded_up_to_the_end_of_the_term_for_the_court():
    made = published()
    decision, last = made.decision(), made.decision().objection_until
    case = filed(made)
    deliver()
    assert (case.in_time, case.decide_by) == (True, last + timedelta(days=42)), "six weeks, from the end of the term for objecting"
    assert todo(case) == [("acknowledge", "objection_handler")]
    assert Notification.objects.get(event__kind="objection.file").user == made.handler
    after = advised(made, case, made.at + timedelta(days=8))
    with pytest.raises(Refused, match="had a hand"):  # the signatory signed the decision
        take(case, "decide", made.house.signatory, after, outcome="unfounded", reasons="Nee.")
    deliver()
    assert todo(case) == [("decide", "head"), ("decide", "signatory")]
    after = made.at + timedelta(days=9, hours=2)
    case = take(case, "decide", made.decider, after, outcome="unfounded", reasons="Het panel motiveerde elk punt.")
    deliver()
    assert case.appeal_until == objection_deadline(amsterdam_day(after))
    said = text_of(Letter.objects.get(kind="objection_decided"))
    assert "Wij verklaren uw bezwaar ongegrond" in said
    assert "rechtbank" in said
    assert "U maakt bezwaar" not in said
    tick(made.at + timedelta(days=46))  # the term for objecting is over, that for the court is not
    assert (state(case), Decision.objects.get(pk=decision.pk).state) == ("unfounded", DecisionState.PUBLISHED)
    assert made.decision("best").state == DecisionState.FINAL
    assert made.game.stage().state == StageState.PUBLISHED
    tick(made.at + timedelta(days=70))
    tick(made.at + timedelta(days=71))
    assert (state(case), Decision.objects.get(pk=decision.pk).state) == ("closed", DecisionState.FINAL)
    assert made.game.stage().state == StageState.FINISHED
    assert made.case().state == A.REFUSED
    assert_sound()


def test_late_and_posted_in_time():
    """Received after the last day, with a postmark of the last day: in time within a week. A day later, without excuse: inadmissible."""
    made = published()
    last = made.decision().objection_until
    case = entered(made, received=last + timedelta(days=7), posted=last)
    assert case.in_time
    take(case, "note_withdrawal", made.handler, made.at + timedelta(days=60), reason="Per brief.")
    late = entered(made, received=last + timedelta(days=8), posted=last)
    assert not late.in_time
    at = made.at + timedelta(days=52)
    take(late, "acknowledge", made.handler, at)
    deliver()
    assert "kwam na de laatste dag" in letter(made.case(), "objection_received")
    with pytest.raises(Refused, match="came too late"):
        take(late, "find_admissible", made.handler, at, excused=" ")
    take(late, "advise", made.handler, at, outcome="inadmissible", inadmissible="late", advice="Te laat, zonder reden.")
    with pytest.raises(Refused):
        take(late, "decide", made.decider, at, outcome="unfounded", reasons="Niet gehoord.")
    take(late, "decide", made.decider, at, outcome="inadmissible", inadmissible="late", reasons="Te laat, zonder reden.")
    deliver()
    assert "niet-ontvankelijk" in letter(made.case(), "objection_decided")
    assert state(late) == "inadmissible"


def test_late_in_the_portal_and_excused():
    made = published()
    after = made.at + timedelta(days=45)
    case = filed(made, at=after, late_because="Ik lag in het ziekenhuis.")
    assert not case.in_time
    decided(made, case, after + timedelta(days=1))
    assert state(case) == "unfounded"
    assert Objection.objects.get(pk=case.pk).excused == "Ziekenhuisopname."


def test_withdrawn_and_filed_again():
    made = published()
    party = made.case().applicant
    case = filed(made)
    with pytest.raises(Refused, match="an objection against this decision already"):
        filed(made)
    take(case, "withdraw", party, made.at + timedelta(days=8))
    deliver()
    assert (state(case), todo(case)) == ("withdrawn", [])
    assert filed(made, at=made.at + timedelta(days=9)).state == "filed"


def test_what_is_missing_stops_the_clock():
    made = published()
    case = filed(made)
    at = made.at + timedelta(days=8)
    before = case.decide_by
    take(case, "acknowledge", made.handler, at)
    day = amsterdam_day(at)
    take(case, "ask_completion", made.handler, at, gaps="Uw handtekening ontbreekt.", until=day + timedelta(days=14))
    deliver()
    assert "Uw handtekening ontbreekt." in letter(made.case(), "objection_completion")
    assert todo(case) == [("complete", "signer")]
    case = take(case, "complete", made.case().applicant, at + timedelta(days=5), completion="Hierbij.")
    assert (case.state, case.suspended_days) == ("acknowledged", 4)
    assert case.decide_by >= before + timedelta(days=4)
    other = filed(made, name="best")
    take(other, "acknowledge", made.handler, at)
    take(other, "ask_completion", made.handler, at, gaps="Uw naam ontbreekt.", until=day + timedelta(days=14))
    tick(at + timedelta(days=14))
    assert state(other) == "incomplete"
    tick(at + timedelta(days=15))
    assert state(other) == "acknowledged"


def judged_again(made, at, mark):
    """Found eligible again, scored by two others, and ranked."""
    case, house = made.case(), made.house
    ticked = {check.key: True for check in case.rules.checklist}
    perform(ApplicationMachine, "find_eligible", pk=case.pk, actor=house.officer, at=at, checklist=ticked)
    assert made.case().state == A.IN_REVIEW, "by itself, at once"
    two = [person("reader", Role.READER), person("reader", Role.READER)]
    declare(case, *two, at=at)
    assign(case, two, house, at)
    for assessor in two:
        score(case, assessor, at, mark=mark)
    assert made.case().state == A.RANKED


def ranked_again(made, at):
    stage = made.game.stage()
    for name, who in (("ask_rerank", made.house.officer), ("rerank", made.house.head)):
        perform(StageMachine, name, pk=stage.pk, actor=who, at=at, reason="Gegrond bezwaar.")


def test_founded_judged_again_ranked_again_and_a_new_decision():
    made = published()
    stage, house = made.game.stage(), made.house
    before = {name: (made.case(name).state, Grant.objects.get(application=made.case(name)).amount) for name in ("best", "level")}
    lines = list(stage.rankings.get().placings.order_by("order").values_list("application__reference", "outcome"))
    case = filed(made)
    at = decided(made, case, made.at + timedelta(days=8), "founded", follows="review")
    deliver()
    assert made.case().state == A.SUBMITTED
    assert made.case().decide_by == Objection.objects.get(pk=case.pk).decide_by
    assert todo(case) == [("settle", "officer")]
    assert "gegrond" in letter(made.case(), "objection_decided")
    judged_again(made, at, "5")
    with pytest.raises(Refused, match="Rank the round again first"):
        propose_anew(pk=made.case().pk, actor=house.officer, at=at)
    with pytest.raises(PermissionDenied):
        perform(StageMachine, "rerank", pk=stage.pk, actor=house.officer, at=at, reason="Gegrond bezwaar.")
    ranked_again(made, at)
    deliver()
    stage = made.game.stage()
    assert stage.state == StageState.PUBLISHED
    first, again = stage.rankings.order_by("version")
    assert list(first.placings.order_by("order").values_list("application__reference", "outcome")) == lines
    assert recomputes(again)
    rerun = rerun_of(Objection.objects.get(pk=case.pk), made.decider)
    moved = {shift.application.reference for shift in rerun.shifts if shift.moved}
    assert moved == {made.case().reference, made.case("level").reference}, "level would not have been chosen"
    assert (rerun.frozen, rerun.ceiling, rerun.needed, rerun.free, rerun.short, rerun.moved) == (True, 25000, 10000, 5000, 5000, 1)
    with pytest.raises(Refused, match="not enough money left"):
        propose_anew(pk=made.case().pk, actor=house.officer, at=at)
    LedgerEntry.objects.fund(stage, Decimal(5000), event_id=Event.objects.latest("at").pk)  # the board finds what lacks
    new = propose_anew(pk=made.case().pk, actor=house.officer, at=at)
    assert (new.kind, new.amount, new.supersedes) == ("award", 10000, made.decision())
    deliver()
    assert todo(case) == []
    with pytest.raises(Refused, match="You signed the decision that was objected to"):
        decide(new, house, at)
    house.signatory = made.decider
    decide(Decision.objects.get(pk=new.pk), house, at)
    deliver()
    assert made.decision().state == DecisionState.SUPERSEDED
    assert state(case) == "closed"
    assert made.case().state == A.AWARDED
    after = {name: (made.case(name).state, Grant.objects.get(application=made.case(name)).amount) for name in ("best", "level")}
    assert after == before, "nobody else's award is touched"
    assert balances(stage) == pots(committed=30000)
    said = text_of(Letter.objects.get(decision=new))
    assert "rechtbank" in said
    assert "U maakt bezwaar" not in said
    assert LedgerEntry.objects.balance(stage, Account.FREE) == 0
    of = {"application": made.case(), "decision": Decision.objects.get(pk=new.pk)}
    with pytest.raises(Refused, match="goes to the court"):
        create(ObjectionMachine, "file", of=of, actor=made.case().applicant, at=at, grounds=GROUNDS)
    assert_sound(untold=2)  # what the board found, put in by hand above


def test_founded_and_only_ranked_again():
    """Whoever judged with an interest counts no more; the ranking is made of what is left, and the refusal may stand."""
    made = published()
    case = filed(made)
    at = decided(made, case, made.at + timedelta(days=8), "founded", follows="rank")
    assert made.case().state == A.RANKED
    ranked_again(made, at)
    new = propose_anew(pk=made.case().pk, actor=made.house.officer, at=at)
    assert (new.kind, new.ground) == (made.decision().kind, made.decision().ground)
    perform_discard(new, made, at)
    again = propose_anew(pk=made.case().pk, actor=made.house.officer, at=at)
    assert again.supersedes == made.decision()
    made.house.signatory = made.decider
    decide(again, made.house, at)
    assert (made.case().state, state(case)) == (A.REFUSED, "closed")
    assert made.decision().state == DecisionState.SUPERSEDED


def perform_discard(decision, made, at):
    perform(DecisionMachine, "discard", pk=decision.pk, actor=made.house.officer, at=at, reason="Eerst nog een keer kijken.")


def test_who_withdraws_meanwhile_gets_no_new_decision():
    made = published()
    case = filed(made)
    at = decided(made, case, made.at + timedelta(days=8), "founded", follows="rank")
    perform(ApplicationMachine, "withdraw", pk=made.case().pk, actor=made.case().applicant, at=at)
    assert state(case) == "closed"
    assert Application.objects.get(pk=made.case().pk).state == A.WITHDRAWN


def test_an_award_is_put_right_in_its_grant():
    made = published()
    case = filed(made, name="best")
    at = advised(made, case, made.at + timedelta(days=8), "founded")
    with pytest.raises(Refused, match="says what follows"):
        take(case, "decide", made.decider, at, outcome="founded", follows="rank", reasons="Het bedrag is te laag.")
    case = take(case, "decide", made.decider, at, outcome="founded", follows="otherwise", reasons="Het bedrag is te laag.")
    assert made.case("best").state == A.AWARDED
    with pytest.raises(Refused):
        take(case, "conclude", made.handler, at, reason=" ")
    assert take(case, "conclude", made.handler, at, reason="Looptijd verlengd.").state == "closed"


@pytest.mark.parametrize("when", ["scoring", "ranked"])
def test_who_is_brought_back_while_the_others_are_judged_holds_nobody_up(when):
    """Not processed while the round was closed, and the objection founded before it is published: judged along, or once it is published."""
    game = open_call(publish("pressure_cooker"), ceiling=Decimal(25_000))
    gone, other = submitted(game.call, at=game.at), submitted(game.call, at=game.at)
    house, stage = game.house, game.stage()
    at = put_aside(gone, house, close(stage))
    screen(other, house, at)
    assign(other, [house.officer, house.reader], house, at)
    made = Published(game, {"gone": gone, "other": other}, person("handler", Role.OBJECTION_HANDLER), person("decider", Role.SIGNATORY), at)
    declare(gone, made.handler, made.decider, at=at)
    perform(StageMachine, "start_scoring", pk=stage.pk, actor=house.officer, at=at)
    for assessor in (house.officer, house.reader):
        score(other, assessor, at, mark="4")
    if when == "ranked":
        ranked(stage, house, at)
    after = decided(made, filed(made, name="gone"), at + timedelta(days=8), outcome="founded", follows="review")
    assert made.case("gone").state == A.SUBMITTED
    ticked = {check.key: True for check in stage.rules.checklist}
    if when == "ranked":
        refused("round_takes_it", ApplicationMachine, "find_eligible", gone, house.officer, after, checklist=ticked)
        return
    perform(ApplicationMachine, "find_eligible", pk=gone.pk, actor=house.officer, at=after, checklist=ticked)
    assert made.case("gone").state == A.IN_REVIEW
    assign(gone, [house.officer, house.reader], house, after)
    for assessor in (house.officer, house.reader):
        score(gone, assessor, after, mark="3")
    ranked(stage, house, after)
    assert [made.case(name).state for name in ("gone", "other")] == [A.RANKED, A.RANKED]


def ranked(stage, house, at):
    """The ranking, fixed by two people of the house."""
    perform(StageMachine, "ask_rank", pk=stage.pk, actor=house.officer, at=at)
    perform(StageMachine, "rank", pk=stage.pk, actor=house.reader, at=at)


def test_whoever_set_the_moment_or_dropped_a_draft_had_a_hand_in_it():
    made = published()
    case = filed(made)
    for name, noun, key in (("stage.schedule", "stage", made.game.stage().pk), ("application.screen", "application", made.case().pk)):
        who = person("hand", Role.OBJECTION_HANDLER)
        declare(made.case(), who, at=made.at)
        assert not touched_by(who).filter(pk=case.pk).exists()
        last = Event.objects.filter(chain=f"dossier:{made.case().reference}").latest("seq")
        Event.objects.create(
            chain=f"test:{name}", seq=1, noun=noun, key=key, kind=name, actor=who, at=made.at, before="", after="", data={}, previous="",
            hash=last.hash,
        )  # fmt: skip
        assert touched_by(who).filter(pk=case.pk).exists()


def test_we_can_be_put_in_default_over_the_new_decision_too():
    made = published()
    decided(made, filed(made), made.at + timedelta(days=8), outcome="founded", follows="rank")
    back = made.case()
    assert decided_on(back) is None, "the first decision is no end to the second"
    last = lawful_day(back)
    came = last + timedelta(days=3)
    of = {"application": back}
    notice = create(NoticeMachine, "note", of=of, actor=made.house.officer, at=made.at + (came - amsterdam_day(made.at)), received=came)
    assert (notice.last_day, notice.ended_on) == (last, None)
