"""The first ledger: four pots per stage, append-only, with the balance carried so that the database itself refuses an overdraw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from tender.enums import Account
from tender.models.application import Application
from tender.models.call import Stage

if TYPE_CHECKING:
    from decimal import Decimal
    from uuid import UUID


class Overdrawn(Exception):
    """A pot holds less than was asked of it; nothing was written."""


class LedgerAccount(models.Model):
    """One pot of a stage's money. Its row is the lock."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="accounts")
    kind = models.CharField(max_length=12, choices=Account.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stage", "kind"], name="ledger_account_once"),
            models.CheckConstraint(condition=Q(kind__in=Account.values), name="ledger_account_known"),
        ]

    def __str__(self) -> str:
        return f"{self.stage}:{self.kind}"


class LedgerEntryQuerySet(models.QuerySet["LedgerEntry"]):
    """Every euro."""

    def balance(self, stage: Stage, kind: Account) -> Decimal:
        """What a pot holds now, in euros."""
        from decimal import Decimal

        last = self.filter(account__stage=stage, account__kind=kind).order_by("-seq").first()
        return last.balance_after if last else Decimal("0.00")

    def fund(self, stage: Stage, amount: Decimal, *, event_id: UUID) -> None:
        """Put the ceiling into the free pot; opens the four pots."""
        LedgerAccount.objects.bulk_create([LedgerAccount(stage=stage, kind=kind) for kind in Account], ignore_conflicts=True)
        self._post(LedgerAccount.objects.select_for_update().get(stage=stage, kind=Account.FREE), amount, None, event_id)

    def move(self, application: Application, stage: Stage, amount: Decimal, *, source: Account, target: Account, event_id: UUID) -> None:
        """Move ``amount`` euros between two pots of a stage; `Overdrawn` when the source holds less."""
        if amount < 0:
            raise ValueError("an amount to move is not negative")
        if amount == 0:
            return
        pots = LedgerAccount.objects.filter(stage=stage, kind__in=[source, target]).order_by("pk").select_for_update()
        accounts = {pot.kind: pot for pot in pots}
        self._post(accounts[source], -amount, application, event_id)
        self._post(accounts[target], amount, application, event_id)

    def _post(self, account: LedgerAccount, amount: Decimal, application: Application | None, event_id: UUID) -> None:
        last = self.filter(account=account).order_by("-seq").values_list("seq", "balance_after").first()
        seq, balance = last or (0, 0)
        if balance + amount < 0:
            raise Overdrawn(str(account))
        self.create(
            account=account,
            seq=seq + 1,
            amount=amount,
            balance_after=balance + amount,
            application=application,
            event_id=event_id,
        )


class LedgerEntry(models.Model):
    """Every euro reserved, committed, paid, released: one line, never changed."""

    account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="entries")
    seq = models.PositiveIntegerField()
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    balance_after = models.DecimalField(max_digits=12, decimal_places=2)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, null=True, blank=True, related_name="entries")
    event_id = models.UUIDField()
    """The event that moved it (``workflows`` adds the database key)."""

    objects = LedgerEntryQuerySet.as_manager()

    class Meta:
        ordering = ["account_id", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["account", "seq"], name="ledger_seq_once"),
            models.CheckConstraint(condition=Q(balance_after__gte=0), name="ledger_never_overdrawn"),
        ]

    def __str__(self) -> str:
        return f"{self.account} #{self.seq}: {self.amount}"
