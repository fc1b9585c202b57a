"""A letter of a case that does not exist, for who words a text and may read no real one: the scheme's own names, and figures made up."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, get_type_hints

from django.conf import settings

from reports.letters.facts import (
    Addressee,
    Criterion,
    File,
    LetterFacts,
    Objection,
    Payment,
    Report,
    Rung,
    Sender,
    Shortfall,
    Signer,
)
from reports.letters.recovery import PlanPart
from reports.letters.registry import KINDS
from tender.calendar import AMSTERDAM, add_months, objection_deadline
from tender.enums import DecisionKind, GrantGround
from tender.schemes.definition import FieldKind
from tender.schemes.merge import ANSWERS

if TYPE_CHECKING:
    from tender.schemes.definition import Scheme, Stage

ASKED, GIVEN, CEILING = Decimal(5_000), Decimal(4_500), Decimal(200_000)


def sample_facts(scheme: Scheme, rules: Stage, kind: str, language: str, on: date) -> LetterFacts:
    """The facts of a letter of ``kind`` at a stage, as if it were written on a day."""
    record = KINDS[kind].facts
    pool = {**head(scheme, rules, language, on), **figures(scheme, rules, language, on)}
    hints = get_type_hints(record)
    chosen = {each.name: pool[each.name] for each in fields(record) if each.name in pool}
    if isinstance(chosen.get("until"), datetime) and hints["until"] in {date, date | None}:
        chosen["until"] = pool["until"].date()
    if isinstance(chosen.get("gaps"), tuple) and hints["gaps"] is str:
        chosen["gaps"] = "\n".join(pool["gaps"])
    if KINDS[kind].decides:
        chosen["objection"] = Objection(scheme.objection_to.in_language(language), on, objection_deadline(on))
    return record(**{**chosen, "kind": kind})


def head(scheme: Scheme, rules: Stage, language: str, on: date) -> dict[str, Any]:
    """Who writes to whom, about what."""
    english = language == "en"
    numbers = [stage.key for stage in scheme.stages]
    here = numbers.index(rules.key)
    status = {-1: "done", 0: "current", 1: "next"}
    return {
        "language": language,
        "reference": f"{scheme.prefix}{on.year % 100}-0001",
        "title": "The example" if english else "Het voorbeeld",
        "on": on,
        "sender": Sender(
            scheme.body.name.in_language(language), scheme.body.city, scheme.body.address, scheme.body.email,
            scheme.body.signed_by.in_language(language).rstrip(", "),
        ),
        "to": Addressee("Example Foundation" if english else "Stichting Voorbeeld", "Robin de Boer", ("Voorbeeldstraat 1", "9700 AA Groningen")),
        "scheme": scheme.title.in_language(language),
        "call": scheme.title.in_language(language),
        "stage": rules.label.in_language(language),
        "legal_basis": scheme.legal_basis.in_language(language).rstrip(". "),
        "ladder": tuple(
            Rung(stage.label.in_language(language), status[(place > here) - (place < here)]) for place, stage in enumerate(scheme.stages)
        ),
        "received_at": datetime.combine(on - timedelta(weeks=6), time(10, 30), AMSTERDAM),
        "signer": Signer("Sam Voorbeeld", "authorised to sign under mandate" if english else "tekenbevoegd onder mandaat"),
        "reason": "Here stands the reason that is written for the case itself." if english
        else "Hier staat de reden die bij de zaak zelf wordt geschreven.",
        "scheme_key": scheme.key,
        "stage_key": rules.key,
    }  # fmt: skip


def figures(scheme: Scheme, rules: Stage, language: str, on: date) -> dict[str, Any]:
    """What a letter may rest on, made up."""
    english = language == "en"
    days = {name: on + timedelta(weeks=weeks) for name, weeks in {"soon": 2, "month": 6, "later": 12}.items()}
    grounds = rules.rubric.criteria if rules.rubric else ()
    criteria = tuple(Criterion(each.label.in_language(language), each.weight, Decimal("71.5"), each.floor) for each in grounds)
    first = f"“{criteria[0].label}”" if criteria else ("the total" if english else "het totaal")
    following = next((stage for stage in scheme.stages if stage.key == rules.then), None)
    report = next((each.label.in_language(language) for each in rules.grant.reports), "final report" if english else "eindverslag")
    files = [each.label.in_language(language) for each in rules.form.fields() if each.kind == FieldKind.FILE]
    missing = (*files[:1], "Signature" if english else "Handtekening")
    return {
        "asked": ASKED, "ceiling": CEILING, "score": Decimal("68.25"), "rank": 14, "ranked": 22, "selected": 12, "line": Decimal("70.1"),
        "ceiling_rank": 12, "criteria": criteria, "shortfalls": (Shortfall(first, Decimal("68.25"), Decimal(70)),),
        "amount": GIVEN, "awarded": ASKED, "advances": Decimal(3_000), "to_pay": GIVEN - 3_000, "iban_end": "4300",
        "activities": "What the plan is about." if english else "Waar het plan over gaat.",
        "starts_on": on, "ends_on": add_months(on, 12), "accept_until": days["month"], "paid_by": days["month"],
        "payments": (Payment(("Advance" if english else "Voorschot"), GIVEN, "acceptance"),),
        "reports": (Report(report, add_months(on, 12), final=True),),
        "report": report, "report_by": add_months(on, 12),
        "obligations": tuple(each.in_language(language) for each in rules.grant.obligations),
        "next_stage": following.label.in_language(language) if following else "",
        "next_until": datetime.combine(days["later"], time(17), AMSTERDAM) if following else None,
        "place": 1, "until": datetime.combine(days["soon"], time(17), AMSTERDAM),
        "gaps": missing, "said": ("Send it again, and sign it." if english else "Stuur het opnieuw, met een handtekening.",),
        "asked_at": datetime.combine(on - timedelta(weeks=3), time(12), AMSTERDAM),
        "grounds": ("article 4: the reason for refusing" if english else "artikel 4: de grond van de afwijzing",),
        "rests_until": days["later"], "awarded_on": on - timedelta(weeks=8), "handed_in_on": on - timedelta(weeks=1), "final": True,
        "instalment": next((each.label.in_language(language) for each in rules.grant.instalments), ""),
        "directly_settled": rules.grant.directly_settled,
        "noted_for": on, "last_day": on - timedelta(days=3), "penalty_from": on + timedelta(days=15),
        "came_on": on - timedelta(days=2), "decided_on": on - timedelta(weeks=4), "outcome": "unfounded",
        "mended_subject": rules.label.in_language(language), "mended_on": on - timedelta(weeks=1), "mended_sha256": "0" * 64, "term": "runs",
        "decides": DecisionKind.WITHDRAW, "ground": GrantGround.DUTY, "came_to": ASKED, "received": ASKED, "entitled": Decimal(500),
        "weighing": "What was weighed." if english else "Wat is afgewogen.",
        "what": "agree_plan", "iban": settings.PAY_BACK_IBAN, "account_name": settings.PAY_BACK_NAME,
        "plan": (PlanPart(days["month"], Decimal(2_500)), PlanPart(days["later"], Decimal(2_000))),
        "text": "This is what it must be." if english else "Zo moet het zijn.",
        "before": on, "decide_by": days["month"], "late_after": on,
        "submission_sha256": "0" * 64, "files": (File("bijlage.pdf" if not english else "annex.pdf", 120_000, "0" * 64),),
    }  # fmt: skip


def sample_answers(rules: Stage, language: str) -> dict[str, str]:
    """``answers.<key>`` of every question, as words that say whose answer stands there."""
    say = "[answer to: {}]" if language == "en" else "[antwoord op: {}]"
    return {f"{ANSWERS}{each.key}": say.format(each.label.in_language(language)) for each in rules.form.fields()}
