"""The register of grants as a table: what the law has us publish, without natural persons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from reports.exports.columns import Column, Scope, Table, Type, batches
from tender.register import granted, lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.models import QuerySet

    from tender.models import Grant
    from tender.register import Line


def grants(scope: Scope) -> QuerySet[Grant]:
    """The grants of a call, a year, or all, but those that an interest closes to who asks."""
    return granted(year=scope.year, call=scope.call).filter(scope.open("application"))


def row(line: Line) -> tuple[Any, ...]:
    """A line in the order of the columns."""
    return (
        line.reference, line.call, line.basis, line.recipient, line.kvk, line.activities, line.summary, line.starts_on, line.ends_on,
        line.awarded, line.awarded_on, line.change, line.settled, line.settled_on, line.withdrawn, line.withdrawn_on,
    )  # fmt: skip


def rows_of(found: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    """One row per grant."""
    return (row(line) for line in lines(found))


REGISTER = Table(
    "register",
    _("Register of grants"),
    (
        Column(_("Reference"), _("The number of the dossier, the same through all stages."), width=14),
        Column(_("Call"), _("The reference of the call."), width=12),
        Column(_("Legal basis"), _("The rules on which the grant rests."), width=40),
        Column(_("Recipient"), _("The legal person that got the grant; natural persons are left out."), width=30),
        Column(_("KvK number"), _("The number in the trade register."), width=12),
        Column(_("Activities"), _("What the grant is for, by its title."), width=44),
        Column(_("Summary"), _("What the grant is for, in the applicant’s words."), width=60),
        Column(_("From"), _("The first day of the activities."), Type.DAY, 12),
        Column(_("Until"), _("The last day of the activities."), Type.DAY, 12),
        Column(_("Awarded"), _("What was awarded, in euros."), Type.MONEY, 15, total=True),
        Column(_("Awarded on"), _("The day on which the award was made known."), Type.DAY, 12),
        Column(_("Change"), _("What the settlement made of the award, in euros: below zero where it is lower."), Type.MONEY, 15, total=True),
        Column(_("Settled"), _("The amount on which it was settled, in euros; empty as long as it is not."), Type.MONEY, 15, total=True),
        Column(_("Settled on"), _("The day on which the settlement was made known."), Type.DAY, 12),
        Column(_("Withdrawn"), _("Whether the grant has lapsed or was withdrawn."), Type.YES_NO, 10),
        Column(_("Withdrawn on"), _("The day on which it lapsed, where it was not accepted in time."), Type.DAY, 12),
    ),
    lambda scope: rows_of(batches(grants(scope))),
    lambda scope: grants(scope).count(),
)
