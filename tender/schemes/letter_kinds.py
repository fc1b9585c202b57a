"""Which letter a decision takes, from the scheme alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tender.enums import DecisionKind, Ground

if TYPE_CHECKING:
    from tender.schemes.definition import Stage

LETTERS: dict[str, str] = {
    DecisionKind.AWARD: "award",
    DecisionKind.RESERVE: "reserve",
    DecisionKind.SET_ASIDE: "set_aside",
    DecisionKind.INELIGIBLE: "refusal_condition",
    DecisionKind.SETTLE: "settlement",
    DecisionKind.WITHDRAW: "withdrawal",
    DecisionKind.LOWER: "withdrawal",
}


def letter_of(rules: Stage, kind: str, ground: str) -> str:
    """The kind of letter of a decision of ``kind`` on ``ground``; whether one is nominated or invited says the scheme."""
    if kind == DecisionKind.REFUSE:
        return f"refusal_{ground or Ground.CONDITION}"
    if kind == DecisionKind.ADMIT:
        written = [name for name in ("nomination", "invitation") if rules.letter(name) is not None]
        return written[0] if written else "nomination" if rules.meeting else "invitation"
    return LETTERS.get(kind, kind)
