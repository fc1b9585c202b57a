"""The terms that flows read: what was promised beside the law, and when to warn."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tender.models import Application
from tests.factories import open_call, publish, submitted, variant
from workflows.flows import terms
from workflows.rules.deadlines import present_by

pytestmark = pytest.mark.django_db
UNPROMISED = ("promise_working_days = 30\n", "")


def fresh(case):
    return Application.objects.with_rules().get(pk=case.pk)


@pytest.mark.parametrize(
    ("received", "last"),
    [
        (datetime(2026, 1, 6, 9, tzinfo=UTC), date(2026, 1, 20)),  # a Tuesday, two weeks of five days on
        (datetime(2026, 1, 10, 9, tzinfo=UTC), date(2026, 1, 23)),  # a Saturday: Monday is the first that counts
        (datetime(2026, 3, 30, 9, tzinfo=UTC), date(2026, 4, 15)),  # over Good Friday and Easter Monday
        (datetime(2026, 1, 6, 23, 30, tzinfo=UTC), date(2026, 1, 21)),  # half past midnight in Amsterdam is the next day
    ],
)
def test_promised_is_the_tenth_working_day_after_complete_receipt(received, last):
    game = open_call(publish("minifund"))
    case = fresh(submitted(game.call, at=received))
    assert terms.promised(case) == last
    assert terms.decide_by(case) == last < case.decide_by


def test_promised_says_nothing_where_nothing_was_promised_or_received():
    game = open_call(variant("pressure_cooker", UNPROMISED))
    case = fresh(submitted(game.call, at=game.at))
    assert terms.promised(case) is None
    assert terms.decide_by(case) == case.decide_by
    fund = open_call(publish("minifund"), house=game.house)
    from tests.factories import dossier

    draft = fresh(dossier(fund.call, at=fund.at))
    assert terms.promised(draft) is terms.decide_by(draft) is terms.decide_soon(draft) is None


def test_the_law_comes_first_where_it_is_stricter_than_the_promise():
    game = open_call(variant("minifund", ("decision_weeks = 8", "decision_weeks = 1")))
    case = fresh(submitted(game.call, at=game.at))
    assert terms.promised(case) > case.decide_by == terms.decide_by(case)


def test_decide_soon_warns_two_days_before_a_promise_and_two_weeks_before_the_law():
    fund = open_call(publish("minifund"))
    promised = fresh(submitted(fund.call, at=fund.at))
    assert terms.decide_soon(promised) == terms.morning(date(2026, 1, 18))
    tender = open_call(variant("pressure_cooker", UNPROMISED), house=fund.house)
    lawful = fresh(submitted(tender.call, at=tender.at))
    assert terms.decide_soon(lawful) == terms.morning(lawful.decide_by - timedelta(days=14))


def test_one_presents_within_the_promise_and_once_that_is_past_within_the_law():
    fund = open_call(publish("minifund"))
    case = fresh(submitted(fund.call, at=fund.at))
    assert present_by(case, fund.at) == date(2026, 1, 20)
    assert present_by(case, datetime(2026, 1, 21, 9, tzinfo=UTC)) == case.decide_by
