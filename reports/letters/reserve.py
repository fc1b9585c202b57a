"""The reserve: a refusal on the ceiling that names the place on the reserve list and the day it expires."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003  read at run time, by from_plain
from typing import TYPE_CHECKING

from reports.letters import parts
from reports.letters.document import Kind, Paragraph, section
from reports.letters.facts import DecisionFacts

if TYPE_CHECKING:
    from reports.letters.document import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveFacts(DecisionFacts):
    """The place, and until when it holds."""

    place: int = 1
    until: date | None = None


def subject(f: ReserveFacts) -> str:
    """What the letter is about."""
    return f.t(f"U staat op de reservelijst: {f.title}", f"You are on the reserve list: {f.title}")


def write(f: ReserveFacts) -> list[Section]:
    """The letter."""
    until = f.t(f", geldig tot en met {f.day(f.until)}", f", valid up to and including {f.day(f.until)}") if f.until else ""
    return [
        section(
            f.t("Ons besluit", "Our decision"),
            Paragraph(
                f.t(f"Wij wijzen uw aanvraag af, omdat het geld op is. U staat op plaats {f.place} van de "
                    f"reservelijst{until}.",
                    f"We refuse your application, because the money is used up. You have place {f.place} on the "
                    f"reserve list{until}."),
                strong=True,
            ),
            f.t("Komt er tot en met die dag geld vrij en bent u aan de beurt, dan nemen wij een nieuw besluit. U hoeft "
                "niets te doen. Komt er geen "
                "geld vrij, dan vervalt uw plaats en blijft de afwijzing gelden.",
                "If money comes free by that day and it is your turn, we take a new decision. You need not do "
                "anything. If no money comes free, "
                "your place expires and the refusal stands."),
        ),
        parts.motivation(f),
        *parts.after_decision(f, "4:25", "4:26"),
    ]  # fmt: skip


KIND = Kind("reserve", ReserveFacts, subject, write)
