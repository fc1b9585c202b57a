"""The rows for the central register of de minimis aid: one per grant under that regulation, with the last day to report it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from reports.exports.columns import Column, Scope, Table, Type, batches
from tender.models import Grant, Stage
from tender.state_aid import in_force
from tender.undertakings import FELL_AWAY, aid_in, every_link, given_on, of_minimis, party_key
from workflows.aid import last_day_to_report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet


def grants(scope: Scope) -> QuerySet[Grant]:
    """Every grant of de minimis aid that did not fall away. Two queries, however many there are: which stages give it stands in their
    schemes."""
    found = Grant.objects.filter(scope.q("application__call__"), scope.open("application")).exclude(state__in=FELL_AWAY)
    found = found.filter(decision__published_at__isnull=False)
    stages = Stage.objects.filter(pk__in=found.values("stage")).select_related("call__version")
    found = found.filter(stage__in=[stage.pk for stage in stages if of_minimis(stage)])
    related = ("application__call", "application__organisation", "application__applicant", "decision", "stage")
    return found.select_related(*related).order_by("application__reference", "pk")


def aid_rows(scope: Scope) -> Iterator[tuple[Any, ...]]:
    """One row per grant. Three queries, however many there are."""
    links = every_link()
    for grant in batches(grants(scope)):
        case, day = grant.application, given_on(grant)
        whole = next((link.undertaking for link in links.get(party_key(case), ()) if link.holds_on(day)), None)
        instrument = in_force("de_minimis", day)
        yield (
            case.reference, case.call.reference, grant.stage.key, case.party, case.organisation.kvk if case.organisation else "",
            str(whole or ""), day, aid_in(grant), instrument.regulation if instrument else "", last_day_to_report(grant),
            grant.aid_reported_on,
        )  # fmt: skip


AID = Table(
    "aid",
    _("State aid"),
    (
        Column(_("Reference"), _("The number of the dossier, the same through all stages."), width=14),
        Column(_("Call"), _("The reference of the call."), width=12),
        Column(_("Stage"), _("The key of the stage in the scheme."), width=18),
        Column(_("Beneficiary"), _("The organisation, or the person where there is none."), width=30),
        Column(_("KvK number"), _("The number in the trade register."), width=12),
        Column(_("Undertaking"), _("The single undertaking that it belonged to on that day, where it was linked to anybody."), width=30),
        Column(_("Granted on"), _("The day the right to the aid arose: that of the decision's publication."), Type.DAY, 12),
        Column(_("Aid"), _("What was granted, or once it was settled what it was settled at, in euros."), Type.MONEY, 15, total=True),
        Column(_("Regulation"), _("The regulation that held on that day."), width=16),
        Column(_("Report by"), _("The last day to put it into the central register: twenty working days."), Type.DAY, 12),
        Column(_("Reported on"), _("Since when it stands there; empty where it does not yet."), Type.DAY, 12),
    ),
    aid_rows,
    lambda scope: grants(scope).count(),
)
