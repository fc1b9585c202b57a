"""Where a grant, a payment or a report is, and the pots of a stage's money."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LinkState(TextChoices):
    """Whether a party belongs to a single undertaking."""

    LINKED = "linked", _("linked")
    ENDED = "ended", _("ended")


class AidNoteState(TextChoices):
    """Whether aid of another body counts."""

    NOTED = "noted", _("noted")
    STRUCK = "struck", _("struck out")


class GrantState(TextChoices):
    """Where a grant is between award and last euro."""

    OFFERED = "offered", _("offered")
    ACTIVE = "active", _("active")
    SUSPENDED = "suspended", _("suspended")
    LAPSED = "lapsed", _("lapsed")
    ACCOUNTED = "accounted", _("accounted for")
    SETTLED = "settled", _("settled")
    WITHDRAWN = "withdrawn", _("withdrawn")
    CLOSED = "closed", _("closed")


class InstalmentState(TextChoices):
    """Where one payment is."""

    PLANNED = "planned", _("planned")
    DUE = "due", _("due")
    APPROVED = "approved", _("approved")
    ORDERED = "ordered", _("ordered")
    PAID = "paid", _("paid")
    CANCELLED = "cancelled", _("cancelled")


class ReportState(TextChoices):
    """Where one report of a grantee is."""

    ASKED = "asked", _("asked")
    DRAFT = "draft", _("draft")
    HANDED_IN = "handed_in", _("handed in")
    INCOMPLETE = "incomplete", _("to be completed")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")


class ReportOutcome(TextChoices):
    """What may become of a report: of a review, whether the work goes on."""

    APPROVE = "approve", _("approve")
    REJECT = "reject", _("do not approve")
    GO = "go", _("go")
    CONDITIONS = "conditions", _("go, with conditions")
    NO_GO = "no_go", _("no-go")


class AccountClass(TextChoices):
    """How a grant is accounted for in the end, by its amount (national grant framework)."""

    LUMP_SUM = "lump_sum", _("lump sum: the activity is declared")
    ACTIVITY = "activity", _("account of the activity")
    COST = "cost", _("account of the cost, with an auditor's statement")


class Account(TextChoices):
    """The pots of a stage's money; every euro of the ceiling is in exactly one."""

    FREE = "free", _("free")
    RESERVED = "reserved", _("reserved")
    COMMITTED = "committed", _("committed")
    ORDERED = "ordered", _("ordered")
    PAID = "paid", _("paid")
    RECOVERED = "recovered", _("recovered")


FUNDED = "funded"
"""The other side of the pots: what a source made available. It is never above zero, so that the whole ledger adds up to nothing."""


class SourceKind(TextChoices):
    """Who makes the money of a call available."""

    OWN = "own", _("own means")
    PROVINCE = "province", _("province")
    MUNICIPALITY = "municipality", _("municipality")
    EU = "eu", _("European Union")
