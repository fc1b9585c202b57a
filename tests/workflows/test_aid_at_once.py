"""Two decisions on parties that count as one, at the same moment, with real connections: one of them alone is covered."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tender.clock import database_now
from tender.models import Decision
from tender.state_aid import in_force
from tender.undertakings import balance_of, linked_with
from tests.factories import declare, open_call, publish, score, screen, submitted
from tests.workflows.together import together
from workflows.commands import Refused
from workflows.commands.linking import link_parties, note_aid
from workflows.commands.proposing import propose_in_turn

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def fund():
    """Two makers who passed, each asking the same."""
    game = open_call(publish("minifund"), at=database_now() - timedelta(days=2))
    game.cases = [submitted(game.call, at=game.at) for _ in range(2)]
    for case in game.cases:
        screen(case, game.house, game.at)
        declare(case, *game.house.assessors, at=game.at)
        for juror in game.house.assessors[: case.rules.assessors]:
            score(case, juror, game.at, officer=game.house.officer)
    return game


@pytest.mark.parametrize("attempt", range(3))
def test_linked_parties_do_not_both_pass(fund, attempt):
    """The undertaking has room for one of the two: the second to come finds the first under way, and is refused on that condition."""
    one, other = (case.applicant for case in fund.cases)
    by = {"actor": fund.house.officer, "at": fund.at}
    today = fund.at.date()
    link_parties(one, other, since=today, reason="Zelfde bedrijf.", **by)
    room = in_force("de_minimis", today).threshold - max(case.amount_asked for case in fund.cases) - Decimal(1)
    note_aid(one, body="RVO", amount=room, granted_on=today, reason="Opgave.", **by)
    together(*[lambda case=case: propose_in_turn(pk=case.pk, **by) for case in fund.cases])
    made = Decision.objects.order_by("kind")
    given = [each for each in made if each.amount > 0]
    assert len(given) == 1, [(each.kind, each.ground, each.amount) for each in made]
    balance = balance_of(linked_with(other, today), today, new=Decimal(0))
    assert balance.together <= balance.threshold


@pytest.mark.parametrize("attempt", range(3))
def test_who_is_linked_while_both_are_decided_on(fund, attempt):
    """Either the link comes first and one is refused, or it comes after both and shows that there is too much: nothing hangs."""
    one, other = (case.applicant for case in fund.cases)
    by = {"actor": fund.house.officer, "at": fund.at}
    today = fund.at.date()
    given = together(
        lambda: link_parties(one, other, since=today, reason="Zelfde bedrijf.", **by),
        *[lambda case=case: propose_in_turn(pk=case.pk, **by) for case in fund.cases],
    )
    assert not [each for each in given if isinstance(each, Exception) and not isinstance(each, Refused)], given
    assert len(linked_with(one, today).people) == 2
