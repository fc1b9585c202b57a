"""When: a round as a whole; what the board is given to decide on, what was seen of it, and the moment that was set to publish it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tender.canonical import digest
from tender.commands.listing import before_the_board
from tender.enums import Role
from tender.models import Decision
from workflows.rules.rounds import undecided

if TYPE_CHECKING:
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


def proposals_sha256(stage: Stage) -> str:
    """The hash of the proposals that would be made now: per application its outcome and amount."""
    ranking = stage.rankings.latest()
    rows = ranking.placings.filter(application__in=undecided(stage)).order_by("application_id")
    return digest([ranking.inputs_sha256, list(rows.values_list("application_id", "outcome", "amount"))])


def publication_sha256(stage: Stage) -> str:
    """The hash of what would be published now: every open decision with what it says, and when it was signed."""
    rows = list(stage.decisions.open().order_by("pk"))
    for each in rows:
        each.stage = stage  # one parsed scheme for all
    return digest([[each.pk, each.state, each.seen_sha256, each.signed_at] for each in rows])


def proposals_as_seen(stage: Stage, step: Step) -> bool:
    """What would be proposed has changed since you saw it; look again."""
    seen = step.data.get("seen")
    return seen is None or seen == proposals_sha256(stage)


def publication_as_seen(stage: Stage, step: Step) -> bool:
    """What would be published has changed since you saw it; look again."""
    seen = step.data.get("seen")
    return seen is None or seen == publication_sha256(stage)


def moment_ahead(stage: Stage, step: Step) -> bool:
    """Name a moment that still has to come, at most 60 days from now."""
    until = step.data.get("publish_at")
    return until is not None and step.at < until <= step.at + FURTHEST


def moment_set(stage: Stage, step: Step) -> bool:
    """No moment of publication was set."""
    return stage.publish_at is not None


def at_the_moment(stage: Stage, step: Step) -> bool:
    """The moment that was set has not come yet, or a decision has changed since it was set: set it again."""
    if not step.actor.has_role(Role.CLOCK):
        return True
    return stage.publish_at is not None and step.at >= stage.publish_at and stage.publish_seen == publication_sha256(stage)
