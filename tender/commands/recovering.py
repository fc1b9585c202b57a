"""What is written when money of a grant comes back."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tender.calendar import amsterdam_day
from tender.commands.granting import spoken_for
from tender.enums import Account
from tender.models import LedgerEntry, RecoveryReceipt

if TYPE_CHECKING:
    from tender.models import Recovery
    from tender.step import Facts, Step


def figures_of(recovery: Recovery) -> Facts:
    """How much was received and one is entitled to, and how much of the difference is claimed apart: as it is when the recovery arises."""
    grant = recovery.grant
    entitled = Decimal(grant.settled_amount if grant.settled_amount is not None else grant.amount)
    apart = sum(grant.recoveries.exclude(pk=recovery.pk).values_list("amount", flat=True), start=Decimal(0))
    return {"received": spoken_for(grant), "entitled": entitled, "apart": apart}


def came_back(recovery: Recovery, step: Step, *, bank_reference: str = "", instalment: int | None = None) -> Facts:
    """Keep what came back: the sum itself first, then interest. In the ledger the sum is no longer paid but recovered; interest is no money
    of the grant, and does not stand there."""
    amount, on = Decimal(step.data["amount"]), step.data.get("on") or amsterdam_day(step.at)
    principal = min(amount, recovery.rest)
    RecoveryReceipt.objects.create(
        recovery_id=recovery.pk, on=on, amount=amount, principal=principal, bank_reference=bank_reference, instalment_id=instalment,
        noted_by=step.actor,
    )  # fmt: skip
    grant = recovery.grant
    LedgerEntry.objects.move(grant.application, grant.stage, principal, source=Account.PAID, target=Account.RECOVERED, event_id=step.event_id)
    said = {"bank_reference": bank_reference} if bank_reference else {"instalment": instalment}
    return {"amount": amount, "principal": principal, "interest": amount - principal, "on": on, "rest": recovery.rest, **said}
