"""The settlement: the final amount, what was paid of it, and what is still to be paid."""

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

if TYPE_CHECKING:
    from reports.letters.document import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementFacts(DecisionFacts):
    """What was awarded, paid and settled, and when the rest is paid."""

    amount: Decimal = Decimal(0)
    awarded: Decimal = Decimal(0)
    advances: Decimal = Decimal(0)
    to_pay: Decimal = Decimal(0)
    paid_by: date | None = None
    iban_end: str = ""
    ground: str = ""
    """Of a lower settlement: the ground of the law; none in a letter of before it was kept."""
    weighing: str = ""


def subject(f: SettlementFacts) -> str:
    """What the letter is about."""
    return f.t(f"Wij stellen uw subsidie vast: {f.title}", f"We settle your grant: {f.title}")


def write(f: SettlementFacts) -> list[Section]:
    """The letter."""
    lower = f.amount < f.awarded
    rows = (
        (f.t("Verleend", "Awarded"), f.money(f.awarded)),
        (f.t("Vastgesteld", "Settled"), f.money(f.amount)),
        (f.t("Al betaald", "Paid before"), f.money(f.advances)),
        (f.t("Nog te betalen", "Still to be paid"), f.money(f.to_pay)),
    )
    why = f.t("U hebt verantwoord wat u met de subsidie hebt gedaan, en wij hebben uw eindverslag goedgekeurd.",
              "You accounted for what you did with the grant, and we approved your final report.")  # fmt: skip
    if lower:
        less = f.money(f.awarded - f.amount)
        why = f.t(
            f"Wij stellen de subsidie {less} lager vast dan wij hebben verleend, om deze reden:",
            f"We settle the grant {less} lower than we awarded, for this reason:",
        )
    return [
        section(
            f.t("Ons besluit", "Our decision"),
            Paragraph(f.t(f"Wij stellen de subsidie vast op {f.money(f.amount)}.",
                          f"We settle the grant at {f.money(f.amount)}."), strong=True),
            rest(f),
            Figures(rows),
        ),
        section(f.t("Waarom dit besluit", "Why this decision"), why, because(f, DecisionKind.SETTLE, f.ground), parts.reason_of(f), parts.heard(f),
                *weighed(f, f.weighing), *parts.own_words(f)),
        *parts.after_decision(f, "4:42", "4:46", "4:52"),
    ]  # fmt: skip


def rest(f: SettlementFacts) -> str:
    """What is still paid, and before when."""
    back = f.advances - f.amount
    if back > 0:
        return f.t(
            f"Wij betaalden {f.money(f.advances)}. U ontving {f.money(back)} te veel. Daarover krijgt u een apart besluit, met een termijn om "
            "te betalen (artikel 4:57).",
            f"We paid {f.money(f.advances)}. You were paid {f.money(back)} too much. You get a separate decision about that, with a term to "
            "pay (article 4:57).",
        )
    if f.to_pay <= 0:
        return f.t("Wij hebben dit bedrag al betaald. U hoeft niets terug te betalen.",
                   "We have paid this amount already. You need not pay anything back.")  # fmt: skip
    when = f.t(f", uiterlijk op {f.day(f.paid_by)}", f", by {f.day(f.paid_by)}") if f.paid_by else ""
    account = f.t(f", op de IBAN eindigend op {f.iban_end}", f", into the IBAN ending in {f.iban_end}") if f.iban_end else ""
    return f.t(f"Na verrekening van de voorschotten van {f.money(f.advances)} betalen wij "
               f"{f.money(f.to_pay)}{when}{account}.",
               f"After the advances of {f.money(f.advances)} we pay {f.money(f.to_pay)}{when}{account}.")  # fmt: skip


KIND = Kind("settlement", SettlementFacts, subject, write)
