"""What we intend to decide against the party, why, and until when it may respond (Awb 4:7, 4:8): no decision yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  read at run time, by from_plain
from decimal import Decimal  # noqa: TC003  read at run time, by from_plain
from typing import TYPE_CHECKING

from reports.letters import parts
from reports.letters.document import Figures, Kind, Paragraph, section
from reports.letters.facts import LetterFacts
from reports.letters.grounds import because, weighed
from tender.enums import TAKES, DecisionKind

if TYPE_CHECKING:
    from reports.letters.document import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentFacts(LetterFacts):
    """The last moment to respond; and of a settlement, what was awarded and at what we intend to settle."""

    until: datetime | None = None
    amount: Decimal | None = None
    awarded: Decimal | None = None
    decides: str = ""
    """Whether it settles, withdraws or lowers: the kind of decision; empty in a letter of before that was kept."""
    ground: str = ""
    weighing: str = ""


def subject(f: IntentFacts) -> str:
    """What the letter is about."""
    return f.t(f"Wat wij van plan zijn, en uw reactie: {f.title}", f"What we intend, and your response: {f.title}")


def write(f: IntentFacts) -> list[Section]:
    """The letter."""
    until = f.moment(f.until) if f.until else ""
    return [
        section(f.t("Wat wij van plan zijn", "What we intend"), Paragraph(intended(f), strong=True), figures(f)),
        section(f.t("Waarom", "Why"), because(f, f.decides, f.ground), parts.reason_of(f), *weighed(f, f.weighing), *parts.own_words(f)),
        section(
            f.t("U kunt eerst reageren", "You can respond first"),
            Paragraph(f.t(f"U kunt tot {until} reageren.", f"You may respond until {until}."), strong=True),
            f.t(
                "Schrijf uw reactie in het portaal, bij uw aanvraag. U mag ook bellen of een brief sturen; dan schrijven wij op "
                "wat u zegt. Wat u zegt, nemen wij mee in ons besluit.",
                "Write your response in the portal, with your application. You may also telephone or send a letter; we then write "
                "down what you say. We take what you say into account in our decision.",
            ),
            f.t(
                "Reageert u niet, dan besluiten wij na die datum met wat wij nu weten.",
                "If you do not respond, we decide after that date with what we know now.",
            ),
        ),
        section(
            f.t("Dit is nog geen besluit", "This is not a decision yet"),
            f.t(
                "U kunt tegen deze brief geen bezwaar maken. Tegen het besluit dat volgt wel. Wij sturen u deze brief omdat u uw kant "
                "van de zaak mag vertellen voordat wij besluiten (artikelen 4:7 en 4:8 van de Algemene wet bestuursrecht).",
                "You cannot object to this letter. You can object to the decision that follows. We send you this letter because you "
                "may tell your side before we decide (articles 4:7 and 4:8 of the General Administrative Law Act).",
            ),
        ),
        parts.contact(f),
    ]


def intended(f: IntentFacts) -> str:
    """The intention in one sentence."""
    if f.amount is not None:
        amount = f.money(f.amount)
        if f.decides == DecisionKind.WITHDRAW:
            return f.t(f"Wij zijn van plan uw subsidie in te trekken. U houdt dan {amount}.",
                       f"We intend to withdraw your grant. You then keep {amount}.")  # fmt: skip
        if f.decides == DecisionKind.LOWER:
            return f.t(f"Wij zijn van plan uw subsidie te verlagen, naar {amount}.", f"We intend to lower your grant, to {amount}.")
        return f.t(f"Wij zijn van plan uw subsidie lager vast te stellen, op {amount}.",
                   f"We intend to settle your grant lower, at {amount}.")  # fmt: skip
    return f.t("Wij zijn van plan uw aanvraag af te wijzen.", "We intend to refuse your application.")


def figures(f: IntentFacts) -> Figures | None:
    """What was awarded, beside what we intend."""
    if f.amount is None or f.awarded is None:
        return None
    return Figures((
        (f.t("Verleend", "Awarded"), f.money(f.awarded)),
        (f.t("Ons voornemen", "What we intend") if f.decides in TAKES else f.t("Voorgenomen vaststelling", "Intended settlement"),
         f.money(f.amount)),
    ))  # fmt: skip


KIND = Kind("intent", IntentFacts, subject, write, decides=False, planned=False)
