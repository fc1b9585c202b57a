"""The merge fields that may stand in a scheme's letter texts, as ``{name}``, and how they are filled in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MERGE_FIELDS: dict[str, str] = {
    "reference": "The reference number of the dossier, the same through all stages.",
    "title": "The title of the application.",
    "applicant": "The name of the organisation or person that applied.",
    "call": "The name of the call.",
    "stage": "The name of the stage.",
    "amount": "The amount that is granted or settled, in euros.",
    "asked": "The amount that was asked for, in euros.",
    "score": "The total score, from 0 to 100.",
    "rank": "The place in the ranking.",
    "ranked": "How many applications were ranked.",
    "floor": "The least score that was needed, in total or on the criterion that failed.",
    "criterion": "The criterion that failed its floor, or the words for the total.",
    "ceiling": "The ceiling of the stage, in euros.",
    "decide_by": "The last day on which the applicant has a decision.",
    "objection_until": "The last day for an objection, computed from the day of publication.",
    "next_stage": "The name of the next stage.",
    "next_until": "The closing instant of the next stage for this applicant.",
    "reserve_place": "The place on the reserve list.",
    "reserve_until": "The day on which the reserve list expires.",
    "report_by": "The last day for the report that is owed.",
    "paid_by": "The day before which the money is paid.",
    "received_at": "When the application was received, or was complete.",
    "reason": "The reason that was written for this very decision or request.",
}
"""Beside these, ``answers.<field key>`` is the answer to a question of the stage's form."""

ANSWERS = "answers."
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def fields_in(text: str) -> tuple[str, ...]:
    """The merge fields that stand in ``text``, in order, each once."""
    return tuple(dict.fromkeys(PLACEHOLDER.findall(text)))


def stray_braces(text: str) -> bool:
    """Whether ``text`` holds a brace that opens or closes no merge field."""
    rest = PLACEHOLDER.sub("", text)
    return "{" in rest or "}" in rest


def fill(text: str, values: Mapping[str, str]) -> str:
    """``text`` with every merge field replaced by its value; ``KeyError`` where one has none.

    Values are put in as they are, once: a brace in an applicant's text is never read as a merge field.
    """
    return PLACEHOLDER.sub(lambda match: values[match.group(1)], text)
