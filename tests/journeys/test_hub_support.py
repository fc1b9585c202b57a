"""Hub support: a window, a panel of three, a grant of years that is paid year by year, reported on and settled."""

from datetime import timedelta
from decimal import Decimal

import pytest

from scoring.commands.freezing import recomputes
from tender.calendar import add_months
from tender.enums import GrantState
from tender.models import Application, Decision, Grant
from tender.schemes.answers import gaps
from tests.factories import (
    close,
    decide,
    decide_round,
    declare,
    dossier,
    fill_report,
    house,
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
from workflows.models import GrantMachine, StageMachine

pytestmark = [pytest.mark.django_db, pytest.mark.prints]


@pytest.fixture
def game():
    """€ 220,000, and a panel of three: chair, deputy and one member."""
    home = house()
    home.jurors = home.jurors[:3]
    return open_call(publish("hub_support"), house=home, ceiling=Decimal(220000))


def asks(*years):
    """The answers of a hub that asks these amounts, one a year."""
    rows = [{"year": str(number), "item": "Mensen", "amount": str(sum_)} for number, sum_ in enumerate(years, 1)]
    return {"years": str(len(years)), "amount": str(sum(years)), "per_year": rows}


def too_much(game):
    """More than € 50,000 in a year, or more than three years, cannot be handed in."""
    case = dossier(game.call, at=game.at)
    for said, field in ((asks(60000), "per_year"), (asks(20000, 20000, 20000, 20000), "years")):
        with pytest.raises(Refused, match="The form has gaps"):
            submitted(game.call, case=case, at=game.at, **said)
        assert field in {gap.field for gap in gaps(case.rules.form, Application.objects.get(pk=case.pk).draft)}
    return case


def judged(game, cases):
    """Three sheets for each hub, and no ranking before the last is in."""
    panel, stage, at = game.house.jurors, game.stage(), close(game.stage())
    for case in cases:
        screen(case, game.house, at)
        declare(case, *panel, at=at)
    assert len(assign_round(stage=stage, actor=game.house.officer, at=at)) == 3 * len(cases)
    perform(StageMachine, "start_scoring", pk=stage.pk, actor=game.house.officer, at=at)
    for case, mark in zip(cases, (5, 4, "3.5", 2), strict=True):
        for juror in panel[:2] if mark == 2 else panel:
            score(case, juror, at, mark=mark)
    perform(StageMachine, "ask_rank", pk=stage.pk, actor=game.house.secretary, at=at)
    with pytest.raises(Refused, match="too few sheets"):
        perform(StageMachine, "rank", pk=stage.pk, actor=game.house.chair, at=at)
    score(cases[-1], panel[2], at, mark=2)
    perform(StageMachine, "rank", pk=stage.pk, actor=game.house.chair, at=at)
    assert recomputes(game.stage().rankings.get())
    return at


def a_year_later(game, grants, at):
    """The year that is over is reported on, a day late: the advance of the next year waits for the approval, and is paid."""
    at += timedelta(days=366)
    tick(at)
    for grant in grants:
        fill_report(grant.reports.filter(state="asked").earliest("due_on"), game.house, at)
        pay(grant, game.house, at)
        grant.refresh_from_db()
    return at


def why(reasons):
    """Of a lower settlement: the ground of the law, and what was weighed."""
    return {"ground": "not_done", "weighing": "De kosten zijn niet gemaakt."} if reasons else {"ground": ""}


def settle(game, grant, amount, at, reasons=""):
    """The officer proposes, the chain agrees; what is left is paid, and that closes it."""
    settling = propose_for(
        pk=grant.application_id, kind="settle", amount=amount, reasons=reasons, actor=game.house.officer, at=at, **why(reasons)
    )
    decide(Decision.objects.get(pk=settling.pk), game.house, at)
    pay(grant, game.house, at)
    grant.refresh_from_db()
    assert (grant.state, grant.settled_amount, grant.application.state) == (GrantState.CLOSED, amount, "closed")


def test_from_open_call_to_settled_years(game):
    too_much(game)
    amounts = [(50000, 50000, 50000), (45000, 45000), (30000,), (10000,)]
    cases = [submitted(game.call, at=game.at, **asks(*years)) for years in amounts]
    at = judged(game, cases)
    assert balances(game.stage()) == pots(free=220000)
    perform(StageMachine, "propose", pk=game.stage().pk, actor=game.house.officer, at=at)
    assert balances(game.stage()) == pots(reserved=220000)
    decide_round(game.stage(), game.house, at)
    assert states(game.call) == ["awarded"] * 2 + ["lapsed"] + ["refused"] * 2
    assert balances(game.stage()) == pots(committed=220000)
    letters_say_why(game, cases)

    three, two = (Grant.objects.get(application=case) for case in cases[:2])
    assert [part.amount for part in three.instalments.order_by("pk")] == [45000, 45000, 45000, 15000]
    assert [part.amount for part in two.instalments.order_by("pk")] == [31500, 31500, 7000], "the third year is spread over two"

    for grant in (three, two):
        assert [report.due_on for report in grant.reports.order_by("due_on")] == [
            add_months(grant.starts_on, 12 * year) for year in range(1, 4 if grant == three else 3)
        ]
        perform(GrantMachine, "accept", pk=grant.pk, actor=grant.application.applicant, at=at)
        pay(grant, game.house, at)
    assert balances(game.stage()) == pots(committed=143500, paid=76500)
    at = a_year_later(game, (three, two), at)
    assert balances(game.stage()) == pots(committed=67000, paid=153000)
    at = a_year_later(game, (three, two), at)
    assert balances(game.stage()) == pots(committed=22000, paid=198000)
    assert (three.state, two.state) == (GrantState.ACTIVE, GrantState.ACCOUNTED)
    settle(game, two, Decimal(65000), at, reasons="Er is € 5.000 minder besteed.")
    assert balances(game.stage()) == pots(free=5000, committed=15000, paid=200000)
    at = a_year_later(game, (three,), at)
    settle(game, three, Decimal(150000), at)
    assert balances(game.stage()) == pots(free=5000, paid=215000)
    assert states(game.call) == ["closed"] * 2 + ["lapsed"] + ["refused"] * 2

    lower, equal = letter(cases[1], "settlement"), letter(cases[0], "settlement")
    assert "Wij stellen de subsidie vast op € 65.000,00. Na verrekening van de voorschotten van € 63.000,00 betalen wij € 2.000,00" in lower
    assert "Wij stellen de subsidie € 5.000,00 lager vast dan wij hebben verleend" in lower
    assert "Er is € 5.000 minder besteed." in lower
    assert "Na verrekening van de voorschotten van € 135.000,00 betalen wij € 15.000,00" in equal
    assert "lager" not in equal
    assert_sound()


def letters_say_why(game, cases):
    """The hub on the edge gets what is left; the next reads of the ceiling, the last of the minimum."""
    assert kinds(game.call) == {"receipt": 4, "award": 2, "refusal_ceiling": 1, "refusal_minimum": 1}
    first, part = letter(cases[0], "award"), letter(cases[1], "award")
    assert "Uw aanvraag kreeg 100 van de 100 punten en staat op plaats 1 van 4. U krijgt hooguit € 150.000,00; u vroeg € 150.000,00." in first
    assert "Uw aanvraag loopt over 3 jaar" in first
    assert "Drie leden van de Creative Council hebben los van elkaar uw aanvraag gelezen en punten gegeven." in first
    assert "De Creative Council heeft er niet over vergaderd." in first
    assert "staat op plaats 2 van 4. U krijgt hooguit € 70.000,00; u vroeg € 90.000,00." in part
    assert "wijzen wij uw aanvraag af" in part, "the rest of what it asked"
    over, weak = letter(cases[2], "refusal_ceiling"), letter(cases[3], "refusal_minimum")
    assert "een score van 70 en staat op rang 3 van 4. Het subsidieplafond van € 220.000,00 is bereikt bij rang 2." in over
    assert "Op het totaal scoorde u 40; vereist is 60." in weak
