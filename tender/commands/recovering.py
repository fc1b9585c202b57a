"""What is written when money of a grant comes back."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tender.calendar import amsterdam_day
from tender.enums import Account
from tender.models import LedgerEntry, RecoveryReceipt

if TYPE_CHECKING:
    from tender.models import Recovery
    from tender.step import Facts, Step


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
