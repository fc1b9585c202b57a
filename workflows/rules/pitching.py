"""Who and when: moments to present, and the pitch of one dossier."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from scoring.models import Conflict, Scoresheet, Seating
from scoring.rules import all_kept_out, kept_out
from tender.calendar import amsterdam_day
from tender.enums import ApplicationState, ConflictState, PitchState, Role, SlotState
from tender.models import PitchSlot, people_with
from tender.schemes.checks.judging import SLOT_BOUNDS
from tender.schemes.definition import Assess
from workflows.rules.deadlines import present_by

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tender.models import Pitch, Stage, User
    from tender.step import Step

REMIND_AHEAD = timedelta(hours=24)
LONGEST = timedelta(minutes=SLOT_BOUNDS["minutes"][1])
JUDGED = (ApplicationState.ELIGIBLE, ApplicationState.IN_REVIEW)
"""While a dossier is being judged, its maker can present."""


# ── a moment that is offered ──────────────────────────────────────────────────────────────────────────────────
def plans_pitches(slot: PitchSlot, step: Step) -> bool:
    """Only a case officer without an interest in the round may do this."""
    return step.actor.has_role(Role.OFFICER) and not kept_out(slot.stage, step.actor)


def presents_here(case: Any, step: Step) -> bool:
    """Nobody presents in this stage."""
    return bool(case.stage.rules.pitch)


def slot_is_ahead(slot: PitchSlot, step: Step) -> bool:
    """This moment is over, or has begun."""
    return slot.starts_at > step.at


def slot_has_size(slot: PitchSlot, step: Step) -> bool:
    """A moment lasts 5 to 240 minutes and is for 1 to 50 makers."""
    return all(SLOT_BOUNDS[name][0] <= getattr(slot, name) <= SLOT_BOUNDS[name][1] for name in ("minutes", "seats"))


def slot_has_place(slot: PitchSlot, step: Step) -> bool:
    """Say where: a place, or the address of a video call."""
    return bool(slot.where)


def may_hear(stage: Stage) -> QuerySet[User]:
    """Who may be asked to hear makers at a stage: its panel, or those of the house who assess where there is none; nobody whom an
    interest keeps out of the round (Awb 2:4)."""
    if stage.rules.assess == Assess.JURY:
        found: QuerySet[User] = people_with([]).model.objects.filter(pk__in=Seating.objects.seats(stage).values("user"))
    else:
        found = people_with([Role.ASSESSOR, Role.OFFICER, Role.READER])
    return found.exclude(pk__in=all_kept_out(stage)).order_by("name")


def hearers_judge(slot: PitchSlot, step: Step) -> bool:
    """Choose at least one person who judges in this stage."""
    chosen = set(step.data.get("hearers", []))
    return bool(chosen) and chosen <= set(may_hear(slot.stage).values_list("pk", flat=True))


def hearers_free(slot: PitchSlot, step: Step) -> bool:
    """Somebody you chose hears another maker at that time."""
    near = PitchSlot.objects.filter(state=SlotState.OFFERED, hearers__in=step.data.get("hearers", []))
    near = near.filter(starts_at__lt=slot.ends_at, starts_at__gt=slot.starts_at - LONGEST).distinct()
    return all(other.ends_at <= slot.starts_at for other in near)


# ── the pitch of one dossier ──────────────────────────────────────────────────────────────────────────────────
def chosen_slot(pitch: Pitch, step: Step) -> PitchSlot | None:
    """The moment of this stage that the step names."""
    return PitchSlot.objects.filter(pk=step.data.get("slot") or 0, stage=pitch.stage_id).first()


def slot_is_offered(pitch: Pitch, step: Step) -> bool:
    """This moment is not offered, or no longer. Choose another one."""
    slot = chosen_slot(pitch, step)
    return slot is not None and slot.state == SlotState.OFFERED and slot.starts_at > step.at


def slot_in_term(pitch: Pitch, step: Step) -> bool:
    """This moment comes after the day on which we must decide. Choose an earlier one."""
    slot, last = chosen_slot(pitch, step), present_by(pitch.application, step.at)
    return slot is None or last is None or amsterdam_day(slot.starts_at) <= last


def slot_has_seat(pitch: Pitch, step: Step) -> bool:
    """Somebody else was just before you: this moment is taken. Choose another one."""
    slot = chosen_slot(pitch, step)
    return slot is None or slot.pitches.filter(state=PitchState.BOOKED).count() < slot.seats


def slot_is_unbiased(pitch: Pitch, step: Step) -> bool:
    """This moment is not for your application. Choose another one."""
    return not PitchSlot.objects.filter(pk=step.data.get("slot") or 0, hearers__in=kept_from(pitch)).exists()


def slot_is_other(pitch: Pitch, step: Step) -> bool:
    """This is the moment that you have already."""
    return bool(step.data.get("slot") != pitch.slot_id)


def pitch_is_ahead(pitch: Pitch, step: Step) -> bool:
    """The moment has come: it can no longer be changed."""
    return pitch.slot is not None and pitch.slot.starts_at > step.at


def pitch_has_begun(pitch: Pitch, step: Step) -> bool:
    """The moment has not come yet."""
    return pitch.slot is not None and pitch.slot.starts_at <= step.at


def pitch_near(pitch: Pitch, step: Step) -> bool:
    """It is not the day before yet, or they were reminded already."""
    return pitch.slot is not None and pitch.reminded_at is None and step.at < pitch.slot.starts_at <= step.at + REMIND_AHEAD


def still_judged(pitch: Pitch, step: Step) -> bool:
    """This application is no longer being assessed."""
    return pitch.application.state in JUDGED and pitch.application.stage_id == pitch.stage_id


def kept_from(pitch: Pitch) -> set[int]:
    """Whom an interest keeps from hearing this maker: one in this dossier, or one that closes the whole round."""
    own = Conflict.objects.filter(application=pitch.application_id, state=ConflictState.RECUSED).values_list("user_id", flat=True)
    return {*own, *all_kept_out(pitch.stage)}


def hears(pitch: Pitch, step: Step) -> bool:
    """Only who hears this maker may do this."""
    user = step.actor
    if not Conflict.objects.clear_for(pitch.application, user) or kept_out(pitch.stage, user):
        return False
    if pitch.slot is not None and pitch.slot.hearers.filter(pk=user.pk).exists():
        return True
    return Scoresheet.objects.counting().filter(application=pitch.application, stage=pitch.stage_id, juror=user).exists()
