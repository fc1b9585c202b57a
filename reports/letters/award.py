"""The award: what is given, for what, for how long, how it is paid, and what is owed in return."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.letters import giving, parts
from reports.letters.document import Kind, Paragraph, section
from reports.letters.facts import GrantFacts

if TYPE_CHECKING:
    from reports.letters.document import Section


def subject(f: GrantFacts) -> str:
    """What the letter is about."""
    return f.t(f"Wij verlenen u subsidie voor {f.title}", f"We award you a grant for {f.title}")


def write(f: GrantFacts) -> list[Section]:
    """The letter."""
    return [
        section(f.t("Ons besluit", "Our decision"), Paragraph(dictum(f), strong=True), giving.dates_note(f)),
        parts.motivation(f),
        giving.what_you_get(f),
        *giving.accepting(f),
        *giving.paying(f),
        *giving.owing(f),
        *giving.reservations(f),
        *parts.after_decision(f, *(("4:29", "4:42", "4:43", "4:87") if f.directly_settled else ("4:25", "4:29", "4:95"))),
    ]


def dictum(f: GrantFacts) -> str:
    """The decision itself."""
    if f.directly_settled:
        return f.t(
            f"Wij verlenen u {f.money(f.amount)} voor “{f.title}” en stellen de subsidie meteen op dat bedrag vast.",
            f"We award you {f.money(f.amount)} for “{f.title}” and settle the grant at that amount at once.",
        )
    period = ""
    if f.starts_on and f.ends_on:
        period = f.t(
            f", van {f.day(f.starts_on)} tot en met {f.day(f.ends_on)}",
            f", from {f.day(f.starts_on)} to {f.day(f.ends_on)}",
        )
    return f.t(f"Wij verlenen u maximaal {f.money(f.amount)} voor “{f.title}”{period}.",
               f"We award you up to {f.money(f.amount)} for “{f.title}”{period}.")  # fmt: skip


KIND = Kind("award", GrantFacts, subject, write)
