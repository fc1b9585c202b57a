"""Moments to present and who presents at them, as people see them: what can be booked, who hears whom, and what a calendar is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from scoring.models import Conflict, Scoresheet
from tender.calendar import amsterdam_day
from tender.enums import ConflictState, PitchState, SlotState
from tender.ical import Entry
from tender.models import Application, Pitch, PitchSlot
from tender.templatetags.drietrap import weekday
from workflows.queries import closed_rounds
from workflows.rules.deadlines import present_by
from workflows.rules.pitching import kept_from

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from tender.models import Stage, User

SHOWN = (PitchState.BOOKED, PitchState.HELD, PitchState.MISSED)
"""When somebody presents, or presented, at the moment that a pitch names."""
MOST = 60
"""How many moments there are to choose from at once."""


def slot_in_words(slot: PitchSlot) -> str:
    """A moment to choose: ``dinsdag 9 januari 2026, 10:00, 20 minuten, Hanzeplein 1``."""
    where = slot.place or _("video call")
    return _("%(moment)s, %(minutes)s minutes, %(where)s") % {"moment": weekday(slot.starts_at), "minutes": slot.minutes, "where": where}


def free_slots(pitch: Pitch, at: datetime | None = None) -> list[PitchSlot]:
    """The moments that this dossier can book (at ``at``, if told): with a seat left, within the term, before people without an interest."""
    found = PitchSlot.objects.with_taken().filter(stage=pitch.stage_id, state=SlotState.OFFERED, taken__lt=F("seats"))
    found = found.exclude(Exists(PitchSlot.hearers.through.objects.filter(
        pitchslot=OuterRef("pk"), user__in=kept_from(pitch),
    )))  # fmt: skip
    if pitch.state == PitchState.BOOKED:
        found = found.exclude(pitches=pitch)
    if at is None:
        return list(found.order_by("starts_at", "pk")[:MOST])
    last = present_by(pitch.application, at)
    slots = found.filter(starts_at__gt=at).order_by("starts_at", "pk")[:MOST]
    return [slot for slot in slots if last is None or amsterdam_day(slot.starts_at) <= last]


def heard_by(user: User) -> QuerySet[Pitch]:
    """Who presents before this person, soonest first, each with ``clear``: whether they declared to have no interest. Of what an interest
    closes to them, nothing."""
    here = Conflict.objects.filter(user=user, application=OuterRef("application"))
    judges = Scoresheet.objects.counting().filter(juror=user, application=OuterRef("application"), stage=OuterRef("stage"))
    return (
        Pitch.objects.filter(Q(slot__hearers=user) | Exists(judges), slot__isnull=False, state__in=SHOWN)
        .exclude(stage__in=closed_rounds(user))
        .exclude(Exists(here.filter(state=ConflictState.RECUSED)))
        .annotate(clear=Exists(here.clear()))
        .select_related("slot", "stage__call__version", "application__organisation", "application__applicant")
        .order_by("slot__starts_at", "pk")
        .distinct()
    )


def planned(stage: Stage, user: User) -> QuerySet[PitchSlot]:
    """The moments of a stage with who hears and, of dossiers open to this person, who presents (``shown``)."""
    open_to = Application.objects.visible_to(user).values("pk")
    shown = Pitch.objects.filter(state__in=SHOWN, application__in=open_to).select_related("application")
    return (
        PitchSlot.objects.with_taken()
        .filter(stage=stage)
        .prefetch_related("hearers", Prefetch("pitches", shown.order_by("application__reference"), to_attr="shown"))
        .order_by("starts_at", "pk")
    )


def free_seats(stage: Stage, at: datetime) -> int:
    """How many seats are left at the moments to come."""
    ahead = PitchSlot.objects.with_taken().filter(stage=stage, state=SlotState.OFFERED, starts_at__gt=at)
    return sum(max(seats - taken, 0) for seats, taken in ahead.values_list("seats", "taken"))


def waiting(stage: Stage, user: User) -> int:
    """How many makers have still to choose a moment; none of whom this person may not know."""
    closed = Conflict.objects.recused(user).values("application")
    return Pitch.objects.filter(stage=stage, state=PitchState.ASKED).exclude(application__in=closed).count()


def pitch_of(application: Application) -> Pitch | None:
    """The pitch of a dossier at the stage where it stands, with its moment."""
    if not application.rules.pitch:
        return None
    found = Pitch.objects.filter(application=application, stage=application.stage).select_related("slot", "stage__call__version").first()
    if found is not None:
        found.application = application
    return found


# ── what a calendar is told ───────────────────────────────────────────────────────────────────────────────────
def entries(pitches: Iterable[Pitch], *, at: datetime, named: bool) -> list[Entry]:
    """The moments of these pitches for a calendar, as told at ``at``. ``named``: with the title of the plan, for who hears them."""
    return [_entry(pitch, pitch.slot, at=at, named=named) for pitch in pitches if pitch.slot is not None]


def _entry(pitch: Pitch, slot: PitchSlot, *, at: datetime, named: bool) -> Entry:
    case: Any = pitch.application
    words = {"reference": case.reference, "title": case.title}
    summary = _("Pitch %(reference)s: %(title)s") if named else _("Your pitch, %(reference)s")
    page = "workflows:pitches" if named else "workflows:dossier"
    return Entry(
        uid=f"pitch-{case.reference}-{pitch.stage.key}",
        summary=summary % words,
        starts=slot.starts_at,
        ends=slot.ends_at,
        written=at,
        sequence=pitch.sequence,
        text=slot.url if slot.place else "",
        place=slot.where,
        url=settings.SITE_URL.rstrip("/") + reverse(page, args=[] if named else [case.reference]),
        cancelled=pitch.state not in SHOWN,
    )
