"""The overview of the house: rounds, terms, penalties and officers; in counts, without what an interest closes, never a query per row."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from tender.enums import Role
from tender.models import Application, CaseRole
from tests.factories import declare, deliver, open_call, person, publish, submitted
from tests.factories.standing_in import fresh, stand_in
from tests.workflows.pages.house import closed_round, ranked_round, sign_in
from tests.workflows.refusals.test_lateness import late, morning, note_default
from workflows.commands import create, perform
from workflows.models import ApplicationMachine, ConflictMachine
from workflows.overview import at_risk, exposure, funnels, loads, open_to

pytestmark = pytest.mark.django_db
PAGE = "workflows:overview"


def numbers(user, stage):
    (found,) = [each for each in funnels(open_to(fresh(user))) if each.stage == stage]
    return [number for number, _width in found.bars]


def recuse(case, user, at):
    asked = create(ConflictMachine, "ask", of={"application": case, "user": user, "part": Role.OFFICER}, actor=user, at=at)
    perform(ConflictMachine, "declare_interest", pk=asked.pk, actor=user, at=at, kind="family", explanation="Mijn zus.")


def keys(user):
    return open_to(fresh(user)).values("pk")


def test_who_sees_it(client):
    game = open_call(publish("minifund"))
    house = game.house
    for user in (house.officer, house.head, house.auditor):
        sign_in(client, user)
        page = client.get(reverse(PAGE))
        assert page.status_code == 200
        assert page.context["may_act"] is (user != house.auditor)
        assert (reverse("workflows:hand_over") in page.content.decode()) is (user != house.auditor)
    for user in (house.reader, house.coach, house.signatory, house.jurors[0], person("buiten")):
        sign_in(client, user)
        assert client.get(reverse(PAGE)).status_code == 403
    sign_in(client, house.auditor)
    assert client.post(reverse(PAGE)).status_code == 403
    assert client.get(reverse("workflows:hand_over")).status_code == 403
    client.logout()
    assert client.get(reverse(PAGE)).status_code == 302


def test_the_funnel_says_how_many_came_how_far():
    game, _cases, _at = ranked_round(3)
    assert numbers(game.house.officer, game.stage()) == [3, 3, 3, 2]


@pytest.mark.parametrize("whole", [True, False])
def test_an_interest_is_in_no_count(whole):
    """Of the round where it closes that, of the dossier alone where the scheme narrows it."""
    game, cases, at = closed_round(3) if whole else narrow()
    officer = game.house.officer
    assert numbers(officer, game.stage())[0] == 3
    recuse(cases[0], officer, at)
    assert numbers(officer, game.stage())[0] == (0 if whole else 2)
    assert set(open_to(fresh(officer))) == (set() if whole else set(cases[1:]))
    assert open_to(fresh(game.house.auditor)).count() == 3
    CaseRole.objects.create(application=cases[1], user=game.house.head, role=Role.VIEWER, since=at)
    assert cases[1] not in open_to(fresh(game.house.head)), "nobody counts a dossier of their own"


def narrow():
    game = open_call(publish("minifund"))
    assert not game.call.definition.recuse_whole_round
    return game, [submitted(game.call, at=game.at) for _ in range(3)], game.at


def test_terms_at_risk_are_counted_per_call():
    game, case = late()
    officer, due = game.house.officer, case.decide_by
    assert at_risk(keys(officer), game.at, 7) == [], "nothing of ours ends within a week" if due else ""
    for days, counts in ((0, (1, 1, 0)), (-1, (2, 0, 0)), (6, (1, 1, 0)), (10, (1, 0, 1))):
        (row,) = at_risk(keys(officer), morning(due - timedelta(days=days)), 14)
        assert (row.call, (row.late, row.week, row.soon), row.total) == (game.call, counts, 2)
        assert row.first == (due if days >= 0 else None)


def test_what_being_late_costs_from_day_to_day():
    game, case = late()
    officer, came = game.house.officer, date(2026, 3, 5)
    at = morning(date(2026, 3, 20))
    quiet = exposure(keys(officer), at)
    assert (quiet.notices, quiet.owed, quiet.most, quiet.silent, quiet.could_be) == (0, 0, 0, 1, 1442)
    note_default(case, officer, morning(came), received=came)
    cost = exposure(keys(officer), at)
    assert (cost.notices, cost.owed, cost.a_day, cost.most, cost.silent) == (1, 23, 23, 1442, 0)
    assert [euros for _day, euros in cost.ahead] == [23, 23 * 8, 23 * 14 + 35, 23 * 14 + 35 * 14 + 45, 1442]
    assert cost.points.split(" ")[-1] == "300.0,4.0"
    over = exposure(keys(officer), morning(date(2026, 6, 1)))
    assert (over.owed, over.a_day) == (1442, 0)


def test_who_has_what_and_who_is_away():
    game, case = late()
    officer, idle = game.house.officer, person("rustig", Role.OFFICER)
    declare(case, game.house.coach, at=game.at)
    perform(ApplicationMachine, "intake", pk=case.pk, actor=game.house.coach, at=game.at, serious=True, note="Helder.")
    deliver()
    at = morning(case.decide_by)
    first, second = loads(keys(game.house.head), at, 7)
    assert (first.user, first.dossiers, first.risk, first.share) == (officer, 1, 1, "100.0")
    assert first.tasks >= 1
    assert first.oldest is not None
    assert (second.user, second.dossiers, second.tasks, second.oldest, second.share) == (idle, 0, 0, None, "0.0")
    assert loads(keys(game.house.head), game.at, 7)[0].risk == 0
    assert first.away is None
    made, _other = stand_in(officer, game.house.coach, "officer", by=officer, at=at)
    assert loads(keys(game.house.head), at, 7)[0].away == made
    assert {load.user for load in loads(keys(game.house.head), at, 7)} == {officer, idle}, "who stands in has no work of their own by it"


def test_as_many_queries_for_many_as_for_one(django_assert_num_queries):
    game, _case = late()
    head = fresh(game.house.head)
    assert head.roles
    deliver()

    def everything():
        mine = open_to(head)
        at = morning(date(2026, 3, 20))
        return funnels(mine), at_risk(mine.values("pk"), at, 14), exposure(mine.values("pk"), at), loads(mine.values("pk"), at, 14)

    with django_assert_num_queries(22):
        _funnels, risks, _cost, rows = everything()
    assert (len(risks), rows[0].dossiers) == (1, 1)
    for _ in range(3):
        other = submitted(game.call, at=game.at)
        declare(other, game.house.officer, person("extra", Role.OFFICER), at=game.at)
    deliver()
    with django_assert_num_queries(22):
        _funnels, _risks, _cost, rows = everything()
    assert (len(rows), rows[0].dossiers) == (4, 4)


def test_the_page_looks_as_far_ahead_as_it_is_asked(client):
    game, case = late()
    sign_in(client, game.house.head)
    for said, days in (("28", 28), ("7", 7), ("", 14), ("niets", 14)):
        assert client.get(reverse(PAGE), {"days": said}).context["days"] == days
    body = client.get(reverse(PAGE)).content.decode()
    assert case.reference not in body, "it counts, and names no dossier"
    assert case.party not in body
    sign_in(client, game.house.officer)
    assert reverse(PAGE) in client.get(reverse("workflows:inbox")).content.decode()
    Application.objects.filter(pk=case.pk).update(amount_asked=Decimal(1))
