"""When: a round as a whole; what the board is given to decide on, what was seen of it, and a moment to publish it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from tender.calendar import amsterdam_day
from tender.canonical import digest
from tender.commands.listing import before_the_board
from tender.enums import GIVES, DecisionKind, Ground
from tender.models import Decision
from tender.undertakings import of_minimis
from workflows.aid import Room
from workflows.outcomes import kind_of
from workflows.rules.moments import publication_sha256
from workflows.rules.rounds import undecided

if TYPE_CHECKING:
    from datetime import date

    from scoring.models import Placing
    from tender.models import Stage
    from tender.step import Step

FURTHEST = timedelta(days=60)
"""How far ahead a moment of publication can be set."""


def waits_for_board(stage: Stage, step: Step) -> bool:
    """No decision waits for the board now."""
    return bool(before_the_board(stage))


def reads_whole_list(stage: Stage, step: Step) -> bool:
    """On this list is an application that you may not read: declare on it first, or leave the list to somebody else."""
    listed = {each.pk for each in before_the_board(stage)}
    return Decision.objects.visible_to(step.actor).filter(pk__in=listed).count() == len(listed)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be proposed for one line of a ranking: kind, ground and amount in euros."""

    placing: Placing
    kind: str
    ground: str
    amount: Decimal


def proposals(stage: Stage, day: date) -> list[Proposal]:
    """What would be proposed on a day for every line of the ranking without a decision, the best first. Where state-aid law does not cover
    what a line would get, beside what lines above it get, it is a refusal. As many queries for many lines as for one."""
    placings = stage.rankings.latest().placings.filter(application__in=undecided(stage))
    placings = placings.select_related("application__organisation", "application__applicant")
    lines = list(placings.order_by("order", "application_id"))
    room = Room.of([line.application for line in lines], day) if of_minimis(stage) else None
    found = []
    for line in lines:
        kind, ground = kind_of(line.outcome, stage)
        amount = Decimal(line.amount) if kind in GIVES else Decimal(0)
        if room is not None and amount > 0 and not room.takes(line.application, amount):
            kind, ground, amount = DecisionKind.REFUSE, Ground.CONDITION, Decimal(0)
        found.append(Proposal(line, kind, ground, amount))
    return found


def proposals_sha256(stage: Stage, found: list[Proposal]) -> str:
    """The hash of what would be proposed."""
    rows = [[each.placing.application_id, each.kind, each.ground, each.amount] for each in found]
    return digest([stage.rankings.latest().inputs_sha256, rows])


def proposals_as_seen(stage: Stage, step: Step) -> bool:
    """What would be proposed has changed since you saw it; look again."""
    seen = step.data.get("seen")
    return seen is None or seen == proposals_sha256(stage, proposals(stage, amsterdam_day(step.at)))


def publication_as_seen(stage: Stage, step: Step) -> bool:
    """What would be published has changed since you saw it; look again."""
    seen = step.data.get("seen")
    return seen is None or seen == publication_sha256(stage)


def moment_ahead(stage: Stage, step: Step) -> bool:
    """Name a moment that still has to come, at most 60 days from now."""
    until = step.data.get("publish_at")
    return until is not None and step.at < until <= step.at + FURTHEST
