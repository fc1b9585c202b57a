"""Does the ledger hold? Its lines, its balances, its transactions and the trail, one against the other."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, F, Q, Sum, Window
from django.db.models.functions import Cast, Round, RowNumber
from django.utils.translation import gettext

from tender.enums import FUNDED, Account
from tender.models import LedgerEntry
from tender.replaying import Balances, Pot, differences, in_cents, replay
from workflows.models import Event

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from django.db.models import QuerySet

CENTS = Cast(Round(F("amount") * 100), BigIntegerField())
AFTER = Cast(Round(F("balance_after") * 100), BigIntegerField())
AT_MOST = 20
"""How many faults of one kind are named; where one thing broke, all that follows is wrong too."""


@dataclass(frozen=True, slots=True)
class Soundness:
    """What a check of the ledger found: how much it looked at, and what is wrong."""

    lines: int
    pots: int
    events: int
    faults: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether all of it holds."""
        return not self.faults


def check_ledger() -> Soundness:
    """All there is to ask of the ledger, in as many queries for many grants as for one."""
    faults = [*broken_lines(), *unbalanced(), *without_event(), *never_held(), *untrue_to_the_trail()]
    lines = LedgerEntry.objects.order_by()
    counted = (lines.count(), lines.values("account").distinct().count(), lines.values("event_id").distinct().count())
    return Soundness(*counted, tuple(faults))


def broken_lines() -> Iterator[str]:
    """Lines that do not continue the one before in their pot: by number, or by balance; or that stand on the wrong side."""
    by_pot: dict[str, Any] = {"partition_by": [F("account_id")], "order_by": F("seq").asc()}
    lines = LedgerEntry.objects.order_by("account_id", "seq")
    lines = lines.annotate(number=Window(RowNumber(), **by_pot), running=Window(Sum(CENTS), **by_pot), after=AFTER)
    wrong = lines.filter(~Q(number=F("seq")) | ~Q(running=F("after")))
    for line in wrong.select_related("account__source", "account__stage__call")[:AT_MOST]:
        yield gettext("%(line)s does not continue the line before it") % {"line": line}
    sides = LedgerEntry.objects.exclude(Q(funded=True, account__kind=FUNDED) | Q(funded=False) & ~Q(account__kind=FUNDED))
    for line in sides.select_related("account__source", "account__stage__call")[:AT_MOST]:
        yield gettext("%(line)s stands on the wrong side") % {"line": line}


def unbalanced() -> Iterator[str]:
    """Events whose lines do not add up to nothing, in one stage, of one source and one year."""
    by = ("event_id", "account__stage_id", "account__source_id", "account__year")
    sums = LedgerEntry.objects.order_by().values(*by).annotate(total=Sum(CENTS)).exclude(total=0)
    for found in sums.order_by("event_id")[:AT_MOST]:
        yield gettext("the lines of event %(event)s do not add up to nothing") % {"event": found["event_id"]}


def without_event() -> Iterator[str]:
    """Lines that name an event that does not exist."""
    for line in LedgerEntry.objects.exclude(event_id__in=Event.objects.values("pk"))[:AT_MOST]:
        yield gettext("line %(line)s names an event that is not there: %(event)s") % {"line": line.pk, "event": line.event_id}


def never_held() -> Iterator[str]:
    """Dossiers that gave out of a pot more than was theirs there, which is how more is paid than was ordered, or committed than reserved."""
    own = LedgerEntry.objects.order_by().exclude(account__kind__in=[FUNDED, Account.FREE])
    held = own.values("application__reference", "account__kind", "account_id").annotate(total=Sum(CENTS)).filter(total__lt=0)
    for found in held.order_by("application__reference", "account_id")[:AT_MOST]:
        yield gettext("%(dossier)s holds less than nothing in the pot “%(pot)s”") % {
            "dossier": found["application__reference"], "pot": found["account__kind"],
        }  # fmt: skip


def untrue_to_the_trail() -> Iterator[str]:
    """Where the trail, replayed, gives other balances than the ledger."""
    for event, pot, cents in differences(told(), written())[:AT_MOST]:
        amount = Decimal(cents).scaleb(-2)
        yield gettext("event %(event)s tells otherwise of %(pot)s than the ledger: %(amount)s") % {
            "event": event, "pot": pot, "amount": f"{amount:+}",
        }  # fmt: skip


def told() -> Iterator[tuple[UUID, dict[str, Any]]]:
    """The events that moved money, with their facts."""
    return Event.objects.filter(data__has_key="moved").order_by().values_list("pk", "data").iterator(chunk_size=5000)


def written() -> Iterator[tuple[UUID, Pot, int]]:
    """The lines of the ledger, each with its event and its pot, in cents."""
    rows = LedgerEntry.objects.order_by().values_list(
        "event_id", "account__stage_id", "account__source__key", "account__year", "account__kind", "amount"
    )
    for event, stage, source, year, kind, amount in rows.iterator(chunk_size=5000):
        yield event, Pot(stage, source, year, kind), in_cents(amount)


def rebuilt() -> Balances:
    """What every pot holds, by the sum of its lines, in cents: one query."""
    sums: QuerySet[LedgerEntry, Any] = LedgerEntry.objects.order_by().values_list(
        "account__stage_id", "account__source__key", "account__year", "account__kind"
    )
    rows = sums.annotate(total=Sum(CENTS))
    return {Pot(*row[:4]): row[4] for row in rows if row[4]}


def replayed() -> Balances:
    """What every pot holds, by the trail alone, in cents."""
    return replay(facts for _event, facts in told())
