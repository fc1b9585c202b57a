"""What stops a seat."""

import pytest

from scoring.models import Panel
from tender.enums import Role
from tests.factories import house, person
from tests.workflows.refusals.saying import refused, refused_new
from workflows.commands import create, perform
from workflows.models import SeatMachine

pytestmark = pytest.mark.django_db


def test_a_chair_who_declined_is_not_asked_again_where_there_is_another():
    officer = house().officer
    at = officer.date_joined
    panel, first, second = Panel.objects.create(name="Raad", since=at.date()), person("first"), person("second")
    of = {"panel": panel, "part": Role.CHAIR, "since": panel.since}
    seat = create(SeatMachine, "invite", of={**of, "user": first}, actor=officer, at=at)
    perform(SeatMachine, "decline", pk=seat.pk, actor=first, at=at)
    other = create(SeatMachine, "invite", of={**of, "user": second}, actor=officer, at=at)
    refused("no_other_chair", SeatMachine, "invite_again", seat, officer, at)
    refused_new("no_other_chair", SeatMachine, "invite", {**of, "user": person("third")}, officer, at)
    perform(SeatMachine, "decline", pk=other.pk, actor=second, at=at)
    perform(SeatMachine, "invite_again", pk=seat.pk, actor=officer, at=at)
