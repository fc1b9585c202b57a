"""Messages, mail, paper, and the words of letters."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MailKind(TextChoices):
    """What a mail is about; what may be turned off is in `MAY_BE_OFF`."""

    RECEIPT = "receipt", _("receipts of what you hand in")
    GAPS = "gaps", _("something is missing, or has to be changed")
    HEARING = "hearing", _("what we intend to decide, so that you can respond")
    DECISION = "decision", _("decisions, and terms that run from them")
    OTHER = "other", _("other mail about an application of yours")
    REMINDER = "reminder", _("reminders before a term ends")
    NEWS = "news", _("news of an application, such as more time")
    JURY = "jury", _("work that waits for you as a juror or assessor")


class Bounce(TextChoices):
    """How a mail came back."""

    HARD = "hard", _("the address does not work")
    SOFT = "soft", _("it could not be delivered this time")


MAY_BE_OFF = (MailKind.REMINDER, MailKind.NEWS, MailKind.JURY)
"""Everything else the law has us send (Awb 2:10, 3:41, 4:5, 4:7), or may have: it goes at once, and nobody can turn it off."""
MAY_WAIT = (MailKind.NEWS, MailKind.JURY)
"""What can be gathered in one mail a day. A reminder cannot: a day later it may be too late."""


class MessageState(TextChoices):
    """Whether the other side has opened a message."""

    SENT = "sent", _("sent")
    READ = "read", _("read")


class ChangeState(TextChoices):
    """Where a change is that two moments must agree on: of the account, or of the contact."""

    PROPOSED = "proposed", _("proposed")
    CONFIRMED = "confirmed", _("confirmed")
    REPLACED = "replaced", _("replaced")
    DROPPED = "dropped", _("dropped")


class CorrectionState(TextChoices):
    """Where a letter is that mends another."""

    ASKED = "asked", _("asked for")
    SIGNED = "signed", _("signed")
    DECLINED = "declined", _("not agreed")
    DROPPED = "dropped", _("dropped")


class ObjectionTerm(TextChoices):
    """What a letter that mends a decision does to the term for objecting."""

    RUNS = "runs", _("runs as before")
    ANEW = "anew", _("begins anew")


class RouteState(TextChoices):
    """Whether what a party said of its post still holds."""

    CHOSEN = "chosen", _("holds")
    REPLACED = "replaced", _("replaced")


class PaperState(TextChoices):
    """Whether something went by post."""

    SENT = "sent", _("sent on paper")
    UNDONE = "undone", _("noted by mistake")


class TrustState(TextChoices):
    """That an address works again."""

    NOTED = "noted", _("noted")


class Route(TextChoices):
    """How something reached us."""

    PORTAL = "portal", _("in the portal")
    POST = "post", _("by post")


class WordingState(TextChoices):
    """Where a text is that an administrator wrote for a kind of letter."""

    DRAFTED = "drafted", _("draft")
    IN_FORCE = "in_force", _("in force")
    REPLACED = "replaced", _("replaced")
    ENDED = "ended", _("no longer used")
    DISCARDED = "discarded", _("draft thrown away")
