"""What is written when payments go to the bank together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count

from tender.models import PaymentLine
from tender.sepa import end_to_end_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tender.models import Instalment, PaymentBatch


def lines_for(batch: PaymentBatch, parts: Sequence[Instalment]) -> list[PaymentLine]:
    """A line per payment, not yet saved: to whom it goes is read now, and stays."""
    before = dict(PaymentLine.objects.filter(instalment__in=parts).values_list("instalment").annotate(Count("pk")).order_by())
    return [
        PaymentLine(
            batch=batch, instalment=part, amount=part.amount, iban=part.iban, name=holder(part),
            end_to_end_id=end_to_end_id(part.grant.application.reference, part.pk, before.get(part.pk, 0) + 1),
        )
        for part in parts
    ]  # fmt: skip


def holder(part: Instalment) -> str:
    """In whose name the account is: as it was confirmed, else the party."""
    application = part.grant.application
    changed = application.bankaccounts.confirmed().filter(iban=part.iban).first()
    return str(changed.holder if changed is not None else application.party)[:140]
