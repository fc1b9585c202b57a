from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin

from tender.enums import NOTHING, AidNoteState, LinkState
from tender.models.application import Application
from tender.models.people import Organisation, User

if TYPE_CHECKING:
    from datetime import date

ONE_PARTY = Q(organisation__isnull=False, person=None) | Q(organisation=None, person__isnull=False)


class Undertaking(models.Model):
    """A single undertaking: organisations, and people without one, that state-aid law takes as one. Its row is locked while one of them
    gets aid, so that two of them together cannot pass the threshold at the same moment."""

    name = models.CharField(_("name"), max_length=160)

    def __str__(self) -> str:
        return self.name


class LinkQuerySet(models.QuerySet["UndertakingLink"]):
    """Who belongs to which undertaking."""

    def on(self, day: date) -> Self:
        """The links that hold on a day."""
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)


class UndertakingLink(FSMModelMixin, models.Model):
    """That an organisation, or a person, belongs to a single undertaking, from when until when, and on whose word."""

    undertaking = models.ForeignKey(Undertaking, on_delete=models.PROTECT, related_name="links")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="undertaking_links")
    person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="undertaking_links")
    state = FSMField(choices=LinkState.choices, default=NOTHING, protected=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    stated_in = models.ForeignKey(Application, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """The application in which the party said so; empty where the house found it out."""
    reason = models.TextField()
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    objects = LinkQuerySet.as_manager()

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=LinkState.values), name="undertaking_link_state_known"),
            models.CheckConstraint(condition=ONE_PARTY, name="undertaking_link_of_one"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="undertaking_link_in_order"),
            models.UniqueConstraint(fields=["organisation"], condition=Q(state="linked"), name="undertaking_link_organisation_once"),
            models.UniqueConstraint(fields=["person"], condition=Q(state="linked"), name="undertaking_link_person_once"),
        ]

    def __str__(self) -> str:
        return f"{self.party} · {self.undertaking}"

    def holds_on(self, day: date) -> bool:
        """Whether it holds on a day, as `on` asks the database."""
        return self.since <= day and (self.until is None or day <= self.until)

    @property
    def party(self) -> Organisation | User:
        """Who belongs to it."""
        return self.organisation or self.person  # type: ignore[return-value]


class AidNote(FSMModelMixin, models.Model):
    """De minimis aid of another body, as an officer noted it. What we gave ourselves is read from our own decisions."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="aid_notes")
    person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="aid_notes")
    state = FSMField(choices=AidNoteState.choices, default=NOTHING, protected=True)
    body = models.CharField(max_length=160)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    granted_on = models.DateField()
    reason = models.TextField()
    """Where we have it from."""
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["granted_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AidNoteState.values), name="aid_note_state_known"),
            models.CheckConstraint(condition=ONE_PARTY, name="aid_note_of_one"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="aid_note_amount_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.party}: {self.body}"

    @property
    def party(self) -> Organisation | User:
        """Who had it."""
        return self.organisation or self.person  # type: ignore[return-value]
