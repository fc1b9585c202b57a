"""What the letter of an award says of state aid, and the rows for the central register."""

from decimal import Decimal

import pytest

from reports.exports.columns import Scope
from reports.exports.kinds import tables_of
from reports.letters.composing import compose
from reports.letters.facts import from_plain, to_plain
from reports.letters.printing import html
from tender.calendar import add_working_days
from tests.factories import deliver
from tests.factories.awarded import award
from tests.reports.samples import sample
from workflows.commands.linking import note_aid
from workflows.models import Event

pytestmark = pytest.mark.django_db


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
