from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, FSMModelMixin

from tender.canonical import digest
from tender.enums import NOTHING, AdviceState
from tender.models import Application, Decision, Stage, User

if TYPE_CHECKING:
    from decimal import Decimal


class Meeting(models.Model):
    """A sitting of the panel on a round: who was there, how many to nominate, and the minutes."""

    stage = models.OneToOneField(Stage, on_delete=models.PROTECT, related_name="meeting")
    convened_at = models.DateTimeField()
    present = models.ManyToManyField(User, related_name="+", blank=True)
    missing_sheets = models.JSONField(default=list)
    """The sheets that were not there when the meeting began, and were accepted as missing: reference, juror, and why."""
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    minutes = models.TextField(blank=True)
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.stage)


class MeetingItem(models.Model):
    """One application on the agenda: who is in the room for it. Who leaves is minuted, and the quorum counts who stays."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    present = models.ManyToManyField(User, related_name="+", blank=True)
    note = models.TextField(blank=True)
    """What the secretary notes: who left and why, what was asked."""
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "application"], name="meeting_item_once")]

    def __str__(self) -> str:
        return self.application.reference


class Ranking(models.Model):
    """A frozen order with its method, inputs, ties, seed and cut. Written once; it recomputes to itself."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="rankings")
    version = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=40)
    at = models.DateTimeField()
    inputs = models.JSONField()
    """Marks, amounts, ceiling, number and rule, as they went in."""
    inputs_sha256 = models.CharField(max_length=64)
    seed = models.CharField(max_length=64, blank=True)
    cut = models.JSONField(default=dict)
    """The line, what drew it, the ties and the lottery draws."""
    reason = models.TextField(blank=True)
    event_id = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stage", "version"], name="ranking_version_once")]
        get_latest_by = "version"

    def __str__(self) -> str:
        return f"{self.stage} v{self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Freeze a new ranking; an existing one is refused."""
        if self.pk is not None:
            raise TypeError("A ranking never changes; freeze a new version.")
        super().save(*args, **kwargs)


class Placing(models.Model):
    """One line of a frozen ranking."""

    ranking = models.ForeignKey(Ranking, on_delete=models.PROTECT, related_name="placings")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="placings")
    order = models.PositiveSmallIntegerField()
    """The place after ties were resolved: 1, 2, 3 …"""
    rank = models.PositiveSmallIntegerField(null=True, blank=True)
    """The rank on the score alone: ties share it; empty where it cannot be ranked."""
    total: models.DecimalField[Decimal | None, Decimal | None] = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    criteria = models.JSONField(default=dict)
    """Per criterion its mean, 0..100."""
    sheets = models.PositiveSmallIntegerField(default=0)
    spread = models.FloatField(null=True, blank=True)
    chance = models.FloatField(null=True, blank=True)
    """P(rank ≤ k) from the bootstrap over jurors."""
    outcome = models.CharField(max_length=20)
    """selected, reserve, below_floor, beyond_cut, over_ceiling (the names of `scoring.selection`)."""
    amount = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["ranking_id", "order"]
        constraints = [models.UniqueConstraint(fields=["ranking", "application"], name="placing_once")]

    def __str__(self) -> str:
        return f"{self.order}. {self.application.reference}"


class Advice(FSMModelMixin, models.Model):
    """What the panel says to the board about one application, at one stage: criterion by criterion, and on the whole.

    It drafts itself from the sheets; the secretary edits it, the chair signs it, and then it never changes.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="advices")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="advices")
    ranking = models.ForeignKey(Ranking, on_delete=models.PROTECT, related_name="advices")
    state = FSMField(choices=AdviceState.choices, default=NOTHING, protected=True)
    parts = models.JSONField(default=dict)
    """Per criterion, by its key, what the panel says of it."""
    text = models.TextField(blank=True)
    """What the panel says on the whole."""
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "ranking"], name="advice_once"),
            models.CheckConstraint(condition=Q(state__in=AdviceState.values), name="advice_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.application.reference}"

    @property
    def seen_sha256(self) -> str:
        """What a signature binds: exactly these words."""
        return digest([self.parts, self.text])

    @property
    def in_full(self) -> str:
        """All of it, a remark a line: by criterion in the order of the rubric, then on the whole."""
        rubric = self.stage.rules.rubric
        parts = [self.parts.get(criterion.key, "") for criterion in rubric.criteria] if rubric else []
        return "\n".join(words for words in (*parts, self.text) if words.strip())


class DecisionBasis(models.Model):
    """Which ranking and advice a decision rests on."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="basis")
    ranking = models.ForeignKey(Ranking, on_delete=models.PROTECT, related_name="bases")
    advice = models.ForeignKey(Advice, on_delete=models.PROTECT, null=True, blank=True, related_name="bases")

    def __str__(self) -> str:
        return str(self.decision)
