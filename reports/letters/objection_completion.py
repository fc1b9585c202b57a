"""What is formally missing from an objection, and until when it can be sent (Awb 6:5, 6:6). Decides nothing."""

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
class ObjectionCompletionFacts(LetterFacts):
    """What is missing, in the handler's words, and the last day."""

    gaps: str = ""
    until: date | None = None


def subject(f: ObjectionCompletionFacts) -> str:
    """What the letter is about."""
    return f.t(f"Uw bezwaar is niet compleet: {f.title}", f"Your objection is not complete: {f.title}")


def write(f: ObjectionCompletionFacts) -> list[Section]:
    """The letter."""
    until = f.day(f.until) if f.until else ""
    return [
        section(
            f.t("Wat wij van u vragen", "What we ask of you"),
            Paragraph(f.t(f"Uw bezwaar is niet compleet. Stuur ons uiterlijk op {until} wat ontbreekt.",
                          f"Your objection is not complete. Send us what is missing by {until}."), strong=True),
            Paragraph(f.gaps, lines=True),
            *parts.own_words(f),
            f.t("U kunt dit in het portaal doen, bij uw bezwaar. Per post mag ook.",
                "You can do this in the portal, with your objection. You can also send it by post."),
        ),
        section(
            f.t("Wat er gebeurt als u niets stuurt", "What happens if you send nothing"),
            f.t("Dan kunnen wij besluiten dat wij de inhoud van uw bezwaar niet behandelen (artikel 6:6 van de Algemene wet bestuursrecht).",
                "Then we may decide not to look into what you wrote (article 6:6 of the General Administrative Law Act)."),
            f.t("Tot u antwoordt, of tot die dag voorbij is, staat onze termijn om te beslissen stil (artikel 7:10).",
                "Until you answer, or until that day is over, our term for deciding stands still (article 7:10)."),
        ),
        parts.contact(f),
    ]  # fmt: skip


KIND = Kind("objection_completion", ObjectionCompletionFacts, subject, write, decides=False, planned=False)
