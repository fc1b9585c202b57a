"""The refusal on a condition: the application does not meet an article of the scheme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.letters import parts
from reports.letters.document import Kind, Listing, section
from reports.letters.facts import DecisionFacts
from reports.letters.refusal_rank import refused, subject

if TYPE_CHECKING:
    from reports.letters.document import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionFacts(DecisionFacts):
    """The articles that are not met, each with its reason."""

    grounds: tuple[str, ...] = ()


def write(f: ConditionFacts) -> list[Section]:
    """The letter."""
    said = f.t("Uw aanvraag voldoet niet aan een voorwaarde van de regeling.",
               "Your application does not meet a condition of the scheme.")  # fmt: skip
    if f.grounds:
        said = f.t("Uw aanvraag voldoet niet aan deze voorwaarde van de regeling:",
                   "Your application does not meet this condition of the scheme:")  # fmt: skip
    why = section(
        f.t("Waarom dit besluit", "Why this decision"),
        said,
        Listing(f.grounds) if f.grounds else None,
        *parts.departure(f),
        *parts.own_words(f),
        parts.reason_of(f),
        parts.heard(f),
    )
    return [refused(f), why, *parts.after_decision(f, "4:23")]


KIND = Kind("refusal_condition", ConditionFacts, subject, write)
