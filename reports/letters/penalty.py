"""What being late cost us (Awb 4:18): a decision of its own, made known on the day it is printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003  read at run time, by from_plain
from decimal import Decimal
from typing import TYPE_CHECKING

from reports.letters import parts
from reports.letters.document import Figures, Kind, Paragraph, section
from reports.letters.facts import LetterFacts
from tender.enums import NoPenalty

if TYPE_CHECKING:
    from reports.letters.document import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class PenaltyFacts(LetterFacts):
    """The notice, the days that cost money, and the amount; ``because``: why nothing is owed."""

    came_on: date | None = None
    last_day: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    amount: Decimal = Decimal(0)
    because: str = ""
    paid_by: date | None = None
    iban_end: str = ""


WHY = {
    NoPenalty.TOO_LATE: ("u ons onredelijk laat schreef dat wij te laat waren", "you wrote to us unreasonably late that we were late"),
    NoPenalty.NO_PARTY: ("wie ons schreef, geen belanghebbende is", "the person who wrote to us is not a party to the case"),
    NoPenalty.HOPELESS: (
        "de aanvraag duidelijk niet in behandeling kon worden genomen of kon worden toegewezen",
        "the application could clearly not be processed or granted",
    ),
}
"""Why nothing is owed (Awb 4:17, sixth paragraph), in Dutch and English."""


def subject(f: PenaltyFacts) -> str:
    """What the letter is about."""
    if f.amount:
        return f.t(f"Wij waren te laat en betalen u {f.money(f.amount)}", f"We were late and pay you {f.money(f.amount)}")
    return f.t("Wij waren te laat, maar betalen geen dwangsom", "We were late, but owe no penalty")


def dictum(f: PenaltyFacts) -> str:
    """What is decided."""
    if not f.amount:
        why = WHY[NoPenalty(f.because)]
        return f.t(f"Wij zijn u geen dwangsom schuldig, omdat {why[0]}.", f"We owe you no penalty, because {why[1]}.")
    return f.t(f"Wij zijn u een dwangsom schuldig van {f.money(f.amount)}.", f"We owe you a penalty of {f.money(f.amount)}.")


def how(f: PenaltyFacts) -> Figures:
    """The days from which the amount follows."""
    day = [f.day(each) if each else "" for each in (f.last_day, f.came_on, f.starts_on, f.ends_on)]
    rows = [
        (f.t("Laatste dag om te besluiten", "Last day to decide"), day[0]),
        (f.t("De brief kwam binnen op", "The letter came in on"), day[1]),
    ]
    if f.amount:
        rows += [
            (f.t("Eerste dag van de dwangsom", "First day of the penalty"), day[2]),
            (f.t("Laatste dag van de dwangsom", "Last day of the penalty"), day[3]),
        ]
    return Figures(tuple(rows))


def noticed(f: PenaltyFacts) -> str:
    """Who put us in default: the party, or somebody who is none."""
    if f.because == NoPenalty.NO_PARTY:
        return f.t("Iemand schreef ons dat wij te laat waren met ons besluit op uw aanvraag.",
                   "Somebody wrote to us that we were late with our decision on your application.")  # fmt: skip
    return f.t("U schreef ons dat wij te laat waren met ons besluit op uw aanvraag. Wij hadden daarna nog twee weken om te besluiten.",
               "You wrote to us that we were late with our decision on your application. After that we had two more weeks to decide.")  # fmt: skip


def paying(f: PenaltyFacts) -> list[Section]:
    """When and to which account it is paid (Awb 4:86, 4:87)."""
    if not f.amount or f.paid_by is None:
        return []
    by = f.day(f.paid_by)
    account = f.t(f", op de IBAN eindigend op {f.iban_end}", f", into the IBAN ending in {f.iban_end}") if f.iban_end else ""
    return [
        section(
            f.t("Wanneer wij betalen", "When we pay"),
            f.t(f"Wij betalen u {f.money(f.amount)} uiterlijk op {by}{account}.", f"We pay you {f.money(f.amount)} by {by}{account}."),
        )
    ]


def write(f: PenaltyFacts) -> list[Section]:
    """The letter."""
    days = f.t(
        "De dwangsom is de eerste veertien dagen €\N{NO-BREAK SPACE}23 per dag, de veertien dagen daarna €\N{NO-BREAK SPACE}35 per dag en de veertien "
        "dagen daarna €\N{NO-BREAK SPACE}45 per dag (artikel 4:17 van de Algemene wet bestuursrecht).",
        "The penalty is €23 a day for the first fourteen days, €35 a day for the fourteen days after that, and €45 a day for the "
        "fourteen days after that (article 4:17 of the General Administrative Law Act).",
    )
    return [
        section(f.t("Ons besluit", "Our decision"), Paragraph(dictum(f), strong=True)),
        section(
            f.t("Waarom dit besluit", "Why this decision"),
            noticed(f),
            days if f.amount else None,
            parts.reason_of(f),
            how(f),
            *parts.own_words(f),
        ),
        *paying(f),
        parts.legal(f, ("4:17", "4:18")),
        *parts.objection(f, planned=False),
        parts.contact(f),
    ]


KIND = Kind("penalty", PenaltyFacts, subject, write, planned=False)
