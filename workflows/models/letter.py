from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.db import models

from tender.enums import MAY_BE_OFF, Bounce, MailKind
from tender.models import Application, Decision, User
from workflows.models.event import Event

if TYPE_CHECKING:
    from datetime import datetime

LATE = timedelta(hours=24)
"""So long after something was placed, somebody looks into why its mail is not sent: the law gives 48 hours (Awb 2:10)."""


# Not before it is made known; and of a decision that was sent back and signed again, only the letter of the last signature.
# What we intend was written to be responded to: it is theirs at once.
EARLY = (
    models.Q(decision__isnull=False)
    & ~models.Q(event__kind="decision.announce_intent")
    & (models.Q(decision__published_at=None) | ~models.Q(event__at=models.F("decision__signed_at")))
)


def letter_path(letter: Letter, name: str) -> str:  # noqa: ARG001
    """Letters lie under a random name outside the web root."""
    from uuid import uuid4

    return f"letters/{uuid4().hex}.pdf"


class LetterQuerySet(models.QuerySet["Letter"]):
    """Letters."""

    def sent(self) -> Self:
        """The letters that the party may have."""
        return self.exclude(EARLY)

    def visible_to(self, user: User) -> Self:
        """The letters this person may read: of dossiers they have a part in; a decision's letter only once published."""
        from tender.enums import APPLICANT_ROLES

        mine = Application.objects.held_by(user, *APPLICANT_ROLES)
        return self.filter(application__in=Application.objects.not_only_judged_by(user)).exclude(models.Q(application__in=mine) & EARLY)


class Letter(models.Model):
    """The PDF of a decision or notice: rendered once from frozen facts, stored with its hash, never regenerated."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="letters")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="letters")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="letters")
    mends = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="mended_by")
    """The letter that this one mends, which stays as it was."""
    kind = models.CharField(max_length=30)
    language = models.CharField(max_length=5)
    subject = models.CharField(max_length=200)
    facts = models.JSONField()
    facts_sha256 = models.CharField(max_length=64)
    template_sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=letter_path)
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField()
    rendered_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["rendered_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["event", "kind"], name="letter_once_per_event")]

    def __str__(self) -> str:
        return f"{self.application.reference}: {self.subject}"


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Mails that something waits."""

    def needed(self) -> Self:
        """Those that the law has us send."""
        return self.exclude(kind__in=MAY_BE_OFF)

    def about(self, application: Application) -> Self:
        """Those of one dossier."""
        return self.filter(event__chain=f"dossier:{application.reference}")

    def in_trouble(self, at: datetime) -> Self:
        """Those that came back, and those not sent `LATE` after what they tell was there to be read."""
        return self.filter(~models.Q(bounce="") | models.Q(sent_at=None, event__at__lte=at - LATE))


class Notification(models.Model):
    """The mail that something waits in the portal: once per event and person; how it was sent, and whether it came back."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="notifications")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notifications")
    kind = models.CharField(max_length=20, choices=MailKind.choices, default=MailKind.OTHER)
    subject = models.CharField(max_length=200)
    sent_at = models.DateTimeField(null=True, blank=True)
    address = models.EmailField(blank=True)
    """Where it was sent: people change their address."""
    mail_id = models.UUIDField(null=True, blank=True, db_index=True)
    """The mail that carried it, which a mail gathering several shares: so that what comes back is known."""
    attempts = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=200, blank=True)
    """Why the last attempt failed, never an address or a text."""
    bounce = models.CharField(max_length=4, choices=Bounce.choices, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)
    bounce_note = models.CharField(max_length=200, blank=True)
    """What the other mail server said."""

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "user"], name="notification_once")]
        indexes = [
            models.Index(fields=["kind"], condition=models.Q(sent_at=None), name="notification_waiting"),
            models.Index(fields=["user"], condition=~models.Q(bounce=""), name="notification_bounced"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.subject}"
