from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, FSMModelMixin

from tender.enums import NOTHING, ConsentState, InvitationState, JoiningState, Part
from tender.models.application import Application
from tender.models.call import Stage
from tender.models.people import Organisation, User

if TYPE_CHECKING:
    from datetime import datetime


class Mailed(models.Model):
    """What was asked by a mail with a link, and whether that mail came back."""

    mail_id = models.UUIDField(null=True, blank=True, db_index=True)
    """The newest mail, so that what comes back is known."""
    undelivered_at = models.DateTimeField(null=True, blank=True)
    """Since when we know that the newest mail did not arrive."""

    class Meta:
        abstract = True


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations to dossiers."""

    def waiting(self, at: datetime) -> Self:
        """Those that can still be answered."""
        return self.filter(state=InvitationState.INVITED, until__gt=at)


class Invitation(FSMModelMixin, Mailed):
    """Somebody asked by mail to take part in a dossier. The link holds a token; here is only its hash."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField()
    part = models.CharField(max_length=20, choices=Part.choices)
    state = FSMField(choices=InvitationState.choices, default=NOTHING, protected=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField()
    token_sha256 = models.CharField(max_length=64, blank=True)
    """The hash of the token in the newest mail; empty once it was used or taken back."""
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(state__in=InvitationState.values), name="invitation_state_known")]
        indexes = [models.Index(fields=["token_sha256"])]

    def __str__(self) -> str:
        return f"{self.email}: {self.part}"


class Consent(FSMModelMixin, Mailed):
    """What a partner said about what it is named for at one stage; it holds for exactly what was shown."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="consents")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="consents")
    partner = models.CharField(max_length=170)
    """Which partner of the list: its KvK number, or its name where it has none."""
    name = models.CharField(max_length=160)
    email = models.EmailField()
    state = FSMField(choices=ConsentState.choices, default=NOTHING, protected=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    until = models.DateTimeField()
    token_sha256 = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    """The fingerprint of what was shown when the partner consented."""
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=120, blank=True)
    """Who says to speak for the partner, as typed."""
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ConsentState.values), name="consent_state_known"),
            models.UniqueConstraint(fields=["application", "stage", "partner"], name="consent_once_per_partner"),
        ]
        indexes = [models.Index(fields=["token_sha256"])]

    def __str__(self) -> str:
        return f"{self.name}: {self.state}"


class CoSignature(models.Model):
    """A signature beside that of who hands in, for exactly one text of the form."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="cosignatures")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "stage", "user", "sha256"], name="cosignature_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.sha256[:16]}"


class DraftChange(models.Model):
    """What one person changed in a draft in about ten minutes: per question the answer before and after."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="draft_changes")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    at = models.DateTimeField()
    version = models.PositiveIntegerField()
    changes = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["application", "at"])]

    def __str__(self) -> str:
        return f"{self.by} · {self.at:%Y-%m-%d %H:%M}"


class Joining(FSMModelMixin, models.Model):
    """Somebody on the way to acting for an organisation, and out of it again. What they may do is in `Membership`."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="joinings")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="joinings")
    part = models.CharField(max_length=20, choices=Part.choices)
    state = FSMField(choices=JoiningState.choices, default=NOTHING, protected=True)
    at = models.DateTimeField()
    note = models.TextField(blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=JoiningState.values), name="joining_state_known"),
            models.UniqueConstraint(
                fields=["organisation", "user"], condition=Q(state__in=[JoiningState.ASKED, JoiningState.LET_IN]), name="joining_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation}"
