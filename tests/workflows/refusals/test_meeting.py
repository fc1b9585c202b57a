"""What stops a change in the meeting, and what stays of it."""

from decimal import Decimal

import pytest

from scoring.commands.freezing import recomputes
from scoring.models import Mark, MarkChange, MeetingItem
from scoring.queries import in_round, newest_change, pulse
from scoring.quorum import rooms
from scoring.side_by_side import Moved, moved, side_by_side
from tender.schemes.definition import Quorum
from tests.factories import score, variant
from tests.workflows.refusals.saying import refused
from tests.workflows.refusals.test_rounds import MEETS, scoring, take
from workflows.commands import perform
from workflows.models import ConflictMachine, Event, ScoresheetMachine, StageMachine

pytestmark = pytest.mark.django_db
WHY = "Ik had de begroting verkeerd gelezen."


@pytest.fixture
def met():
    """One application, three jurors, and a meeting of all nine."""
    game, case, at = scoring(variant("hub_support", MEETS), jurors=3)
    house = game.house
    for juror, mark in zip(house.jurors[:3], ("2", "4", "4.5"), strict=True):
        score(case, juror, at, mark=mark)
    sheet = case.sheets.get(juror=house.jurors[2])
    question = sheet.marks.order_by("question").first().question
    said = {"question": question, "before": Decimal("4.5"), "value": Decimal(3), "reason": WHY}
    refused_before = case, sheet, said
    return game, at, *refused_before


def convene(game, at):
    take("convene", game.stage(), game.house.chair, at, present=[juror.pk for juror in game.house.jurors])


def test_a_mark_changes_in_the_meeting_with_a_reason_and_what_it_was_stays(met):
    game, at, case, sheet, said = met
    juror, stage = sheet.juror, game.stage()
    convene(game, at)

    amend = (ScoresheetMachine, "amend", sheet, juror, at)
    refused("mark_as_seen", *amend, **{**said, "before": Decimal(4)})
    refused("mark_as_seen", *amend, **{**said, "before": None})
    for other in ({"value": Decimal("4.5")}, {"value": Decimal("3.2")}, {"value": Decimal(6)}, {"question": "nothing.here", "before": None}):
        refused("mark_changes", *amend, **{**said, **other})
    refused("reason_given", *amend, **{**said, "reason": " "})
    quiet, here = pulse(stage, in_round(stage)), in_round(stage)
    (was,) = side_by_side(stage, [case])
    event = perform(ScoresheetMachine, "amend", pk=sheet.pk, actor=juror, at=at, **said)
    assert (event.before, event.after) == ("confirmed", "confirmed")
    assert event.data == {"question": said["question"], "before": "4.50", "after": "3", "reason": WHY}
    (change,) = MarkChange.objects.all()
    assert (change.before, change.after, change.reason, change.event_id) == (Decimal("4.5"), Decimal(3), WHY, event.pk)
    refused("mark_as_seen", *amend, **said)
    now = pulse(stage, here)
    assert now != quiet
    assert pulse(stage, here.none()) == pulse(stage, here.none()), "who may not see it hears no pulse"
    (row,) = side_by_side(stage, [case])
    assert moved(stage, [row], newest_change(quiet)) == [Moved(case, was.total, row.total)]
    assert moved(stage, [row], newest_change(now)) == []
    assert row.before[0] > row.total, "the mean of the independent sheets stands beside that of now"
    again = {**said, "before": Decimal(3), "value": Decimal("4.5"), "last": change.pk}
    perform(ScoresheetMachine, "amend", pk=sheet.pk, actor=juror, at=at, **again)
    refused("mark_as_seen", *amend, **said)
    last = MarkChange.objects.latest("pk").pk
    perform(ScoresheetMachine, "amend", pk=sheet.pk, actor=juror, at=at, **{**said, "value": None, "last": last})
    mark = Mark.objects.get(sheet=sheet, question=said["question"])
    assert (mark.value, mark.unable, mark.changes.count()) == (None, True, 3)
    take("minute", stage, game.house.secretary, at, minutes="Eén score is gewijzigd.")
    take("sign_minutes", stage, game.house.chair, at)
    refused("meeting_goes_on", *amend, **{**said, "before": None})
    take("ask_rank", stage, game.house.secretary, at)
    take("rank", stage, game.house.chair, at)
    assert recomputes(game.stage().rankings.get())
    refused("meeting_goes_on", *amend, **{**said, "before": None})


def test_who_left_the_room_changes_nothing_on_that_application(met):
    game, at, case, sheet, said = met
    convene(game, at)
    everybody = [juror.pk for juror in game.house.jurors]
    event = perform(
        StageMachine, "discuss", pk=game.stage().pk, actor=game.house.secretary, at=at, application=case.pk,
        present=[pk for pk in everybody if pk != sheet.juror_id], note="Belde even.",
    )  # fmt: skip
    assert event.data == {"reference": case.reference, "present": sorted(set(everybody) - {sheet.juror_id}), "note": "Belde even."}
    room = rooms(game.stage())[case.pk]
    assert (set(room.left), len(room.voters), room.needed, room.enough) == ({sheet.juror_id}, 9, 6, True)
    refused("is_in_the_room", ScoresheetMachine, "amend", sheet, sheet.juror, at, **said)
    few = {"application": case.pk, "present": everybody[:5]}
    refused("room_explained", StageMachine, "discuss", game.stage(), game.house.secretary, at, **few)
    refused("room_explained", StageMachine, "discuss", game.stage(), game.house.secretary, at, **few, note=" ")
    take("discuss", game.stage(), game.house.secretary, at, **few, note="Vier leden moesten naar de trein.")
    assert not rooms(game.stage())[case.pk].enough
    take("minute", game.stage(), game.house.secretary, at, minutes="Vier leden gingen eerder weg.")
    take("sign_minutes", game.stage(), game.house.chair, at)
    take("discuss", game.stage(), game.house.secretary, at, application=case.pk, present=everybody)
    take("ask_rank", game.stage(), game.house.secretary, at)
    refused("minutes_signed", StageMachine, "rank", game.stage(), game.house.chair, at)


def test_an_interest_that_comes_up_in_the_meeting_takes_its_owner_out_of_the_room_and_of_the_quorum(met):
    game, at, case, sheet, _said = met
    convene(game, at)
    late = sheet.juror
    perform(ConflictMachine, "declare_interest", pk=case.conflicts.get(user=late).pk, actor=late, at=at, kind="family", explanation="Neef.")
    room = rooms(game.stage())[case.pk]
    assert late.pk not in room.voters | room.present | room.left
    assert (len(room.voters), room.needed) == (8, 6)
    refused("room_is_free", StageMachine, "discuss", game.stage(), game.house.secretary, at, application=case.pk, present=[late.pk])
    assert MeetingItem.objects.get(application=case).present.count() == 9, "what was noted at the time is not rewritten"
    assert Event.objects.filter(kind="stage.discuss").count() == 0


@pytest.mark.parametrize(("number", "needed"), [(0, 1), (1, 1), (2, 2), (3, 2), (6, 4), (9, 6), (10, 7)])
def test_two_thirds_of_the_members(number, needed):
    assert Quorum(present=Decimal("0.6667")).members_of(number) == needed
