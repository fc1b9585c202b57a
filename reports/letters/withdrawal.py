"""A grant is withdrawn, or lowered (Awb 4:48, 4:49, 4:50): what the party keeps, on which ground, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003  read at run time, by from_plain
from decimal import Decimal
from typing import TYPE_CHECKING

from reports.letters import parts
from reports.letters.document import Figures, Kind, Paragraph, section
from reports.letters.facts import DecisionFacts
from reports.letters.grounds import because, weighed
from tender.enums import DecisionKind
from tender.taking import article_of

if TYPE_CHECKING:
    from reports.letters.document import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalFacts(DecisionFacts):
    """What the grant came to, what is left of it, what was paid, and from when on."""

    decides: str = ""
    """Whether it is withdrawn or lowered: the kind of decision."""
    ground: str = ""
    weighing: str = ""
    amount: Decimal = Decimal(0)
    awarded: Decimal = Decimal(0)
    came_to: Decimal = Decimal(0)
    advances: Decimal = Decimal(0)
    ends_on: date | None = None


def withdraws(f: WithdrawalFacts) -> bool:
    """Whether it takes all of the grant."""
    return f.decides == DecisionKind.WITHDRAW


def subject(f: WithdrawalFacts) -> str:
    """What the letter is about."""
    if withdraws(f):
        return f.t(f"Wij trekken uw subsidie in: {f.title}", f"We withdraw your grant: {f.title}")
    return f.t(f"Wij verlagen uw subsidie: {f.title}", f"We lower your grant: {f.title}")


def dictum(f: WithdrawalFacts) -> str:
    """What is decided."""
    if not withdraws(f):
        return f.t(f"Wij verlagen uw subsidie van {f.money(f.came_to)} naar {f.money(f.amount)}.",
                   f"We lower your grant from {f.money(f.came_to)} to {f.money(f.amount)}.")  # fmt: skip
    if f.amount:
        return f.t(f"Wij trekken uw subsidie in. Van wat wij u betaalden, houdt u {f.money(f.amount)}.",
                   f"We withdraw your grant. Of what we paid you, you keep {f.money(f.amount)}.")  # fmt: skip
    return f.t("Wij trekken uw subsidie helemaal in, vanaf de dag waarop wij haar verleenden.",
               "We withdraw your whole grant, from the day on which we awarded it.")  # fmt: skip


def afterwards(f: WithdrawalFacts) -> list[Section]:
    """What is not paid any more, and what comes back."""
    back = f.advances - f.amount
    says = f.t("Wij betalen niets meer uit deze subsidie.", "We pay nothing more of this grant.")
    if not withdraws(f):
        says = f.t(f"Samen met wat wij al betaalden ({f.money(f.advances)}) betalen wij niet meer dan {f.money(f.amount)}.",
                   f"Together with what we paid already ({f.money(f.advances)}) we pay no more than {f.money(f.amount)}.")  # fmt: skip
    returns = None
    if back > 0:
        returns = f.t(
            f"U ontving {f.money(back)} te veel. Daarover krijgt u een apart besluit, met een termijn om te betalen (artikel 4:57). Kunt u "
            "niet in één keer betalen, dan kunt u vragen om in delen te betalen.",
            f"You were paid {f.money(back)} too much. You get a separate decision about that, with a term to pay (article 4:57). If you "
            "cannot pay it at once, you can ask to pay in instalments.",
        )
    return [section(f.t("Wat dit betekent", "What this means"), says, returns)]


def write(f: WithdrawalFacts) -> list[Section]:
    """The letter."""
    rows = [
        (f.t("De subsidie was", "The grant was"), f.money(f.came_to)),
        (f.t("De subsidie is nu", "The grant is now"), f.money(f.amount)),
        (f.t("Al betaald", "Paid before"), f.money(f.advances)),
    ]
    ends = None
    if f.ends_on:
        ends = f.t(f"De subsidie loopt tot en met {f.day(f.ends_on)}. Zo hebt u tijd om uw plannen aan te passen.",
                   f"The grant runs up to and including {f.day(f.ends_on)}. So you have time to adapt your plans.")  # fmt: skip
    number = article_of(f.decides, f.ground).split("(")[0] or "4:48"
    damage = None
    if number == "4:50":
        damage = f.t(
            "Hebt u schade doordat u erop rekende dat de subsidie door zou gaan? Schrijf ons dat: wij vergoeden die schade (artikel 4:50, "
            "tweede lid).",
            "Did you suffer damage because you counted on the grant going on? Write us: we compensate that damage (article 4:50, second "
            "paragraph).",
        )
    return [
        section(f.t("Ons besluit", "Our decision"), Paragraph(dictum(f), strong=True), ends, Figures(tuple(rows))),
        section(
            f.t("Waarom dit besluit", "Why this decision"), because(f, f.decides, f.ground), parts.reason_of(f), parts.heard(f),
            *weighed(f, f.weighing), *parts.own_words(f),
        ),
        *afterwards(f),
        *([section(f.t("Schade", "Damage"), damage)] if damage else []),
        *parts.after_decision(f, number),
    ]  # fmt: skip


KIND = Kind("withdrawal", WithdrawalFacts, subject, write)
