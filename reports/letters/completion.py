"""The request to complete an application: what is missing, until when, and that the term stands still. Decides
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  read at run time, by from_plain
from typing import TYPE_CHECKING

from reports.letters import parts
from reports.letters.document import Kind, Listing, Paragraph, section
from reports.letters.facts import LetterFacts

if TYPE_CHECKING:
    from reports.letters.document import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionFacts(LetterFacts):
    """What is missing, and the last moment to supply it."""

    gaps: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    until: datetime | None = None


def subject(f: CompletionFacts) -> str:
    """What the letter is about."""
    return f.t(f"Uw aanvraag is nog niet volledig: {f.title}", f"Your application is not complete yet: {f.title}")


def write(f: CompletionFacts) -> list[Section]:
    """The letter."""
    until = f.moment(f.until) if f.until else ""
    return [
        section(
            f.t("Wat wij van u vragen", "What we ask of you"),
            Paragraph(
                f.t(f"Uw aanvraag is onvolledig. Lever uiterlijk {until} aan:",
                    f"Your application is incomplete. Send us this by {until}:"),
                strong=True,
            ),
            Listing(f.gaps),
            *(Paragraph(text, lines=True) for text in f.said),
            *parts.own_words(f),
        ),
        section(
            f.t("Hoe u dat doet", "How to do that"),
            f.t("Vul uw aanvraag aan in het portaal. U kunt alleen deze punten aanpassen. De rest blijft zoals u die "
                "hebt ingediend.",
                "Complete your application in the portal. You can change these points only. The rest stays as you "
                "handed it in."),
        ),
        section(
            f.t("Wat dit betekent voor de termijn", "What this means for the term"),
            f.t(
                "Tot u hebt aangevuld, of tot die datum voorbij is, staat de termijn voor ons besluit stil (artikel "
                "4:15 van de Algemene wet "
                "bestuursrecht). Ontvangen wij niet alles op tijd, dan kunnen wij besluiten uw aanvraag niet te "
                "behandelen (artikel 4:5).",
                "Until you have completed it, or that date has passed, the term for our decision is suspended "
                "(article 4:15 of the General "
                "Administrative Law Act). If we do not receive everything in time, we may decide not to process your "
                "application (article 4:5).",
            ),
        ),
        parts.contact(f),
    ]  # fmt: skip


KIND = Kind("completion", CompletionFacts, subject, write, decides=False)
