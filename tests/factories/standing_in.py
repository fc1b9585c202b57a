"""Somebody stands in for a colleague, appointed through the door."""

from datetime import timedelta

from tender.calendar import amsterdam_day
from tender.models import User
from workflows.commands import create
from workflows.models import StandInMachine

WHY = "Vakantie; mandaatbesluit 2026, artikel 4."


def fresh(user):
    """The person as the next request finds them: what they may is read anew."""
    return User.objects.get(pk=user.pk)


def appointing(absent, stands_in, roles, at, *, first=0, last=13):
    """Of what standing in is made: who, which roles, and days counted from today."""
    today = amsterdam_day(at)
    days = {"since": today + timedelta(days=first), "until": today + timedelta(days=last)}
    return {"absent": fresh(absent), "stands_in": fresh(stands_in), "roles": list(roles), **days}


def stand_in(absent, stands_in, *roles, by, at, **days):
    """It, made; who stands in as they are from then on."""
    made = create(StandInMachine, "appoint", of=appointing(absent, stands_in, roles, at, **days), actor=fresh(by), at=at, reason=WHY)
    return made, fresh(stands_in)
