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


class Account(TextChoices):
    """The pots of a stage's money; every euro of the ceiling is in exactly one."""

    FREE = "free", _("free")
    RESERVED = "reserved", _("reserved")
    COMMITTED = "committed", _("committed")
    ORDERED = "ordered", _("ordered")
    PAID = "paid", _("paid")
    RECOVERED = "recovered", _("recovered")
