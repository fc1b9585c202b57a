"""The receipt: what came in, when, and by when there is a decision. Decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003  read at run time, by from_plain
from typing import TYPE_CHECKING

from reports.letters import parts, words
from reports.letters.document import Figures, Kind, Paragraph, Table, section
from reports.letters.facts import Answers, File, LetterFacts

if TYPE_CHECKING:
    from reports.letters.document import Block, Section


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptFacts(LetterFacts):
    """What was received, word for word, with its hash."""

    decide_by: date | None = None
    version: int = 1
    submission_sha256: str = ""
    frozen_sha256: str = ""
    key: str = ""
    """The key that signed; empty for what came in before receipts were signed."""
    signature: str = ""
    check_at: str = ""
    copy: tuple[Answers, ...] = ()
    files: tuple[File, ...] = ()


def subject(f: ReceiptFacts) -> str:
    """What the letter is about."""
    return f.t(f"Wij hebben uw aanvraag ontvangen: {f.title}", f"We have received your application: {f.title}")


def write(f: ReceiptFacts) -> list[Section]:
    """The letter, with the copy as its annex."""
    at = f.moment(f.received_at) if f.received_at else f.day(f.on)
    came_in = f.t(f"Wij ontvingen uw aanvraag op {at}.", f"We received your application on {at}.")
    promise = None
    if f.decide_by is not None:
        promise = Paragraph(
            f.t(
                f"U ontvangt uiterlijk op {f.day(f.decide_by)} een besluit. Vragen wij u om iets aan te vullen, dan schuift die datum op.",
                f"You will have a decision by {f.day(f.decide_by)}. If we ask you to supply something, that date moves.",
            )
        )
    return [
        section(
            f.t("Uw aanvraag is binnen", "Your application is in"),
            Paragraph(came_in, strong=True),
            promise,
            *parts.own_words(f),
        ),
        section(
            f.t("Wat wij hebben ontvangen", "What we received"),
            f.t(
                "Een afschrift van uw aanvraag is bijgevoegd. De controlecode hieronder hoort bij precies deze "
                "antwoorden en bestanden. "
                "Verandert er één teken, dan klopt de code niet meer.",
                "A copy of your application is enclosed. The check code below belongs to exactly these answers and "
                "files. If one character "
                "changes, the code no longer fits.",
            ),
            Figures((
                (f.t("Onderdeel", "Stage"), f.stage),
                (f.t("Versie", "Version"), str(f.version)),
                (f.t("Bestanden", "Files"), str(len(f.files))),
                (f.t("Controlecode", "Check code"), f.submission_sha256),
            )),
        ),
        parts.contact(f),
        *proof(f),
        *annex(f),
    ]  # fmt: skip


def proof(f: ReceiptFacts) -> list[Section]:
    """The first annex: how anybody finds out that this receipt is genuine; nothing for one that was never signed."""
    if not f.signature:
        return []
    how = f.t(
        f"Wij hebben deze ontvangst ondertekend. Het ondertekende bewijs (JSON) staat in uw dossier. Iedereen kan het controleren op "
        f"{f.check_at}, ook zonder account. Daar staat ook hoe het zonder ons kan.",
        f"We signed this receipt. The signed proof (JSON) is in your dossier. Anybody can check it at {f.check_at}, without an account. "
        "There you also find how to check it without us.",
    )
    rows = (
        (f.t("Sleutel", "Key"), f.key),
        (f.t("Handtekening (Ed25519)", "Signature (Ed25519)"), f.signature),
        (f.t("Controlecode van wat wordt beoordeeld", "Check code of what is judged"), f.frozen_sha256),
    )
    return [section(f.t("Bijlage: ondertekend bewijs", "Annex: signed proof"), how, Figures(rows), annex=True)]


def annex(f: ReceiptFacts) -> list[Section]:
    """The copy: every question that was asked, with the answer as it was handed in, and the files."""
    sections = []
    for number, each in enumerate(f.copy):
        blocks: list[Block] = []
        for answer in each.answers:
            if answer.head:
                blocks.append(Table(answer.label, answer.head, answer.rows))
            else:
                blocks += [Paragraph(answer.label, strong=True), Paragraph(answer.value or "–", lines=True)]
        heading = f.t(f"Afschrift: {each.label}", f"Copy: {each.label}")
        sections.append(section(heading, *blocks, annex=not number))
    if f.files:
        rows = tuple((file.name, words.kilobytes(file.size, f.language), file.sha256) for file in f.files)
        head = (f.t("Naam", "Name"), f.t("Grootte", "Size"), f.t("Controlecode", "Check code"))
        sections.append(section(f.t("Afschrift: bestanden", "Copy: files"), Table(f.t("Bestanden", "Files"), head, rows, (1,))))
    return sections


KIND = Kind("receipt", ReceiptFacts, subject, write, decides=False)
