"""When: the meeting of a panel, and who is in the room for what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring.models import MeetingItem
from scoring.quorum import recusals, rooms, voters

if TYPE_CHECKING:
    from tender.models import Stage
    from tender.step import Step


def quorum_present(stage: Stage, step: Step) -> bool:
    """Too few members without an interest are in the meeting."""
    may_vote = voters(stage)
    return len(may_vote & set(step.data.get("present", []))) >= stage.rules.quorum.members_of(len(may_vote))


def on_the_agenda(stage: Stage, step: Step) -> bool:
    """This application is not on the agenda."""
    return MeetingItem.objects.filter(meeting__stage=stage, application=step.data.get("application")).exists()


def room_is_free(stage: Stage, step: Step) -> bool:
    """Only members with a vote and without an interest in the application can be in the room."""
    out = recusals(stage).get(step.data.get("application", 0), set())
    return set(step.data.get("present", [])) <= voters(stage) - out


def room_explained(stage: Stage, step: Step) -> bool:
    """Too few would be in the room: note why the panel goes on."""
    free = voters(stage) - recusals(stage).get(step.data.get("application", 0), set())
    enough = len(free & set(step.data.get("present", []))) >= stage.rules.quorum.members_of(len(free))
    return enough or bool(step.data.get("note", "").strip())


def rooms_explained(stage: Stage, step: Step) -> bool:
    """For some applications too few members were in the room: note why the panel went on."""
    return all(room.enough or room.note.strip() for room in rooms(stage).values())
