"""What the letter of an award says of state aid, and the rows for the central register."""

from datetime import timedelta
from decimal import Decimal

import pytest

from reports.exports.columns import Scope
from reports.exports.kinds import tables_of
from reports.letters.composing import compose
from reports.letters.facts import from_plain, to_plain
from reports.letters.printing import html
from tender.calendar import add_working_days, amsterdam_day
from tender.models import Undertaking, UndertakingLink
from tests.factories import deliver
from tests.factories.awarded import award
from tests.reports.samples import sample
from workflows.commands.linking import note_aid
from workflows.models import Event

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def test_the_letter_gives_the_balance_as_it_was_at_the_signature():
    """Aid that is noted afterwards changes nothing in it."""
    it = award(1)
    grant = it.grants[0]
    event = Event.objects.get(kind="decision.sign")
    party, officer = grant.application.organisation, it.cast["officer"]
    note_aid(party, body="RVO", amount=Decimal(5), granted_on=it.at.date(), reason="Register.", actor=officer, at=it.at)
    aid = compose(event).aid
    assert (aid.threshold, aid.prior, aid.pending, aid.new) == (Decimal(300000), 0, 0, grant.amount)
    assert aid.left == aid.threshold - grant.amount
    facts = compose(event)
    assert from_plain(type(facts), to_plain(facts)).aid == aid


def test_the_letter_names_the_regulation_and_the_figures():
    said = html("award", sample("award", "nl"))
    for words in ("Verordening (EU) 2023/2831", "€\N{NO-BREAK SPACE}60.000,00", "Andere aanvragen, nog in behandeling", "Daarna over"):
        assert words in said or words.replace("\N{NO-BREAK SPACE}", " ") in said, words


def test_the_register_has_a_row_per_grant():
    it = award(1)
    deliver()
    grant = it.grants[0]
    (table,) = tables_of("aid", "csv")
    (row,) = table.rows(Scope())
    day = it.at.date()
    assert row[0] == grant.application.reference
    assert row[6:] == (day, grant.amount, "(EU) 2023/2831", add_working_days(day, 20), None)
    assert table.size(Scope()) == 1


@pytest.mark.parametrize("number", [1, 3])
def test_the_register_and_its_count_cost_the_same_for_one_and_for_many(number, django_assert_num_queries):
    """Which stages give such aid, the links of all, and the grants; a count does without the links."""
    award(number)
    (table,) = tables_of("aid", "csv")
    with django_assert_num_queries(3):
        assert len(list(table.rows(Scope()))) == number
    with django_assert_num_queries(2):
        assert table.size(Scope()) == number


def test_the_register_names_the_undertaking_that_it_belonged_to_on_the_day_of_the_grant():
    """Who was linked before, or came to be linked later, belonged to none on that day; of two, the one that began last counts."""
    it = award(2)
    party, day = it.grants[0].application.organisation, amsterdam_day(it.grants[0].decision.published_at)
    assert party == it.grants[1].application.organisation, "one organisation hands in all of this cast"
    by = {"organisation": party, "reason": "Zelfde bestuurder.", "noted_by": it.cast["officer"], "noted_at": it.at}
    (table,) = tables_of("aid", "csv")

    def named():
        return {row[5] for row in table.rows(Scope())}

    def linked(name, state, since, until=None):
        UndertakingLink.objects.create(undertaking=Undertaking.objects.create(name=name), state=state, since=since, until=until, **by)

    linked("Vroeger", "ended", day - 9 * DAY, day - DAY)
    assert named() == {""}
    linked("Tot en met die dag", "ended", day - 8 * DAY, day)
    assert named() == {"Tot en met die dag"}
    linked("Later begonnen", "ended", day, day)
    assert named() == {"Later begonnen"}
    linked("Na die dag", "linked", day + DAY)
    assert named() == {"Later begonnen"}
