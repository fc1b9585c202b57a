"""The list for the board as a file: what was frozen when it was drawn up, in the house style. Nothing is read from the decisions while
printing.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils.translation import override

from reports.letters import words
from reports.letters.document import Figures, Paragraph, Table, section
from reports.letters.printing import press
from tender.enums import GIVES, DecisionKind, GrantGround, Ground

if TYPE_CHECKING:
    from reports.letters.document import Section
    from tender.models import BoardList

NONE = "–"


@dataclass(frozen=True, slots=True)
class Printer:
    """A list with the language it is printed in."""

    drawn: BoardList

    @property
    def language(self) -> str:
        """The language of who drew it up."""
        return self.drawn.language

    @property
    def english(self) -> bool:
        """Whether it is printed in English."""
        return self.language.startswith("en")

    def t(self, dutch: str, english: str) -> str:
        """The words in the language of the file."""
        return english if self.english else dutch

    def money(self, value: Any) -> str:
        """An amount of euros, with its cents."""
        return words.money(Decimal(value or 0), self.language)


def print_board_list(drawn: BoardList) -> bytes:
    """The file, as PDF/UA-1 and PDF/A-3a, not yet sealed: the same list prints the same bytes."""
    p, stage = Printer(drawn), drawn.stage
    scheme = stage.call.definition
    with override(p.language):
        page = render_to_string(
            "reports/board_list.html",
            {
                "english": p.english,
                "title": p.t("Lijst voor het bestuur", "List for the board"),
                "sender": {
                    "name": scheme.body.name.in_language(p.language),
                    "address": scheme.body.address,
                    "email": scheme.body.email,
                },
                "scheme": scheme.title.in_language(p.language),
                "call": stage.call.title_en if p.english else stage.call.title_nl,
                "reference": stage.call.reference,
                "stage": stage.rules.label.in_language(p.language),
                "drawn_up": words.moment(drawn.made_at, p.language),
                "by": str(drawn.made_by),
                "code": drawn.code,
                "sha256": drawn.sha256,
                "sections": [summary(p), decided(p), *departures(p)],
            },
        )
    pdf, _pages = press(page)
    return pdf


def summary(p: Printer) -> Section:
    """How many decisions of each kind, and what they come to against the ceiling."""
    facts = p.drawn.facts
    rows: list[tuple[str, str]] = []
    counted: dict[str, int] = {}
    for row in facts["rows"]:
        counted[row["kind"]] = counted.get(row["kind"], 0) + 1
    rows += [(str(DecisionKind(kind).label).capitalize(), str(number)) for kind, number in counted.items()]
    ceiling, total, others = Decimal(facts["ceiling"]), Decimal(facts["total"]), Decimal(facts["others"])
    if ceiling:
        rows += [
            (p.t("Subsidieplafond", "Ceiling"), p.money(ceiling)),
            (p.t("Op deze lijst", "On this list"), p.money(total)),
            (p.t("Andere besluiten van deze ronde", "Other decisions of this round"), p.money(others)),
            (p.t("Blijft over", "Is left"), p.money(ceiling - total - others)),
        ]
    return section(p.t("Samengevat", "In short"), Figures(tuple(rows)))


def decided(p: Printer) -> Section:
    """A row per decision, by rank."""
    head = p.t("Rang|Aanvraag|Aanvrager|Score|Voorstel|Bedrag", "Rank|Application|Applicant|Score|Proposed|Amount")
    rows = tuple(
        (
            str(row["rank"] or NONE),
            f"{row['reference']} {row['title']}".strip(),
            row["applicant"] or NONE,
            words.number(Decimal(row["score"]), p.language) if row["score"] not in {None, ""} else NONE,
            proposal(p, row),
            p.money(row["amount"]) if row["kind"] in GIVES else NONE,
        )
        for row in p.drawn.facts["rows"]
    )
    caption = p.t("Wat aan het bestuur wordt voorgesteld", "What is proposed to the board")
    foot = ("", p.t("Totaal", "Total"), "", "", "", p.money(p.drawn.facts["total"]))
    return section(p.t("De voorgestelde besluiten", "The proposed decisions"), Table(caption, tuple(head.split("|")), rows, (0, 3, 5), foot))


def proposal(p: Printer, row: dict[str, Any]) -> str:
    """What is proposed, with its ground; marked where it departs from the advice."""
    mark = p.t(" (*) wijkt af van het advies", " (*) departs from the advice") if row["departure"] else ""
    return kind_in_words(row["kind"], row["ground"]) + mark


def label_of(ground: str) -> str:
    """A ground in words: of a refusal, or of what takes from a grant."""
    of_grant = ground in GrantGround.values
    return str(GrantGround(ground).label if of_grant else Ground(ground).label)


def kind_in_words(kind: str, ground: str) -> str:
    """A kind of decision, with its ground where it has one."""
    return str(DecisionKind(kind).label) + (f": {label_of(ground)}" if ground else "")


def departures(p: Printer) -> list[Section]:
    """Every departure from the advice: what was advised, what is proposed, and why."""
    found = [row for row in p.drawn.facts["rows"] if row["departure"]]
    if not found:
        return []
    blocks = []
    for row in found:
        advised = row["advised"]
        said = kind_in_words(advised["kind"], advised["ground"])
        amount = f", {p.money(advised['amount'])}" if Decimal(advised["amount"]) else ""
        blocks += [
            Paragraph(f"{row['reference']} {row['title']}", strong=True),
            Paragraph(p.t(f"Het advies: {said}{amount}.", f"The advice: {said}{amount}.")),
            Paragraph(row["departure"], lines=True),
        ]
    return [section(p.t("(*) In afwijking van het advies", "(*) Otherwise than advised"), *blocks)]
