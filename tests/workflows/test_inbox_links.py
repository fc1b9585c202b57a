"""The inbox of someone who is a link of a chain: read back from what they did, on every database."""

from datetime import timedelta

import pytest

from tests.factories import deliver, open_call, publish, score, screen, submitted
from workflows.commands import perform
from workflows.commands.proposing import propose_in_turn
from workflows.models import DecisionMachine
from workflows.queries import inbox

pytestmark = pytest.mark.django_db


def test_a_link_that_was_taken_leaves_the_rest_of_the_chain_to_others():
    game = open_call(publish("minifund"))
    house, at = game.house, game.at + timedelta(days=1)
    case = submitted(game.call, at=at)
    screen(case, house, at)
    for assessor in house.assessors:
        score(case, assessor, at, officer=house.officer)
    decision = propose_in_turn(pk=case.pk, actor=house.officer, at=at)
    perform(DecisionMachine, "submit_for_check", pk=decision.pk, actor=house.officer, at=at, seen=decision.seen_sha256)
    deliver()
    assert "sign" in {item.arrow for item in inbox(house.signatory)}
    assert "sign" not in {item.arrow for item in inbox(house.officer)}
