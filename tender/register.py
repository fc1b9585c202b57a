"""The register of grants (Woo 3.3): what was granted to whom, on which basis, what it came to. Legal persons alone, once published.

It is read from the grants as they stand, so it is never older than the page: the law asks for every two weeks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Q, Subquery

from tender.calendar import amsterdam_day
from tender.enums import LEGAL_PERSONS, DecisionKind, GrantState
from tender.models import Decision, Grant
from tender.queries import IN_FORCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from decimal import Decimal

    from django.db.models import QuerySet

GONE = (GrantState.LAPSED, GrantState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Line:
    """One grant in the register, as the public reads it; amounts in euros."""

    reference: str
    call: str
    basis: str
    recipient: str
    kvk: str
    activities: str
    summary: str
    starts_on: date
    ends_on: date
    awarded: Decimal
    awarded_on: date
    settled: Decimal | None
    settled_on: date | None
    change: Decimal | None
    """What the settlement, or a decision that lowered it, made of the award: below zero; nothing where it stayed."""
    withdrawn: bool
    withdrawn_on: date | None


def granted(*, year: int | None = None, call: str = "", words: str = "") -> QuerySet[Grant]:
    """The grants to legal persons whose decision is published, the newest first; of a year, of a call, or with words in them."""
    settling = settling_of(DecisionKind.SETTLE)
    taking = settling_of(DecisionKind.WITHDRAW)
    found = Grant.objects.filter(application__organisation__legal_form__in=LEGAL_PERSONS, decision__published_at__isnull=False)
    found = found.filter(decision__state__in=IN_FORCE).annotate(
        settled_at=Subquery(settling.values("published_at")[:1]), taken_at=Subquery(taking.values("published_at")[:1])
    )
    if year is not None:
        found = found.filter(stage__call__year=year)
    if call:
        found = found.filter(stage__call__reference=call)
    if words:
        in_it = Q(application__organisation__name__icontains=words) | Q(application__title__icontains=words)
        found = found.filter(in_it | Q(application__organisation__kvk=words) | Q(application__reference__iexact=words))
    along = ("application__organisation", "stage__call__version", "decision")
    return found.select_related(*along).order_by("-decision__published_at", "application__reference", "pk")


def settling_of(kind: str) -> QuerySet[Decision]:
    """The published decisions of a kind on a grant, the last in front, for a subquery."""
    about = {"application": OuterRef("application"), "stage": OuterRef("stage")}
    return Decision.objects.filter(**about, kind=kind, state__in=IN_FORCE, published_at__isnull=False).order_by("-published_at")


def lines(grants: Iterable[Any]) -> Iterator[Line]:
    """The grants of `granted` as lines; a settlement that is not published is none yet."""
    for grant in grants:
        awarded_on = amsterdam_day(grant.decision.published_at)
        directly = grant.terms.directly_settled and grant.settled_amount is not None
        known = directly or grant.settled_at is not None
        settled = grant.settled_amount if known else None
        gone = grant.state in GONE
        organisation, call = grant.application.organisation, grant.stage.call
        yield Line(
            reference=grant.application.reference, call=call.reference, basis=str(call.definition.legal_basis),
            recipient=organisation.name, kvk=organisation.kvk, activities=grant.application.title, summary=grant.application.summary,
            starts_on=grant.starts_on, ends_on=grant.ends_on, awarded=grant.decision.amount, awarded_on=awarded_on, settled=settled,
            settled_on=(amsterdam_day(grant.settled_at) if grant.settled_at else awarded_on) if known else None,
            change=changed(grant, settled), withdrawn=gone,
            withdrawn_on=gone_on(grant),
        )  # fmt: skip


def changed(grant: Any, settled: Decimal | None) -> Decimal | None:
    """What a settlement, or a decision that lowered it, made of the award; None where it stayed, or fell away as a whole."""
    now = settled if settled is not None else grant.amount
    return now - grant.decision.amount if now != grant.decision.amount and grant.state not in GONE else None


def gone_on(grant: Any) -> date | None:
    """The day on which a grant fell away: not accepted in time, or withdrawn."""
    if grant.state == GrantState.WITHDRAWN and grant.taken_at:
        return amsterdam_day(grant.taken_at)
    return amsterdam_day(grant.accept_until) if grant.state == GrantState.LAPSED and grant.accept_until else None


def years() -> list[int]:
    """The years of calls from which something stands in the register, the newest first."""
    return sorted(set(granted().order_by().values_list("stage__call__year", flat=True)), reverse=True)
