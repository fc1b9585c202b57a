"""Payment rests for a while: from when, until when at most, and why (Awb 4:56)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003  read at run time, by from_plain
from typing import TYPE_CHECKING

from reports.letters import parts
from reports.letters.document import Kind, Paragraph, section
from reports.letters.facts import LetterFacts

if TYPE_CHECKING:
    from reports.letters.document import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspensionFacts(LetterFacts):
    """The last day on which payment rests."""

    rests_until: date | None = None


def subject(f: SuspensionFacts) -> str:
    """What the letter is about."""
    return f.t(f"Wij stellen de betaling van uw subsidie uit: {f.title}", f"We suspend payment of your grant: {f.title}")


def write(f: SuspensionFacts) -> list[Section]:
    """The letter."""
    until = f.day(f.rests_until) if f.rests_until else ""
    return [
        section(
            f.t("Ons besluit", "Our decision"),
            Paragraph(
                f.t(f"Wij betalen vanaf vandaag niets van uw subsidie, tot en met {until}.",
                    f"From today we pay nothing of your grant, up to and including {until}."),
                strong=True,
            ),
            f.t("Wij vermoeden dat er een reden is om uw subsidie in te trekken of te veranderen. Dat zoeken wij nu uit.",
                "We suspect that there is a reason to withdraw or change your grant. We are looking into that now."),
        ),
        section(f.t("Waarom dit besluit", "Why this decision"), parts.reason_of(f), *parts.own_words(f)),
        section(
            f.t("Hoe het verder gaat", "What happens next"),
            f.t(
                "Zijn wij van plan uw subsidie in te trekken of te veranderen? Dan hoort u dat eerst en kunt u reageren. Doen wij dat niet, dan "
                "betalen wij na die dag weer. Is het eerder opgelost, dan betalen wij ook eerder. U krijgt daar bericht van.",
                "Do we intend to withdraw or change your grant? Then we tell you first and you can respond. If we do not, we pay again after "
                "that day. If it is solved earlier, we pay earlier too. We will tell you when.",
            ),
            f.t("Uw verplichtingen blijven gelden: u voert het plan uit en levert de verslagen op tijd.",
                "Your obligations remain: you carry out the plan and hand in the reports in time."),
        ),
        parts.legal(f, ("4:56",)),
        *parts.objection(f, planned=False),
        parts.contact(f),
    ]  # fmt: skip


KIND = Kind("suspension", SuspensionFacts, subject, write, planned=False)
