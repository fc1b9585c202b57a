"""A letter that mends another: which one, what was wrong, what it must be, and what becomes of the term for objecting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003  read at run time, by from_plain
from typing import TYPE_CHECKING

from reports.letters import parts
from reports.letters.document import Figures, Kind, Paragraph, section
from reports.letters.facts import LetterFacts

if TYPE_CHECKING:
    from reports.letters.document import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionFacts(LetterFacts):
    """The letter that is mended, and what it must be; the reason is what was wrong."""

    mended_subject: str = ""
    mended_on: date | None = None
    mended_sha256: str = ""
    text: str = ""
    term: str = ""
    """What becomes of the term for objecting: runs, anew, or nothing where the letter has none."""
    until: date | None = None
    """The last day for objecting, where there is one."""
    court: bool = False
    """Whether the decision was taken on an objection, so that not we but the court is next."""


def subject(f: CorrectionFacts) -> str:
    """What the letter is about."""
    on = f.day(f.mended_on) if f.mended_on else ""
    return f.t(f"Verbetering van onze brief van {on}", f"Correction of our letter of {on}")


def write(f: CorrectionFacts) -> list[Section]:
    """The letter."""
    on = f.day(f.mended_on) if f.mended_on else ""
    return [
        section(
            f.t("Welke brief wij verbeteren", "Which letter we correct"),
            f.t(
                f"In onze brief van {on} staat een fout. Met deze brief verbeteren wij die. De eerdere brief blijft bestaan; lees ze samen.",
                f"Our letter of {on} has a mistake in it. With this letter we correct it. The earlier letter stays; read them together.",
            ),
            Figures(
                (
                    (f.t("Onderwerp", "Subject"), f.mended_subject),
                    (f.t("Kenmerk", "Reference"), f.reference),
                    (f.t("Datum", "Date"), on),
                    (f.t("Vingerafdruk van het bestand (SHA-256)", "Fingerprint of the file (SHA-256)"), f.mended_sha256),
                )
            ),
        ),
        section(f.t("Wat er niet klopt", "What is wrong"), parts.reason_of(f), *parts.own_words(f)),
        section(f.t("Zo moet het zijn", "This is what it must be"), Paragraph(f.text, strong=True, lines=True)),
        *term(f),
        parts.contact(f),
    ]


def term(f: CorrectionFacts) -> list[Section]:
    """What becomes of the term for objecting, or for going to the court. Mending a slip starts no new term by itself; the signatory chose."""
    until = f.day(f.until) if f.until else ""
    do = f.t("in beroep gaan", "appeal") if f.court else f.t("bezwaar maken", "object")
    can = f.t("in beroep kunt gaan", "can appeal") if f.court else f.t("bezwaar kunt maken", "can object")
    doing = f.t("om in beroep te gaan", "for appealing") if f.court else f.t("om bezwaar te maken", "for objecting")
    if f.term == "anew":
        return [
            section(
                f.t(f"U kunt opnieuw {do}", f"You can {do} again"),
                f.t(
                    f"De termijn {doing} tegen het besluit begint opnieuw. U hebt weer zes weken. De termijn begint op de dag nadat deze brief "
                    "in uw portaal staat.",
                    f"The term {doing} against the decision begins again. You have six weeks again. The term starts on the day after this letter "
                    "is placed in your portal.",
                ),
                Paragraph(
                    f.t(f"De laatste dag waarop u {can}, is nu {until}.", f"The last day on which you {can} is now {until}."),
                    strong=True,
                ),
                f.t("Hoe dat gaat, staat in de eerdere brief.", "How to do so is in the earlier letter."),
                already(f),
            )
        ]
    if f.term == "runs":
        return [
            section(
                f.t("De termijn verandert niet", "The term does not change"),
                f.t(
                    "Wij verbeteren een vergissing. Wat wij hebben besloten, verandert niet. Daarom begint er geen nieuwe termijn "
                    f"{doing}. De laatste dag blijft {until}.",
                    f"We correct a slip. What we decided does not change. So no new term {doing} begins. The last day remains {until}.",
                ),
            )
        ]
    return [
        section(
            f.t("Dit is geen besluit", "This is not a decision"),
            f.t("U kunt tegen deze brief geen bezwaar maken.", "You cannot object to this letter."),
        )
    ]


def already(f: CorrectionFacts) -> str:
    """That who came too late need not come again."""
    if f.court:
        return f.t("Bent u al in beroep gegaan? Dan hoeft u dat niet nog een keer te doen.",
                   "Did you appeal already? Then you need not do so again.")  # fmt: skip
    return f.t("Hebt u al bezwaar gemaakt? Dan hoeft u dat niet nog een keer te doen. Was u te laat, dan bent u nu op tijd.",
               "Did you object already? Then you need not do so again. If you were too late, you are now in time.")  # fmt: skip


KIND = Kind("correction", CorrectionFacts, subject, write, decides=False, planned=False)
