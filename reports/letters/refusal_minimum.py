"""The refusal below a minimum: in total, on a criterion, or on the questions of the assessors."""

from __future__ import annotations

from reports.letters import parts, words
from reports.letters.document import Kind, Listing, Paragraph, Section
from reports.letters.facts import DecisionFacts
from reports.letters.refusal_rank import refused, subject


def write(f: DecisionFacts) -> list[Section]:
    """The letter."""
    why = parts.motivation(f)
    blocks = _short(f) if f.shortfalls else (Paragraph(_failed(f)),)
    return [refused(f), Section(why.heading, (*blocks, *why.blocks)), *parts.after_decision(f, "4:23")]


def _short(f: DecisionFacts) -> tuple[Paragraph, Listing]:
    said = f.t(
        "Uw aanvraag haalt niet wat in de regeling ten minste wordt gevraagd:",
        "Your application does not reach the minimum that the scheme requires:",
    )
    points = []
    for lack in f.shortfalls:
        value, needed = f.number(lack.value), f.number(lack.needed)
        points.append(
            f.t(
                f"Op {lack.what} scoorde u {value}; vereist is {needed}.",
                f"On {lack.what} you scored {value}; {needed} is required.",
            )
        )
    return Paragraph(said), Listing(tuple(points))


def _failed(f: DecisionFacts) -> str:
    named = words.listed((f"“{each.label}”" for each in f.criteria), f.language)
    if not f.criteria:
        return f.t("Uw aanvraag kreeg geen voldoende.", "Your application did not get a pass.")
    return f.t(
        f"De beoordelaars geven op iedere vraag een voldoende of een onvoldoende. Uw aanvraag kreeg geen voldoende van iedereen op {named}.",
        f"The assessors give a pass or a fail on every question. Your application did not get a pass from everyone on {named}.",
    )


KIND = Kind("refusal_minimum", DecisionFacts, subject, write)
