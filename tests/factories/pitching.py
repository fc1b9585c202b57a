"""Moments to present and who books them, through the door."""

from datetime import timedelta

from tender.models import Pitch
from workflows.commands import perform
from workflows.commands.pitching import Moment, offer_moments
from workflows.models import PitchMachine


def offer(game, *, at=None, after=timedelta(days=2), number=1, seats=1, hearers=None, stage=None):
    """So many moments of twenty minutes, one after the other, before the assessors of the house unless told."""
    at = at or game.at
    people = game.house.assessors if hearers is None else hearers
    what = Moment(20, seats, "Hanzeplein 1", "", tuple(user.pk for user in people))
    starts = [at + after + timedelta(minutes=30 * n) for n in range(number)]
    return offer_moments(stage=stage or game.stage(), starts=starts, what=what, actor=game.house.officer, at=at)


def pitch_of(case):
    """The pitch of a dossier, fresh."""
    return Pitch.objects.select_related("slot").get(application=case)


def book(case, slot, at, name="book"):
    """The applicant books a moment."""
    return perform(PitchMachine, name, pk=pitch_of(case).pk, actor=case.applicant, at=at, slot=slot.pk)


def present(case, house, at):
    """The officer notes that the maker presented, whatever was booked."""
    return perform(PitchMachine, "note", pk=pitch_of(case).pk, actor=house.officer, at=at, reason="Bij ons aan tafel.")
