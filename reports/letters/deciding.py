"""The facts of a decision's letter: which kind it is, the figures it rests on, and what it gives."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import override

from reports.letters import words
from reports.letters.extract import Ranked, extract
from reports.letters.facts import AdvicePart, Criterion, DecisionFacts, GrantFacts, Shortfall
from reports.letters.gathering import gap_words
from reports.letters.granting import aid_facts, grant_facts
from reports.letters.refusal_condition import ConditionFacts
from reports.letters.registry import KINDS
from reports.letters.reserve import ReserveFacts
from reports.letters.set_aside import SetAsideFacts
from reports.letters.settlement import SettlementFacts
from reports.letters.withdrawal import WithdrawalFacts
from scoring.models import DecisionBasis, Placing
from tender.calendar import payment_deadline
from tender.schemes.answers import unmet_eligibility
from tender.schemes.definition import Assess, Method
from tender.schemes.letter_kinds import letter_of
from tender.schemes.plain_words import how_ordered
from tender.schemes.vocabulary import UNSCORED

if TYPE_CHECKING:
    from scoring.models import Advice, Ranking
    from tender.models import Decision, Stage
    from tender.schemes import definition

COMPARES = {"refusal_rank", "refusal_ceiling", "reserve", "award", "nomination", "invitation"}
"""The letters that rest on how the applications compare: an extract of the ranking goes with them."""
SHOWS_LINE = {"refusal_rank", "refusal_ceiling", "reserve"}
"""The letters that say where the line was drawn."""


def decision_facts(decision: Decision, said: dict[str, Any], head: dict[str, Any], *, known_on: date) -> DecisionFacts:
    """Everything the letter of a decision says, but the clause, the signature and the scheme's own words."""
    facts, amount = said["facts"], Decimal(said["amount"])
    name = letter_of(decision.stage.rules, said["kind"], said["ground"])
    record = KINDS[name].facts
    more: dict[str, Any] = {
        **head,
        **figures(decision, name, facts, head["language"]),
        "kind": name,
        "reason": said["reasons"],
    }
    if record is GrantFacts:
        more |= grant_facts(decision, amount, known_on=known_on, language=head["language"])
        more["aid"] = aid_facts(decision, said, amount, known_on)
    elif record in EXTRAS:
        more |= EXTRAS[record](decision, {**facts, "kind": said["kind"], "ground": said["ground"]}, amount, known_on)
    return record(**more)  # type: ignore[return-value]


def figures(decision: Decision, name: str, facts: dict[str, Any], language: str) -> dict[str, Any]:
    """What it rests on: asked, ceiling, score, rank, line, criteria, shortfalls, and the advice."""
    basis = (
        DecisionBasis.objects.filter(decision=decision)
        .select_related("ranking__stage__call__version", "advice__stage__call__version")
        .first()
    )
    found: dict[str, Any] = {
        "received_at": instant(facts.get("received_at")),
        "asked": number(facts.get("asked")),
        "ceiling": number(facts.get("ceiling")) or Decimal(0),
        "score": number(facts.get("score")),
        "rank": facts.get("rank"),
        "ranked": facts.get("ranked"),
        "passes": facts.get("passes"),
        "passes_needed": facts.get("passes_needed"),
        "shortfalls": shortfalls(facts.get("shortfalls", []), decision.stage.rules, language),
        "judged_by": str(decision.stage.rules.assess),
        **departing(facts),
        "intent_on": a_day(facts.get("intent_on")),
        "responded_on": a_day(facts.get("responded_on")),
    }
    if name in SHOWS_LINE:
        found |= {"line": number(facts.get("line")), "ceiling_rank": facts.get("ceiling_rank")}
    if basis is not None:
        found |= ranked_by(basis.ranking, decision, language)
        if name in COMPARES:
            found |= {"extract": extract_of(basis.ranking, decision)}
        found |= {"adviser": panel_name(basis.ranking.stage, language)}
        if basis.advice is not None and (found["adviser"] or found.get("readers")):
            found |= {"advice": basis.advice.in_full, "advice_parts": advice_parts(basis.advice, language)}
    elif facts.get("criteria") and decision.stage.rules.rubric is not None:
        failed = set(facts["criteria"])
        rubric = decision.stage.rules.rubric
        found["criteria"] = tuple(
            Criterion(each.label.in_language(language), each.weight, None, None) for each in rubric.criteria if each.key in failed
        )
    return found


def departing(facts: dict[str, Any]) -> dict[str, Any]:
    """What was advised, and why it is decided otherwise; nothing where the advice is followed. What state-aid law does not cover is refused
    without a departure: its reasons are those of the decision."""
    advised = facts.get("advised")
    if not advised:
        return {}
    return {"departure": facts.get("departure", ""), "advised": advised["kind"], "advised_amount": number(advised["amount"]) or Decimal(0)}


def ranked_by(ranking: Ranking, decision: Decision, language: str) -> dict[str, Any]:
    """What the frozen ranking says of this application."""
    line = Placing.objects.filter(ranking=ranking, application=decision.application).first()
    found: dict[str, Any] = {"selected": ranking.cut.get("selected"), "ranking_sha256": ranking.inputs_sha256}
    if ranking.method == Method.CARRIED_OVER:
        found |= {"score": None}
    else:
        with override(language):
            found["made"] = how_ordered(Method(ranking.method), unfit=bool(ranking.cut.get("unfit")))
    if line is None:
        return found
    found["drawn"] = line.outcome == "lottery_lost"
    found["readers"] = 0 if ranking.stage.rules.meeting else line.sheets
    rubric = ranking.stage.rules.rubric
    if rubric is not None and ranking.method not in UNSCORED:
        found["criteria"] = tuple(
            Criterion(each.label.in_language(language), each.weight, number(line.criteria.get(each.key)), each.floor)
            for each in rubric.criteria
        )
    return found


def extract_of(ranking: Ranking, decision: Decision) -> tuple[Ranked, ...]:
    """The frozen ranking of a jury as it goes with a letter; nothing where nobody scored, or too few were ranked."""
    if ranking.stage.rules.assess != Assess.JURY or ranking.method in {*UNSCORED, Method.CARRIED_OVER}:
        return ()
    lines = ranking.placings.exclude(rank=None).order_by("order").values_list("rank", "total", "outcome", "application_id")
    return extract(Ranked(rank or 0, total, outcome == "selected", own=pk == decision.application_id) for rank, total, outcome, pk in lines)


def advice_parts(advice: Advice, language: str) -> tuple[AdvicePart, ...]:
    """The advice by criterion, in the order of the rubric, then on the whole; what says nothing is left out."""
    rubric = advice.stage.rules.rubric
    by_criterion = [(each.label.in_language(language), advice.parts.get(each.key, "")) for each in rubric.criteria] if rubric else []
    return tuple(AdvicePart(label, text.strip()) for label, text in (*by_criterion, ("", advice.text)) if text.strip())


def panel_name(stage: Stage, language: str) -> str:
    """The panel that advised, as it stands in a sentence; empty where no panel judged."""
    seating = getattr(stage, "seating", None)
    if stage.rules.assess != Assess.JURY or seating is None:
        return ""
    return words.with_article(seating.panel.name, language)


def shortfalls(rows: list[list[Any]], rules: definition.Stage, language: str) -> tuple[Shortfall, ...]:
    """Every floor that was not met, in words."""
    labels = {each.key: f"“{each.label.in_language(language)}”" for each in rules.rubric.criteria} if rules.rubric else {}
    english = language.startswith("en")
    labels |= {
        "total": "the total" if english else "het totaal",
        "passes": "the assessors' verdict" if english else "het oordeel van de beoordelaars",
    }
    return tuple(Shortfall(labels.get(what, what), number(value) or Decimal(0), number(needed) or Decimal(0)) for what, value, needed in rows)


def number(value: Any) -> Decimal | None:
    """A figure that was frozen as text."""
    return None if value in {None, ""} else Decimal(str(value))


def a_day(value: str | None) -> date | None:
    """A day that was frozen as text."""
    return date.fromisoformat(value) if value else None


def instant(value: str | None) -> datetime | None:
    """An instant that was frozen as text."""
    return datetime.fromisoformat(value) if value else None


def _reserve(decision: Decision, facts: dict[str, Any], amount: Decimal, known_on: date) -> dict[str, Any]:  # noqa: ARG001
    return {"place": facts.get("reserve_place") or 1, "until": date.fromisoformat(facts["reserve_until"])}


def _set_aside(decision: Decision, facts: dict[str, Any], amount: Decimal, known_on: date) -> dict[str, Any]:  # noqa: ARG001
    application = decision.application
    gaps, _said = gap_words(decision.stage, application.gaps, application.language)
    return {"gaps": gaps, "asked_at": application.repair_asked_at, "until": application.repair_until}


def _settlement(decision: Decision, facts: dict[str, Any], amount: Decimal, known_on: date) -> dict[str, Any]:  # noqa: ARG001
    paid = number(facts.get("advances")) or Decimal(0)
    return {
        "amount": amount,
        "awarded": number(facts.get("awarded")) or amount,
        "advances": paid,
        "to_pay": max(amount - paid, Decimal(0)),
        "paid_by": payment_deadline(known_on),
        "iban_end": facts.get("iban_end", ""),
        "ground": facts["ground"] if amount < (number(facts.get("awarded")) or amount) else "",
        "weighing": facts.get("weighing", ""),
    }


def _withdrawal(decision: Decision, facts: dict[str, Any], amount: Decimal, known_on: date) -> dict[str, Any]:  # noqa: ARG001
    return {
        "decides": facts["kind"],
        "ground": facts["ground"],
        "weighing": facts.get("weighing", ""),
        "amount": amount,
        "awarded": number(facts["awarded"]),
        "came_to": number(facts["came_to"]),
        "advances": number(facts["advances"]),
        "ends_on": date.fromisoformat(facts["ends_on"]) if facts.get("ends_on") else None,
    }


def _condition(decision: Decision, facts: dict[str, Any], amount: Decimal, known_on: date) -> dict[str, Any]:  # noqa: ARG001
    sent, language = decision.application.submission(decision.stage), decision.application.language
    if facts.get("grounds"):
        return {"grounds": tuple(each["en" if language.startswith("en") else "nl"] for each in facts["grounds"])}
    unmet = unmet_eligibility(decision.stage.rules.form, sent.answers) if sent else []
    return {"grounds": tuple(each.ground.in_language(language) for each in unmet)}


EXTRAS: dict[Any, Any] = {
    ReserveFacts: _reserve,
    SetAsideFacts: _set_aside,
    SettlementFacts: _settlement,
    WithdrawalFacts: _withdrawal,
    ConditionFacts: _condition,
}
