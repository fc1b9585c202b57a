"""A batch of payments as a table, for whoever checks it outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from reports.exports.columns import Column, Table, Type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reports.exports.columns import Scope
    from tender.models import PaymentBatch

COLUMNS = (
    Column(_("Batch"), _("By what the bank and we know the file."), width=20),
    Column(_("Reference"), _("The number of the dossier, the same through all stages."), width=14),
    Column(_("End-to-end reference"), _("By which the bank tells what became of the payment."), width=32),
    Column(_("In the name of"), _("Whose account it is."), width=34),
    Column(_("Account"), _("The account that is paid (IBAN)."), width=26),
    Column(_("Amount"), _("The amount of the payment, in euros; nothing where it was taken out."), Type.MONEY, 16, total=True),
    Column(_("The bank pays on"), _("The day on which the bank is asked to pay."), Type.DAY, 14),
    Column(_("What became of it"), _("Whether it waits, was paid, came back or was taken out."), width=22),
    Column(_("Paid on"), _("The day it was paid."), Type.DAY, 12),
    Column(_("Bank reference"), _("The reference at the bank."), width=24),
    Column(_("Reason"), _("Why it came back, or was taken out."), width=40),
)


def table_of(batch: PaymentBatch) -> Table:
    """The lines of one batch."""

    def rows(_scope: Scope) -> Iterator[tuple[Any, ...]]:
        for line in batch.lines.select_related("instalment__grant__application").order_by("pk"):
            part, is_paid = line.instalment, line.outcome == "paid"
            yield (
                batch.message_id, part.grant.application.reference, line.end_to_end_id, line.name, line.iban,
                None if line.outcome == "out" else line.amount, batch.execute_on, line.get_outcome_display(),
                part.paid_on if is_paid else None, part.bank_reference if is_paid else "", line.why,
            )  # fmt: skip

    return Table("batch", _("Batch"), COLUMNS, rows, lambda _scope: batch.lines.count())
