"""Payment that rested goes on. Decides nothing against anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.letters import parts
from reports.letters.document import Kind, Paragraph, section
from reports.letters.facts import LetterFacts

if TYPE_CHECKING:
    from reports.letters.document import Section


def subject(f: LetterFacts) -> str:
    """What the letter is about."""
    return f.t(f"Wij betalen uw subsidie weer: {f.title}", f"We pay your grant again: {f.title}")


def write(f: LetterFacts) -> list[Section]:
    """The letter."""
    return [
        section(
            f.t("Wij betalen weer", "We pay again"),
            Paragraph(
                f.t(f"Vanaf {f.day(f.on)} betalen wij uw subsidie weer.", f"From {f.day(f.on)} we pay your grant again."), strong=True
            ),
            f.t("Wat wij in de tussentijd hadden moeten betalen, betalen wij zo snel als wij kunnen.",
                "What we should have paid in the meantime, we pay as soon as we can."),
        ),
        section(f.t("Waarom", "Why"), parts.reason_of(f), *parts.own_words(f)),
        parts.contact(f),
    ]  # fmt: skip


KIND = Kind("resumption", LetterFacts, subject, write, decides=False, planned=False)
