"""What is lent to who stands in, and taken back: house roles, as rows of their own, so that the record says who had which right when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scoring.models import Conflict
from tender.enums import StandInState
from tender.models import CaseRole, StaffRole
from workflows.commands.door import cascade
from workflows.commands.rounds import give_part

if TYPE_CHECKING:
    from tender.step import Step


@cascade("standin.appoint", "standin.begin")
def lend(standin: Any, step: Step) -> None:
    """From the first day on; only what the colleague still has, and who stands in has not. Dossiers that were read in such a role before
    open again; those of a role of one's own are as they were, also where they were handed over."""
    if standin.state != StandInState.RUNNING:
        return
    own = StaffRole.objects.own()
    lent = own.filter(user=standin.absent_id, role__in=standin.roles)
    theirs = sorted(lent.exclude(role__in=own.filter(user=standin.stands_in_id).values("role")).values_list("role", flat=True))
    StaffRole.objects.bulk_create(StaffRole(user_id=standin.stands_in_id, role=role, lent_id=standin.pk) for role in theirs)
    read_before = Conflict.objects.clear().filter(user=standin.stands_in_id, part__in=theirs).select_related("application")
    for declared in read_before.order_by("application_id"):
        give_part(declared.application, standin.stands_in, declared.part, step)


@cascade("standin.end", "standin.call_off")
def take_back(standin: Any, step: Step) -> None:
    """The roles are closed, not deleted; and with them the parts in dossiers that somebody has in no role but these."""
    standin.lent_roles.filter(until=None).update(until=step.at)
    kept = StaffRole.objects.filter(user=standin.stands_in_id, until=None).values("role")
    CaseRole.objects.filter(user=standin.stands_in_id, role__in=standin.roles).exclude(role__in=kept).close(at=step.at)
