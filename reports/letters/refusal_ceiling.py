"""The refusal on the ceiling: good enough, but the money was used up by those who stood higher."""

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
    place = ""
    if f.rank is not None and f.score is not None:
        place = f.t(f"Uw aanvraag kreeg een score van {f.number(f.score)} en staat op rang {f.rank} van {f.ranked}. ",
                    f"Your application scored {f.number(f.score)} and is at rank {f.rank} of {f.ranked}. ")  # fmt: skip
    reached = f.t(f" bij rang {f.ceiling_rank}", f" at rank {f.ceiling_rank}") if f.ceiling_rank else ""
    said = f.t(
        f"{place}Het subsidieplafond van {f.money(f.ceiling)} is bereikt{reached}. Met uw aanvraag zouden wij het "
        f"overschrijden. Dan moeten "
        "wij afwijzen (artikel 4:25 van de Awb).",
        f"{place}The ceiling of {f.money(f.ceiling)} is reached{reached}. With your application we would exceed it. "
        f"Then we must refuse "
        "(article 4:25 of the Awb).",
    )
    return [refused(f), parts.motivation(f, said), *parts.after_decision(f, "4:25", "4:26")]


KIND = Kind("refusal_ceiling", DecisionFacts, subject, write)
