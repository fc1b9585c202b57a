"""Seating a panel: who judges a stage, made and placed before anybody declares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from scoring.models import Panel, PanelMember, Seating
from tender.models import User

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from tender.models import Stage
    from tender.step import Facts


@dataclass(frozen=True, slots=True)
class Seat:
    """One chair to be filled: who (by e-mail address), in which part, for which network."""

    email: str
    name: str
    part: str
    network: str = ""


@transaction.atomic
def make_panel(*, name: str, since: date, until: date | None, seats: Iterable[Seat]) -> Panel:
    """A panel with its members; who is not known yet gets an account to sign in with by e-mail."""
    panel = Panel.objects.create(name=name, since=since, until=until)
    for seat in seats:
        email = seat.email.lower()
        user = User.objects.filter(email=email).first() or User.objects.create_user(email, name=seat.name)
        PanelMember.objects.create(panel=panel, user=user, part=seat.part, network=seat.network, since=since, until=until)
    return panel


def seat_panel(stage: Stage, *, panel: int) -> Facts:
    """Seat a panel for a stage, in the place of the one that sat there; returns who sits, for the event. Belongs in an arrow."""
    Seating.objects.update_or_create(stage=stage, defaults={"panel_id": panel})
    seats = Seating.objects.seats(stage).order_by("user_id").values_list("user_id", "part", "network")
    return {"panel": Panel.objects.get(pk=panel).name, "members": [list(seat) for seat in seats]}
