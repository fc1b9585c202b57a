"""Seating a panel: who judges a stage, placed before anybody declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring.models import Panel, Seating

if TYPE_CHECKING:
    from tender.models import Stage
    from tender.step import Facts


def seat_panel(stage: Stage, *, panel: int) -> Facts:
    """Seat a panel for a stage, in the place of the one that sat there; returns who sits, for the event. Belongs in an arrow."""
    Seating.objects.update_or_create(stage=stage, defaults={"panel_id": panel})
    seats = Seating.objects.seats(stage).order_by("user_id").values_list("user_id", "part", "network")
    return {"panel": Panel.objects.get(pk=panel).name, "members": [list(seat) for seat in seats]}
