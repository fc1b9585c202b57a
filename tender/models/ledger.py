"""The ledger: every euro by stage, source and budget year, double entry, append-only, with the balance carried so that the database itself
refuses an overdraw."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery, Sum
from django.utils.translation import gettext_lazy as _

from tender.enums import FUNDED, Account, SourceKind
from tender.models.application import Application
from tender.models.call import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

NOTHING_YET = Decimal("0.00")
HOUSE = "own"
"""The key of the source that pays where a call names none."""
TOLD: ContextVar[list[dict[str, Any]] | None] = ContextVar("TOLD", default=None)
"""What the arrow that is being taken moves; the door writes it into the event, so that the trail alone tells where every euro is."""


def cents(amount: Decimal | None) -> Decimal:
    """An amount as the ledger writes it; nothing where the database found none."""
    return (amount or NOTHING_YET).quantize(NOTHING_YET)


class Overdrawn(Exception):
    """A pot holds less than was asked of it; nothing was written."""


class FundingSourceQuerySet(models.QuerySet["FundingSource"]):
    """Who makes money available."""

    def named(self, key: str, *, kind: str = SourceKind.OWN, name: str = "") -> FundingSource:
        """The source of this key; made where it is new. A source that is known keeps its name."""
        return self.get_or_create(key=key, defaults={"kind": kind, "name": name})[0]


class FundingSource(models.Model):
    """Who makes money of a call available: the house itself, a province, a municipality, the European Union."""

    key = models.SlugField(unique=True)
    kind = models.CharField(max_length=12, choices=SourceKind.choices)
    name = models.CharField(max_length=80, blank=True)

    objects = FundingSourceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(kind__in=SourceKind.values), name="funding_source_known")]

    def __str__(self) -> str:
        return self.name or str(self.get_kind_display())


class LedgerAccountQuerySet(models.QuerySet["LedgerAccount"]):
    """The pots."""

    def with_balance(self) -> Self:
        """Each with its last number and what it holds, as the last line says; none where nothing was written yet."""
        last = LedgerEntry.objects.filter(account=OuterRef("pk")).order_by("-seq")
        return self.annotate(last=Subquery(last.values("seq")[:1]), balance=Subquery(last.values("balance_after")[:1]))

    def totals(self) -> dict[tuple[int, str], Decimal]:
        """What each pot of each stage holds over all sources and years, by stage and kind: one query. A pot that was never used is left
        out."""
        found: dict[tuple[int, str], Decimal] = {}
        for stage, kind, balance in self.with_balance().exclude(kind=FUNDED).values_list("stage_id", "kind", "balance"):  # type: ignore[misc]  # annotated
            if balance is not None:
                found[stage, kind] = found.get((stage, kind), NOTHING_YET) + cents(balance)
        return found


class LedgerAccount(models.Model):
    """One pot of a stage's money, of one source and one budget year. Its row is the lock; pots of sources are made in the order in which a
    call names these, so the order of keys is the order in which they are used."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="accounts")
    source = models.ForeignKey(FundingSource, on_delete=models.PROTECT, related_name="accounts")
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=[*Account.choices, (FUNDED, _("made available"))])

    objects = LedgerAccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stage", "source", "year", "kind"], name="ledger_account_once"),
            models.CheckConstraint(condition=Q(kind__in=[*Account.values, FUNDED]), name="ledger_account_known"),
        ]

    def __str__(self) -> str:
        return f"{self.stage}:{self.kind}:{self.source.key}:{self.year}"


@dataclass(frozen=True, slots=True)
class Line:
    """What is about to be written to one pot."""

    account: LedgerAccount
    amount: Decimal
    application: Application | None = None


class LedgerEntryQuerySet(models.QuerySet["LedgerEntry"]):
    """Every euro."""

    def balance(self, stage: Stage, kind: Account) -> Decimal:
        """What a pot holds now over all sources and years, in euros."""
        return LedgerAccount.objects.filter(stage=stage, kind=kind).totals().get((stage.pk, kind), NOTHING_YET)

    def hold(self, stage: Stage) -> None:
        """Lock the pots of a stage until the end of the transaction: what is read of them after this stays true."""
        list(LedgerAccount.objects.filter(stage=stage).order_by("pk").select_for_update().values_list("pk"))

    def fund(self, stage: Stage, amount: Decimal, *, event_id: UUID, source: FundingSource | None = None, year: int | None = None) -> None:
        """Put what a source makes available into the free pot (less than zero: take it back out, `Overdrawn` where it is not free any more);
        without a source the house itself, in the year of the call."""
        of = {"stage": stage, "source": source or FundingSource.objects.named(HOUSE), "year": year or stage.call.year}
        LedgerAccount.objects.bulk_create([LedgerAccount(**of, kind=kind) for kind in (FUNDED, *Account.values)], ignore_conflicts=True)
        pots = LedgerAccount.objects.filter(**of, kind__in=[FUNDED, Account.FREE]).select_related("source")
        funded, free = sorted(pots.order_by("pk").select_for_update(of=("self",)), key=lambda pot: pot.kind != FUNDED)
        self._post([Line(funded, -amount), Line(free, amount)], event_id)

    def move(  # noqa: PLR0913  what, from where to where, for which event
        self, application: Application, stage: Stage, amount: Decimal, *,
        source: Account, target: Account, event_id: UUID, year: int | None = None,
    ) -> None:  # fmt: skip
        """Move ``amount`` euros between two pots of a stage; `Overdrawn` when the source holds less, and nothing is written.

        From the free pot in the order in which the call names its sources; from any other pot what this dossier holds there, in that
        order, and back to the free pot in the opposite one, so that what is named first is used first. ``year``: of that budget year alone.
        """
        if amount < 0:
            raise ValueError("an amount to move is not negative")
        if amount == 0:
            return
        pots = LedgerAccount.objects.filter(stage=stage, kind__in=[source, target], **({"year": year} if year else {}))
        accounts = list(pots.select_related("source").order_by("pk").select_for_update(of=("self",)))
        there = {(pot.source_id, pot.year): pot for pot in accounts if pot.kind == target}
        takes = [pot for pot in accounts if pot.kind == source]
        held = self._held(takes, None if source == Account.FREE else application)
        lines, rest = [], Decimal(amount)
        for pot in reversed(takes) if target == Account.FREE else takes:
            part = min(held.get(pot.pk, NOTHING_YET), rest)
            if part > 0:
                lines += [Line(pot, -part, application), Line(there[pot.source_id, pot.year], part, application)]
                rest -= part
        if rest:
            raise Overdrawn(f"{stage}:{source}")
        self._post(lines, event_id)

    def _held(self, pots: list[LedgerAccount], application: Application | None) -> dict[int, Decimal]:
        """What each of some locked pots holds, of one dossier or of all."""
        if application is None:
            found = LedgerAccount.objects.filter(pk__in=[pot.pk for pot in pots]).with_balance()
            return {pk: cents(balance) for pk, balance in found.values_list("pk", "balance")}  # type: ignore[misc]
        own = self.filter(account__in=pots, application=application).order_by()
        return {pk: cents(total) for pk, total in own.values_list("account_id").annotate(total=Sum("amount"))}

    def _post(self, lines: Iterable[Line], event_id: UUID) -> None:
        """Write one line to each of some locked pots."""
        lines = list(lines)
        before = {
            pk: (last or 0, cents(balance))
            for pk, last, balance in LedgerAccount.objects.filter(pk__in=[line.account.pk for line in lines])
            .with_balance()
            .values_list("pk", "last", "balance")  # type: ignore[misc]
        }
        entries = []
        for line in lines:
            seq, balance = before[line.account.pk]
            after, funded = balance + line.amount, line.account.kind == FUNDED
            if after > 0 if funded else after < 0:
                raise Overdrawn(str(line.account))
            entries.append(
                LedgerEntry(
                    account=line.account, seq=seq + 1, amount=line.amount, balance_after=after, funded=funded,
                    application=line.application, event_id=event_id,
                )
            )  # fmt: skip
        self.bulk_create(entries)
        told = TOLD.get()
        if told is not None:
            told += [entry.told() for entry in entries]


class LedgerEntry(models.Model):
    """One line of one pot: what went in or out, and what it holds since. Written once, together with the line that is its other side."""

    account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="entries")
    seq = models.PositiveIntegerField()
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    balance_after = models.DecimalField(max_digits=12, decimal_places=2)
    funded = models.BooleanField(default=False)
    """Whether its pot is the other side of all others; here too, so that the database can say how low the balance may be."""
    application = models.ForeignKey(Application, on_delete=models.PROTECT, null=True, blank=True, related_name="entries")
    event_id = models.UUIDField(db_index=True)
    """The event that moved it (``workflows`` adds the database key)."""

    objects = LedgerEntryQuerySet.as_manager()

    class Meta:
        ordering = ["account_id", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["account", "seq"], name="ledger_seq_once"),
            models.CheckConstraint(
                condition=Q(funded=False, balance_after__gte=0) | Q(funded=True, balance_after__lte=0), name="ledger_never_overdrawn"
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="ledger_moves_something"),
        ]

    def __str__(self) -> str:
        return f"{self.account} #{self.seq}: {self.amount}"

    def told(self) -> dict[str, Any]:
        """This line as its event tells it: by stage, source, year and pot."""
        pot = self.account
        return {"stage": pot.stage_id, "source": pot.source.key, "year": pot.year, "pot": str(pot.kind), "amount": self.amount}
