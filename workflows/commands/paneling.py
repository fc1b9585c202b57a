"""Putting a panel together: its members are invited, and sit once they accept its terms."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext

from scoring.models import Panel
from tender.calendar import amsterdam_day
from tender.enums import SeatState
from tender.models import User
from workflows.commands.door import Refused, create
from workflows.models import SeatMachine

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Seat:
    """One chair to be filled: who (by e-mail address), in which part, for which network, knowing which themes."""

    email: str
    name: str
    part: str
    network: str = ""
    themes: list[str] = field(default_factory=list)


@transaction.atomic
def make_panel(*, name: str, since: date, until: date | None, seats: Iterable[Seat], actor: User, at: datetime) -> Panel:
    """A panel with everybody in it invited."""
    panel = Panel.objects.create(name=name, since=since, until=until)
    for seat in seats:
        invite(panel, seat, actor=actor, at=at)
    return panel


@transaction.atomic
def invite(panel: Panel, seat: Seat, *, actor: User, at: datetime, late: bool = False) -> SeatMachine:
    """Invite one person for the term of the panel (``late``: for the rest of it); who is not known yet gets an account to sign in with by
    e-mail. `Refused` where they are in the panel already, or would be its second chair."""
    Panel.objects.select_for_update(no_key=True).get(pk=panel.pk)
    email = seat.email.lower()
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, name=seat.name)
    known = panel.members.filter(user=user).first()
    if known is not None and known.state == SeatState.DECLINED:
        raise Refused(gettext("%(who)s declined before: choose “Invite again” in the list of members.") % {"who": user})
    if known is not None:
        raise Refused(gettext("%(who)s was invited to this panel already.") % {"who": user})
    of = {"panel": panel, "user": user, "part": seat.part, "network": seat.network, "themes": seat.themes,
          "since": max(panel.since, amsterdam_day(at)) if late else panel.since, "until": panel.until}  # fmt: skip
    return create(SeatMachine, "invite", of=of, actor=actor, at=at)  # type: ignore[no-any-return]
