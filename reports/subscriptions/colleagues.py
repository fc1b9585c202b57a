"""Mail between people of the house: a dossier that changes hands, and standing in. It names nobody: the page does."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from reports.commands.notifying import Notice, notify
from reports.letters.words import day
from reports.subscriptions.applicants import dossier_of
from tender.models import StandIn, User
from workflows.outbox import on

if TYPE_CHECKING:
    from workflows.models import Event


@on("application.reassign")
def tell_who_takes_it_and_who_gave_it(event: Event) -> None:
    """Who gets a dossier hears so, and who had it where somebody else did this; never who did it themselves."""
    words = {"reference": dossier_of(event).reference}
    told = {
        event.data["target"]: Notice(_("%(reference)s: you look after this dossier from now on"), words),
        event.data["source"]: Notice(_("%(reference)s: a colleague looks after this dossier from now on"), words),
    }
    for user in active(event, *told):
        notify(event=event, users=[user], notice=told[user.pk])


@on("standin.appoint")
def tell_who_stands_in(event: Event) -> None:
    """Who stands in hears from when until when; who is away too, where the head arranged it."""
    stands_in, absent = event.data["stands_in"], event.data["absent"]
    for user in active(event, stands_in, absent):
        words = {name: day(date.fromisoformat(event.data[name]), user.language) for name in ("since", "until")}
        subject = (
            _("You stand in for a colleague from %(since)s until %(until)s")
            if user.pk == stands_in
            else _("A colleague stands in for you from %(since)s until %(until)s")
        )
        notify(event=event, users=[user], notice=Notice(subject, words))


@on("standin.call_off")
def tell_that_it_is_called_off(event: Event) -> None:
    """Both hear of it, but who did it."""
    standin = StandIn.objects.get(pk=event.key)
    for user in active(event, standin.stands_in_id, standin.absent_id):
        notify(event=event, users=[user], notice=Notice(_("Standing in for a colleague is called off"), {}))


def active(event: Event, *people: int) -> list[User]:
    """Those of these people who work here still and did not do it themselves, in a fixed order."""
    return list(User.objects.filter(pk__in=people, is_active=True).exclude(pk=event.actor_id).order_by("pk"))
