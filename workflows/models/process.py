from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from viewflow.workflow.managers import ProcessQuerySet
from viewflow.workflow.models import Process, Task

from tender.models import Application, Stage, User
from workflows.machines import MACHINES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workflows.models.event import Event


ALONG = {
    "stage": ("call__version",),
    "application": ("stage__call__version", "call__version"),
    "decision": ("stage__call__version", "application__stage__call__version"),
    "grant": ("stage__call__version", "application"),
    "objection": ("application__stage__call__version", "decision__stage__call__version"),
}


def case_of(noun: str, pk: int) -> Any:
    """A case through its machine, along with what the rules about it are read from, in one query."""
    return MACHINES[noun].objects.select_related(*ALONG[noun]).get(pk=pk)  # type: ignore[attr-defined]


class CaseProcessQuerySet(ProcessQuerySet):
    """Processes of cases."""

    def of(self, cases: Iterable[tuple[str, int]]) -> CaseProcessQuerySet:
        """The processes of these cases (noun, key), in the order in which they are locked."""
        wanted = Q(pk__in=[])
        for noun, key in cases:
            wanted |= Q(noun=noun, key=key)
        return self.filter(wanted).order_by("pk")


class CaseProcess(Process):
    """Whose turn it is on one case. It follows the machine and holds no truth of its own."""

    noun = models.CharField(max_length=20)
    key = models.BigIntegerField()
    application = models.ForeignKey(Application, on_delete=models.PROTECT, null=True, blank=True, related_name="processes")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="processes")
    seen = models.PositiveIntegerField(default=0)
    """Up to which line of the case's chain of events the process has come: what lies before is never followed again."""

    replayed: Event
    """While a process follows: the event whose task is done just now, for the gateways behind it."""

    objects = CaseProcessQuerySet.as_manager()

    class Meta:
        default_permissions = ("manage",)  # viewflow would add it while running, and the migrations would never end
        constraints = [models.UniqueConstraint(fields=["noun", "key", "stage"], name="process_once_per_case_and_stage")]
        indexes = [models.Index(fields=["application"])]

    def __str__(self) -> str:
        return f"{self.noun} {self.key}"

    @property
    def case(self) -> Any:
        """The case through its machine, fresh, along with what the rules about it are read from."""
        return case_of(self.noun, self.key)


class WorkItemQuerySet(models.QuerySet["WorkItem"]):
    """Open work."""

    def with_cases(self) -> WorkItemQuerySet:
        """Along with what a list shows: dossier, party, stage, call."""
        return self.select_related("application__organisation", "application__applicant", "stage__call__version", "user")


class WorkItem(models.Model):
    """One thing that waits for a person: a row while it waits, gone once done. The inbox is made of these."""

    process = models.ForeignKey(CaseProcess, on_delete=models.CASCADE, related_name="items")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="items")
    noun = models.CharField(max_length=20)
    key = models.BigIntegerField()
    arrow = models.CharField(max_length=40)
    role = models.CharField(max_length=20, blank=True)
    """Whose turn it is: a role of the house, a seat in the panel, or a part in the dossier; empty where it is one person's."""
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="work")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, null=True, blank=True, related_name="work")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="work")
    deadline = models.DateField(null=True, blank=True)
    since = models.DateTimeField()
    escalated = models.BooleanField(default=False)
    """A warning that a term runs out: the step itself is another's."""

    objects = WorkItemQuerySet.as_manager()

    class Meta:
        ordering = [models.F("deadline").asc(nulls_last=True), "since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "noun", "key", "arrow", "role", "escalated"], condition=Q(user=None), name="work_once_per_role"
            ),
            models.UniqueConstraint(
                fields=["task", "noun", "key", "arrow", "user", "escalated"], condition=~Q(user=None), name="work_once_per_person"
            ),
        ]
        indexes = [models.Index(fields=["role", "deadline", "since"]), models.Index(fields=["user", "deadline", "since"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def kind(self) -> str:
        """The arrow with its noun, as events have it."""
        return f"{self.noun}.{self.arrow}"

    @property
    def label(self) -> str:
        """What the button of the step says."""
        from workflows.labels import LABELS

        return str(LABELS.get(self.kind, self.kind))

    @property
    def reference(self) -> str:
        """The dossier's reference, or the call's and the stage's."""
        return self.application.reference if self.application else str(self.stage)
