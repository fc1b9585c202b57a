from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, FSMModelMixin

from tender.calendar import amsterdam_day, file_open_from, papers_until
from tender.enums import NOTHING, Follows, Inadmissible, NoHearing, ObjectionOutcome, ObjectionState, Route
from tender.models.application import Application
from tender.models.decision import Decision
from tender.models.people import User

if TYPE_CHECKING:
    from datetime import date

    from tender.models.call import Stage

UNDECIDED_OBJECTIONS = (
    ObjectionState.FILED, ObjectionState.ACKNOWLEDGED, ObjectionState.INCOMPLETE, ObjectionState.ADMISSIBLE, ObjectionState.HEARD,
    ObjectionState.ADVISED,
)  # fmt: skip
"""The states in which an objection waits for a decision."""
OVER = (ObjectionState.CLOSED, ObjectionState.WITHDRAWN)


class ObjectionQuerySet(models.QuerySet["Objection"]):
    """Objections."""

    def visible_to(self, user: User) -> Self:
        """The objections in dossiers of which this person may see the decisions."""
        return self.filter(application__in=Application.objects.not_only_judged_by(user))

    def undecided(self) -> Self:
        """Those on which we have still to decide."""
        return self.filter(state__in=UNDECIDED_OBJECTIONS)

    def undecided_and_late(self) -> Self:
        """Those among them that came after the last day: a term that begins anew serves them."""
        return self.undecided().filter(in_time=False)

    def judged_again(self) -> Self:
        """Those that were founded, and for which the application is judged again."""
        return self.filter(state=ObjectionState.FOUNDED, follows=Follows.REVIEW)

    def open(self) -> Self:
        """Those that keep their decision from being final: undecided, or decided and not over yet."""
        return self.exclude(state__in=OVER)


class Objection(FSMModelMixin, models.Model):
    """What a party brings against a published decision, up to the decision on it (Awb 6:4 to 7:13)."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="objections")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="objections")
    state = FSMField(choices=ObjectionState.choices, default=NOTHING, protected=True)
    route = models.CharField(max_length=10, choices=Route.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    """Who filed it; of what came by post, who entered it."""
    filed_at = models.DateTimeField()
    posted_on = models.DateField(null=True, blank=True)
    """The day of the postmark, where there is one."""
    received_on = models.DateField()
    in_time = models.BooleanField()
    """Whether it came in time: received by the last day, or posted by then and received within a week (Awb 6:7 to 6:9)."""
    grounds = models.TextField()
    late_because = models.TextField(blank=True)
    """Why it came late, as the party says; it may be excused (Awb 6:11)."""
    excused = models.TextField(blank=True)
    """Why we excuse that."""

    handler = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="objections")
    decide_by = models.DateField()
    postponed_weeks = models.PositiveSmallIntegerField(default=0)
    postponed_because = models.TextField(blank=True)
    gaps = models.TextField(blank=True)
    """What is formally missing (Awb 6:5), as the party was asked for it."""
    repair_asked_on = models.DateField(null=True, blank=True)
    repair_until = models.DateField(null=True, blank=True)
    suspended_days = models.PositiveSmallIntegerField(default=0)
    completion = models.TextField(blank=True)
    """What the party sent when it was asked for what was missing."""

    hearing_at = models.DateTimeField(null=True, blank=True)
    hearing_place = models.CharField(max_length=200, blank=True)
    no_hearing = models.CharField(max_length=20, choices=NoHearing.choices, blank=True)
    minutes = models.TextField(blank=True)
    """What was said at the hearing; or why nobody was heard."""
    heard_at = models.DateTimeField(null=True, blank=True)

    advised = models.CharField(max_length=12, choices=ObjectionOutcome.choices, blank=True)
    inadmissible = models.CharField(max_length=12, choices=Inadmissible.choices, blank=True)
    advice = models.TextField(blank=True)
    advised_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    advised_at = models.DateTimeField(null=True, blank=True)

    outcome = models.CharField(max_length=12, choices=ObjectionOutcome.choices, blank=True)
    follows = models.CharField(max_length=10, choices=Follows.choices, blank=True)
    reasons = models.TextField(blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    appeal_until = models.DateField(null=True, blank=True)
    """The last day to go to the court about the decision on it (Awb 8:1, 6:7)."""

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        ordering = ["decide_by", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ObjectionState.values), name="objection_state_known"),
            models.UniqueConstraint(fields=["decision"], condition=~Q(state=ObjectionState.WITHDRAWN), name="objection_once_per_decision"),
        ]
        indexes = [models.Index(fields=["state", "decide_by"])]

    def __str__(self) -> str:
        return f"{self.application.reference}: {self.get_state_display()}"

    def late_on(self, today: date) -> bool:
        """Whether what is filed on a day comes after the last day for objecting; before it is filed, too."""
        last = self.decision.objection_until
        return last is not None and today > last

    @property
    def papers_until(self) -> date | None:
        """The last day to send papers before the hearing; None where none is planned."""
        return papers_until(amsterdam_day(self.hearing_at)) if self.hearing_at else None

    @property
    def file_from(self) -> date | None:
        """From when on the file can be read before the hearing."""
        return file_open_from(amsterdam_day(self.hearing_at)) if self.hearing_at else None

    @property
    def stage(self) -> Stage:
        """The stage that the decision was about."""
        return self.decision.stage

    @property
    def stage_id(self) -> int:
        """Its number."""
        return self.decision.stage_id
