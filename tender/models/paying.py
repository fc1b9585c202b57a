from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, FSMModelMixin

from tender.canonical import digest
from tender.enums import NOTHING
from tender.enums.paying import BatchState, EntryPlan, LineOutcome, StatementState
from tender.models.grant import Instalment
from tender.models.people import User

if TYPE_CHECKING:
    from collections.abc import Iterable


class PaymentBatchQuerySet(models.QuerySet["PaymentBatch"]):
    """Batches of payments."""

    def visible_to(self, user: User) -> Self:
        """The batches of which this person may read every payment: a file holds them all."""
        closed = PaymentLine.objects.exclude(instalment__in=Instalment.objects.visible_to(user))
        return self.exclude(pk__in=closed.values("batch"))

    def under_way(self) -> Self:
        """Those of which the bank has not said all, and that were not dropped."""
        return self.exclude(state__in=[BatchState.SETTLED, BatchState.DROPPED])


class PaymentBatch(FSMModelMixin, models.Model):
    """Payments that go to the bank in one file: drawn up by one person, approved by another."""

    state = FSMField(choices=BatchState.choices, default=NOTHING, protected=True)
    execute_on = models.DateField()
    """The day on which we ask the bank to pay."""
    iban = models.CharField(max_length=34)
    name = models.CharField(max_length=70)
    """Our own account and name, as they were when it was drawn up."""
    drawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_sha256 = models.CharField(max_length=64, blank=True)
    """What was approved: `sha256` at that moment."""
    file = models.TextField(blank=True)
    """The file, made once, letter by letter as it goes to the bank."""
    file_sha256 = models.CharField(max_length=64, blank=True)
    sent_on = models.DateField(null=True, blank=True)
    planned: list[PaymentLine]
    """What it is drawn up of, until that is written with it."""

    objects = PaymentBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=BatchState.values), name="batch_state_known"),
            models.CheckConstraint(condition=Q(approved_by=None) | ~Q(approved_by=models.F("drawn_by")), name="batch_two_people"),
            models.CheckConstraint(
                condition=~Q(state__in=[BatchState.MADE, BatchState.SENT, BatchState.SETTLED]) | ~Q(file_sha256=""), name="batch_has_file"
            ),
        ]

    def __str__(self) -> str:
        return self.message_id

    @property
    def message_id(self) -> str:
        """By what the bank and we know the file."""
        return f"B{self.drawn_at:%Y%m%d}-{self.pk:06d}"

    def going(self) -> list[PaymentLine]:
        """The payments that were not taken out, in the order of the file."""
        lines = self.lines.exclude(outcome=LineOutcome.OUT)
        return list(lines.select_related("instalment__grant__application", "instalment__grant__stage").order_by("pk"))

    @property
    def sha256(self) -> str:
        """The hash of what would be paid: from which account, on which day, to whom, how much."""
        return self.hash_of(self.going())

    def hash_of(self, lines: Iterable[PaymentLine]) -> str:
        """`sha256`, of these lines."""
        return digest([self.iban, self.execute_on, [line.says() for line in lines]])


class PaymentLine(models.Model):
    """One payment in a batch, as it was when the batch was drawn up; only its outcome changes, and never twice to paid."""

    batch = models.ForeignKey(PaymentBatch, on_delete=models.PROTECT, related_name="lines")
    instalment = models.ForeignKey(Instalment, on_delete=models.PROTECT, related_name="lines")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    iban = models.CharField(max_length=34)
    name = models.CharField(max_length=140)
    end_to_end_id = models.CharField(max_length=35, unique=True)
    outcome = models.CharField(max_length=10, choices=LineOutcome.choices, default=LineOutcome.WAITS)
    why = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=LineOutcome.values), name="payment_line_outcome_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_line_amount_positive"),
            # In one file at a time: only what the bank returned, or was taken out, can go again.
            models.UniqueConstraint(
                fields=["instalment"], condition=Q(outcome__in=[LineOutcome.WAITS, LineOutcome.PAID]), name="payment_line_once"
            ),
        ]

    def __str__(self) -> str:
        return self.end_to_end_id

    def says(self) -> list[str | int | Decimal]:
        """What whoever approves must have seen."""
        return [self.instalment_id, f"{Decimal(self.amount):.2f}", self.iban, self.name, self.end_to_end_id]


class BankStatementQuerySet(models.QuerySet["BankStatement"]):
    """Statements of the bank."""

    def visible_to(self, user: User) -> Self:
        """The statements that tell of no payment that is closed to this person."""
        closed = StatementEntry.objects.exclude(line=None).exclude(line__instalment__in=Instalment.objects.visible_to(user))
        return self.exclude(pk__in=closed.values("statement"))

    def counting(self) -> Self:
        """Those that were not set aside."""
        return self.exclude(state=StatementState.DROPPED)


class BankStatement(FSMModelMixin, models.Model):
    """A statement of our account (camt.053): read in, looked at, then booked."""

    state = FSMField(choices=StatementState.choices, default=NOTHING, protected=True)
    iban = models.CharField(max_length=34)
    number = models.CharField(max_length=70)
    """How the bank calls it."""
    made = models.CharField(max_length=40, blank=True)
    sha256 = models.CharField(max_length=64)
    """Of what it holds."""
    read_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = BankStatementQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=StatementState.values), name="statement_state_known"),
            models.UniqueConstraint(fields=["iban", "number"], condition=~Q(state=StatementState.DROPPED), name="statement_read_once"),
            models.UniqueConstraint(fields=["sha256"], condition=~Q(state=StatementState.DROPPED), name="statement_content_once"),
        ]

    def __str__(self) -> str:
        return self.number


class StatementEntry(models.Model):
    """One line of a statement; whose money it is, is known by the reference that we gave it."""

    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="entries")
    position = models.PositiveIntegerField()
    end_to_end_id = models.CharField(max_length=70, blank=True)
    amount = models.DecimalField(max_digits=15, decimal_places=2)
    currency = models.CharField(max_length=3)
    credit = models.BooleanField()
    booked = models.BooleanField()
    returned = models.BooleanField()
    reason = models.CharField(max_length=35, blank=True)
    day = models.DateField()
    bank_reference = models.CharField(max_length=40, blank=True)
    line = models.ForeignKey(PaymentLine, on_delete=models.PROTECT, null=True, blank=True, related_name="entries")
    did = models.CharField(max_length=10, choices=EntryPlan.choices, blank=True)
    """What it did, once the statement was booked."""
    why = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["statement_id", "position"]
        constraints = [models.UniqueConstraint(fields=["statement", "position"], name="statement_entry_once")]

    def __str__(self) -> str:
        return f"{self.statement} #{self.position}"
