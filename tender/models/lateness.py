from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.db import models

from tender.calendar import PENALTY_MOST, penalty, penalty_starts
from tender.models.application import Application
from tender.models.call import Stage
from tender.models.people import User

if TYPE_CHECKING:
    from datetime import date

ONE_DAY = timedelta(days=1)


class DefaultNoticeQuerySet(models.QuerySet["DefaultNotice"]):
    """Notices of default."""

    def running(self) -> Self:
        """Those on which nothing was decided yet."""
        return self.filter(ended_on=None)


class DefaultNotice(models.Model):
    """A party let us know in writing that we are late with our decision (Awb 4:17): once per dossier and stage."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="default_notices")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    received_on = models.DateField()
    last_day = models.DateField()
    """The last day to decide, as it was when we were told."""
    ended_on = models.DateField(null=True, blank=True)
    """The day on which it was decided, withdrawn or cancelled."""
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = DefaultNoticeQuerySet.as_manager()

    class Meta:
        ordering = ["received_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["application", "stage"], name="default_notice_once")]

    def __str__(self) -> str:
        return f"{self.application}: {self.received_on}"

    @property
    def starts(self) -> date:
        """The first day for which a penalty is owed."""
        return penalty_starts(self.last_day, self.received_on)

    @property
    def most(self) -> int:
        """What it can come to, in euros."""
        return PENALTY_MOST if self.ended_on is None else self.owed(self.ended_on)

    def owed(self, today: date) -> int:
        """What is owed up to and with ``today``, in euros; the day on which it was decided does not count."""
        return penalty(self.starts, today if self.ended_on is None else min(today, self.ended_on - ONE_DAY))
