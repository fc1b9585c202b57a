"""Staff declare to have no interest: asked and answered in one go, so that the dossier opens to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from scoring.models import Conflict
from tender.enums import CASE_STAFF_ROLES, Role
from tender.models import Application
from workflows.commands.door import create
from workflows.models import ConflictMachine

if TYPE_CHECKING:
    from datetime import datetime

    from tender.models import User


def part_of(user: User) -> str:
    """The part a member of the house takes in a dossier: the first of their own roles, in the order of the house, or else of those that
    they have as a stand-in; empty for others."""
    order = [str(role) for role in (*CASE_STAFF_ROLES, Role.ASSESSOR, Role.OBJECTION_HANDLER)]
    return next((role for held in (user.own_roles, user.roles) for role in order if role in held), "")


@transaction.atomic
def ask_once(*, application: Application, user: User, at: datetime) -> Conflict:
    """The declaration of ``user`` on a dossier, asked now if nobody asked before; under the lock of the dossier: pressed twice, it is one."""
    Application.objects.select_for_update(no_key=True).get(pk=application.pk)
    asked = Conflict.objects.filter(application=application, user=user).first()
    if asked is not None:
        return asked
    of = {"application": application, "user": user, "part": part_of(user)}
    return create(ConflictMachine, "ask", of=of, actor=user, at=at)  # type: ignore[no-any-return]
