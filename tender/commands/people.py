"""People and organisations: what they are called, and who may act for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from tender.enums import Role
from tender.models import Membership, Organisation, User

if TYPE_CHECKING:
    from datetime import datetime


class KnownAlready(Exception):
    """Another organisation has this KvK number, and the person is no member of it."""


@transaction.atomic
def introduce(*, pk: int, name: str, language: str) -> User:
    """Note what somebody is called and which language they read."""
    user = User.objects.select_for_update().get(pk=pk)
    user.name, user.language = name, language
    user.save(update_fields=["name", "language"])
    return user


@transaction.atomic
def found_organisation(*, actor: User, at: datetime, name: str, kvk: str, city: str = "") -> Organisation:  # noqa: ARG001
    """The organisation with this KvK number that ``actor`` may act for; a new one gets ``actor`` as writer and signer.

    Raises `KnownAlready` for a number of an organisation that others act for: they must let somebody in themselves.
    """
    organisation, made = Organisation.objects.get_or_create(kvk=kvk, defaults={"name": name, "city": city})
    if made:
        Membership.objects.bulk_create(Membership(organisation=organisation, user=actor, role=role) for role in (Role.EDITOR, Role.SIGNER))
    elif not organisation.memberships.filter(user=actor, role__in=[Role.EDITOR, Role.SIGNER]).exists():
        raise KnownAlready(kvk)
    return organisation
