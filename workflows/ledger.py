"""The ledger of a call as a person may read it: what each source gave and where it is, and every line with its event."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q

from tender.enums import FUNDED, Account
from tender.models import Application, FundingSource, LedgerAccount, LedgerEntry
from workflows.models import Event

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from tender.models import Call, Stage, User
    from tender.models.ledger import LedgerAccountQuerySet

NOTHING = Decimal(0)


@dataclass(slots=True)
class Share:
    """What one source made available to a stage for one year, and which pots hold how much of it."""

    stage: Stage
    source: FundingSource
    year: int
    pots: dict[str, Decimal] = field(default_factory=dict)

    def holds(self, kind: str) -> Decimal:
        """What one pot holds of it."""
        return self.pots.get(kind, NOTHING)

    @property
    def given(self) -> Decimal:
        """What the source made available."""
        return -self.holds(FUNDED)

    @property
    def amounts(self) -> list[tuple[Account, Decimal]]:
        """Each pot with what it holds, in the order in which money goes through them."""
        return [(kind, self.holds(kind)) for kind in Account]


def shares(accounts: LedgerAccountQuerySet) -> list[Share]:
    """What these pots say, by stage, source and year, in the order in which the call names them: one query."""
    found: dict[tuple[int, int, int], Share] = {}
    for pot in accounts.with_balance().select_related("source", "stage__call__version").order_by("stage__number", "pk"):
        share = found.setdefault((pot.stage_id, pot.source_id, pot.year), Share(pot.stage, pot.source, pot.year))
        share.pots[pot.kind] = pot.balance or NOTHING  # type: ignore[attr-defined]  # annotated
    return list(found.values())


def by_source(stage: Stage) -> list[Share]:
    """`shares` of one stage."""
    return shares(LedgerAccount.objects.filter(stage=stage))


def totals(found: Iterable[Share]) -> tuple[Decimal, list[tuple[Account, Decimal]]]:
    """What all sources gave together, and what each pot holds of it."""
    rows = list(found)
    return sum((share.given for share in rows), start=NOTHING), [
        (kind, sum((share.holds(kind) for share in rows), start=NOTHING)) for kind in Account
    ]


def lines_of(call: Call, user: User, rounds: list[int]) -> tuple[QuerySet[LedgerEntry], bool]:
    """The lines of a call, newest first, without those of dossiers and rounds (``rounds``) that are closed to who reads; and whether that
    is all of them."""
    every = LedgerEntry.objects.filter(account__stage__call=call)
    open_to = Q(application=None) | Q(application__in=Application.objects.not_only_judged_by(user))
    found = every.filter(open_to).exclude(account__stage__in=rounds)
    found = found.select_related("account__source", "account__stage__call__version", "application").order_by("-pk")
    return found, not rounds and not every.exclude(open_to).exists()


def with_events(lines: Iterable[LedgerEntry]) -> list[tuple[LedgerEntry, Event | None]]:
    """Each line with the event that it names: one query for all."""
    rows = list(lines)
    events = Event.objects.select_related("actor").in_bulk({line.event_id for line in rows})
    return [(line, events.get(line.event_id)) for line in rows]
