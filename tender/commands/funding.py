"""What is written when a stage is announced: the money of each source, before anything can be given of it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tender.models import FundingSource, LedgerEntry

if TYPE_CHECKING:
    from uuid import UUID

    from tender.models import Stage


def fund_stage(stage: Stage, *, event_id: UUID) -> None:
    """Put the ceiling into the free pots, source by source as the plan names them; all of it of the house itself where it names none."""
    if not stage.funding:
        LedgerEntry.objects.fund(stage, Decimal(stage.ceiling), event_id=event_id)
    for line in stage.funding:
        source = FundingSource.objects.named(line["source"], kind=line["kind"], name=line["name"])
        LedgerEntry.objects.fund(stage, Decimal(line["amount"]), event_id=event_id, source=source, year=line["year"])
