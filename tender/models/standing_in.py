from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, FSMModelMixin

from tender.enums import NOTHING, Role, StandInState
from tender.models.people import User

if TYPE_CHECKING:
    from datetime import date

STANDING = (StandInState.PLANNED, StandInState.RUNNING)


class StandInQuerySet(models.QuerySet["StandIn"]):
    """Who stands in for whom."""

    def standing(self) -> Self:
        """Those that hold now, or will."""
        return self.filter(state__in=STANDING)

    def running(self) -> Self:
        """Those that hold now."""
        return self.filter(state=StandInState.RUNNING)

    def meeting(self, since: date, until: date) -> Self:
        """Those whose days and these meet, both ends counted."""
        return self.filter(since__lte=until, until__gte=since)

    def visible_to(self, user: User) -> Self:
        """Those that this person may read of: who works in the house reads all, so that everybody knows who acts for whom."""
        return self if user.roles else self.none()


class StandIn(FSMModelMixin, models.Model):
    """Somebody acts in the house roles of a colleague for some days, under their own name. Inert; its arrows are in ``workflows``."""

    absent = models.ForeignKey(User, on_delete=models.PROTECT, related_name="stood_in_for")
    stands_in = models.ForeignKey(User, on_delete=models.PROTECT, related_name="stands_in_for")
    roles = models.JSONField(default=list)
    """The house roles of ``absent`` that are lent."""
    since = models.DateField()
    until = models.DateField()
    """The last day, counted."""
    state = FSMField(choices=StandInState.choices, default=NOTHING, protected=True)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()

    objects = StandInQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=StandInState.values), name="stand_in_state_known"),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="stand_in_days_in_order"),
            models.CheckConstraint(condition=~Q(absent=F("stands_in")), name="stand_in_another"),
        ]
        indexes = [models.Index(fields=["state", "since"])]

    def __str__(self) -> str:
        return f"{self.stands_in} → {self.absent}"

    @property
    def role_labels(self) -> list[str]:
        """The roles that are lent, in words."""
        return [str(Role(role).label) for role in self.roles]
