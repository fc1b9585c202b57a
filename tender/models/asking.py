"""A question about a call: asked in private, answered for everybody, and nobody reads who asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, FSMModelMixin

from tender.canonical import digest
from tender.enums import NOTHING, QuestionState
from tender.models.call import Call, Stage
from tender.models.people import User

if TYPE_CHECKING:
    from django.db.models import QuerySet


class QuestionQuerySet(models.QuerySet["Question"]):
    """Questions about calls."""

    def answered(self) -> Self:
        """What everybody may read, the latest first."""
        return self.filter(state=QuestionState.ANSWERED).order_by("-answered_at", "-pk")

    def waiting(self) -> Self:
        """What waits for an answer, the most urgent first."""
        return self.filter(state=QuestionState.ASKED).order_by("answer_by", "pk")

    def about(self, calls: QuerySet[Call] | list[Call]) -> Self:
        """Those about these calls."""
        return self.filter(stage__call__in=calls)


class Question(FSMModelMixin, models.Model):
    """One question at a stage of a call. ``body`` is as it was asked and stays inside; ``public_body`` and ``answer`` are for everybody."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="questions")
    state = FSMField(choices=QuestionState.choices, default=NOTHING, protected=True)
    language = models.CharField(max_length=5, default="nl")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    """Who gets the mail. No page shows it."""
    asked_at = models.DateTimeField()
    answer_by = models.DateField()
    body = models.TextField()
    token = models.UUIDField(unique=True, null=True)
    """Made with the form it was written in: the same form sent twice is one question."""
    public_body = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    """The answer that everybody reads; of a question that is not answered, why not, for who asked."""
    answered_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    """When a published answer was last put right."""

    objects = QuestionQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(state__in=QuestionState.values), name="question_state_known")]
        indexes = [models.Index(fields=["state", "answer_by"]), models.Index(fields=["asked_by", "state"])]

    def __str__(self) -> str:
        return f"{self.stage.call.reference}: {self.pk}"

    @property
    def seen_sha256(self) -> str:
        """The hash of what is published, so that two who put it right do not overwrite each other."""
        return digest([self.public_body, self.answer])
