"""The three-stage tender, from ideas to a settled multi-year grant, and a reserve that money is freed for."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from reports.letters.words import day
from scoring.commands.freezing import recomputes
from tender.calendar import amsterdam_day
from tender.enums import ApplicationState, GrantState
from tender.models import Application, Decision, Grant
from tests.factories import (
    assign,
    close,
    decide,
    decide_round,
    declare,
    deliver,
    fill_report,
    open_call,
    pay,
    publish,
    score,
    screen,
    submitted,
)
from tests.journeys.telling import assert_sound, balances, kinds, letter, pots, states
from workflows.commands import Refused, perform
from workflows.commands.assigning import assign_round
from workflows.commands.clockwork import tick
from workflows.commands.proposing import propose_for
from workflows.models import ApplicationMachine, ConflictMachine, GrantMachine, StageMachine

pytestmark = [pytest.mark.django_db, pytest.mark.prints]


def ideas(game):
    """Stage 1: six ideas, of which the second juror thinks the first too weak."""
    house = game.house
    cases = [submitted(game.call, at=game.at) for _ in range(6)]
    stage = game.stage(1)
    at = close(stage)
    for case in cases:
        screen(case, house, at)
        declare(case, *house.jurors, at=at)
        assign(case, house.jurors[:2], house, at)
    perform(StageMachine, "start_scoring", pk=stage.pk, actor=house.officer, at=at)
    for number, case in enumerate(cases):
        for juror in house.jurors[:2]:
            score(case, juror, at, mark=5 if number else 2)
    perform(StageMachine, "ask_rank", pk=stage.pk, actor=house.secretary, at=at)
    perform(StageMachine, "rank", pk=stage.pk, actor=house.chair, at=at)
    decide_round(game.stage(1), house, at)
    return cases, at


def proposals(game, cases):
    """Stage 2: one withdrawn, two members kept out of the round, a meeting that fixes three of four."""
    house, stage = game.house, game.stage(2)
    tick(stage.opens_at)
    running = [Application.objects.get(pk=case.pk) for case in cases[1:]]
    assert {case.stage_id for case in running} == {stage.pk}
    for case in running:
        submitted(game.call, case=case, at=stage.opens_at)
    at = close(stage)
    gone, *left = running
    perform(ApplicationMachine, "withdraw", pk=gone.pk, actor=gone.applicant, at=at, reason="Ziekte")
    for case in left:
        screen(case, house, at)
    jurors = conflicts(house, left, at)
    for case in left:
        declare(case, *jurors, at=at)
    assert len(assign_round(stage=stage, actor=house.officer, at=at)) == len(left) * len(jurors), "the whole Council scores all"
    perform(StageMachine, "start_scoring", pk=stage.pk, actor=house.officer, at=at)
    for case, mark in zip(left, ("5", "4.5", "4", "3.5"), strict=True):
        for juror in jurors:
            score(case, juror, at, mark=mark)
    perform(StageMachine, "convene", pk=stage.pk, actor=house.chair, at=at, present=[juror.pk for juror in jurors])
    with translation.override("en"), pytest.raises(Refused, match="not signed"):
        perform(StageMachine, "rank", pk=stage.pk, actor=house.chair, at=at)
    perform(StageMachine, "minute", pk=stage.pk, actor=house.secretary, at=at, number=3, minutes="Wij dragen er drie voor.")
    perform(StageMachine, "sign_minutes", pk=stage.pk, actor=house.chair, at=at)
    perform(StageMachine, "ask_rank", pk=stage.pk, actor=house.secretary, at=at)
    perform(StageMachine, "rank", pk=stage.pk, actor=house.chair, at=at)
    decide_round(game.stage(2), house, at)
    return left


def conflicts(house, cases, at):
    """One member says so, another is kept out by the chair: each for one proposal, and so out of all of them. Who is left."""
    brother, neighbour, *others = house.jurors[2:]
    declared = cases[0].conflicts.get(user=brother)
    perform(ConflictMachine, "declare_interest", pk=declared.pk, actor=brother, at=at, kind="family", explanation="Mijn broer.")
    silent = cases[1].conflicts.get(user=neighbour)
    perform(ConflictMachine, "recuse", pk=silent.pk, actor=house.chair, at=at, reason="De aanvrager is een buurvrouw.")
    for case in cases:
        assert set(case.conflicts.filter(user__in=[brother, neighbour]).values_list("state", flat=True)) == {"recused"}
    return [*house.jurors[:2], *others]


def plans(game, nominated):
    """Stage 3: the order is carried over; the ceiling holds two plans, so the third is in reserve."""
    house, stage = game.house, game.stage(3)
    tick(stage.opens_at)
    running = [Application.objects.get(pk=case.pk) for case in nominated]
    for case in running:
        if case.state == ApplicationState.DRAFT:
            submitted(game.call, case=case, at=stage.opens_at, amount="62500")
    at = close(stage)
    for case in Application.objects.filter(stage=stage, state="submitted"):
        screen(case, house, at)
    perform(StageMachine, "start_scoring", pk=stage.pk, actor=house.officer, at=at)
    perform(StageMachine, "ask_rank", pk=stage.pk, actor=house.officer, at=at)
    perform(StageMachine, "rank", pk=stage.pk, actor=house.reader, at=at)
    decide_round(game.stage(3), house, at)
    return at


def freed_for_the_reserve(game, case, at):
    """A grant that was not accepted in time frees its money; a new decision gives it to the first in reserve. Returns the day."""
    award = {"pk": case.pk, "kind": "award", "ground": "", "amount": Decimal(62500), "actor": game.house.officer}
    with pytest.raises(Refused, match="not enough money"):
        propose_for(**award, reasons="Te vroeg.", at=at)
    at += timedelta(weeks=6)
    tick(at)
    assert balances(game.stage(3)) == pots(free=62500, committed=62500)
    new = propose_for(**award, reasons="Er is geld vrijgekomen.", at=at)
    expired = at + timedelta(weeks=21)
    tick(expired)
    assert Application.objects.get(pk=case.pk).state == ApplicationState.RESERVED, "a place holds while the new decision is under way"
    decide(Decision.objects.get(pk=new.pk), game.house, expired)
    grant = Grant.objects.get(application=case, stage=game.stage(3))
    perform(GrantMachine, "accept", pk=grant.pk, actor=case.applicant, at=expired)
    assert balances(game.stage(3)) == pots(committed=125000)
    return expired


def why(reasons):
    """Of a lower settlement: the ground of the law, and what was weighed."""
    return {"ground": "not_done", "weighing": "De kosten zijn niet gemaakt."} if reasons else {"ground": ""}


def settle(game, case, amount, at, reasons=""):
    """The officer proposes, the chain agrees, the grant is settled and paid out."""
    decision = propose_for(pk=case.pk, kind="settle", amount=amount, reasons=reasons, actor=game.house.officer, at=at, **why(reasons))
    decide(Decision.objects.get(pk=decision.pk), game.house, at)
    pay(Grant.objects.get(application=case, stage=game.stage(3)), game.house, at)


def test_from_idea_to_settled_grant():
    game = open_call(publish("crossover"), ceiling=Decimal(125000))
    house = game.house
    cases, at = ideas(game)
    assert states(game.call) == ["admitted"] * 5 + ["refused"]
    assert recomputes(game.stage(1).rankings.latest())
    assert balances(game.stage(1)) == pots(free=5, committed=124995)
    read_by_two_members(cases)

    left = proposals(game, cases)
    assert recomputes(game.stage(2).rankings.latest())
    assert states(game.call) == ["admitted"] * 3 + ["refused"] * 2 + ["withdrawn"]
    advised_by_the_council(left)

    at = plans(game, left)
    first, second, third = (Application.objects.get(pk=case.pk) for case in left[:3])
    assert [case.state for case in (first, second, third)] == ["awarded", "awarded", "reserved"]
    assert balances(game.stage(3)) == pots(committed=125000)
    assert (third.reserve_place, third.reserve_until) == (1, amsterdam_day(at) + timedelta(weeks=26))
    until = day(third.reserve_until, "nl").replace("\N{NO-BREAK SPACE}", " ")
    assert f"U staat op plaats 1 van de reservelijst, geldig tot en met {until}." in letter(third, "reserve")

    whole = Grant.objects.get(application=first, stage=game.stage(3))
    perform(GrantMachine, "accept", pk=whole.pk, actor=first.applicant, at=at)
    at = freed_for_the_reserve(game, third, at)
    assert Grant.objects.get(application=second, stage=game.stage(3)).state == GrantState.LAPSED
    new = letter(third, "award")
    assert "U krijgt hooguit € 62.500,00 voor uw programma; u vroeg € 62.500,00." in new
    assert "Er is geld vrijgekomen." in new

    pay(whole, house, at)
    for report in whole.reports.all():
        at += report.due_on - timedelta(days=10) - amsterdam_day(at)
        tick(at)
        pay(whole, house, at)
        fill_report(report, house, at)
    whole.refresh_from_db()
    assert whole.state == GrantState.ACCOUNTED
    pay(whole, house, at)
    settle(game, first, Decimal("60000.00"), at, reasons="Er is € 2.500 minder besteed.")
    whole.refresh_from_db()
    assert (whole.state, whole.settled_amount) == (GrantState.CLOSED, Decimal(60000))
    assert balances(game.stage(3)) == pots(free=2500, committed=62500, paid=60000)
    deliver()
    assert kinds(game.call) == {
        "receipt": 14, "invitation": 5, "refusal_minimum": 1, "nomination": 3, "refusal_rank": 1, "award": 3, "reserve": 1,
        "intent": 1, "settlement": 1, "report_due": 3, "withdrawn": 1, "advance": 2, "report_approved": 2,
    }  # fmt: skip
    assert_sound()


def read_by_two_members(cases):
    """The quick scan of stage 1 is no advice of the Council: two of its members read, and nobody met."""
    for text in (letter(cases[0], "refusal_minimum"), letter(cases[1], "invitation")):
        assert "Twee leden van de Creative Council hebben los van elkaar uw aanvraag gelezen en punten gegeven." in text
        assert "De Creative Council heeft er niet over vergaderd." in text
        assert "Bijlage: opmerkingen bij uw aanvraag" in text
        assert "Wij hebben advies gevraagd" not in text


def advised_by_the_council(cases):
    """The nomination of stage 2 is its advice, after a meeting; who falls outside the number reads by how much."""
    nominated, outside = letter(cases[0], "nomination"), letter(cases[3], "refusal_rank")
    assert "De Creative Council draagt uw voorstel voor. Wij nemen die voordracht over" in nominated
    assert "Met een score van 70 staat u op rang 4 van 4. Wij kozen de eerste 3." in outside
    for text in (nominated, outside):
        assert "Wij hebben advies gevraagd aan de Creative Council." in text
        assert "Bijlage: advies van de Creative Council" in text
