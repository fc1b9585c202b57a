from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from tender.calendar import amsterdam_day
from tender.enums import CASE_STAFF_ROLES, LEGAL_PERSONS, LegalForm, Role

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

CLOCK_EMAIL = "clock@drietrap.invalid"


class Lent(NamedTuple):
    """A house role that somebody has for a while, instead of a colleague: whose it is, and its last day."""

    absent: int
    until: date


class UserManager(BaseUserManager["User"]):
    """Makes people by e-mail address; passwords are not used unless given."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A person who signs in with ``email``."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A person of whom Django asks nothing; the house itself knows no such person."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def clock(self) -> User:
        """The user in whose name timers and cascades act."""
        user, created = self.get_or_create(email=CLOCK_EMAIL, defaults={"name": "Drietrap", "is_active": False})
        if created:
            StaffRole.objects.create(user=user, role=Role.CLOCK)
        return user


class User(AbstractUser):
    """A person. What they may do lies in `StaffRole` (the house) and `CaseRole` (a dossier)."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=5, default="nl", choices=[("nl", "Nederlands"), ("en", "English")])
    organisation_name = models.CharField(_("organisation"), max_length=160, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta(AbstractUser.Meta):
        abstract = False

    def __str__(self) -> str:
        return self.name or self.email

    @cached_property
    def roles(self) -> frozenset[str]:
        """The house roles open to this person, their own and those of who they stand in for, read once per instance.

        What is lent falls with the role of the colleague it is of.
        """
        theirs = StaffRole.objects.own().filter(user=OuterRef("lent__absent"), role=OuterRef("role"), user__is_active=True)
        held = self.staff_roles.filter(until=None).filter(Q(lent=None) | Exists(theirs)).order_by("pk")
        rows = list(held.values_list("role", "lent__absent", "lent__until"))
        own = {role for role, absent, _until in rows if absent is None}
        self.held_for: dict[str, Lent] = {role: Lent(absent, until) for role, absent, until in rows if absent is not None and role not in own}
        return frozenset(own | self.held_for.keys())

    @property
    def lent(self) -> dict[str, Lent]:
        """The house roles that this person has only as a stand-in, each with whose it is."""
        return self.held_for if self.roles else {}

    @property
    def own_roles(self) -> frozenset[str]:
        """The house roles that are this person's own."""
        return self.roles - self.lent.keys()

    def has_role(self, *roles: str) -> bool:
        """Whether the person holds at least one of these house roles."""
        return not self.roles.isdisjoint(roles)

    def holding(self, roles: frozenset[str]) -> User:
        """The same person with just these house roles: to see what the others let them do."""
        same = copy(self)
        same.__dict__["roles"], same.held_for = roles, {}
        return same

    def as_of(self, at: datetime) -> None:
        """From ``at`` on, a role that was lent for days that are over counts no more, also before the clock has taken it back."""
        over = {role for role, lent in self.lent.items() if lent.until < amsterdam_day(at)}
        if over:
            self.__dict__["roles"] = self.roles - over
            self.held_for = {role: lent for role, lent in self.held_for.items() if role not in over}


class StaffRoleQuerySet(models.QuerySet["StaffRole"]):
    """House roles of people."""

    def own(self) -> StaffRoleQuerySet:
        """Those that people have now, and that nobody lent them."""
        return self.filter(until=None, lent=None)


class StaffRole(models.Model):
    """A house role of a person, from when until when. A role is closed, never deleted."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="staff_roles")
    role = models.CharField(max_length=20, choices=Role.choices)
    since = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField(null=True, blank=True)
    lent = models.ForeignKey("tender.StandIn", on_delete=models.PROTECT, null=True, blank=True, related_name="lent_roles")
    """By which standing in they have it; empty where it is their own."""

    objects = StaffRoleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], condition=Q(until=None, lent=None), name="staff_role_open_once"),
            models.UniqueConstraint(fields=["user", "role", "lent"], condition=Q(until=None), name="staff_role_lent_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="staff_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"


class Organisation(models.Model):
    """Who applies: a legal person with a KvK number, or one without (a foundation in the making, a foreign partner)."""

    name = models.CharField(_("name"), max_length=160)
    kvk = models.CharField(_("KvK number"), max_length=8, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    province = models.CharField(_("province"), max_length=40, blank=True)
    legal_form = models.CharField(_("legal form"), max_length=20, choices=LegalForm.choices, blank=True)
    """Empty where nobody noted it yet: then it is not named in public."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kvk"], condition=~models.Q(kvk=""), name="organisation_kvk_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def may_be_named(self) -> bool:
        """Whether it is a legal person, so that the public may read who it is."""
        return self.legal_form in LEGAL_PERSONS


class Membership(models.Model):
    """What a person may do for an organisation: edit, view or sign."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(r.value, r.label) for r in (Role.EDITOR, Role.SIGNER, Role.VIEWER)])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "user", "role"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation}: {self.role}"


def people_of_their_own(roles: Iterable[str]) -> models.QuerySet[User]:
    """Everybody to whom one of these house roles belongs now, by name; not who only stands in for somebody."""
    held = StaffRole.objects.own().filter(role__in=list(roles))
    return User.objects.filter(pk__in=held.values("user")).order_by("name", "pk")


def people_with(roles: Iterable[str]) -> models.QuerySet[User]:
    """Everybody who holds one of these house roles now, by name; also who has it as a stand-in."""
    return User.objects.filter(staff_roles__role__in=list(roles), staff_roles__until=None).distinct().order_by("name")


class CaseRoleQuerySet(models.QuerySet["CaseRole"]):
    """Parts in dossiers."""

    def open(self) -> CaseRoleQuerySet:
        """The parts people have now."""
        return self.filter(until=None)

    def held_now_by(self, user: User) -> CaseRoleQuerySet:
        """The parts this person has now; those of the house only as long as they work there."""
        mine = self.open().filter(user=user)
        if user.has_role(*CASE_STAFF_ROLES):
            return mine
        return mine.exclude(role__in=[role for role in CASE_STAFF_ROLES if role != Role.SECRETARY])  # a panel has a secretary too

    def close(self, *, at: datetime) -> int:
        """End these parts; returns how many were open."""
        return self.open().update(until=at)


class CaseRole(models.Model):
    """Who has which part in a dossier, from when until when: the only thing ``visible_to`` reads."""

    application = models.ForeignKey("tender.Application", on_delete=models.PROTECT, related_name="case_roles")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="case_roles")
    role = models.CharField(max_length=20, choices=Role.choices)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    objects = CaseRoleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "user", "role"], condition=models.Q(until=None), name="case_role_open_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="case_role_known"),
        ]
        indexes = [models.Index(fields=["user", "until"])]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"
