"""The invitation to the next stage, with the money of this one if it gives any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.letters import giving, parts
from reports.letters.document import Kind, Paragraph, section
from reports.letters.facts import GrantFacts

if TYPE_CHECKING:
    from reports.letters.document import Section


def subject(f: GrantFacts) -> str:
    """What the letter is about."""
    return f.t(f"U gaat door naar {f.next_stage}: {f.title}", f"You go on to {f.next_stage}: {f.title}")


def write(f: GrantFacts) -> list[Section]:
    """The letter."""
    money = None
    if f.amount > 0:
        settled = ("", "")
        if f.directly_settled:
            settled = (" en stellen wij de subsidie meteen op dat bedrag vast", " and settle the grant at that amount at once")
        money = Paragraph(
            f.t(f"Om uw plan uit te werken verlenen wij u {f.money(f.amount)}{settled[0]}.",
                f"To work out your plan we award you {f.money(f.amount)}{settled[1]}."),
            strong=True,
        )  # fmt: skip
    return [
        section(
            f.t("Ons besluit", "Our decision"),
            Paragraph(
                f.t(f"Uw aanvraag is gekozen. Wij nodigen u uit voor {f.next_stage}.",
                    f"Your application has been selected. We invite you to {f.next_stage}."),
                strong=True,
            ),
            money,
            next_step(f),
            giving.dates_note(f),
        ),
        parts.motivation(f),
        *terms(f),
        *parts.after_decision(f, *articles(f)),
    ]  # fmt: skip


def articles(f: GrantFacts) -> tuple[str, ...]:
    """The articles that carry it: of the ceiling alone, of a grant that is settled at once, or of one with advances."""
    if f.amount <= 0:
        return ("4:25",)
    return ("4:25", "4:29", "4:43") if f.directly_settled else ("4:25", "4:29", "4:95")


def next_step(f: GrantFacts) -> str | None:
    """Until when the plan for the next stage can be handed in."""
    if f.next_until is None:
        return None
    opens = f.t(f"van {f.moment(f.next_opens)} ", f"from {f.moment(f.next_opens)} ") if f.next_opens else ""
    return f.t(f"U kunt het plan daarvoor {opens}tot {f.moment(f.next_until)} indienen in het portaal. Uw kenmerk "
               f"blijft {f.reference}.",
               f"You can hand in the plan for that stage {opens}until {f.moment(f.next_until)} in the portal. Your reference "
               f"stays "
               f"{f.reference}.")  # fmt: skip


def terms(f: GrantFacts) -> list[Section]:
    """What comes with the money, if there is any."""
    if f.amount <= 0:
        return []
    return [
        giving.what_you_get(f),
        *giving.paying(f),
        *giving.accepting(f),
        *giving.owing(f),
        *giving.reservations(f),
    ]


KIND = Kind("invitation", GrantFacts, subject, write)
