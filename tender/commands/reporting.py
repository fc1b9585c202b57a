"""Writing a report: saved as typed, like a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from tender.commands.drafting import joined_with
from tender.enums import ReportState, Role
from tender.models import ProgressReport
from tender.reporting import form_of
from tender.rules import has_part
from tender.schemes.balancing import rows_in
from tender.schemes.definition import GivenRows

if TYPE_CHECKING:
    from datetime import datetime

    from tender.models import User

WRITABLE = (ReportState.DRAFT, ReportState.INCOMPLETE)


def may_report(report: ProgressReport, user: User) -> bool:
    """Whether this person may write in the report now."""
    return report.state in WRITABLE and has_part(report.grant.application, user, Role.EDITOR)


@transaction.atomic
def save_report(
    *, pk: int, actor: User, at: datetime, typed: dict[str, Any], seen: dict[str, Any] | None = None,  # noqa: ARG001
) -> tuple[ProgressReport, dict[str, str]]:  # fmt: skip
    """Keep what was typed in a report, right or wrong; returns it and what is wrong with which question.

    Raises `Overtaken` where somebody else changed what this page showed; nothing is saved then.
    """
    report = ProgressReport.objects.select_for_update(of=("self",)).select_related("grant__application").get(pk=pk)
    if not may_report(report, actor):
        raise PermissionDenied("write")
    form = form_of(report)
    cleaned, faults = joined_with(form, report.answers, typed, seen)
    given = [field for field in form.fields() if isinstance(field, GivenRows) and field.key in cleaned]
    cleaned |= {field.key: field.with_all(rows_in(cleaned[field.key])) for field in given}
    report.answers = {**report.answers, **cleaned}
    report.save(update_fields=["answers"])
    return report, faults
