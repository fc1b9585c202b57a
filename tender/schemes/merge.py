"""The merge fields that may stand in a scheme's letter texts, as ``{name}``, and how they are filled in."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

if TYPE_CHECKING:
    from collections.abc import Mapping

MERGE_FIELDS: dict[str, str] = {
    "reference": gettext_noop("The reference number of the dossier, the same through all stages."),
    "title": gettext_noop("The title of the application."),
    "applicant": gettext_noop("The name of the organisation or person that applied."),
    "call": gettext_noop("The name of the call."),
    "stage": gettext_noop("The name of the stage."),
    "amount": gettext_noop("The amount that is granted or settled, in euros."),
    "asked": gettext_noop("The amount that was asked for, in euros."),
    "score": gettext_noop("The total score, from 0 to 100."),
    "rank": gettext_noop("The place in the ranking."),
    "ranked": gettext_noop("How many applications were ranked."),
    "floor": gettext_noop("The least score that was needed, in total or on the criterion that failed."),
    "criterion": gettext_noop("The criterion that failed its floor, or the words for the total."),
    "ceiling": gettext_noop("The ceiling of the stage, in euros."),
    "decide_by": gettext_noop("The last day on which the applicant has a decision."),
    "objection_until": gettext_noop("The last day for an objection, computed from the day of publication."),
    "next_stage": gettext_noop("The name of the next stage."),
    "next_until": gettext_noop("The closing instant of the next stage for this applicant."),
    "reserve_place": gettext_noop("The place on the reserve list."),
    "reserve_until": gettext_noop("The day on which the reserve list expires."),
    "report_by": gettext_noop("The last day for the report that is owed."),
    "paid_by": gettext_noop("The day before which the money is paid."),
    "received_at": gettext_noop("When the application was received, or was complete."),
    "reason": gettext_noop("The reason that was written for this very decision or request."),
}
"""Beside these, ``answers.<field key>`` is the answer to a question of the stage's form."""

EVERYWHERE = frozenset({"reference", "title", "applicant", "call", "stage", "reason"})
JUDGED = frozenset({"received_at", "asked", "score", "rank", "ranked", "ceiling", "floor", "criterion", "objection_until"})
GIVEN = frozenset({"amount", "paid_by", "report_by", "next_stage", "next_until"})
KIND_FIELDS: dict[str, frozenset[str]] = {
    "receipt": frozenset({"received_at", "decide_by"}),
    "completion": frozenset({"received_at"}),
    "set_aside": frozenset({"received_at", "asked", "objection_until"}),
    "invitation": JUDGED | GIVEN,
    "nomination": JUDGED | GIVEN,
    "award": JUDGED | GIVEN,
    "reserve": JUDGED | {"reserve_place", "reserve_until"},
    "refusal_rank": JUDGED,
    "refusal_minimum": JUDGED,
    "refusal_ceiling": JUDGED,
    "refusal_receipt_order": JUDGED,
    "refusal_condition": JUDGED,
    "settlement": frozenset({"received_at", "asked", "amount", "paid_by", "objection_until"}),
    "cancellation": frozenset({"received_at", "objection_until"}),
    "report_due": frozenset({"report_by"}),
    "intent": frozenset({"received_at", "amount"}),
    "postponement": frozenset({"received_at", "decide_by"}),
    "withdrawn": frozenset({"received_at"}),
    "default_noted": frozenset({"received_at"}),
    "advance": frozenset({"amount", "paid_by"}),
    "suspension": frozenset({"objection_until"}),
    "resumption": frozenset(),
    "report_approved": frozenset({"report_by"}),
    "report_returned": frozenset({"report_by"}),
    "report_rejected": frozenset({"report_by"}),
    "penalty": frozenset({"received_at", "amount", "paid_by", "objection_until"}),
    "objection_received": frozenset({"received_at", "decide_by"}),
    "objection_completion": frozenset({"received_at"}),
    "objection_decided": frozenset({"received_at", "objection_until"}),
    "withdrawal": frozenset({"received_at", "asked", "amount", "objection_until"}),
    "recovery": frozenset({"amount", "paid_by", "objection_until"}),
    "recovery_reminder": frozenset({"amount", "paid_by"}),
    "recovery_change": frozenset({"objection_until"}),
    "correction": frozenset({"received_at"}),
}
"""What each kind of letter can say beside what stands `EVERYWHERE`. In one letter a field of these may still have no value: nobody ranks
what was refused on a condition."""

ANSWERS = "answers."
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def fields_in(text: str) -> tuple[str, ...]:
    """The merge fields that stand in ``text``, in order, each once."""
    return tuple(dict.fromkeys(PLACEHOLDER.findall(text)))


def stray_braces(text: str) -> bool:
    """Whether ``text`` holds a brace that opens or closes no merge field."""
    rest = PLACEHOLDER.sub("", text)
    return "{" in rest or "}" in rest


def fields_of(kind: str) -> frozenset[str]:
    """The merge fields that a letter of ``kind`` can fill in, beside the answers."""
    return EVERYWHERE | KIND_FIELDS.get(kind, frozenset())


MOST_OF_A_VALUE = 2_000


def harmless(value: str) -> str:
    """A value as it stands amid somebody else's words: without what steers how text is shown or reads on unseen, and not endless."""
    seen = "".join(sign for sign in value if sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
    return seen if len(seen) <= MOST_OF_A_VALUE else seen[: MOST_OF_A_VALUE - 1] + "…"


def fill(text: str, values: Mapping[str, str]) -> str:
    """``text`` with every merge field replaced by its value; ``KeyError`` where one has none.

    Values are put in as they are, once: a brace in an applicant's text is never read as a merge field.
    """
    return PLACEHOLDER.sub(lambda match: values[match.group(1)], text)
