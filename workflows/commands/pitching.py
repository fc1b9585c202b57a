"""Moments to present: planned many at once, cancelled with who booked them, and asked of every dossier that may be judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_noop

from scoring.rules import kept_out
from tender.calendar import AMSTERDAM, is_working_day
from tender.enums import PitchState, SlotState
from tender.models import Pitch, PitchSlot, User
from workflows.commands.door import cascade, create
from workflows.commands.rounds import by_clock, each
from workflows.models import PitchMachine, SlotMachine

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, time

    from tender.models import Stage
    from tender.step import Step

NOBODY_HEARS = gettext_noop("nobody can hear you at this moment")
"""Why a moment is off; never who has an interest."""
WAITING = (PitchState.ASKED, PitchState.BOOKED)


@dataclass(frozen=True, slots=True)
class Moment:
    """What every moment of a series has alike."""

    minutes: int
    seats: int
    place: str
    url: str
    hearers: tuple[int, ...]


def series(*, first: date, last: date, begins: time, number: int, every: int) -> list[datetime]:
    """``number`` moments a day, ``every`` so many minutes from ``begins`` in Amsterdam, on the first day and each working day to the last."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    starts = [datetime.combine(day, begins, tzinfo=AMSTERDAM) for day in days if day == first or is_working_day(day)]
    return [start + timedelta(minutes=every * n) for start in starts for n in range(number)]


@transaction.atomic
def offer_moments(*, stage: Stage, starts: Iterable[datetime], what: Moment, actor: User, at: datetime) -> list[PitchSlot]:
    """Offer a moment at each of these instants, or none of them. Raises what `create` raises."""
    alike = {"stage": stage, "minutes": what.minutes, "seats": what.seats, "place": what.place, "url": what.url}
    hearers = sorted(what.hearers)
    return [create(SlotMachine, "offer", of={**alike, "starts_at": start}, actor=actor, at=at, hearers=hearers) for start in starts]


@cascade("slot.offer")
def name_who_hears(slot: Any, step: Step) -> None:
    """Those who were chosen hear the makers who come."""
    slot.hearers.set(step.data["hearers"])


@cascade("slot.cancel")
def free_who_booked(slot: Any, step: Step) -> None:
    """Who booked a moment that is cancelled chooses another one."""
    each(slot.pitches.filter(state=PitchState.BOOKED), PitchMachine, "call_off", step, reason=step.data["reason"])


@cascade("conflict.declare_interest", "conflict.recuse")
def hear_no_more(conflict: Any, step: Step) -> None:
    """Who has an interest is off the moments to come at which they would hear this maker, or any of the round; what nobody else hears is
    called off."""
    user = conflict.user
    ahead = PitchSlot.objects.filter(hearers=user, state=SlotState.OFFERED, starts_at__gt=step.at)
    for slot in ahead.select_related("stage__call__version").order_by("pk"):
        whole, booked = kept_out(slot.stage, user), slot.pitches.filter(application=conflict.application, state=PitchState.BOOKED)
        if not whole and not booked.exists():
            continue
        if slot.hearers.exclude(pk=user.pk).exists():
            slot.hearers.remove(user)
        elif whole:
            by_clock(SlotMachine, "cancel", slot.pk, step, reason=NOBODY_HEARS)
        else:
            each(booked, PitchMachine, "call_off", step, reason=NOBODY_HEARS)


@cascade("application.find_eligible")
def ask_to_present(application: Any, step: Step) -> None:
    """Where makers present, a dossier that may be judged chooses its moment; once in a stage."""
    stage = application.stage
    if stage.rules.pitch and not Pitch.objects.filter(application=application, stage=stage).exists():
        of = {"application": application, "stage": stage}
        create(PitchMachine, "ask", of=of, actor=User.objects.clock(), at=step.at)


@cascade("application.withdraw", "application.cancel", "application.refuse")
def drop_the_pitch(application: Any, step: Step) -> None:
    """What is no longer judged needs no pitch; its seat is free again."""
    each(application.pitches.filter(state__in=WAITING), PitchMachine, "drop", step)


@cascade("application.place")
def drop_what_was_not_needed(application: Any, step: Step) -> None:
    """Judged before the maker presented: a moment to come is free again. One that has come can still be noted."""
    for pitch in application.pitches.filter(stage=application.stage, state__in=WAITING).select_related("slot"):
        if pitch.state == PitchState.ASKED or pitch.slot.starts_at > step.at:
            by_clock(PitchMachine, "drop", pitch.pk, step)
