"""How it is judged."""

from scoring.models.panel import Conflict, Panel, PanelMember, Seating
from scoring.models.practice import PracticeSheet
from scoring.models.ranking import Advice, DecisionBasis, Meeting, MeetingItem, Placing, Ranking
from scoring.models.sheet import Mark, MarkChange, Scoresheet

__all__ = [
    "Advice",
    "Conflict",
    "DecisionBasis",
    "Mark",
    "MarkChange",
    "Meeting",
    "MeetingItem",
    "Panel",
    "PanelMember",
    "Placing",
    "PracticeSheet",
    "Ranking",
    "Scoresheet",
    "Seating",
]
