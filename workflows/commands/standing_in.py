"""What is lent to who stands in, and taken back: house roles, as rows of their own, so that the record says who had which right when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tender.enums import StandInState
from tender.models import StaffRole
from workflows.commands.door import cascade

if TYPE_CHECKING:
    from tender.step import Step


@cascade("standin.appoint", "standin.begin")
def lend(standin: Any, step: Step) -> None:  # noqa: ARG001  (a cascade is given the step)
    """From the first day on; only what the colleague still has."""
    if standin.state == StandInState.RUNNING:
        theirs = StaffRole.objects.own().filter(user=standin.absent_id, role__in=standin.roles).values_list("role", flat=True)
        StaffRole.objects.bulk_create(StaffRole(user_id=standin.stands_in_id, role=role, lent_id=standin.pk) for role in sorted(theirs))


@cascade("standin.end", "standin.call_off")
def take_back(standin: Any, step: Step) -> None:
    """The roles are closed, not deleted."""
    standin.lent_roles.filter(until=None).update(until=step.at)
