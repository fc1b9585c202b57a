from __future__ import annotations

from django.db import models

from tender.enums import MAY_BE_OFF, MAY_WAIT
from tender.models import User


class MailPreference(models.Model):
    """What somebody chose about the mail they get. Who chose nothing gets everything, at once."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="mail_preference")
    digest = models.BooleanField(default=False)
    """What can wait is gathered in one mail a day."""
    off = models.JSONField(default=list, blank=True)
    """The kinds of mail that are turned off; only what may be turned off counts."""
    digested_on = models.DateField(null=True, blank=True)
    """The day of the last mail that gathered what waited."""
    works_since = models.DateTimeField(null=True, blank=True)
    """When its owner said that an address that sent mail back works again."""

    def __str__(self) -> str:
        return f"{self.user}: {', '.join(self.off) or '–'}"

    def wants(self, kind: str) -> bool:
        """Whether mail of this kind goes to this person."""
        return kind not in MAY_BE_OFF or kind not in self.off

    def gathers(self, kind: str) -> bool:
        """Whether mail of this kind waits for the one mail of the day."""
        return self.digest and kind in MAY_WAIT
