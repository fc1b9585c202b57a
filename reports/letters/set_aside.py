"""The decision not to process an application: what was asked, when, and that it did not come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  read at run time, by from_plain
from typing import TYPE_CHECKING

from reports.letters import parts
from reports.letters.document import Kind, Listing, Paragraph, section
from reports.letters.facts import DecisionFacts
from tender.calendar import amsterdam_day

if TYPE_CHECKING:
    from reports.letters.document import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAsideFacts(DecisionFacts):
    """What was asked on which day, and until when it could be supplied."""

    gaps: tuple[str, ...] = ()
    asked_at: datetime | None = None
    until: datetime | None = None


def subject(f: SetAsideFacts) -> str:
    """What the letter is about."""
    return f.t(f"Wij behandelen uw aanvraag niet: {f.title}", f"We do not process your application: {f.title}")


def write(f: SetAsideFacts) -> list[Section]:
    """The letter."""
    asked = f.day(amsterdam_day(f.asked_at)) if f.asked_at else ""
    until = f.t(f" Dat kon tot {f.moment(f.until)}.", f" You could do so until {f.moment(f.until)}.") if f.until else ""
    return [
        section(
            f.t("Ons besluit", "Our decision"),
            Paragraph(f.t("Wij behandelen uw aanvraag niet.", "We do not process your application."), strong=True),
        ),
        section(
            f.t("Waarom dit besluit", "Why this decision"),
            f.t(f"Op {asked} vroegen wij u om uw aanvraag aan te vullen.{until} Dit hebben wij niet of niet volledig "
                f"ontvangen:",
                f"On {asked} we asked you to complete your application.{until} We did not receive this, or not all "
                f"of it:"),
            Listing(f.gaps),
            *parts.own_words(f),
            parts.reason_of(f),
        ),
        *parts.after_decision(f, "4:5"),
    ]  # fmt: skip


KIND = Kind("set_aside", SetAsideFacts, subject, write)
