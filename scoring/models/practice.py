from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, FSMModelMixin

from scoring.models.sheet import Mark
from tender.enums import NOTHING, SheetState
from tender.models import Stage, User

STATES = (SheetState.STARTED, SheetState.SEALED)


class PracticeSheet(FSMModelMixin, models.Model):
    """One member's form on a practice proposal of a stage.

    Its marks are no `Mark` rows, so that nothing that counts marks or sheets can ever come upon them.
    """

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="practice_sheets")
    juror = models.ForeignKey(User, on_delete=models.PROTECT, related_name="practice_sheets")
    practice = models.CharField(max_length=80)
    """The key of the practice proposal in the scheme."""
    state = FSMField(choices=[(state.value, state.label) for state in STATES], default=NOTHING, protected=True)
    answers = models.JSONField(default=dict)
    """Per ``criterion.question``: ``[mark as text or null, unable, comment]``."""
    comment = models.TextField(blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)
    sealed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stage", "juror", "practice"], name="practice_once"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="practice_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.practice}: {self.juror}"

    @property
    def given(self) -> dict[str, Mark]:
        """What was given so far, per question, in the shape of marks; they are never stored as such."""
        return {question: read(question, *answer) for question, answer in self.answers.items()}

    def keep(self, marks: dict[str, dict[str, Any]]) -> None:
        """Put marks, as `scoring.commands.marking` checks them, among the answers."""
        said = {key: [None if mark["value"] is None else str(mark["value"]), mark["unable"], mark["comment"]] for key, mark in marks.items()}
        self.answers = {**self.answers, **said}


def read(question: str, value: str | None, unable: Any, comment: str) -> Mark:
    """One stored answer as a mark."""
    return Mark(question=question, value=None if value is None else Decimal(value), unable=unable, comment=comment)
