"""Planning a call: a version of a scheme, its windows and ceilings, its committed lotteries, and its jury."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.db import transaction

from scoring.lottery import commitment
from tender.models import Call
from workflows.commands.door import create
from workflows.models import StageMachine

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from tender.models import SchemeVersion, User

Plan = dict[str, tuple["datetime", "datetime | None", "Decimal"]]
"""Per stage key: opens, closes (None: open all year until the year's end is set), ceiling in euros."""
Funding = dict[str, list[dict[str, Any]]]
"""Per stage key, where its ceiling comes from, in the order in which it is used: lines of source (a key), name, kind (`SourceKind`),
year and amount. A stage that is left out is paid by the house itself, in the year of the call."""


@transaction.atomic
def plan_call(  # noqa: PLR0913
    *, version: SchemeVersion, year: int, plan: Plan, actor: User, at: datetime,
    titles: tuple[str, str] | None = None, seeds: dict[str, str] | None = None, funding: Funding | None = None,
) -> Call:  # fmt: skip
    """A call of ``version``, with its stages in preparation. ``seeds`` fixes the lotteries (for a story that must repeat itself);
    without, each stage draws 32 secret bytes."""
    definition = version.definition
    stem = f"{definition.prefix}{year % 100:02d}"
    earlier = Call.objects.filter(reference__startswith=stem).count()
    title_nl, title_en = titles or (f"{definition.title.nl} {year}", f"{definition.title.en} {year}")
    call = Call.objects.create(
        reference=stem if not earlier else f"{stem}{'BCDEFGHIJKLMNOPQRSTUVWXYZ'[earlier - 1]}",
        version=version, year=year, title_nl=title_nl, title_en=title_en,
    )  # fmt: skip
    for number, rules in enumerate(definition.stages, start=1):
        opens_at, closes_at, ceiling = plan[rules.key]
        named = {"funding": funding[rules.key]} if funding and rules.key in funding else {}
        seed = (seeds or {}).get(rules.key) or secrets.token_hex(32)
        create(
            StageMachine, "plan", of={"call": call, "key": rules.key, "number": number}, actor=actor, at=at, opens_at=opens_at,
            closes_at=closes_at, ceiling=ceiling, lottery_seed=seed, lottery_commitment=commitment(seed.encode()), **named,
        )  # fmt: skip
    return call
