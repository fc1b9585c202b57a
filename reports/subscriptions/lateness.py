"""Mail to the house that a term runs out, or that being late will cost money."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from reports.commands.notifying import Notice, notify
from reports.letters.words import day
from reports.subscriptions.applicants import dossier_of, handlers
from tender.enums import Role
from tender.models import StaffRole, Stage, User, people_with
from tender.schemes.definition import Intake
from workflows.models import Event, Notification
from workflows.outbox import on
from workflows.undelivered import closed_chains

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from tender.models import Application

WARNING: dict[str, str | Promise] = {
    Role.OFFICER: _("%(reference)s: the last day to decide is %(until)s"),
    Role.HEAD: _("%(reference)s: nothing is decided yet; the last day is %(until)s"),
}
"""What the subject of a warning says, per who is told."""


@on("application.warn")
def tell_that_the_term_runs_out(event: Event) -> None:
    """The case officers of the dossier, or later the head: one mail for a whole round, where its decisions are due on one day."""
    application, role = dossier_of(event), event.data["role"]
    stage = Stage.objects.select_related("call__version").get(pk=event.data["stage"])
    together = stage.rules.intake == Intake.WINDOW
    for user in told_of(application, role, event):
        User.objects.select_for_update().get(pk=user.pk)  # two events at once: the second sees the first one's mail
        same = {f"event__data__{name}": event.data[name] for name in ("stage", "until", "role")}
        if together and Notification.objects.filter(user=user, event__kind=event.kind, **same).exists():
            continue
        label = f"{stage.call.reference}, {stage.rules.label.in_language(user.language)}"
        words = {"reference": label if together else application.reference}
        words["until"] = day(date.fromisoformat(event.data["until"]), user.language)
        notify(event=event, users=[user], notice=Notice(WARNING[role], words))


@on("notice.note")
def tell_that_it_will_cost_money(event: Event) -> None:
    """The officers and the head hear from which day on a penalty runs."""
    application = dossier_of(event)
    users = {user.pk: user for role in (Role.OFFICER, Role.HEAD) for user in told_of(application, role, event)}
    for user in users.values():
        words = {"reference": application.reference, "until": day(date.fromisoformat(event.data["penalty_from"]), user.language)}
        notice = Notice(_("%(reference)s: the party put us in default; a penalty runs from %(until)s"), words)
        notify(event=event, users=[user], notice=notice)


@on("stage.lapse_moment")
def tell_that_nothing_was_published(event: Event) -> None:
    """Who signs, and the officers: what they set to be published was not, since what was to be published had changed."""
    stage = Stage.objects.select_related("call__version").get(pk=event.key)
    for user in people_with([Role.SIGNATORY, Role.OFFICER]).filter(is_active=True):
        if event.chain in closed_chains(user):
            continue
        words = {"reference": f"{stage.call.reference}, {stage.rules.label.in_language(user.language)}"}
        notice = Notice(_("%(reference)s: not published at the moment that was set; what was to be published had changed since"), words)
        notify(event=event, users=[user], notice=notice)


def told_of(application: Application, role: str, event: Event) -> list[User]:
    """Who hears of a dossier in this role: who has it in the dossier and who stands in for them, else everybody who has it in the house;
    but nobody with an interest there."""
    own = handlers(application, role)
    everybody = people_with([role]).filter(is_active=True)
    if own:
        lent = StaffRole.objects.filter(until=None, role=role, lent__absent__in=own)
        everybody = everybody.filter(pk__in=lent.values("user")).exclude(pk__in=[user.pk for user in own])
    return own + [user for user in everybody if event.chain not in closed_chains(user)]
