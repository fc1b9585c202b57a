"""What is written when a grant is made and when money comes back."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING

from tender.calendar import add_months, amsterdam_day
from tender.enums import Account, InstalmentState
from tender.models import LedgerEntry, RecoveryReceipt, iban_of
from tender.schemes.definition import Due

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from tender.models import Grant
    from tender.schemes.definition import GrantTerms, InstalmentTerm, ReportTerm
    from tender.step import Facts

CENT = Decimal("0.01")
SPOKEN_FOR = (InstalmentState.APPROVED, InstalmentState.ORDERED, InstalmentState.PAID)
"""The states in which a payment is on its way or made: nobody takes it back."""


def lay_out_grant(grant: Grant, *, at: datetime) -> Facts:
    """Copy what the grant rests on: account number, and the last instant to accept."""
    grant.iban = iban_of(grant.application)
    if not grant.terms.directly_settled:
        grant.accept_until = at + timedelta(weeks=grant.terms.accept_weeks)
    return {"decision": grant.decision_id, "amount": grant.amount, "starts_on": grant.starts_on, "ends_on": grant.ends_on}


def period_of(terms: GrantTerms, *, at: datetime, years: int | None) -> tuple[date, date]:
    """First and last day of a grant: ``years`` (within the scheme's bounds) from the day it is given; a year where the scheme is silent."""
    first = amsterdam_day(at)
    shortest, longest = terms.years or (1, 1)
    length = min(max(years or longest, shortest), longest)
    return first, add_months(first, 12 * length) - timedelta(days=1)


def years_in(first: date, last: date) -> int:
    """How many grant years the period of a grant has."""
    return max(1, round((last - first).days / 365.25))


def instalments_of(terms: GrantTerms, years: int) -> list[tuple[InstalmentTerm, Decimal]]:
    """The instalments of a grant of so many years with their shares: what the scheme gives to years that do not come is spread over
    the years that do, in proportion."""
    kept = [term for term in terms.instalments if term.due != Due.YEAR or (term.year or 1) <= years]
    dropped = sum((term.share for term in terms.instalments if term not in kept), start=Decimal(0))
    yearly = sum((term.share for term in kept if term.due == Due.YEAR), start=Decimal(0))
    grown = 1 + dropped / yearly if yearly else Decimal(1)
    return [(term, term.share * grown if term.due == Due.YEAR else term.share) for term in kept]


def reports_of(terms: GrantTerms, years: int) -> list[tuple[ReportTerm, int]]:
    """The reports of a grant of so many years, each with the month it is due: the final one comes at the end of the period at the latest."""
    last = 12 * years
    kept = [term for term in terms.reports if term.final or not terms.years or term.months < last]
    return [(term, min(term.months, last) if term.final and terms.years else term.months) for term in kept]


def shares(terms: GrantTerms, amount: Decimal, years: int = 1) -> list[tuple[InstalmentTerm, Decimal]]:
    """The instalments in euros: each share rounded down to the cent, the last takes the rest."""
    parts = [(term, (amount * share).quantize(CENT, ROUND_DOWN)) for term, share in instalments_of(terms, years)]
    rest = amount - sum((part for _, part in parts), start=Decimal(0))
    return [*parts[:-1], (parts[-1][0], parts[-1][1] + rest)] if parts else []


def spoken_for(grant: Grant) -> Decimal:
    """What was paid of a grant (also by setting it off against what its party owed), or is on its way to the bank, in euros."""
    parts = grant.instalments.filter(state__in=SPOKEN_FOR).values_list("amount", flat=True)
    set_off = RecoveryReceipt.objects.filter(instalment__grant=grant).values_list("amount", flat=True)
    return sum([*parts, *set_off], start=Decimal(0))


def too_much(grant: Grant) -> Decimal:
    """What was paid beyond what the grant came to, and is not claimed back yet."""
    came_to = Decimal(grant.settled_amount if grant.settled_amount is not None else grant.amount)
    claimed = sum(grant.recoveries.values_list("amount", flat=True), start=Decimal(0))
    return spoken_for(grant) - came_to - claimed


def free_rest(grant: Grant, *, event_id: UUID, before: Decimal | None = None) -> Facts:
    """Give back to the ceiling what the grant will not use: all that is committed beyond what it came to, or beyond what was paid where
    that is more. ``before``: what it could come to until now, if not the whole amount."""
    paid = spoken_for(grant)
    now = grant.settled_amount if grant.settled_amount is not None else (grant.amount if before is not None else 0)
    rest = max(Decimal(grant.amount if before is None else before), paid) - max(Decimal(now), paid)
    LedgerEntry.objects.move(grant.application, grant.stage, rest, source=Account.COMMITTED, target=Account.FREE, event_id=event_id)
    return {"freed": rest}
