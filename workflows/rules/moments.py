"""When a moment of publication that was set stands, and why it does not.

It was set for decisions as they were signed. Where a party withdraws, its own decision falls away and nothing of the others has changed:
they are published at the moment. Not where what falls away would change, by the scheme or by state-aid law, what is decided on another:
then people look at it first.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from scoring.commands.freezing import selected
from scoring.selection import Money, select
from tender.canonical import digest
from tender.enums import ApplicationState, DecisionKind, DecisionState, Ground, LinkState, Role
from tender.models import UndertakingLink
from tender.schemes.definition import Amount
from tender.undertakings import of_minimis, party_key
from workflows.rules.rounds import ranking_stands

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tender.models import Application, Decision, Stage
    from tender.step import Step


class Void(StrEnum):
    """Why nothing is published at the moment that was set."""

    NO = ""
    CHANGED = "changed"
    FREED = "freed"
    RANKING = "ranking"


def publication_sha256(stage: Stage, fell: Sequence[Decision] = ()) -> str:
    """The hash of what would be published now: every open decision, and when it was signed. What is signed stays what it is, also where
    its letter would be worded otherwise from now on. ``fell``: decisions that fell away, as if they were still signed."""
    rows = [*stage.decisions.open().values_list("pk", "state", "signed_at"), *((each.pk, SIGNED, each.signed_at) for each in fell)]
    return digest([list(row) for row in sorted(rows)])


SIGNED = DecisionState.SIGNED.value


def fell_since(stage: Stage) -> list[Decision]:
    """The signed decisions that fell away since the moment was set, because their party withdrew."""
    from workflows.models import Event

    moment = Event.objects.filter(noun="stage", key=stage.pk, kind="stage.schedule").latest("seq")
    dropped = Event.objects.filter(noun="decision", kind="decision.discard", at__gte=moment.at).values("key")
    fell = stage.decisions.filter(pk__in=dropped, application__state=ApplicationState.WITHDRAWN, signed_at__isnull=False)
    return list(fell.select_related("application"))


def why_void(stage: Stage) -> Void:
    """Why nothing is published at the moment that was set; empty where it stands. Two queries more than the decisions themselves, and
    those of the ranking where a party withdrew."""
    fell = fell_since(stage)
    if stage.publish_seen != publication_sha256(stage, fell):
        return Void.CHANGED
    if not ranking_stands(stage, None):  # type: ignore[arg-type]
        return Void.RANKING
    return Void.FREED if frees_a_place(stage, fell) or frees_aid(stage, fell) else Void.NO


def frees_a_place(stage: Stage, fell: Sequence[Decision]) -> bool:
    """Whether the selection among who is left, in the order that was frozen, would be another without these: what one leaves, money or a
    place on the reserve list, goes by the scheme to who comes next."""
    gone = {each.application.reference for each in fell if each.kind != DecisionKind.REFUSE}
    if not gone:
        return False
    ranking, rules = stage.rankings.latest(), stage.rules
    inputs = ranking.inputs
    left = set(ranking.placings.filter(application__state=ApplicationState.RANKED).values_list("application__reference", flat=True))
    rows = selected(rules, inputs).rows
    amounts = {name: Decimal(amount) for name, amount in inputs["amounts"].items()}
    ceiling = None if inputs["ceiling"] is None else Decimal(inputs["ceiling"])
    money = Money(amounts, ceiling, flat=rules.grant.amount == Amount.FLAT)

    def gives(names: set[str]) -> dict[str, tuple[str, Decimal | None]]:
        within = [row for row in rows if row.reference in names]
        seed = inputs["seed"].encode()
        places = select(within, rules.selection, rules.rubric, money=money, number=inputs["number"], seed=seed).places
        return {place.reference: (str(place.standing), place.granted) for place in places if place.reference in left}

    return gives(left | gone) != gives(left)


def frees_aid(stage: Stage, fell: Sequence[Decision]) -> bool:
    """Whether a decision that falls away gave aid to an undertaking of which another was refused its aid in this round."""
    gave = [each.application for each in fell if each.amount > 0]
    if not gave or not of_minimis(stage):
        return False
    waits = stage.decisions.open().filter(kind=DecisionKind.REFUSE, ground=Ground.CONDITION).select_related("application")
    links = UndertakingLink.objects.filter(state=LinkState.LINKED).values_list("organisation_id", "person_id", "undertaking_id")
    whole: dict[tuple[int | None, int | None], int] = {(one, two): undertaking for one, two, undertaking in links}

    def unit(case: Application) -> object:
        return whole.get(party_key(case), party_key(case))

    return not {unit(case) for case in gave}.isdisjoint({unit(each.application) for each in waits})


def moment_set(stage: Stage, step: Step) -> bool:
    """No moment of publication was set."""
    return stage.publish_at is not None


def moment_came(stage: Stage, at: datetime) -> bool:
    """Whether a moment of publication was set, and it has come."""
    return stage.publish_at is not None and at >= stage.publish_at


def at_the_moment(stage: Stage, step: Step) -> bool:
    """The moment that was set has not come yet, or what is to be published has changed since it was set: set it again."""
    if not step.actor.has_role(Role.CLOCK):
        return True
    return moment_came(stage, step.at) and not why_void(stage)


def moment_is_void(stage: Stage, step: Step) -> bool:
    """The moment that was set has not come, or what was set for it can be published."""
    return moment_came(stage, step.at) and bool(why_void(stage))


def publishes_by_itself(stage: Stage) -> bool:
    """Whether a moment was set, and stands: then nobody has to publish the round."""
    return stage.publish_at is not None and not why_void(stage)
