from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django_fsm import FSMField, FSMModelMixin

from tender.enums import NOTHING, ConflictState, Role, SeatState
from tender.models import Application, Stage, User

if TYPE_CHECKING:
    from datetime import date

    from scoring.links import Link


class Panel(models.Model):
    """The jury, for a term."""

    name = models.CharField(max_length=120)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class PanelMember(FSMModelMixin, models.Model):
    """A seat: who, for which network, in which part, knowing which themes, from when until when; theirs once they accept its terms."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="seats")
    part = models.CharField(
        max_length=20,
        default=Role.JUROR,
        choices=[(r.value, r.label) for r in (Role.JUROR, Role.CHAIR, Role.DEPUTY, Role.SECRETARY)],
    )
    network = models.CharField(max_length=80, blank=True)
    themes = models.JSONField(default=list, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    state = FSMField(choices=SeatState.choices, default=NOTHING, protected=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    """When the invitation was accepted or declined."""
    terms_sha256 = models.CharField(max_length=64, blank=True)
    """Hash of exactly the terms of secrecy and impartiality that were accepted."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["panel", "user"], name="panel_member_once"),
            models.CheckConstraint(condition=Q(state__in=SeatState.values), name="panel_member_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.network})" if self.network else str(self.user)


class SeatingQuerySet(models.QuerySet["Seating"]):
    """Panels at stages."""

    def members(self, stage: Stage) -> models.QuerySet[PanelMember]:
        """Everybody in the panel of a stage, also who has not answered the invitation or declined it, by name."""
        return PanelMember.objects.filter(panel__seatings__stage=stage).select_related("user").order_by("user__name")

    def seats(self, stage: Stage, *, on: date | None = None) -> models.QuerySet[PanelMember]:
        """The members seated for a stage (on a day, if told): all parts, by name. Who has not accepted the terms does not sit."""
        members = self.members(stage).filter(state=SeatState.ACCEPTED)
        if on is not None:
            members = members.filter(since__lte=on).filter(Q(until=None) | Q(until__gte=on))
        return members


class Seating(models.Model):
    """A panel seated for a stage."""

    stage = models.OneToOneField(Stage, on_delete=models.PROTECT, related_name="seating")
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="seatings")

    objects = SeatingQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.panel} · {self.stage}"


class ConflictQuerySet(models.QuerySet["Conflict"]):
    """Declarations."""

    def clear(self) -> Self:
        """Those after which a person may take part."""
        return self.filter(state__in=[ConflictState.NONE, ConflictState.CLEARED])

    def recused(self, user: User) -> Self:
        """Those that keep this person out of a dossier."""
        return self.filter(user=user, state=ConflictState.RECUSED)

    def clear_for(self, application: Application, user: User) -> bool:
        """Whether this person declared and may take part in this dossier."""
        return self.clear().filter(application=application, user=user).exists()


class Conflict(FSMModelMixin, models.Model):
    """What one person declared about one application, before its content opened to them."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="conflicts")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="conflicts")
    part = models.CharField(max_length=20, choices=Role.choices)
    """The part they would take: juror, or a staff role."""
    state = FSMField(choices=ConflictState.choices, default=NOTHING, protected=True)
    kind = models.CharField(max_length=40, blank=True)
    explanation = models.TextField(blank=True)
    declared_at = models.DateTimeField(null=True, blank=True)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "user"], name="conflict_once"),
            models.CheckConstraint(condition=Q(state__in=ConflictState.values), name="conflict_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.application.reference}: {self.user}"

    @cached_property
    def links(self) -> list[Link]:
        """What the system finds that ties this person to the application, as they are told it; read once per instance."""
        from scoring.models.links import as_told, links_between

        pair = (self.user_id, self.application_id)
        return as_told(links_between([pair]).get(pair, []), self.application, self.user)
