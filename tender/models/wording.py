"""What an administrator wrote for a kind of letter of a scheme: version after version, none ever changed once it was used."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Self

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, FSMModelMixin

from tender.canonical import digest
from tender.enums import NOTHING, WordingState
from tender.models.people import User
from tender.models.scheme import Scheme

if TYPE_CHECKING:
    from datetime import datetime

PARTS = ("subject", "opening", "body", "closing")
"""What of a letter may be worded: its subject, what stands before the decision, what stands among the reasons, what stands at the end."""


class Place(NamedTuple):
    """Where a text belongs: the key of a scheme's row, of a stage, the kind of letter, and the language (nl, en)."""

    scheme_id: int
    stage: str
    kind: str
    language: str


class WordingQuerySet(models.QuerySet["Wording"]):
    """Texts of letters."""

    def at(self, place: Place) -> Self:
        """All versions of one text, the newest first."""
        return self.filter(**place._asdict()).order_by("-number")

    def in_force(self) -> Self:
        """Those that letters are made with now: one per place, since what puts another in force locks the scheme and ends the one before."""
        return self.filter(state=WordingState.IN_FORCE)

    def in_force_on(self, at: datetime) -> Self:
        """Those that letters were made with at an instant, the one put in force last in front."""
        began = self.filter(adopted_at__lte=at).filter(Q(ended_at=None) | Q(ended_at__gt=at))
        return began.order_by("-adopted_at", "-number")

    def standing(self) -> Self:
        """What somebody who opens a text finds: the draft if there is one, then what is in force."""
        return self.filter(state__in=[WordingState.DRAFTED, WordingState.IN_FORCE]).order_by("-number")

    def in_force_by_place(self, schemes: set[int]) -> dict[Place, Wording]:
        """All that is in force in these schemes, in one query."""
        return {each.place: each for each in self.in_force().filter(scheme__in=schemes)}


class Wording(FSMModelMixin, models.Model):
    """One version of a text. Empty parts are left to the house; a line that is left blank begins another paragraph."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="wordings")
    stage = models.SlugField()
    kind = models.CharField(max_length=30)
    language = models.CharField(max_length=2)
    number = models.PositiveIntegerField()
    state = FSMField(choices=WordingState.choices, default=NOTHING, protected=True)
    subject = models.CharField(max_length=200, blank=True)
    opening = models.TextField(blank=True)
    body = models.TextField(blank=True)
    closing = models.TextField(blank=True)
    reason = models.CharField(max_length=500)
    """Why it was written, for whoever reads the history."""
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    adopted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    adopted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = WordingQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=WordingState.values), name="wording_state_known"),
            models.UniqueConstraint(fields=["scheme", "stage", "kind", "language", "number"], name="wording_number_once"),
            models.UniqueConstraint(
                fields=["scheme", "stage", "kind", "language"], condition=Q(state=WordingState.DRAFTED), name="wording_one_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme}/{self.stage}/{self.kind}/{self.language} v{self.number}"

    @property
    def place(self) -> Place:
        """Where it belongs."""
        return Place(self.scheme_id, self.stage, self.kind, self.language)

    @property
    def parts(self) -> dict[str, str]:
        """Its text by part."""
        return {name: getattr(self, name) for name in PARTS}

    @property
    def sha256(self) -> str:
        """The hash of what it says and where it belongs: what a second reader agrees with, and an approval binds."""
        return digest([*self.place, self.number, self.parts])
