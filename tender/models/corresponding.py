from __future__ import annotations

from typing import Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin

from tender.canonical import digest
from tender.enums import NOTHING, ChangeState, MessageState
from tender.models.application import Application
from tender.models.people import User

MOST_CHARACTERS = 5000
"""How long a message may be: a page or two. What is longer belongs in the form."""


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages."""

    def visible_to(self, user: User) -> Self:
        """The messages of the dossiers this person may read in another part than a judge's."""
        return self.filter(application__in=Application.objects.corresponding_with(user))

    def unread(self, *, from_house: bool) -> Self:
        """Those of one side that the other has not opened."""
        return self.filter(state=MessageState.SENT, from_house=from_house)


class Message(FSMModelMixin, models.Model):
    """What the applicant's side and the house write to each other on a dossier. It is never judged, and carries no file."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="messages")
    state = FSMField(choices=MessageState.choices, default=NOTHING, protected=True)
    from_house = models.BooleanField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    body = models.TextField()
    token = models.UUIDField(unique=True)
    """Made with the form it was written in: the same form sent twice is one message."""
    read_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    read_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=Q(state__in=MessageState.values), name="message_state_known")]
        indexes = [
            models.Index(fields=["application"], condition=Q(state=MessageState.SENT), name="message_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.application.reference}: {self.by}"


Made_co = TypeVar("Made_co", bound="Change", covariant=True)


class ChangeQuerySet(models.QuerySet[Made_co]):
    """Changes that are proposed and then confirmed."""

    def proposed(self) -> Self:
        """Those that wait for their second confirmation."""
        return self.filter(state=ChangeState.PROPOSED)

    def confirmed(self) -> Self:
        """Those in force; the newest first."""
        return self.filter(state=ChangeState.CONFIRMED).order_by("-confirmed_at", "-pk")


class Change(FSMModelMixin, models.Model):
    """Something of a dossier that is changed in two moments: proposed, and confirmed by somebody else or after signing in afresh."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="%(class)ss")
    state = FSMField(choices=ChangeState.choices, default=NOTHING, protected=True)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def seen_sha256(self) -> str:
        """The hash of what is proposed, so that a confirmation holds for that and for nothing else."""
        return digest([self.pk, *self.says()])

    def says(self) -> list[str | int]:
        """What whoever confirms must have seen."""
        raise NotImplementedError


class BankAccount(Change):
    """The account to which a dossier's money goes, where it is another than the form said. Of a dossier, not of an organisation: who
    signs in one dossier does not move the money of another."""

    iban = models.CharField(_("account number (IBAN)"), max_length=34)
    holder = models.CharField(_("in the name of"), max_length=140)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ChangeState.values), name="account_state_known"),
            models.UniqueConstraint(fields=["application"], condition=Q(state=ChangeState.PROPOSED), name="account_one_proposed"),
        ]

    def __str__(self) -> str:
        return f"{self.application.reference}: …{self.ends_in}"

    @property
    def ends_in(self) -> str:
        """The last four, by which people know an account."""
        return self.iban[-4:]

    def says(self) -> list[str | int]:
        """The whole number and the name: the last four digits are alike in many accounts."""
        return [self.iban, self.holder]

    @property
    def grouped(self) -> str:
        """The number as a bank prints it, in fours."""
        return " ".join(self.iban[place : place + 4] for place in range(0, len(self.iban), 4))

    @property
    def party(self) -> str:
        """Whose money it is."""
        return self.application.party


class Contact(Change):
    """Who of the applicant's side is written to, where it is another than who started the dossier."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    before = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ChangeState.values), name="contact_state_known"),
            models.UniqueConstraint(fields=["application"], condition=Q(state=ChangeState.PROPOSED), name="contact_one_proposed"),
        ]

    def __str__(self) -> str:
        return f"{self.application.reference}: {self.user}"

    def says(self) -> list[str | int]:
        """Who would be written to."""
        return [self.user_id]


def iban_of(application: Application) -> str:
    """Where the money of a dossier goes: the account that was confirmed last, else the one in the form."""
    changed: BankAccount | None = application.bankaccounts.confirmed().first()
    return changed.iban if changed is not None else application.iban
