from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Count, Q
from django_fsm import FSMField, FSMModelMixin

from tender.enums import NOTHING, ApplicationState, SheetState
from tender.models import Application, Stage, User

DONE = (SheetState.SEALED, SheetState.CONFIRMED)
IN_ROUND = (ApplicationState.ELIGIBLE, ApplicationState.IN_REVIEW)


class ScoresheetQuerySet(models.QuerySet["Scoresheet"]):
    """Assignments, with what came of them."""

    def counting(self) -> Self:
        """The sheets that count: all but the void."""
        return self.exclude(state=SheetState.VOID)

    def done(self) -> Self:
        """The sheets whose marks stand."""
        return self.filter(state__in=DONE)

    def missing(self, stage: Stage) -> Self:
        """The sheets of a round that count and are not in, by dossier and name."""
        open_ones = self.counting().filter(stage=stage).exclude(state__in=DONE)
        return open_ones.select_related("application", "juror").order_by("application__reference", "juror__name")

    def cases(self, stage: Stage) -> models.QuerySet[Any]:
        """The applications judged in a round with ``assigned`` and ``done``: how many sheets count, and how many are in."""
        here = Q(sheets__stage=stage)
        return Application.objects.filter(stage=stage, state__in=IN_ROUND).annotate(
            assigned=Count("sheets", filter=here & ~Q(sheets__state=SheetState.VOID)),
            done=Count("sheets", filter=here & Q(sheets__state__in=DONE)),
        )

    def unassigned(self, stage: Stage) -> models.QuerySet[Application]:
        """The applications with fewer sheets than the scheme asks (where it asks for the whole panel: with none)."""
        return self.cases(stage).filter(assigned__lt=stage.rules.assessors or 1)

    def below_quorum(self, stage: Stage) -> list[Application]:
        """The applications with fewer sheets in than the quorum asks, by reference."""
        rule = stage.rules.quorum
        return [case for case in self.cases(stage).order_by("reference") if case.done < rule.sheets_of(case.assigned)]

    def of(self, user: User) -> Self:
        """This person's own sheets, of dossiers whose content is open to them."""
        return self.counting().filter(juror=user, application__in=Application.objects.visible_to(user))


class Scoresheet(FSMModelMixin, models.Model):
    """One juror's form on one application at one stage. In state *assigned* it is the assignment."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="sheets")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="sheets")
    juror = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sheets")
    state = FSMField(choices=SheetState.choices, default=NOTHING, protected=True)
    comment = models.TextField(blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)
    sealed_at = models.DateTimeField(null=True, blank=True)

    objects = ScoresheetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "stage", "juror"], condition=~Q(state=SheetState.VOID), name="scoresheet_once"),
            models.CheckConstraint(condition=Q(state__in=SheetState.values), name="scoresheet_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.application.reference}: {self.juror}"

    @property
    def given(self) -> dict[str, Mark]:
        """What was given so far, per question."""
        return {mark.question: mark for mark in self.marks.all()}


class Mark(models.Model):
    """One question on one sheet. ``unable`` is a missing mark, never a zero."""

    sheet = models.ForeignKey(Scoresheet, on_delete=models.CASCADE, related_name="marks")
    question = models.CharField(max_length=80)
    """``criterion.question`` in the rubric."""
    value = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    unable = models.BooleanField(default=False)
    comment = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "question"], name="mark_once"),
            models.CheckConstraint(condition=Q(unable=False) | Q(value=None), name="mark_unable_has_no_value"),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.value}"


class MarkChange(models.Model):
    """One mark changed in the meeting: what it was, what it became, and why. The independent mark stays on record; None is “not able”."""

    mark = models.ForeignKey(Mark, on_delete=models.PROTECT, related_name="changes")
    before = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    after = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    reason = models.TextField()
    at = models.DateTimeField()
    event_id = models.UUIDField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.mark.question}: {self.before} → {self.after}"
