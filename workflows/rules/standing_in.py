"""Who may lend a house role to whom, for how long. Nobody lends what is not theirs, and nobody appoints themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tender.calendar import amsterdam_day
from tender.enums import LENT_ROLES, Role
from tender.models import StandIn

if TYPE_CHECKING:
    from tender.step import Step

AT_MOST = timedelta(days=183)
"""How long somebody stands in at most: longer is a role of one's own."""


def lends(standin: StandIn, step: Step) -> bool:
    """Only who will be away themselves, or the head, may do this."""
    return step.actor.pk == standin.absent_id or Role.HEAD in step.actor.own_roles


def lends_or_stands_in(standin: StandIn, step: Step) -> bool:
    """Only who is away, who stands in, or the head may do this."""
    return step.actor.pk == standin.stands_in_id or lends(standin, step)


def colleague_of_the_house(standin: StandIn, step: Step) -> bool:
    """Choose a colleague who works in the house and does not audit it."""
    other = standin.stands_in
    return other.is_active and bool(other.own_roles) and not other.own_roles & {Role.AUDITOR, Role.CLOCK}


def another_than_oneself(standin: StandIn, step: Step) -> bool:
    """Nobody stands in for themselves, and nobody appoints themselves: let the head or your colleague do this."""
    return standin.stands_in_id not in {standin.absent_id, step.actor.pk}


def roles_of_their_own(standin: StandIn, step: Step) -> bool:
    """Choose at least one role that your colleague has of their own: what was lent to them cannot be lent on."""
    return bool(standin.roles) and set(standin.roles) <= standin.absent.own_roles & set(LENT_ROLES)


def signing_lent_by_head(standin: StandIn, step: Step) -> bool:
    """Only the head lets somebody sign instead of a signatory: the mandate must cover who signs."""
    return Role.SIGNATORY not in standin.roles or Role.HEAD in step.actor.own_roles


def days_in_order(standin: StandIn, step: Step) -> bool:
    """The days begin today or later, end after they begin, and are half a year at most."""
    return amsterdam_day(step.at) <= standin.since <= standin.until <= standin.since + AT_MOST


def nobody_else_stands_in(standin: StandIn, step: Step) -> bool:
    """Somebody stands in already in one of these roles on some of these days: call that off first."""
    there = StandIn.objects.standing().filter(absent=standin.absent_id).meeting(standin.since, standin.until)
    return not any(set(standin.roles) & set(roles) for roles in there.values_list("roles", flat=True))


def day_has_come(standin: StandIn, step: Step) -> bool:
    """The first day has not come yet."""
    return standin.since <= amsterdam_day(step.at)


def days_are_over(standin: StandIn, step: Step) -> bool:
    """The last day is not over yet."""
    return standin.until < amsterdam_day(step.at)
