"""Who is in the room: the quorum of a meeting, and that of each application, without those whom an interest keeps out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scoring.models import Conflict, MeetingItem, Seating
from scoring.rules import all_kept_out
from tender.enums import ConflictState, Role

if TYPE_CHECKING:
    from tender.models import Stage


@dataclass(frozen=True, slots=True)
class Room:
    """One application in the meeting: who may vote on it, who of them is in the room, who of those in the meeting left it, and what
    the secretary noted. People by primary key."""

    voters: frozenset[int]
    present: frozenset[int]
    left: frozenset[int]
    needed: int
    note: str = ""

    @property
    def enough(self) -> bool:
        """Whether the quorum is reached."""
        return len(self.present) >= self.needed


def voters(stage: Stage) -> set[int]:
    """Who has a vote in the meeting: the members without the secretary, and without those kept out of the round."""
    seats = Seating.objects.seats(stage).exclude(part=Role.SECRETARY)
    return set(seats.values_list("user_id", flat=True)) - all_kept_out(stage)


def recusals(stage: Stage) -> dict[int, set[int]]:
    """By application, who has an interest in it."""
    found: dict[int, set[int]] = {}
    rows = Conflict.objects.filter(application__stage=stage, state=ConflictState.RECUSED)
    for application, user in rows.values_list("application_id", "user_id"):
        found.setdefault(application, set()).add(user)
    return found


def rooms(stage: Stage) -> dict[int, Room]:
    """The room of every application on the agenda, by its primary key. Five queries, however many there are.

    An interest that came up later takes its owner out of the room and out of those who count, whatever was noted.
    """
    may_vote, out, rule = voters(stage), recusals(stage), stage.rules.quorum
    items = MeetingItem.objects.filter(meeting__stage=stage).prefetch_related("present").select_related("meeting")
    there = {user.pk for user in stage.meeting.present.all()} & may_vote if items else set()
    found = {}
    for item in items:
        free = may_vote - out.get(item.application_id, set())
        present = {user.pk for user in item.present.all()} & free
        left, needed = frozenset(there - present), rule.members_of(len(free))
        found[item.application_id] = Room(frozenset(free), frozenset(present), left, needed, item.note)
    return found
