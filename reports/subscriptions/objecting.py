"""Mail to the house about objections: to who handles them, who decides, and who sees to what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from reports.commands.notifying import Notice, notify
from tender.enums import Follows, ObjectionState, Role
from tender.models import Objection, User, people_with
from workflows.outbox import on
from workflows.rules.objecting import touched_by
from workflows.undelivered import closed_chains

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from workflows.models import Event

HANDLERS: dict[str, str | Promise] = {
    "objection.file": _("%(reference)s: an objection came in"),
    "objection.enter": _("%(reference)s: an objection came in by post"),
}
"""What tells everybody who may take it on."""
HANDLER: dict[str, str | Promise] = {
    "objection.complete": _("%(reference)s: what was missing from the objection came in"),
    "objection.withdraw": _("%(reference)s: the objection was withdrawn"),
    "objection.count_in_time": _("%(reference)s: the term for objecting began anew, so the objection that came too late is in time"),
}
"""What tells who took it on."""


@on(*HANDLERS, *HANDLER)
def tell_who_handles_it(event: Event) -> None:
    """An objection came in, was completed or withdrawn, or is in time after all."""
    objection = of(event)
    if event.kind in HANDLER and objection.handler is not None:
        users = [objection.handler]
    elif event.kind in HANDLER and objection.state == ObjectionState.WITHDRAWN:
        users = []
    else:
        users = unbiased([Role.OBJECTION_HANDLER], objection, event)
    notice = Notice({**HANDLERS, **HANDLER}[event.kind], {"reference": objection.application.reference})
    notify(event=event, users=[user for user in users if user.pk != event.actor_id], notice=notice)


@on("objection.advise")
def tell_who_decides(event: Event) -> None:
    """There is an advice: whoever may decide hears of it."""
    objection = of(event)
    users = [user for user in unbiased([Role.SIGNATORY, Role.HEAD], objection, event) if user.pk != event.actor_id]
    notice = Notice(_("%(reference)s: an objection can be decided on"), {"reference": objection.application.reference})
    notify(event=event, users=users, notice=notice)


@on("objection.decide")
def tell_what_follows(event: Event) -> None:
    """Founded: the officers see to a new decision."""
    objection = of(event)
    if objection.follows in {Follows.RANK, Follows.REVIEW}:
        users = [user for user in people_with([Role.OFFICER]).filter(is_active=True) if event.chain not in closed_chains(user)]
        notice = Notice(_("%(reference)s: an objection was founded; see to a new decision"), {"reference": objection.application.reference})
        notify(event=event, users=users, notice=notice)


def of(event: Event) -> Objection:
    """The objection an event is about."""
    return Objection.objects.select_related("application", "handler").get(pk=event.key)


def unbiased(roles: list[Role], objection: Objection, event: Event) -> list[User]:
    """Who holds one of these roles, without an interest in the dossier and without a hand in the decision."""
    everybody = people_with(roles).filter(is_active=True)
    free = [user for user in everybody if event.chain not in closed_chains(user)]
    return [user for user in free if not touched_by(user).filter(pk=objection.pk).exists()]
