"""How it is judged."""

from scoring.models.panel import Conflict, Panel, PanelMember, Seating
from scoring.models.ranking import Advice, DecisionBasis, Meeting, Placing, Ranking
from scoring.models.sheet import Mark, Scoresheet

__all__ = [
    "Advice",
    "Conflict",
    "DecisionBasis",
    "Mark",
    "Meeting",
    "Panel",
    "PanelMember",
    "Placing",
    "Ranking",
    "Scoresheet",
    "Seating",
]
