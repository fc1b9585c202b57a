from __future__ import annotations

from typing import TYPE_CHECKING, Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tender.enums import Role
from tender.models import User

if TYPE_CHECKING:
    from datetime import datetime

EXPORTERS = (Role.AUDITOR, Role.CONTROLLER, Role.HEAD)
"""Who may take records out of the house."""


class ExportStatus(models.TextChoices):
    """How far an export is."""

    QUEUED = "queued", _("queued")
    RUNNING = "busy", _("being made")
    DONE = "complete", _("ready")
    FAILED = "failed", _("failed")


def export_path(export: Export, name: str) -> str:  # noqa: ARG001  Django gives it
    """Exports lie under a random name; the name people see is made from kind and day."""
    return f"exports/{uuid4().hex}.{name.rpartition('.')[2]}"


class ExportQuerySet(models.QuerySet["Export"]):
    """Exports."""

    def visible_to(self, user: User) -> Self:
        """Every export for those who may make them: who took what out is itself on the record."""
        return self if user.has_role(*EXPORTERS) else self.none()

    def readable_by(self, user: User) -> Self:
        """Those whose file this person may fetch: their own, for an auditor all. Each leaves out what an interest closes to its asker."""
        seen = self.visible_to(user)
        return seen if user.has_role(Role.AUDITOR) else seen.filter(requested_by=user)

    def left_behind(self, before: datetime) -> Self:
        """Those that were asked, or begun, before an instant and are not done: a lost message, or a killed worker."""
        return self.filter(status__in=[ExportStatus.QUEUED, ExportStatus.RUNNING], touched_at__lt=before)


class Export(models.Model):
    """One file taken out of the house: who asked for what, how far it is, and its hash."""

    kind = models.CharField(max_length=20)
    format = models.CharField(max_length=10)
    call = models.CharField(max_length=12, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    language = models.CharField(max_length=5, default="nl")
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="exports")
    requested_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    """When it was last asked for, begun or got on: an export that stands still is begun again."""
    status = models.CharField(max_length=10, choices=ExportStatus.choices, default=ExportStatus.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    file = models.FileField(upload_to=export_path, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    error = models.CharField(max_length=80, blank=True)
    """The kind of the failure, never its values."""
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ExportStatus.values), name="export_status_known"),
            models.CheckConstraint(condition=Q(progress__lte=100), name="export_progress_is_a_percentage"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}.{self.format}"

    @property
    def file_name(self) -> str:
        """The name a reader sees."""
        part = f"-{self.call}" if self.call else f"-{self.year}" if self.year else ""
        return f"drietrap-{self.kind}{part}-{self.requested_at:%Y%m%d-%H%M}.{self.format}"

    @property
    def underway(self) -> bool:
        """Whether it is still to come."""
        return self.status in {ExportStatus.QUEUED, ExportStatus.RUNNING}
