"""Order of receipt: whose turn it is for the money of a stage that is open all year."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from scoring.lottery import draw
from tender.calendar import amsterdam_day
from tender.enums import Account, ApplicationState
from tender.models import Application, LedgerEntry
from tender.schemes.definition import Amount, Cutoff

if TYPE_CHECKING:
    from datetime import date

    from tender.models import Stage

WAITING = (ApplicationState.ELIGIBLE, ApplicationState.IN_REVIEW, ApplicationState.RANKED)


def in_order(stage: Stage) -> list[Application]:
    """The eligible applications without an open or published decision, in order of complete receipt.

    The order is by Amsterdam calendar day; within a day it is a draw with the stage's committed seed and that day, which only
    matters on the day that crosses the ceiling.
    """
    decided = stage.decisions.open().values("application_id")
    cases = list(stage.applications.filter(state__in=WAITING, completed_at__isnull=False).exclude(pk__in=decided))
    by_day: dict[date, list[Application]] = {}
    for case in cases:
        if case.completed_at is not None:
            by_day.setdefault(amsterdam_day(case.completed_at), []).append(case)
    queue: list[Application] = []
    for day in sorted(by_day):
        named = {case.reference: case for case in by_day[day]}
        seed = f"{stage.lottery_seed}:{day.isoformat()}".encode()
        queue += [named[reference] for reference in draw(seed, sorted(named))]
    return queue


def money_left_for(stage: Stage, *, before: Application | None = None) -> Decimal:
    """What is free under the ceiling beyond what the applications in the queue ask (those ahead of ``before``, or all), in euros."""
    left = LedgerEntry.objects.balance(stage, Account.FREE)
    for case in in_order(stage):
        if before is not None and case.pk == before.pk:
            break
        left -= price(case)
    return left


def price(case: Application) -> Decimal:
    """What an application costs if it is awarded in full, in euros."""
    return case.amount_asked or case.stage.rules.grant.flat or Decimal(0)


def offer(case: Application, left: Decimal) -> Decimal:
    """What an application can get of what is left, in euros: a part where the scheme gives parts, else all it asks or nothing."""
    asked = price(case)
    if case.stage.rules.selection.cutoff == Cutoff.PARTIAL:
        return max(min(asked, left), Decimal(0))
    return asked if asked <= left else Decimal(0)


def gives_money(stage: Stage) -> bool:
    """Whether the stage gives money at all."""
    return bool(stage.rules.grant.amount != Amount.NONE)


def used_up(stage: Stage) -> bool:
    """Whether nothing is left: not a cent, or, where the scheme gives no part of a grant, less than the first in the queue asks."""
    if not gives_money(stage):
        return False
    left = LedgerEntry.objects.balance(stage, Account.FREE)
    if left <= 0:
        return True
    waiting = in_order(stage) if stage.rules.selection.cutoff != Cutoff.PARTIAL else []
    return bool(waiting) and left < price(waiting[0])
