"""The party wrote that we are late with our decision: when that came in, and from when on that costs us money (Awb 4:17). Decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003  read at run time, by from_plain
from decimal import Decimal
from typing import TYPE_CHECKING

from reports.letters import parts
from reports.letters.document import Kind, Listing, Paragraph, section
from reports.letters.facts import LetterFacts
from tender.calendar import PENALTY_MOST, PENALTY_STEPS

if TYPE_CHECKING:
    from reports.letters.document import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultFacts(LetterFacts):
    """When the notice came in, what was the last day to decide, and the first day for which we owe anything."""

    noted_for: date | None = None
    last_day: date | None = None
    penalty_from: date | None = None
    ended: date | None = None
    """The day on which it was decided, where the notice was noted after that."""


def subject(f: DefaultFacts) -> str:
    """What the letter is about."""
    return f.t(f"U schreef ons dat wij te laat zijn: {f.title}", f"You wrote to us that we are late: {f.title}")


def write(f: DefaultFacts) -> list[Section]:
    """The letter."""
    came, last, first = (f.day(each) if each else "" for each in (f.noted_for, f.last_day, f.penalty_from))
    which = f.t("de eerste", "the first"), f.t("de volgende", "the next"), f.t("de laatste", "the last")
    steps = tuple(
        f.t(f"{each} {days} dagen: {f.money(Decimal(euros))} per dag", f"{each} {days} days: {f.money(Decimal(euros))} a day")
        for each, (days, euros) in zip(which, PENALTY_STEPS, strict=True)
    )
    most = f.money(Decimal(PENALTY_MOST))
    court = f.t(
        "Is er twee weken na uw bericht nog geen besluit, dan kunt u ook in beroep gaan bij de rechtbank (artikel 6:12).",
        "If there is no decision two weeks after your message, you can also appeal to the court (article 6:12).",
    )
    then = ("Wij besluiten zo snel als wij kunnen.", "We will decide as soon as we can.")
    if f.ended is not None:
        then = (f"Op {f.day(f.ended)} hebben wij besloten.", f"We decided on {f.day(f.ended)}.")
    return [
        section(
            f.t("Wij hebben uw bericht ontvangen", "We have received your message"),
            Paragraph(
                f.t(f"Op {came} ontvingen wij uw ingebrekestelling: u schreef dat wij te laat zijn met ons besluit.",
                    f"On {came} we received your notice of default: you wrote that we are late with our decision."),
                strong=True,
            ),
            f.t(f"Dat klopt: wij hadden uiterlijk op {last} moeten besluiten. Dat spijt ons. {then[0]}",
                f"That is right: we should have decided by {last}. We are sorry. {then[1]}"),
            *parts.own_words(f),
        ),
        section(
            f.t("Wanneer wij u moeten betalen", "When we owe you money"),
            Paragraph(
                f.t(f"Voor elke dag vanaf {first} dat het besluit er niet {'was' if f.ended else 'is'}, betalen wij u:",
                    f"For each day from {first} on which there {'was' if f.ended else 'is'} no decision, we owe you:")
            ),
            Listing(steps),
            f.t(f"Samen is dat hoogstens {most} (artikel 4:17 van de Algemene wet bestuursrecht). U hoeft daar niets voor te doen. Wij stellen "
                "het bedrag vast in een apart besluit, en daartegen kunt u bezwaar maken.",
                f"Together that is {most} at most (article 4:17 of the General Administrative Law Act). You need not do anything for it. We set "
                "the amount in a separate decision, and you can object to that."),
            court if f.ended is None else None,
        ),
        parts.contact(f),
    ]  # fmt: skip


KIND = Kind("default_noted", DefaultFacts, subject, write, decides=False, planned=False)
