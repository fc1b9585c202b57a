"""The refusal by rank: others stood higher."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.letters import parts
from reports.letters.document import Kind, Paragraph, section
from reports.letters.facts import DecisionFacts

if TYPE_CHECKING:
    from reports.letters.document import Section


def subject(f: DecisionFacts) -> str:
    """What the letter is about."""
    return f.t(f"Wij wijzen uw aanvraag af: {f.title}", f"We refuse your application: {f.title}")


def refused(f: DecisionFacts) -> Section:
    """The decision itself."""
    return section(
        f.t("Ons besluit", "Our decision"),
        Paragraph(f.t("Wij wijzen uw aanvraag af.", "We refuse your application."), strong=True),
    )


def write(f: DecisionFacts) -> list[Section]:
    """The letter."""
    place = f.t(f"U staat op rang {f.rank} van {f.ranked}.", f"You are at rank {f.rank} of {f.ranked}.")
    if f.score is not None:
        place = f.t(f"Met een score van {f.number(f.score)} staat u op rang {f.rank} van {f.ranked}.",
                    f"With a score of {f.number(f.score)} you are at rank {f.rank} of {f.ranked}.")  # fmt: skip
    chosen = f.t(f" Wij kozen de eerste {f.selected}.", f" We selected the first {f.selected}.") if f.selected else ""
    said = f.t(
        f"Wij hebben alle aanvragen met elkaar vergeleken. {place}{chosen} Andere aanvragen stonden hoger.",
        f"We compared all applications with each other. {place}{chosen} Other applications stood higher.",
    )
    drawn = None
    if f.drawn:
        drawn = f.t(
            "Andere aanvragen hadden precies dezelfde score en waren ook op de andere punten gelijk. Daarom is er "
            "geloot. De loting is vooraf "
            "vastgelegd en achteraf na te rekenen.",
            "Other applications had exactly the same score and were equal on the other points too. So lots were "
            "drawn. The draw was committed "
            "beforehand and can be recomputed afterwards.",
        )
    return [refused(f), parts.motivation(f, said, drawn), *parts.after_decision(f, "4:25", "4:26")]


KIND = Kind("refusal_rank", DecisionFacts, subject, write)
