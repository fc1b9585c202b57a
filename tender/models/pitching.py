from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count, Q
from django_fsm import FSMField, FSMModelMixin

from tender.enums import NOTHING, PitchState, SlotState
from tender.models.application import Application
from tender.models.call import Stage
from tender.models.people import User

if TYPE_CHECKING:
    from datetime import datetime


class PitchSlotQuerySet(models.QuerySet["PitchSlot"]):
    """Moments at which makers can present."""

    def with_taken(self) -> models.QuerySet[Any]:
        """Each with ``taken``: how many of its seats are booked."""
        return self.annotate(taken=Count("pitches", filter=Q(pitches__state=PitchState.BOOKED)))


class PitchSlot(FSMModelMixin, models.Model):
    """A moment that is offered: when, how long, where or at which address for a video call, for how many makers, before whom."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="pitch_slots")
    state = FSMField(choices=SlotState.choices, default=NOTHING, protected=True)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    seats = models.PositiveSmallIntegerField(default=1)
    place = models.CharField(max_length=200, blank=True)
    url = models.URLField(max_length=300, blank=True)
    hearers = models.ManyToManyField(User, related_name="pitch_slots", blank=True)

    objects = PitchSlotQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [models.CheckConstraint(condition=Q(state__in=SlotState.values), name="pitch_slot_state_known")]
        indexes = [models.Index(fields=["stage", "state", "starts_at"])]

    def __str__(self) -> str:
        return f"{self.stage} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def where(self) -> str:
        """The place, or the address of the video call where there is none."""
        return self.place or self.url


class Pitch(FSMModelMixin, models.Model):
    """The maker of one dossier presents, once in a stage that asks it: to be booked, booked, held or missed."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="pitches")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="pitches")
    state = FSMField(choices=PitchState.choices, default=NOTHING, protected=True)
    slot = models.ForeignKey(PitchSlot, on_delete=models.PROTECT, null=True, blank=True, related_name="pitches")
    """The moment that was booked last; it counts while the state is *booked*, and stays known after, so that calendars can drop it."""
    sequence = models.PositiveIntegerField(default=0)
    """How often what stands in a calendar changed (RFC 5545)."""
    reminded_at = models.DateTimeField(null=True, blank=True)
    """When we reminded them of the moment that is booked now."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "stage"], name="pitch_once"),
            models.CheckConstraint(condition=Q(state__in=PitchState.values), name="pitch_state_known"),
            models.CheckConstraint(condition=~Q(state=PitchState.BOOKED) | Q(slot__isnull=False), name="pitch_booked_has_a_moment"),
        ]
        indexes = [models.Index(fields=["slot", "state"])]

    def __str__(self) -> str:
        return f"{self.application.reference}: {self.get_state_display()}"
