"""Whom a panel lacks: networks and themes nobody stands for, parts nobody has, terms that end too soon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tender.enums import Role, SeatState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from scoring.models import PanelMember
    from tender.schemes.definition import Scheme, Text

LEADING = (Role.CHAIR, Role.DEPUTY, Role.SECRETARY)


@dataclass(frozen=True, slots=True)
class Composition:
    """What nobody who accepted brings, and whose term ends before the round is decided."""

    networks: list[Text]
    themes: list[Text]
    parts: list[Role]
    ending: list[PanelMember]

    @property
    def whole(self) -> bool:
        """Whether nothing lacks."""
        return not (self.networks or self.themes or self.parts or self.ending)


def composition(members: Iterable[PanelMember], scheme: Scheme, decided_by: date) -> Composition:
    """What this panel lacks for a round of this scheme; only who accepted counts. A secretary stands for no network."""
    sitting = [member for member in members if member.state == SeatState.ACCEPTED]
    judging = [member for member in sitting if member.part != Role.SECRETARY]
    networks, parts = {member.network for member in judging}, {member.part for member in sitting}
    themes = {theme for member in judging for theme in member.themes}
    return Composition(
        networks=[one.label for one in scheme.networks if one.key not in networks],
        themes=[one.label for one in scheme.themes if one.value not in themes],
        parts=[part for part in LEADING if part not in parts],
        ending=[member for member in sitting if member.until is not None and member.until < decided_by],
    )
