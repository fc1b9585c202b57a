"""We need more time to decide: why, and until when (Awb 4:14). Decides nothing."""

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
class PostponementFacts(LetterFacts):
    """The new last day to decide, the one before, and the day after which we can be put in default."""

    before: date | None = None
    decide_by: date | None = None
    late_after: date | None = None


def subject(f: PostponementFacts) -> str:
    """What the letter is about."""
    return f.t(f"Wij hebben meer tijd nodig: {f.title}", f"We need more time: {f.title}")


def write(f: PostponementFacts) -> list[Section]:
    """The letter."""
    before, by, late = (f.day(each) if each else "" for each in (f.before, f.decide_by, f.late_after))
    ran = ("liep", "ran") if f.before and f.before < f.on else ("loopt", "runs")
    return [
        section(
            f.t("Wanneer u een besluit hebt", "When you have a decision"),
            Paragraph(
                f.t(f"Wij hebben meer tijd nodig. U ontvangt uiterlijk op {by} een besluit.",
                    f"We need more time. You will have a decision by {by}."),
                strong=True,
            ),
            f.t(f"De termijn {ran[0]} tot en met {before}. Wij schrijven u dit volgens artikel 4:14 van de Algemene wet bestuursrecht.",
                f"The term {ran[1]} until {before}. We write to you under article 4:14 of the General Administrative Law Act."),
        ),
        section(f.t("Waarom wij meer tijd nodig hebben", "Why we need more time"), parts.reason_of(f), *parts.own_words(f)),
        section(
            f.t("Als wij te laat zijn", "If we are late"),
            f.t(
                f"Hebt u na {late} nog geen besluit? Dan kunt u ons schriftelijk laten weten dat wij te laat zijn. Wij hebben dan twee "
                "weken om te besluiten. Daarna moeten wij u misschien een bedrag per dag betalen (artikel 4:17).",
                f"Do you have no decision after {late}? Then you can tell us in writing that we are late. We then have two weeks to decide. After "
                "that we may owe you an amount for each day (article 4:17).",
            ),
        ),
        section(
            f.t("Dit is geen besluit", "This is not a decision"),
            f.t("U kunt tegen deze brief geen bezwaar maken. Tegen het besluit dat volgt wel.",
                "You cannot object to this letter. You can object to the decision that follows."),
        ),
        parts.contact(f),
    ]  # fmt: skip


KIND = Kind("postponement", PostponementFacts, subject, write, decides=False, planned=False)
