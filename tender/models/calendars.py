"""The secret address of somebody's own calendar: a calendar program cannot sign in."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tender.models.people import User


class CalendarAddress(models.Model):
    """One address. Only a hash of its secret is kept; whoever stops it, stops it for good."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="calendar_addresses")
    secret_sha256 = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=5, default="nl")
    made_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user"], condition=Q(stopped_at=None), name="calendar_address_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.made_at:%Y-%m-%d}"
