"""What was paid too much is claimed back (Awb 4:57), reminded of (4:112), and what becomes of it after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003  read at run time, by from_plain
from decimal import Decimal
from typing import TYPE_CHECKING

from reports.letters import parts
from reports.letters.document import Figures, Kind, Paragraph, Table, section
from reports.letters.facts import LetterFacts

if TYPE_CHECKING:
    from reports.letters.document import Section


@dataclass(frozen=True, slots=True)
class PlanPart:
    """One instalment of a plan."""

    day: date
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryFacts(LetterFacts):
    """What was received, what one is entitled to, what is owed, until when, and into which account it is paid."""

    what: str = ""
    """What became of it: the arrow."""
    received: Decimal = Decimal(0)
    entitled: Decimal = Decimal(0)
    apart: Decimal = Decimal(0)
    """How much of the difference is claimed by another decision."""
    amount: Decimal = Decimal(0)
    interest: Decimal = Decimal(0)
    paid_by: date | None = None
    iban: str = ""
    account_name: str = ""
    against: str = ""
    """The dossier of the payment that it was set off against."""
    plan: tuple[PlanPart, ...] = ()


def paying(f: RecoveryFacts, amount: Decimal) -> Section:
    """How to pay (Awb 4:86, 4:87)."""
    by = f.t(f"uiterlijk op {f.day(f.paid_by)}", f"by {f.day(f.paid_by)}") if f.paid_by else f.t("nu", "now")
    into = f.t(f"op {f.iban} op naam van {f.account_name}", f"into {f.iban} in the name of {f.account_name}")
    return section(
        f.t("Hoe u betaalt", "How you pay"),
        Paragraph(f.t(f"Betaal {f.money(amount)} {by}, {into}. Noem het kenmerk {f.reference}.",
                      f"Pay {f.money(amount)} {by}, {into}. Mention the reference {f.reference}."), strong=True),
        f.t(
            "Kunt u niet in één keer betalen? Vraag dan in het portaal, bij uw subsidie, om in delen te betalen.",
            "Can you not pay it at once? Then ask in the portal, with your grant, to pay in instalments.",
        ),
        f.t(
            "Betaalt u te laat, dan komt er vanaf de dag na die datum wettelijke rente bij (artikel 4:98).",
            "If you pay too late, statutory interest is added from the day after that date (article 4:98).",
        ),
    )  # fmt: skip


def subject(f: RecoveryFacts) -> str:
    """What the claim is about."""
    return f.t(f"Wij vorderen {f.money(f.amount)} terug: {f.title}", f"We claim back {f.money(f.amount)}: {f.title}")


def write(f: RecoveryFacts) -> list[Section]:
    """The claim."""
    apart = ((f.t("Wij vorderen apart terug", "We claim back separately"), f.money(f.apart)),) if f.apart else ()
    rows = (
        (f.t("U ontving", "You received"), f.money(f.received)),
        (f.t("U hebt recht op", "You are entitled to"), f.money(f.entitled)),
        *apart,
        (f.t("Wij vorderen terug", "We claim back"), f.money(f.amount)),
    )
    dictum = f.t(
        f"U ontving {f.money(f.received)}, maar hebt recht op {f.money(f.entitled)}. Wij vorderen {f.money(f.amount)} terug.",
        f"You received {f.money(f.received)}, but are entitled to {f.money(f.entitled)}. We claim back {f.money(f.amount)}.",
    )
    return [
        section(f.t("Ons besluit", "Our decision"), Paragraph(dictum, strong=True), Figures(rows)),
        section(f.t("Waarom dit besluit", "Why this decision"), parts.reason_of(f), *parts.own_words(f)),
        paying(f, f.amount),
        parts.legal(f, ("4:57", "4:86", "4:87")),
        *parts.objection(f, planned=False),
        parts.contact(f),
    ]


def subject_of_reminder(f: RecoveryFacts) -> str:
    """What the reminder is about."""
    if f.what == "serve":
        return f.t(f"Wij dragen onze vordering over aan de deurwaarder: {f.title}", f"We hand our claim to the bailiff: {f.title}")
    return f.t(f"Aanmaning: betaal {f.money(f.amount)}: {f.title}", f"Reminder: pay {f.money(f.amount)}: {f.title}")


def remind(f: RecoveryFacts) -> list[Section]:
    """The reminder, or the notice that it goes to the bailiff."""
    interest = f.t(f"Daarvan is {f.money(f.interest)} wettelijke rente tot en met vandaag.",
                   f"Of that, {f.money(f.interest)} is statutory interest up to and including today.") if f.interest else None  # fmt: skip
    if f.what == "serve":
        says = f.t(
            f"U hebt na onze aanmaning niet betaald. U bent ons {f.money(f.amount)} schuldig. Wij vaardigen een dwangbevel uit "
            "(artikel 4:114); de deurwaarder brengt het u. De kosten daarvan zijn voor u.",
            f"You did not pay after our reminder. You owe us {f.money(f.amount)}. We issue a writ of execution (article 4:114); the bailiff "
            "brings it to you. Its costs are for you.",
        )
        return [section(f.t("U hebt niet betaald", "You did not pay"), Paragraph(says, strong=True), interest, *parts.own_words(f)),
                paying(f, f.amount), parts.contact(f)]  # fmt: skip
    says = f.t(
        "U hebt niet op tijd betaald. Betaal alsnog binnen twee weken (artikel 4:112). Doet u dat niet, dan kunnen wij het geld met een "
        "dwangbevel laten innen; dat kost u meer.",
        "You did not pay in time. Pay within two weeks (article 4:112). If you do not, we can have the money collected by a writ of "
        "execution; that costs you more.",
    )
    return [
        section(f.t("U bent te laat met betalen", "You are late in paying"), Paragraph(says, strong=True), interest, *parts.own_words(f)),
        paying(f, f.amount),
        parts.contact(f),
    ]


def told(f: RecoveryFacts) -> str:
    """What became of a claim, in one sentence."""
    amount = f.money(f.amount)
    return {
        "agree_plan": f.t("U mag in delen betalen, zoals u vroeg.", "You may pay in instalments, as you asked."),
        "refuse_plan": f.t(
            "U mag niet betalen in de delen die u voorstelde. U kunt andere delen voorstellen.",
            "You may not pay in the instalments that you proposed. You can propose others.",
        ),
        "set_off": f.t(
            f"Wij verrekenen {amount} van wat u ons schuldig bent met een betaling van uw subsidie {f.against}.",
            f"We set off {amount} of what you owe us against a payment of your grant {f.against}.",
        ),
        "write_off": f.t("U hoeft de rest niet meer te betalen.", "You need not pay the rest any more."),
        "set_interest": f.t(f"Wij stellen de wettelijke rente vast op {amount}.", f"We fix the statutory interest at {amount}."),
    }[f.what]


def subject_of_change(f: RecoveryFacts) -> str:
    """What the letter is about."""
    return f.t(f"Over wat u terugbetaalt: {f.title}", f"About what you pay back: {f.title}")


def change(f: RecoveryFacts) -> list[Section]:
    """What became of a claim: a plan, a set-off, the interest, or written off. Each is a decision on paying (Awb 4:93, 4:94, 4:99)."""
    articles = {"set_off": ("4:57", "4:93"), "set_interest": ("4:98", "4:99")}.get(f.what, ("4:94",))
    table = None
    if f.plan and f.what == "agree_plan":
        head = (f.t("Uiterlijk op", "By"), f.t("Bedrag", "Amount"))
        rows = tuple((f.day(part.day), f.money(part.amount)) for part in f.plan)
        table = Table(f.t("Wanneer u betaalt", "When you pay"), head, rows, numbers=(1,))
    late = None
    if table is not None:
        late = f.t("Betaalt u een deel te laat, dan komt over dat deel wettelijke rente.",
                   "If you pay a part too late, statutory interest is added on that part.")  # fmt: skip
    return [
        section(f.t("Ons besluit", "Our decision"), Paragraph(told(f), strong=True), table, late, parts.reason_of(f), *parts.own_words(f)),
        *([paying(f, f.amount)] if f.what == "set_interest" else []),
        parts.legal(f, articles),
        *parts.objection(f, planned=False),
        parts.contact(f),
    ]


CLAIM = Kind("recovery", RecoveryFacts, subject, write, planned=False)
REMINDER = Kind("recovery_reminder", RecoveryFacts, subject_of_reminder, remind, decides=False, planned=False)
CHANGE = Kind("recovery_change", RecoveryFacts, subject_of_change, change, planned=False)
