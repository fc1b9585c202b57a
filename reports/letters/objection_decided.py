"""What we decide on an objection, why, what follows, and that the court is next (Awb 7:11, 7:12, 8:1)."""

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
class ObjectionDecidedFacts(LetterFacts):
    """The outcome with its ground, what was done before, and what follows."""

    outcome: str = ""
    ground: str = ""
    """Of an inadmissible objection: late, gap or no_interest."""
    follows: str = ""
    decided_on: date | None = None
    came_on: date | None = None
    last_day: date | None = None
    heard_at: datetime | None = None
    no_hearing: str = ""
    departs: bool = False
    """Whether it is decided otherwise than was advised."""


def subject(f: ObjectionDecidedFacts) -> str:
    """What the letter is about."""
    return f.t(f"Onze beslissing op uw bezwaar: {f.title}", f"Our decision on your objection: {f.title}")


def write(f: ObjectionDecidedFacts) -> list[Section]:
    """The letter."""
    decided, came = (f.day(each) if each else "" for each in (f.decided_on, f.came_on))
    return [
        section(
            f.t("Onze beslissing", "Our decision"),
            Paragraph(declared(f), strong=True),
            f.t(
                f"Uw bezwaar van {came} gaat over ons besluit van {decided}.", f"Your objection of {came} is about our decision of {decided}."
            ),
            what_follows(f),
        ),
        section(f.t("Waarom wij zo beslissen", "Why we decide this"), ground(f), *parts.own_words(f), parts.reason_of(f)),
        section(f.t("Hoe wij ernaar keken", "How we looked into it"), hearing(f), advice(f)),
        parts.legal(f, articles(f)),
        *parts.objection(f, planned=False),
        parts.contact(f),
    ]


def declared(f: ObjectionDecidedFacts) -> str:
    """The decision in one sentence."""
    return {
        "inadmissible": f.t("Wij verklaren uw bezwaar niet-ontvankelijk. Dat betekent dat wij de inhoud ervan niet behandelen.",
                            "We declare your objection inadmissible. That means that we do not look into what it says."),
        "unfounded": f.t("Wij verklaren uw bezwaar ongegrond. Ons besluit blijft zoals het is.",
                         "We declare your objection unfounded. Our decision stays as it is."),
        "founded": f.t("Wij verklaren uw bezwaar gegrond. U hebt gelijk gekregen.", "We declare your objection founded. You were right."),
    }[f.outcome]  # fmt: skip


def what_follows(f: ObjectionDecidedFacts) -> str | None:
    """Of a founded objection: the new decision that comes."""
    anew = f.t(" Daarna nemen wij een nieuw besluit; dat komt in de plaats van het oude. Daarover krijgt u een aparte brief.",
               " After that we take a new decision, which takes the place of the old one. You will get a separate letter about it.")  # fmt: skip
    return {
        "review": f.t("Wij beoordelen uw aanvraag opnieuw.", "We judge your application again.") + anew,
        "rank": f.t("Wij rangschikken de ronde opnieuw, met het subsidieplafond zoals het bij het eerste besluit was.",
                    "We rank the round again, against the ceiling as it stood at the first decision.") + anew,
        "otherwise": f.t("Wij zetten dit recht in uw subsidie. U hoort van ons hoe.", "We put this right in your grant. We will tell you how."),
    }.get(f.follows)  # fmt: skip


def ground(f: ObjectionDecidedFacts) -> str | None:
    """Why it cannot be looked into."""
    last, came = (f.day(each) if each else "" for each in (f.last_day, f.came_on))
    return {
        "late": f.t(f"De laatste dag waarop u bezwaar kon maken, was {last}. Uw bezwaar kwam op {came}.",
                    f"The last day on which you could object was {last}. Your objection came on {came}."),
        "gap": f.t("Er ontbrak iets aan uw bezwaar. Wij vroegen u daarom, en ontvingen het niet op tijd.",
                   "Something was missing from your objection. We asked you for it, and did not receive it in time."),
        "no_interest": f.t("U hebt zelf geen belang bij dit besluit.", "You are not affected by this decision yourself."),
    }.get(f.ground)  # fmt: skip


def hearing(f: ObjectionDecidedFacts) -> str:
    """That the party was heard, or why not."""
    if f.heard_at is not None:
        at = f.moment(f.heard_at)
        return f.t(f"U bent gehoord op {at}. Wat u daar zei, hebben wij meegewogen.",
                   f"You were heard on {at}. We took into account what you said there.")  # fmt: skip
    why = {
        "declined": f.t("u liet weten dat u niet gehoord wilde worden", "you let us know that you did not want to be heard"),
        "silent": f.t(
            "u hebt niet op tijd laten weten dat u gehoord wilde worden", "you did not let us know in time that you wanted to be heard"
        ),
        "evident_unfounded": f.t("uw bezwaar was duidelijk ongegrond", "your objection was plainly unfounded"),
        "met": f.t("wij komen helemaal aan uw bezwaar tegemoet", "we meet your objection in full"),
    }.get(f.no_hearing, f.t("uw bezwaar was duidelijk niet-ontvankelijk", "your objection was plainly inadmissible"))
    return f.t(f"Wij hebben u niet gehoord, want {why} (artikel 7:3 van de Algemene wet bestuursrecht).",
               f"We did not hear you, because {why} (article 7:3 of the General Administrative Law Act).")  # fmt: skip


def advice(f: ObjectionDecidedFacts) -> str:
    """That others advised and decided than the first time, and whether we follow the advice."""
    others = f.t("Iemand die niets met het eerste besluit te maken had, keek naar uw bezwaar en gaf ons advies.",
                 "Somebody who had nothing to do with the first decision looked into your objection and advised us.")  # fmt: skip
    if f.departs:
        return others + f.t(" Wij beslissen anders dan dat advies; hierboven staat waarom.",
                            " We decide otherwise than that advice; the reason is given above.")  # fmt: skip
    return others + f.t(" Wij nemen dat advies over.", " We follow that advice.")


def articles(f: ObjectionDecidedFacts) -> tuple[str, ...]:
    """Of the general act, by the outcome."""
    if f.outcome == "inadmissible":
        return {"late": ("6:7", "6:9", "6:11"), "gap": ("6:5", "6:6")}.get(f.ground, ("1:2", "7:1"))
    return ("7:11", "7:12", "4:25") if f.follows == "rank" else ("7:11", "7:12")


KIND = Kind("objection_decided", ObjectionDecidedFacts, subject, write, planned=False)
