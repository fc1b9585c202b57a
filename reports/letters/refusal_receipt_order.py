"""The refusal in order of receipt: the money was used up when the complete application arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.letters import parts
from reports.letters.document import Kind
from reports.letters.facts import DecisionFacts
from reports.letters.refusal_rank import refused, subject

if TYPE_CHECKING:
    from reports.letters.document import Section


def write(f: DecisionFacts) -> list[Section]:
    """The letter."""
    complete = ""
    if f.received_at is not None:
        complete = f.t(
            f" Uw aanvraag was volledig op {f.moment(f.received_at)}.",
            f" Yours was complete on {f.moment(f.received_at)}.",
        )
    said = f.t(
        f"Wij verdelen het geld op volgorde van de dag waarop een aanvraag volledig is.{complete} Bij ontvangst van "
        f"uw volledige aanvraag "
        f"was het subsidieplafond van {f.money(f.ceiling)} al bereikt.",
        f"We divide the money in the order of the day on which an application is complete.{complete} The ceiling of "
        f"{f.money(f.ceiling)} "
        "had been reached when your complete application arrived.",
    )
    return [refused(f), parts.motivation(f, said), *parts.after_decision(f, "4:25", "4:26")]


KIND = Kind("refusal_receipt_order", DecisionFacts, subject, write)
