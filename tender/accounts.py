"""Signing in: addresses of people we know, where they go first, and the one click of the demo."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.db.models import Q
from django.dispatch import receiver
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from tender.clock import database_now
from tender.enums import APPLICANT_ROLES, ApplicationState, GrantState, Role
from tender.ladder import told
from tender.models import CaseRole, StaffRole, User

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet
    from django.http import HttpRequest

SIGNED_IN = "signed_in_at"


@receiver(user_logged_in)
def note_signing_in(request: HttpRequest, **_said: Any) -> None:
    """Remember in the session when somebody signed in: some steps ask for it afresh."""
    request.session[SIGNED_IN] = database_now().isoformat()


def signed_in_at(request: HttpRequest) -> datetime | None:
    """When whoever is signed in did so; None in a session of before it was noted."""
    noted = request.session.get(SIGNED_IN)
    return datetime.fromisoformat(noted) if noted else None


def know_address(user: User) -> EmailAddress:
    """Let somebody who was made here sign in with a code: their address counts as verified."""
    address, _made = EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    return address


def first_page(user: User) -> str:
    """Where somebody starts: their name if we do not know it, else the first page of the menu that is theirs."""
    if not user.name.strip():
        return reverse("tender:profile")
    entries = getattr(settings, "NAVIGATION", ())
    own = [entry for entry in entries if entry["roles"] and user.has_role(*entry["roles"])]
    shared = [entry for entry in entries if {"*", "-"} & set(entry["roles"])]
    for entry in [*own, *shared]:
        if not theirs(entry, user):
            continue
        try:
            return reverse(entry["url"])
        except NoReverseMatch:
            continue
    return reverse("tender:calls")


def theirs(item: Mapping[str, Any], user: Any) -> bool:
    """Whether an item that is not for everybody with its roles is for this person."""
    return "only" not in item or bool(import_string(item["only"])(user))


def demo_people() -> list[tuple[str, list[User]]]:
    """Everybody who can be tried out in the demo, by role: the house first, then those who come to it."""
    held = StaffRole.objects.filter(until=None, user__is_active=True).exclude(role=Role.CLOCK).select_related("user")
    by_role: dict[str, list[User]] = {}
    for row in held.order_by("user__name"):
        by_role.setdefault(row.role, []).append(row.user)
    groups = [(str(Role(role).label), by_role[role]) for role in Role.values if role in by_role]
    return [*(group for group in _others() if group[1]), *groups]


def _others() -> list[tuple[str, list[User]]]:
    guests = User.objects.filter(is_active=True, staff_roles=None).order_by("name")
    return [
        (_("applicant"), _with_work_first(guests.filter(pk__in=_applying()))[:MANY]),
        (_("juror and others"), list(guests.exclude(pk__in=_applying())[:MANY])),
    ]


def _with_work_first(people: QuerySet[User]) -> list[User]:
    """Applicants, those with something to do first; each with what there is to find with them, as `hint`."""
    latest: dict[int, tuple[Any, ...]] = {}
    parts = CaseRole.objects.open().filter(user__in=people, role__in=APPLICANT_ROLES)
    for part in parts.select_related("application__call").prefetch_related("application__grants"):
        case = part.application
        granted = any(grant.state in {GrantState.OFFERED, GrantState.ACTIVE} for grant in case.grants.all())
        rank = (case.state in WORK, granted, case.call.year, case.reference)
        hint = f"{case.reference} · {told(case, inside=False)[1]}"
        latest[part.user_id] = max(latest.get(part.user_id, ()), (*rank, hint))
    found = sorted(people, key=lambda user: latest.get(user.pk, ()), reverse=True)
    for user in found:
        user.hint = latest[user.pk][-1] if user.pk in latest else ""  # type: ignore[attr-defined]
    return found


def _applying() -> QuerySet[User, int]:
    return User.objects.filter(Q(memberships__isnull=False) | Q(applications__isnull=False)).values_list("pk", flat=True)


WORK = (ApplicationState.DRAFT, ApplicationState.INCOMPLETE, ApplicationState.RESERVED)
MANY = 24
"""How many of a kind the demo lists: enough to try, few enough to read."""
