"""An advance is paid: how much, before when, into which account (Awb 4:95). The award decided on it, so this decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003  read at run time, by from_plain
from decimal import Decimal
from typing import TYPE_CHECKING

from reports.letters import parts
from reports.letters.document import Figures, Kind, Paragraph, section
from reports.letters.facts import LetterFacts

if TYPE_CHECKING:
    from reports.letters.document import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvanceFacts(LetterFacts):
    """Which payment, of how much, before when, into which account; of what was awarded, and when that was made known."""

    instalment: str = ""
    amount: Decimal = Decimal(0)
    paid_by: date | None = None
    iban_end: str = ""
    awarded: Decimal = Decimal(0)
    awarded_on: date | None = None


def subject(f: AdvanceFacts) -> str:
    """What the letter is about."""
    return f.t(f"Wij betalen u een voorschot: {f.title}", f"We pay you an advance: {f.title}")


def write(f: AdvanceFacts) -> list[Section]:
    """The letter."""
    by = f.t(f", uiterlijk op {f.day(f.paid_by)}", f", by {f.day(f.paid_by)}") if f.paid_by else ""
    into = f.t(f", op de IBAN eindigend op {f.iban_end}", f", into the IBAN ending in {f.iban_end}") if f.iban_end else ""
    award = f.t(f" van {f.day(f.awarded_on)}", f" of {f.day(f.awarded_on)}") if f.awarded_on else ""
    return [
        section(
            f.t("Uw voorschot", "Your advance"),
            Paragraph(f.t(f"Wij betalen u een voorschot van {f.money(f.amount)}{by}{into}.",
                          f"We pay you an advance of {f.money(f.amount)}{by}{into}."), strong=True),
            Figures((
                (f.t("Betaling", "Payment"), f.instalment),
                (f.t("Bedrag", "Amount"), f.money(f.amount)),
                (f.t("Verleende subsidie", "Grant awarded"), f.money(f.awarded)),
            )),
            *parts.own_words(f),
        ),
        section(
            f.t("Waarop dit berust", "What this rests on"),
            f.t(
                f"Het voorschot volgt uit ons besluit{award}, waarin wij u de subsidie verleenden (artikel 4:95 van de Algemene wet "
                "bestuursrecht). Bij de vaststelling van de subsidie verrekenen wij alle voorschotten.",
                f"The advance follows from our decision{award}, in which we awarded you the grant (article 4:95 of the General "
                "Administrative Law Act). When we settle the grant, we set off all advances.",
            ),
            f.t("Klopt het rekeningnummer niet? Laat het ons meteen weten.", "Is the account number wrong? Tell us at once."),
        ),
        section(
            f.t("Dit is geen nieuw besluit", "This is not a new decision"),
            f.t("U kunt tegen deze brief geen bezwaar maken. Tegen het besluit waarin wij de subsidie verleenden, kon dat wel.",
                "You cannot object to this letter. You could object to the decision in which we awarded the grant."),
        ),
        parts.contact(f),
    ]  # fmt: skip


KIND = Kind("advance", AdvanceFacts, subject, write, decides=False, planned=False)
