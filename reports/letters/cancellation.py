"""The cancellation of a round: every open case hears why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.letters import parts
from reports.letters.document import Kind, Paragraph, section
from reports.letters.facts import DecisionFacts

if TYPE_CHECKING:
    from reports.letters.document import Section


def subject(f: DecisionFacts) -> str:
    """What the letter is about."""
    return f.t(f"Wij trekken de openstelling in: {f.call}", f"We cancel the call: {f.call}")


def write(f: DecisionFacts) -> list[Section]:
    """The letter."""
    ended = f.t(f" Wij behandelen uw aanvraag “{f.title}” daarom niet verder.",
                f" So we do not process your application “{f.title}” any further.") if f.title else ""  # fmt: skip
    return [
        section(
            f.t("Ons besluit", "Our decision"),
            Paragraph(
                f.t(f"Wij trekken de openstelling van “{f.stage}” in.{ended}", f"We cancel the call for “{f.stage}”.{ended}"),
                strong=True,
            ),
        ),
        section(f.t("Waarom dit besluit", "Why this decision"), parts.reason_of(f), *parts.own_words(f)),
        parts.legal(f, ("4:25",)),
        *parts.objection(f, planned=False),
        parts.contact(f),
    ]


KIND = Kind("cancellation", DecisionFacts, subject, write, planned=False)
