from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin

from tender.canonical import digest
from tender.enums import NOTHING, CorrectionState, ObjectionTerm, PaperState, RouteState, TrustState
from tender.models import Application, User
from workflows.models.event import Event
from workflows.models.letter import Letter


class CorrectionQuerySet(models.QuerySet["Correction"]):
    """Letters that mend letters."""

    def asked(self) -> Self:
        """Those that wait for a signature."""
        return self.filter(state=CorrectionState.ASKED)

    def visible_to(self, user: User) -> Self:
        """Those of letters that this person may read inside the house; the party has the letter itself, once it is signed."""
        return self.filter(letter__in=Letter.objects.visible_to(user))


class Correction(FSMModelMixin, models.Model):
    """A letter that mends another one, which stays as it is: asked for by one, signed by another."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="corrections")
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="corrections")
    """The letter that is wrong."""
    state = FSMField(choices=CorrectionState.choices, default=NOTHING, protected=True)
    reason = models.TextField()
    """What is wrong, in words for the party."""
    text = models.TextField()
    """What it must be."""
    term = models.CharField(max_length=4, choices=ObjectionTerm.choices, blank=True)
    """What becomes of the term for objecting; nothing where the letter has none."""
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CorrectionState.values), name="correction_state_known"),
            models.UniqueConstraint(fields=["letter"], condition=Q(state=CorrectionState.ASKED), name="correction_one_asked"),
        ]

    def __str__(self) -> str:
        return f"{self.application.reference}: {self.letter.subject}"

    @property
    def seen_sha256(self) -> str:
        """The hash of what is asked, so that a signature is under that and nothing else."""
        return digest([self.pk, self.letter.sha256, self.reason, self.text])


class PostRoute(FSMModelMixin, models.Model):
    """How a party gets its post, beside the portal, and where: what it said last holds (Awb 2:8, 2:13)."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="post_routes")
    state = FSMField(choices=RouteState.choices, default=NOTHING, protected=True)
    on_paper = models.BooleanField(default=False)
    since = models.DateTimeField()
    """From when letters go the way that is chosen; another address does not move it."""
    address = models.TextField(_("postal address"), blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(state__in=RouteState.values), name="route_state_known")]

    def __str__(self) -> str:
        return f"{self.application.reference}: {self.get_state_display()}"

    @property
    def lines(self) -> tuple[str, ...]:
        """The address as it stands on an envelope, without the name."""
        return tuple(line.strip() for line in self.address.splitlines() if line.strip())


class PaperPostQuerySet(models.QuerySet["PaperPost"]):
    """What went by post."""

    def sent(self) -> Self:
        """Those that did go."""
        return self.filter(state=PaperState.SENT)


class PaperPost(FSMModelMixin, models.Model):
    """That something was sent on paper: by whom, on which day, where to, and which file it was."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="paper_post")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="paper_post")
    """What it tells of: the event by which the party could have it in the portal."""
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, null=True, blank=True, related_name="paper_post")
    state = FSMField(choices=PaperState.choices, default=NOTHING, protected=True)
    address = models.TextField()
    posted_on = models.DateField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = PaperPostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PaperState.values), name="paper_state_known"),
            models.UniqueConstraint(fields=["event"], condition=Q(state=PaperState.SENT), name="paper_once"),
        ]

    def __str__(self) -> str:
        return f"{self.application.reference}: {self.posted_on}"


class AddressTrust(FSMModelMixin, models.Model):
    """That the house was told, and believes, that somebody's address works again, and why."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="address_trusts")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="address_trusts")
    state = FSMField(choices=TrustState.choices, default=NOTHING, protected=True)
    reason = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(state__in=TrustState.values), name="trust_state_known")]

    def __str__(self) -> str:
        return f"{self.application.reference}: {self.user}"
