"""The mini-fund: order of complete receipt, a ceiling that runs out to the cent, pauses, and opens again when money is freed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from scoring.lottery import draw
from tender.enums import Account, ApplicationState, StageState
from tender.models import Application, Grant, LedgerEntry
from tests.factories import decide, declare, deliver, dossier, fill_report, open_call, pay, publish, score, screen, submitted
from tests.journeys.telling import assert_sound, balances, kinds, letter, pots
from workflows.commands import Refused, perform
from workflows.commands.proposing import propose_for, propose_in_turn
from workflows.models import ApplicationMachine, DecisionMachine, WorkItem
from workflows.queue import in_order

pytestmark = [pytest.mark.django_db, pytest.mark.prints]


@pytest.fixture
def game():
    return open_call(publish("minifund"), ceiling=Decimal("7000.00"))


def judged(game, case, at, *, mark=None):
    """Screened, pitched, and scored by both assessors."""
    screen(case, game.house, at)
    for assessor in game.house.assessors:
        score(case, assessor, at, mark=mark, officer=game.house.officer)


def assessed(game, day, *, mark=None, asked="5000"):
    """An application of a day, screened, pitched and scored."""
    at = game.at + timedelta(days=day)
    form = game.stage().rules.form
    case = submitted(game.call, at=at, **{form.amount: asked})
    judged(game, case, at, mark=mark)
    case = Application.objects.get(pk=case.pk)
    assert case.state == ApplicationState.RANKED
    return case, at


def test_a_year_of_a_small_fund(game):
    house, stage = game.house, game.stage()
    first, at = assessed(game, 1)
    decision = propose_in_turn(pk=first.pk, actor=house.officer, at=at)
    assert (decision.kind, decision.amount) == ("award", Decimal(5000))
    decide(decision, house, at)
    grant = Grant.objects.get(application=first)
    assert grant.state == "settled"
    pay(grant, house, at)
    for report in grant.reports.all():
        fill_report(report, house, at)
    assert Application.objects.get(pk=first.pk).state == ApplicationState.CLOSED

    weak, at = assessed(game, 2, mark=0)
    assert propose_in_turn(pk=weak.pk, actor=house.officer, at=at).ground == "minimum"

    second, at = assessed(game, 3)
    third, _ = assessed(game, 4)
    with pytest.raises(Refused, match="earlier"):
        propose_in_turn(pk=third.pk, actor=house.officer, at=at)
    partly = propose_in_turn(pk=second.pk, actor=house.officer, at=at)
    assert partly.amount == Decimal(2000), "awarded in so far as the ceiling holds"
    deliver()
    assert game.stage().state == StageState.PAUSED
    assert in_order(game.stage()) == [third]
    with pytest.raises(Refused, match="waits"):
        propose_in_turn(pk=third.pk, actor=house.officer, at=at)
    with pytest.raises(Refused, match="window"):
        dossier(game.call, at=at + timedelta(hours=1))

    perform(DecisionMachine, "discard", pk=partly.pk, actor=house.officer, at=at, reason="Toch niet.")
    deliver()
    assert LedgerEntry.objects.balance(stage, Account.FREE) == Decimal(2000)
    assert game.stage().state == StageState.PAUSED, "two cases wait for more than is free"
    for case in (second, third):
        decide(propose_for(pk=case.pk, kind="refuse", ground="receipt_order", reasons="Op.", actor=house.officer, at=at), house, at)
    assert game.stage().state == StageState.OPEN
    assert dossier(game.call, at=at + timedelta(hours=1)).state == ApplicationState.DRAFT
    deliver()
    assert kinds(game.call) == {"receipt": 4, "award": 1, "refusal_receipt_order": 2, "report_approved": 1}
    assert_sound()


def asks(game, at):
    """One application for € 1,500."""
    return submitted(game.call, at=at, **{game.stage().rules.form.amount: "1500"})


def completed(game, case, friday, monday):
    """What a formal gap costs: the day on which nothing is missing any more is the day that counts."""
    house, formal = game.house, next(field.key for field in case.rules.form.fields() if field.formal and field.required)
    declare(case, *house.staff, at=friday)
    perform(ApplicationMachine, "request_completion", pk=case.pk, actor=house.officer, at=friday, gaps=[{"field": formal, "says": "Leeg."}])
    perform(ApplicationMachine, "complete", pk=case.pk, actor=case.applicant, at=monday)


def test_lots_are_drawn_on_the_day_that_crosses_the_ceiling():
    """€ 2,000 for four who ask € 1,500: three complete on one Friday, the earliest only on Monday."""
    game = open_call(publish("minifund"), ceiling=Decimal(2000))
    house, stage = game.house, game.stage()
    friday, monday = game.at + timedelta(days=3), game.at + timedelta(days=6)
    late = asks(game, game.at)
    same_day = [asks(game, friday + timedelta(hours=hour)) for hour in range(3)]
    completed(game, late, friday, monday)
    for case in (late, *same_day):
        judged(game, case, monday)
    deliver()
    drawn = draw(f"{stage.lottery_seed}:2026-01-09".encode(), sorted(case.reference for case in same_day))
    assert [case.reference for case in in_order(stage)] == [*drawn, late.reference], "a draw within the day, and days in their order"
    first, second, third = (Application.objects.get(reference=reference) for reference in drawn)
    due = dict(WorkItem.objects.filter(noun="decision", arrow="propose").values_list("application", "deadline"))
    assert due == {**dict.fromkeys((case.pk for case in same_day), date(2026, 1, 23)), late.pk: date(2026, 1, 26)}, "ten working days"

    whole = propose_in_turn(pk=first.pk, actor=house.officer, at=monday)
    part = propose_in_turn(pk=second.pk, actor=house.officer, at=monday)
    deliver()
    assert (whole.amount, part.amount, game.stage().state) == (Decimal(1500), Decimal(500), StageState.PAUSED)
    assert balances(stage) == pots(reserved=2000)
    perform(ApplicationMachine, "withdraw", pk=first.pk, actor=first.applicant, at=monday, reason="Toch niet.")
    deliver()
    assert game.stage().state == StageState.PAUSED, "what is free is what the next in the queue asks"
    with pytest.raises(Refused, match="earlier"):
        propose_in_turn(pk=late.pk, actor=house.officer, at=monday)
    decide(propose_in_turn(pk=third.pk, actor=house.officer, at=monday), house, monday)
    assert balances(stage) == pots(reserved=500, committed=1500)
    assert "U krijgt € 1.500,00; u vroeg € 1.500,00." in letter(third, "award")
    for case in (second, late):
        perform(ApplicationMachine, "withdraw", pk=case.pk, actor=case.applicant, at=monday)
    deliver()
    assert (game.stage().state, balances(stage)) == (StageState.OPEN, pots(free=500, committed=1500)), "freed, and nobody waits for it"
    assert dossier(game.call, at=monday).state == ApplicationState.DRAFT
