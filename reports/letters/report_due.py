"""The reminder that a report is due. Decides nothing."""

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
class ReportDueFacts(LetterFacts):
    """Which report, and its last day."""

    report: str = ""
    report_by: date | None = None


def subject(f: ReportDueFacts) -> str:
    """What the letter is about."""
    return f.t(f"Wij ontvangen graag uw verslag: {f.title}", f"We would like to have your report: {f.title}")


def write(f: ReportDueFacts) -> list[Section]:
    """The letter."""
    by = f.day(f.report_by) if f.report_by else ""
    return [
        section(
            f.t("Uw verslag", "Your report"),
            Paragraph(f.t(f"Lever uw verslag “{f.report}” uiterlijk op {by} in via het portaal.",
                          f"Hand in your report “{f.report}” by {by}, in the portal."), strong=True),
            *parts.own_words(f),
            f.t("Lukt dat niet op tijd? Laat het ons vóór die dag weten.", "Can you not make it in time? Tell us before that day."),
        ),
        parts.contact(f),
    ]  # fmt: skip


KIND = Kind("report_due", ReportDueFacts, subject, write, decides=False)
