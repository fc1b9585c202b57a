"""Every role is at every table of steps: what nobody of them may do, nobody may."""

import pytest

from scoring.models import Seating
from tender.enums import Role
from tests.factories import open_call, publish
from tests.factories.cast import ALL_OF_THE_HOUSE, cast

pytestmark = pytest.mark.django_db
HOLD_MANY = ("auditor", "recused", "newcomer")


def test_somebody_stands_for_each_role_and_the_auditor_for_all_of_the_house():
    everybody = cast()
    game = open_call(publish("hub_support"), house=everybody.house)
    case = everybody.dossier(game.call, at=game.at)
    seats = Seating.objects.seats(game.stage(), on=game.at.date())

    def roles_of(user):
        return {
            *user.roles,
            *case.case_roles.open().filter(user=user).values_list("role", flat=True),
            *(s.part for s in seats if s.user == user),
        }

    found = {role for name, user in everybody.people.items() if name not in HOLD_MANY for role in roles_of(user)}
    assert found == set(Role) - {Role.AUDITOR}
    for name in HOLD_MANY:
        assert set(everybody[name].roles) >= set(ALL_OF_THE_HOUSE), name
    assert Role.AUDITOR in everybody["auditor"].roles
