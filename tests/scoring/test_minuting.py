"""The draft of the minutes: everything on record, and nothing else."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from django.utils.translation import override

from scoring.minuting import Change, Interest, Item, MeetingRecord, Member, Missing, draft_minutes

LABELS = {"impact.reach": "Impact, Whom does it reach?"}
CHANGE = Change("Bo Vos", "impact.reach", Decimal("4.50"), Decimal("3.00"), "I had misread the budget.")
ITEM = Item("CR26-0001", "De Loods (Stichting Loods)", ("An Bos", "Bo Vos"), ("Cas Dam",), (), 2, "", ())
RECORD = MeetingRecord(
    at=datetime(2026, 3, 2, 13, 30, tzinfo=UTC),
    panel="Creative Council",
    present=(Member("An Bos", "chair"), Member("Bo Vos", "juror"), Member("Cas Dam", "juror"), Member("Els Kok", "secretary")),
    absent=(),
    interests=(),
    missing=(),
    items=(ITEM,),
)


def draft(record, *closed):
    with override("en"):
        return draft_minutes(record, LABELS, frozenset(closed))


def test_it_says_when_who_was_there_and_who_was_in_the_room():
    assert draft(RECORD) == (
        "Meeting of Creative Council on 2 March 2026, 14:30.\n\n"
        "Present: An Bos (chair), Bo Vos, Cas Dam, Els Kok (secretary).\n\n"
        "CR26-0001. De Loods (Stichting Loods)\n2 members in the room; the quorum is 2.\nLeft the room: Cas Dam.\n\n"
        "No mark was changed in the meeting."
    )


def test_it_says_who_was_absent_or_had_an_interest_and_how_far_that_reached():
    some = (Interest("Dirk Eb", ("CR26-0001", "CR26-0002"), whole_round=True), Interest("Fem Gra", ("CR26-0003",), whole_round=False))
    text = draft(replace(RECORD, absent=(Member("Guus Hof", "deputy"),), interests=some))
    assert "Absent: Guus Hof (deputy chair).\n" in text
    assert "Dirk Eb has an interest in CR26-0001, CR26-0002 and took no part in the round.\n" in text
    assert "Fem Gra has an interest in CR26-0003 and took no part in that." in text


def test_it_says_which_sheets_were_accepted_as_missing_and_why():
    text = draft(replace(RECORD, missing=(Missing("CR26-0001", "Bo Vos", "Ill."), Missing("CR26-0001", "Cas Dam"))))
    assert "the sheet of Bo Vos on CR26-0001. Reason: Ill." in text
    assert "the sheet of Cas Dam on CR26-0001. Reason: –" in text, "a meeting of before the reason was kept with the sheet"


def test_it_says_every_change_of_a_mark_and_every_note():
    unable = replace(CHANGE, after=None, question="other.one")
    text = draft(replace(RECORD, items=(replace(ITEM, note="Too few, but nobody objects.", needed=3, changes=(CHANGE, unable)),)))
    assert "The quorum was not reached.\n" in text
    assert "Note: Too few, but nobody objects.\n" in text
    assert "Bo Vos changed the mark on “Impact, Whom does it reach?” from 4.5 to 3. Reason: I had misread the budget." in text
    assert "on “other.one” from 4.5 to not able to judge." in text
    assert "No mark was changed" not in text


def test_it_names_nobody_who_applied_where_the_stage_is_blind():
    assert "CR26-0001.\n1 member in the room" in draft(replace(RECORD, items=(replace(ITEM, title="", present=("An Bos",)),)))


def test_it_says_that_the_meeting_fixes_a_number_only_where_it_does():
    assert "from 3 to 5" in draft(replace(RECORD, bounds=(3, 5)))
    assert "nominates" not in draft(RECORD)


def test_it_tells_a_secretary_with_an_interest_nothing_of_that_application():
    other = replace(ITEM, reference="CR26-0002")
    mine = replace(ITEM, note="Bribed.", changes=(CHANGE,))
    text = draft(replace(RECORD, items=(mine, other), missing=(Missing("CR26-0001", "Bo Vos", "Ill."),)), "CR26-0001")
    assert "CR26-0001.\nThe secretary has an interest in this application" in text
    assert "CR26-0002. De Loods" in text
    for said in ("Bribed", "misread", "Ill.", "No mark was changed"):
        assert said not in text
