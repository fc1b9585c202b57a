"""We have the objection: in time or not, when the party is heard, and until when we decide (Awb 6:14, 7:2, 7:10). Decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime  # noqa: TC003  read at run time, by from_plain
from typing import TYPE_CHECKING

from reports.letters import parts
from reports.letters.document import Kind, Paragraph, section
from reports.letters.facts import LetterFacts

if TYPE_CHECKING:
    from reports.letters.document import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionReceivedFacts(LetterFacts):
    """The days that count, and the hearing where it is planned already."""

    decided_on: date | None = None
    """The day of the decision that is objected to."""
    came_on: date | None = None
    last_day: date | None = None
    in_time: bool = True
    decide_by: date | None = None
    hearing_at: datetime | None = None
    hearing_place: str = ""
    papers_until: date | None = None
    """The last day to send papers; None where the party agreed to be heard so soon that it is over."""
    file_from: date | None = None


def subject(f: ObjectionReceivedFacts) -> str:
    """What the letter is about."""
    return f.t(f"Wij hebben uw bezwaar ontvangen: {f.title}", f"We received your objection: {f.title}")


def write(f: ObjectionReceivedFacts) -> list[Section]:
    """The letter."""
    came, decided, by = (f.day(each) if each else "" for each in (f.came_on, f.decided_on, f.decide_by))
    return [
        section(
            f.t("Wij hebben uw bezwaar", "We have your objection"),
            Paragraph(
                f.t(f"Wij ontvingen uw bezwaar op {came}. Het gaat over ons besluit van {decided}. Wij beslissen uiterlijk op {by}.",
                    f"We received your objection on {came}. It is about our decision of {decided}. We decide by {by}."),
                strong=True,
            ),
            timeliness(f),
        ),
        section(f.t("Wat wij doen", "What we do"), *heard(f), others(f), *parts.own_words(f)),
        section(
            f.t("Als wij te laat zijn", "If we are late"),
            f.t(
                f"Hebt u na {by} nog geen beslissing, en hebben wij u geen andere dag genoemd? Dan kunt u ons schriftelijk laten weten dat "
                "wij te laat zijn. Wij hebben dan twee weken om te beslissen. Daarna moeten wij u misschien een bedrag per dag betalen "
                "(artikel 4:17 van de Algemene wet bestuursrecht).",
                f"Do you have no decision after {by}, and did we not name another day? Then you can tell us in writing that we are late. We then have "
                "two weeks to decide. After that we may owe you an amount for each day (article 4:17 of the General Administrative Law Act).",
            ),
        ),
        section(
            f.t("Het besluit geldt intussen", "The decision holds in the meantime"),
            f.t("Zolang wij niet op uw bezwaar hebben beslist, blijft ons besluit gelden.",
                "As long as we have not decided on your objection, our decision holds."),
        ),
        parts.contact(f),
    ]  # fmt: skip


def timeliness(f: ObjectionReceivedFacts) -> str:
    """In time, or not and what that means."""
    last = f.day(f.last_day) if f.last_day else ""
    if f.in_time:
        return f.t("U bent op tijd met uw bezwaar.", "You objected in time.")
    return f.t(
        f"Uw bezwaar kwam na de laatste dag; dat was {last}. Wij kijken eerst of u daar iets aan kon doen. Kon u dat, dan kunnen wij de "
        "inhoud van uw bezwaar niet behandelen. Schreef u nog niet waarom het later kwam? Laat ons dat dan snel weten.",
        f"Your objection came after the last day, which was {last}. We look first whether you could help that. If you could, we cannot look "
        "into what you wrote. Did you not tell us yet why it came later? Then let us know soon.",
    )


def heard(f: ObjectionReceivedFacts) -> list[str]:
    """When, with what the party may do before it; or that it is still to come."""
    if f.hearing_at is None:
        return [f.t(
            "U kunt uw kant van de zaak vertellen voordat wij beslissen. U hoort van ons wanneer en waar. Wilt u niet worden gehoord? Laat "
            "ons dat dan weten.",
            "You can tell your side before we decide. We will tell you when and where. Do you not want to be heard? Then let us know.",
        )]  # fmt: skip
    at, place = f.moment(f.hearing_at), f", {f.hearing_place}" if f.hearing_place else ""
    return [
        f.t(f"U wordt gehoord op {at}{place}. U mag iemand meenemen.", f"You will be heard on {at}{place}. You may bring somebody."),
        papers(f),
        file(f),
    ]


def papers(f: ObjectionReceivedFacts) -> str:
    """Until when the party can send more (Awb 7:4, first paragraph)."""
    if f.papers_until is None:
        return f.t(
            "U vond het goed dat wij u snel horen. Wilt u ons nog stukken laten lezen? Stuur ze dan zo snel mogelijk, of neem ze mee.",
            "You agreed that we hear you soon. Do you want us to read more papers? Then send them as soon as you can, or bring them.",
        )
    until = f.day(f.papers_until)
    return f.t(f"U kunt ons tot en met {until} nog stukken sturen.", f"You can send us more papers up to and including {until}.")


def file(f: ObjectionReceivedFacts) -> str:
    """From when on, and where, the file can be read (Awb 7:4, second and third paragraph)."""
    since, where = f.day(f.file_from) if f.file_from else "", f.sender.address
    at = f.t(f" op ons adres: {where}", f" at our address: {where}") if where else f.t(" bij ons", " with us")
    return f.t(
        f"Van {since} tot aan de hoorzitting kunt u alle stukken over uw bezwaar lezen{at}. Kunt u niet komen? Vraag ons dan om een kopie.",
        f"From {since} until the hearing you can read all papers about your objection{at}. Can you not come? Then ask us for a copy.",
    )


def others(f: ObjectionReceivedFacts) -> str:
    """Who looks into it."""
    return f.t("Uw bezwaar wordt bekeken door mensen die niet bij het eerste besluit betrokken waren. Een van hen beslist.",
               "People who were not involved in the first decision look into your objection. One of them decides.")  # fmt: skip


KIND = Kind("objection_received", ObjectionReceivedFacts, subject, write, decides=False, planned=False)
