"""The nomination: the panel puts the proposal forward, and its makers hand in the plan for the next stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.letters import giving, parts, words
from reports.letters.document import Kind, Paragraph, section
from reports.letters.facts import GrantFacts
from reports.letters.invitation import next_step, terms

if TYPE_CHECKING:
    from reports.letters.document import Section


def subject(f: GrantFacts) -> str:
    """What the letter is about."""
    return f.t(f"Uw voorstel is voorgedragen: {f.title}", f"Your proposal has been nominated: {f.title}")


def write(f: GrantFacts) -> list[Section]:
    """The letter."""
    who = words.capital(f.adviser or f.t("de jury", "the jury"))
    said = f.t(f"{who} draagt uw voorstel voor. Wij nemen die voordracht over en nodigen u uit voor {f.next_stage}.",
               f"{who} nominates your proposal. We follow that nomination and invite you to {f.next_stage}.")  # fmt: skip
    if f.departure:
        said = f.t(f"Wij nodigen u uit voor {f.next_stage}.", f"We invite you to {f.next_stage}.")
    return [
        section(
            f.t("Ons besluit", "Our decision"),
            Paragraph(said, strong=True),
            next_step(f),
            giving.dates_note(f) if f.amount > 0 else None,
        ),
        parts.motivation(f),
        *terms(f),
        *parts.after_decision(f, "3:9", "4:25"),
    ]  # fmt: skip


KIND = Kind("nomination", GrantFacts, subject, write)
