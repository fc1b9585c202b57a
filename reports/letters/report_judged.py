"""What became of a report: approved, returned to be completed, or not approved. Decides nothing on the grant itself yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003  read at run time, by from_plain
from typing import TYPE_CHECKING

from reports.letters import parts
from reports.letters.document import Kind, Paragraph, section
from reports.letters.facts import LetterFacts

if TYPE_CHECKING:
    from reports.letters.document import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFacts(LetterFacts):
    """Which report, when it came in and was due; whether it is the last, and whether the grant was settled with the award."""

    report: str = ""
    report_by: date | None = None
    handed_in_on: date | None = None
    final: bool = False
    directly_settled: bool = False
    review: bool = False
    conditions: str = ""
    complete_by: date | None = None


def came_in(f: ReportFacts) -> str | None:
    """When we received it."""
    if f.handed_in_on is None:
        return None
    on = f.day(f.handed_in_on)
    return f.t(f"Wij ontvingen het op {on}.", f"We received it on {on}.")


def approved_subject(f: ReportFacts) -> str:
    """What the letter is about."""
    if f.review:
        return f.t(f"Uw programma gaat door: {f.title}", f"Your programme goes on: {f.title}")
    return f.t(f"Wij hebben uw verslag goedgekeurd: {f.title}", f"We approved your report: {f.title}")


def approved(f: ReportFacts) -> list[Section]:
    """The letter."""
    onward = f.t("U hoeft voor dit verslag niets meer te doen. Wacht een betaling op dit verslag, dan maken wij die nu in orde.",
                 "You need do nothing more for this report. If a payment waits for this report, we will now see to it.")  # fmt: skip
    if f.final and not f.directly_settled:
        onward = f.t("Dit was uw eindverslag. Wij stellen nu uw subsidie vast. Daarover krijgt u een apart besluit.",
                     "This was your final report. We now settle your grant. You will get a separate decision about that.")  # fmt: skip
    go = f.t(" U kunt verder met uw programma.", " You can go on with your programme.") if f.review else ""
    return [
        section(
            f.t("Uw verslag is goedgekeurd", "Your report is approved"),
            Paragraph(f.t(f"Wij hebben uw verslag “{f.report}” goedgekeurd.{go}", f"We approved your report “{f.report}”.{go}"), strong=True),
            came_in(f),
            parts.reason_of(f),
            *parts.own_words(f),
            onward,
        ),
        *conditions_of(f),
        parts.contact(f),
    ]


def conditions_of(f: ReportFacts) -> list[Section]:
    """On which conditions the work goes on; nothing where there are none."""
    if not f.conditions:
        return []
    asked = f.t("U kunt verder als u zich aan deze voorwaarden houdt:", "You can go on if you keep to these conditions:")
    return [section(f.t("Voorwaarden", "Conditions"), asked, f.conditions)]


def until_when(f: ReportFacts) -> str:
    """By when it must be completed, and what follows where it is not."""
    if f.complete_by is None:
        return f.t("Vul het verslag aan in het portaal en lever het daar opnieuw in. Doe dat zo snel als u kunt.",
                   "Complete the report in the portal and hand it in again there. Do so as soon as you can.")  # fmt: skip
    on = f.day(f.complete_by)
    return f.t(f"Vul het verslag uiterlijk op {on} aan in het portaal en lever het daar opnieuw in. Komt het niet op tijd, dan beoordelen wij "
               "het verslag zoals het is, en betalen wij tot dan niets.",
               f"Complete the report in the portal by {on} and hand it in again there. If it does not come in time, we judge the report as "
               "it is, and pay nothing until then.")  # fmt: skip


def returned_subject(f: ReportFacts) -> str:
    """What the letter is about."""
    return f.t(f"Er mist nog iets aan uw verslag: {f.title}", f"Something is missing from your report: {f.title}")


def returned(f: ReportFacts) -> list[Section]:
    """The letter."""
    due = ""
    if f.report_by:
        due = f.t(f" Het verslag moet er uiterlijk op {f.day(f.report_by)} zijn.", f" The report is due by {f.day(f.report_by)}.")
        if f.report_by < f.on:
            due = f.t(f" Het verslag had er op {f.day(f.report_by)} moeten zijn.", f" The report was due by {f.day(f.report_by)}.")
    return [
        section(
            f.t("Vult u uw verslag aan?", "Will you complete your report?"),
            Paragraph(f.t(f"Uw verslag “{f.report}” is nog niet volledig.", f"Your report “{f.report}” is not complete yet."), strong=True),
            came_in(f),
            parts.reason_of(f),
            *parts.own_words(f),
            until_when(f) + due,
            f.t("Lukt dat niet? Laat het ons weten.", "Can you not? Let us know."),
        ),
        parts.contact(f),
    ]  # fmt: skip


def rejected_subject(f: ReportFacts) -> str:
    """What the letter is about."""
    if f.review:
        return f.t(f"Uw programma gaat zo niet door: {f.title}", f"Your programme does not go on like this: {f.title}")
    return f.t(f"Wij keuren uw verslag niet goed: {f.title}", f"We do not approve your report: {f.title}")


def rejected(f: ReportFacts) -> list[Section]:
    """The letter."""
    return [
        section(
            f.t("Uw verslag is niet goedgekeurd", "Your report is not approved"),
            Paragraph(f.t(f"Wij keuren uw verslag “{f.report}” niet goed.", f"We do not approve your report “{f.report}”."), strong=True),
            came_in(f),
        ),
        section(f.t("Waarom", "Why"), parts.reason_of(f), *parts.own_words(f)),
        section(
            f.t("Wat dit betekent", "What this means"),
            f.t(
                "Wij betalen nu niets meer van uw subsidie uit, tot wij hebben besloten hoe het verder gaat.",
                "We now pay nothing more of your grant, until we have decided how to go on.",
            ),
            f.t(
                "Dit is nog geen besluit over uw subsidie, en u kunt er geen bezwaar tegen maken. Het kan wel gevolgen hebben: wij mogen een "
                "subsidie lager vaststellen als de verplichtingen niet zijn nagekomen (artikel 4:46 van de Algemene wet bestuursrecht). Zijn wij "
                "dat van plan, dan hoort u dat eerst en kunt u reageren.",
                "This is not a decision about your grant yet, and you cannot object to it. It may have consequences: we may settle a grant "
                "lower where the obligations were not met (article 4:46 of the General Administrative Law Act). If we intend to, we "
                "will tell you first, and you can respond.",
            ),
        ),
        parts.contact(f),
    ]


APPROVED = Kind("report_approved", ReportFacts, approved_subject, approved, decides=False, planned=False)
RETURNED = Kind("report_returned", ReportFacts, returned_subject, returned, decides=False, planned=False)
REJECTED = Kind("report_rejected", ReportFacts, rejected_subject, rejected, decides=False, planned=False)
