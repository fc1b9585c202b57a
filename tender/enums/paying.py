"""Where a batch of payments, a payment in it, or a statement of the bank is."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class BatchState(TextChoices):
    """Where a batch of payments is between being drawn up and the bank's last word."""

    DRAWN = "drawn", pgettext_lazy("payment batch", "drawn up")
    APPROVED = "approved", pgettext_lazy("payment batch", "approved")
    MADE = "made", pgettext_lazy("payment batch", "file made")
    SENT = "sent", pgettext_lazy("payment batch", "sent to the bank")
    SETTLED = "settled", pgettext_lazy("payment batch", "handled")
    DROPPED = "dropped", pgettext_lazy("payment batch", "dropped")


class LineOutcome(TextChoices):
    """What became of one payment in a batch."""

    WAITS = "waits", pgettext_lazy("payment in a batch", "waits")
    PAID = "paid", pgettext_lazy("payment in a batch", "paid")
    RETURNED = "returned", pgettext_lazy("payment in a batch", "returned by the bank")
    OUT = "out", pgettext_lazy("payment in a batch", "taken out")


class StatementState(TextChoices):
    """Where a statement of the bank is."""

    READ = "read", pgettext_lazy("bank statement", "read in")
    APPLIED = "applied", pgettext_lazy("bank statement", "booked")
    DROPPED = "dropped", pgettext_lazy("bank statement", "set aside")


class EntryPlan(TextChoices):
    """What a line of a statement does to a payment."""

    PAY = "pay", pgettext_lazy("line of a bank statement", "paid")
    SEND_BACK = "send_back", pgettext_lazy("line of a bank statement", "returned")
    COME_BACK = "come_back", pgettext_lazy("line of a bank statement", "returned after it was paid")
    NOTHING = "nothing", pgettext_lazy("line of a bank statement", "nothing: look at it yourself")
