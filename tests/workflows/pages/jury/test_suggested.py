"""The system suggests an interest: shown where one declares, never passed by a tick for all, and told to who judges a doubt."""

import pytest

from scoring.models import Conflict, PanelMember
from scoring.models.links import links_between
from tender.enums import ConflictState
from tests.workflows.pages.jury.test_reading import at, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def linked(game):
    """A juror whose organisation is called as the applicant of the first application is."""
    juror = game.house.jurors[2]
    type(juror).objects.filter(pk=juror.pk).update(organisation_name=game.cases[0].organisation.name)
    return juror


def test_a_tick_for_all_leaves_out_what_was_found(client, game, linked):
    url = at(game, "conflicts")
    page = signed_in(client, linked).get(url)
    assert [case.pk for case, _found in page.context["linked"]] == [game.cases[0].pk]
    assert game.cases[0] not in page.context["cases"]
    client.post(url, {"case": [case.pk for case in game.cases]})
    states = Conflict.objects.filter(user=linked).order_by("application__reference").values_list("state", flat=True)
    assert list(states) == [ConflictState.ASKED, ConflictState.NONE, ConflictState.NONE]


def test_no_interest_in_what_was_found_needs_an_explanation(client, game, linked):
    url = at(game, "conflict", game.cases[0].reference)
    page = signed_in(client, linked).get(url)
    assert game.cases[0].organisation.name in page.context["form"].found[0]
    bare = client.post(url, {"says": "declare_none"})
    assert bare.status_code == 422
    assert set(bare.context["form"].errors) == {"explanation"}
    assert Conflict.objects.get(user=linked, application=game.cases[0]).state == ConflictState.ASKED
    assert client.post(url, {"says": "declare_none", "explanation": "Een andere stichting."}).status_code == 302
    assert Conflict.objects.get(user=linked, application=game.cases[0]).state == ConflictState.NONE


def test_who_judges_a_doubt_reads_what_was_found(client, game, linked):
    said = {"says": "declare_doubt", "kind": "rival", "explanation": "Oude bekenden."}
    signed_in(client, linked).post(at(game, "conflict", game.cases[0].reference), said)
    (row,) = signed_in(client, game.house.chair).get(at(game, "meeting")).context["doubts"]
    assert game.cases[0].organisation.name in row["found"][0]


def test_links_cost_the_same_for_many(game, django_assert_num_queries):
    seats = PanelMember.objects.values_list("user", flat=True)
    for pairs in ([(seats[0], game.cases[0].pk)], [(user, case.pk) for user in seats for case in game.cases]):
        with django_assert_num_queries(8):
            links_between(pairs)
