"""A batch of payments as a spreadsheet, to who may read every payment in it."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from reports.exports.batch import table_of
from reports.exports.columns import Scope
from reports.exports.writing import write_xlsx
from tender.models import PaymentBatch
from workflows.pages.room import MONEY_ROLES, StaffPage

if TYPE_CHECKING:
    from tender.http import SignedIn

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class BatchSheet(StaffPage):
    """The lines of one batch."""

    roles = MONEY_ROLES

    def get(self, request: SignedIn, pk: int) -> HttpResponse:
        """The workbook."""
        batch = get_object_or_404(PaymentBatch.objects.visible_to(request.user), pk=pk)
        out = BytesIO()
        write_xlsx([table_of(batch)], Scope(), out)
        response = HttpResponse(out.getvalue(), content_type=XLSX)
        response["Content-Disposition"] = f'attachment; filename="{batch.message_id}.xlsx"'
        response["Cache-Control"] = "no-store"
        return response
