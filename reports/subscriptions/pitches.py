"""Mail about moments to present: who hears whom, and new moments."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from reports.commands.notifying import Notice, notify
from reports.letters.words import moment
from reports.subscriptions.applicants import applicants, until_of
from scoring.models import Conflict
from tender.enums import PitchState
from tender.models import (
    Pitch,
    PitchSlot,
    User,
)
from workflows.models import Event
from workflows.outbox import on

if TYPE_CHECKING:
    from django.utils.functional import Promise


HEARERS_TOLD: dict[str, str | Promise] = {
    "pitch.book": _("%(reference)s: you hear this maker on %(until)s"),
    "pitch.move": _("%(reference)s: you hear this maker on %(until)s"),
    "pitch.remind": _("%(reference)s: remember, you hear this maker on %(until)s"),
}


@on(*HEARERS_TOLD)
def tell_who_hears(event: Event) -> None:
    """Who hears a maker is told when; of a dossier on which they declared to have no interest, and of no other."""
    pitch = Pitch.objects.select_related("application").get(pk=event.key)
    clear = Conflict.objects.clear().filter(application=pitch.application).values("user")
    for user in User.objects.filter(pitch_slots=event.data["slot"], pk__in=clear, is_active=True).order_by("pk"):
        words = {"reference": pitch.application.reference, "until": until_of(event, user.language)}
        notify(event=event, users=[user], notice=Notice(HEARERS_TOLD[event.kind], words))


@on("pitch.cancel", "pitch.call_off", "pitch.drop", "pitch.move")
def tell_who_hears_no_more(event: Event) -> None:
    """A maker does not come, or not then: who would have heard them is told, as above; not who hears them at the new moment too."""
    left = event.data.get("before", event.data)
    if "slot" not in left:
        return  # nothing was booked
    pitch = Pitch.objects.select_related("application").get(pk=event.key)
    clear = Conflict.objects.clear().filter(application=pitch.application).values("user")
    users = User.objects.filter(pitch_slots=left["slot"], pk__in=clear, is_active=True)
    if "before" in event.data:
        users = users.exclude(pk__in=User.objects.filter(pitch_slots=event.data["slot"]).values("pk"))
    for user in users.order_by("pk"):
        words = {"reference": pitch.application.reference, "until": moment(datetime.fromisoformat(left["starts_at"]), user.language)}
        notify(event=event, users=[user], notice=Notice(_("%(reference)s: this maker does not come on %(until)s"), words))


@on("pitch.drop")
def tell_who_need_not_come(event: Event) -> None:
    """Whose pitch was booked, and is not needed any more, hears that they need not come."""
    if "slot" not in event.data:
        return
    application = Pitch.objects.select_related("application").get(pk=event.key).application
    for user in applicants(application):
        words = {"reference": application.reference, "until": until_of(event, user.language)}
        notify(event=event, users=[user], notice=Notice(_("%(reference)s: your pitch on %(until)s is off; you need not come"), words))


@on("slot.offer")
def tell_who_waits_for_a_moment(event: Event) -> None:
    """Makers who have still to choose hear that there are new moments: once for a series."""
    stage = PitchSlot.objects.get(pk=event.key).stage_id
    if Event.objects.filter(kind=event.kind, chain=event.chain, at=event.at, data__stage=event.data["stage"], seq__lt=event.seq).exists():
        return
    for pitch in Pitch.objects.filter(stage=stage, state=PitchState.ASKED).select_related("application").order_by("pk"):
        notice = Notice(_("%(reference)s: there are new moments for your pitch"), {"reference": pitch.application.reference})
        notify(event=event, users=applicants(pitch.application), notice=notice)
