from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, FSMModelMixin

from tender.calendar import PENALTY_DAYS, PENALTY_MOST, penalty, penalty_starts
from tender.enums import NOTHING, NoPenalty, NoticeState
from tender.models.application import Application
from tender.models.call import Stage
from tender.models.people import User

if TYPE_CHECKING:
    from datetime import date

ONE_DAY = timedelta(days=1)
FIX_WITHIN = timedelta(weeks=2)
"""Within which, after the last day that costs money, we say what is owed (Awb 4:18)."""


class DefaultNoticeQuerySet(models.QuerySet["DefaultNotice"]):
    """Notices of default."""

    def standing(self) -> Self:
        """Those that were not noted by mistake."""
        return self.exclude(state=NoticeState.DROPPED)

    def running(self) -> Self:
        """Those on which nothing was decided yet."""
        return self.standing().filter(ended_on=None)

    def unfixed(self) -> Self:
        """Those of which nobody has said yet what is owed."""
        return self.filter(state=NoticeState.NOTED)


class DefaultNotice(FSMModelMixin, models.Model):
    """A party let us know in writing that we are late with our decision (Awb 4:17): once per dossier and stage, until it is decided."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="default_notices")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    state = FSMField(choices=NoticeState.choices, default=NOTHING, protected=True)
    received_on = models.DateField()
    last_day = models.DateField()
    """The last day to decide, as it was when we were told."""
    ended_on = models.DateField(null=True, blank=True)
    """The day on which it was decided, withdrawn or cancelled."""
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    fixed = models.PositiveIntegerField(null=True, blank=True)
    """What we decided that is owed, in euros; zero where article 4:17, sixth paragraph, applies."""
    fixed_at = models.DateTimeField(null=True, blank=True)
    no_penalty = models.CharField(max_length=20, choices=NoPenalty.choices, blank=True)

    objects = DefaultNoticeQuerySet.as_manager()

    class Meta:
        ordering = ["received_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=NoticeState.values), name="notice_state_known"),
            models.UniqueConstraint(
                fields=["application", "stage"], condition=Q(ended_on=None) & ~Q(state=NoticeState.DROPPED), name="default_notice_stands_once"
            ),
            models.CheckConstraint(condition=Q(fixed=None) | Q(state=NoticeState.FIXED), name="notice_fixed_with_amount"),
            models.CheckConstraint(condition=Q(fixed=None) | Q(fixed__lte=PENALTY_MOST), name="notice_fixed_by_law"),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.received_on}"

    @property
    def starts(self) -> date:
        """The first day for which a penalty is owed."""
        return penalty_starts(self.last_day, self.received_on)

    @property
    def ends(self) -> date:
        """The last day for which a penalty can be owed: the day before it was decided, or the last of the forty-two."""
        last = self.starts + (PENALTY_DAYS - 1) * ONE_DAY
        return last if self.ended_on is None else min(last, self.ended_on - ONE_DAY)

    @property
    def fix_by(self) -> date:
        """The day by which we say what is owed."""
        return self.ends + FIX_WITHIN

    @property
    def most(self) -> int:
        """What it can come to, in euros."""
        if self.fixed is not None:
            return self.fixed
        return PENALTY_MOST if self.ended_on is None else self.owed(self.ended_on)

    def owed(self, today: date) -> int:
        """What is owed up to and with ``today``, in euros; the day on which it was decided does not count."""
        if self.fixed is not None:
            return self.fixed
        return penalty(self.starts, today if self.ended_on is None else min(today, self.ended_on - ONE_DAY))
