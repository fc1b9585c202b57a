"""The applicant withdrew what was handed in: we confirm it, and what that means. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.letters import parts
from reports.letters.document import Kind, Paragraph, section
from reports.letters.facts import LetterFacts

if TYPE_CHECKING:
    from reports.letters.document import Section


def subject(f: LetterFacts) -> str:
    """What the letter is about."""
    return f.t(f"U hebt uw aanvraag ingetrokken: {f.title}", f"You withdrew your application: {f.title}")


def write(f: LetterFacts) -> list[Section]:
    """The letter."""
    return [
        section(
            f.t("Uw aanvraag is ingetrokken", "Your application is withdrawn"),
            Paragraph(
                f.t(f"Op {f.day(f.on)} hebt u uw aanvraag “{f.title}” ingetrokken.",
                    f"On {f.day(f.on)} you withdrew your application “{f.title}”."),
                strong=True,
            ),
            f.t("Wij beoordelen de aanvraag niet verder en nemen er geen besluit over. Wat u hebt ingediend, bewaren wij zolang dat moet.",
                "We do not assess the application any further and take no decision on it. What you handed in we keep as long as we must."),
            *parts.own_words(f),
        ),
        section(
            f.t("Was dit niet de bedoeling?", "Was this not what you meant?"),
            f.t(
                "Intrekken kunt u niet ongedaan maken. Hebt u dit niet zelf gedaan, of is het een vergissing? Laat het ons dan meteen weten. "
                "Zolang aanvragen kan, kunt u ook een nieuwe aanvraag doen.",
                "A withdrawal cannot be undone. If you did not do this yourself, or it is a mistake, tell us at once. If the call is still open, you "
                "can apply again.",
            ),
        ),
        parts.contact(f),
    ]  # fmt: skip


KIND = Kind("withdrawn", LetterFacts, subject, write, decides=False, planned=False)
