from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django_fsm import FSMField, FSMModelMixin

from tender.enums import NOTHING, StageState
from tender.models.scheme import SchemeVersion
from tender.schemes.definition import Intake

if TYPE_CHECKING:
    from datetime import datetime

    from tender.schemes import definition


class Call(models.Model):
    """One round of a scheme, pinned to a version."""

    reference = models.CharField(max_length=12, unique=True)
    version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="calls")
    year = models.PositiveSmallIntegerField()
    title_nl = models.CharField(max_length=160)
    title_en = models.CharField(max_length=160)
    issued = models.PositiveIntegerField(default=0)
    """How many reference numbers have been given out."""

    def __str__(self) -> str:
        return self.reference

    @property
    def definition(self) -> definition.Scheme:
        """The rules this call is pinned to."""
        return self.version.definition

    @property
    def title(self) -> str:
        """The title in the language of the moment."""
        from tender.schemes.definition import Text

        return str(Text(self.title_nl, self.title_en))


class StageQuerySet(models.QuerySet["Stage"]):
    """Stages of calls."""

    def public(self) -> StageQuerySet:
        """What the public may know of: announced and not cancelled."""
        return self.exclude(state__in=[StageState.DRAFT, StageState.CANCELLED])

    def taking(self, at: datetime) -> StageQuerySet:
        """The stages whose window is open at ``at`` as far as the database can tell; `tender.rules` decides."""
        return self.filter(state__in=[StageState.OPEN, StageState.PLANNED], opens_at__lte=at).filter(
            models.Q(closes_at=None) | models.Q(closes_at__gte=at)
        )


class Stage(FSMModelMixin, models.Model):
    """One step of the ladder inside a call: window, ceiling, lottery seed. All else is read from the pinned version."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="stages")
    key = models.SlugField()
    number = models.PositiveSmallIntegerField()
    state = FSMField(choices=StageState.choices, default=NOTHING, protected=True)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    """Continuous intake: from when nothing is taken in, until it resumes."""
    ceiling = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    funding = models.JSONField(default=list, blank=True)
    """Where the ceiling comes from: lines of source, name, kind, year and amount, in the order in which they are used. None: the house
    itself, in the year of the call."""
    lottery_commitment = models.CharField(max_length=64, blank=True)
    lottery_seed = models.CharField(max_length=64, blank=True)
    """Secret until the ranking; revealed with it."""
    number_to_select = models.PositiveSmallIntegerField(null=True, blank=True)
    decide_by = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    publish_at = models.DateTimeField(null=True, blank=True)
    """The moment that was set for publishing every decision of the round; the clock does it then."""
    publish_seen = models.CharField(max_length=64, blank=True)
    """The hash of the signed decisions that the moment was set for: with any other it is void."""

    objects = StageQuerySet.as_manager()

    class Meta:
        ordering = ["call_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["call", "key"], name="stage_key_once"),
            models.UniqueConstraint(fields=["call", "number"], name="stage_number_once"),
            models.CheckConstraint(condition=models.Q(state__in=StageState.values), name="stage_state_known"),
            models.CheckConstraint(condition=models.Q(ceiling__gte=0), name="stage_ceiling_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.call.reference}/{self.key}"

    @property
    def rules(self) -> definition.Stage:
        """What the scheme says about this stage."""
        return self.call.definition.stage(self.key)

    @property
    def label(self) -> str:
        """The name of the stage in the language of the moment."""
        return str(self.rules.label)

    @property
    def next(self) -> Stage | None:
        """The stage that winners go on to, if there is one."""
        then = self.rules.then
        return self.call.stages.get(key=then) if then else None

    @property
    def previous(self) -> Stage | None:
        """The stage that leads here, if there is one."""
        return next((stage for stage in self.call.stages.all() if stage.rules.then == self.key), None)

    @property
    def common_term(self) -> datetime | None:
        """Until when gaps may be mended, as the first request in a round set it for all; None before, and where each has its own term."""
        if self.rules.intake != Intake.WINDOW:
            return None
        asked = self.applications.exclude(repair_until=None).order_by("repair_asked_at", "pk")
        return asked.values_list("repair_until", flat=True).first()
