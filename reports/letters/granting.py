"""What an award or invitation gives, laid out as the grant will be: period, payments, reports, obligations, next
stage.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from reports.letters.facts import AidFacts, Payment, Report
from tender.calendar import AMSTERDAM, add_months, amsterdam_day, payment_deadline
from tender.commands.granting import period_of, reports_of, shares, years_in
from tender.models import iban_of
from tender.schemes.answers import project
from tender.schemes.definition import Due
from tender.state_aid import Balance, in_force
from tender.undertakings import balance_of, linked_with, of_minimis, party_of

if TYPE_CHECKING:
    from datetime import date

    from tender.models import Decision, Stage
    from tender.schemes.definition import GrantTerms


def grant_facts(decision: Decision, amount: Decimal, *, known_on: date, language: str) -> dict[str, Any]:
    """What the letter says of the money and of the next stage, reckoned from ``known_on``."""
    application, stage = decision.application, decision.stage
    found: dict[str, Any] = {"amount": amount, **next_stage(stage, known_on, language)}
    if amount <= 0:
        return found
    terms = stage.rules.grant
    sent = application.submission(stage)
    years = project(stage.rules.form, sent.answers)["years"] if sent else None
    starts_on, ends_on = period_of(terms, at=datetime(known_on.year, known_on.month, known_on.day, 12, tzinfo=AMSTERDAM), years=years)
    lasts = years_in(starts_on, ends_on)
    return found | {
        "years": lasts,
        "activities": application.summary,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "directly_settled": terms.directly_settled,
        "accept_until": None if terms.directly_settled else known_on + timedelta(weeks=terms.accept_weeks),
        "paid_by": payment_deadline(known_on) if terms.directly_settled else None,
        "payments": payments(terms, amount, lasts, starts_on, language),
        "reports": tuple(
            Report(each.label.in_language(language), add_months(starts_on, months), each.final) for each, months in reports_of(terms, lasts)
        ),
        "obligations": tuple(each.in_language(language) for each in terms.obligations),
        "iban_end": iban_of(application)[-4:],
        "state_aid": of_minimis(stage),
        "multi_year": terms.years is not None and terms.years[1] > 1,
    }


def aid_facts(decision: Decision, said: dict[str, Any], amount: Decimal, known_on: date) -> AidFacts | None:
    """How the grant fits under the threshold: as it was reckoned at the signature, or for a concept as it is now. None where it is no de
    minimis aid."""
    instrument = in_force("de_minimis", known_on)
    if amount <= 0 or instrument is None or not of_minimis(decision.stage):
        return None
    told = said.get("state_aid")
    if told is None and decision.signed_at is not None:
        return None  # signed before the figures were kept
    if told is None:
        parties = linked_with(party_of(decision.application), known_on)
        balance = balance_of(parties, known_on, new=amount, without=decision.pk)
    else:
        balance = Balance(**{name: Decimal(value) for name, value in told.items()})
    if balance is None:
        return None
    return AidFacts(
        regulation=instrument.regulation, threshold=balance.threshold, prior=balance.prior, pending=balance.pending, new=balance.new,
        left=max(balance.threshold - balance.together, Decimal(0)),
    )  # fmt: skip


def payments(terms: GrantTerms, amount: Decimal, years: int, starts_on: date, language: str) -> tuple[Payment, ...]:
    """The instalments as they will be planned."""
    labels = {report.key: report.label.in_language(language) for report in terms.reports}
    found = []
    for term, part in shares(terms, amount, years):
        due = "acceptance" if term.due == Due.AWARD and not terms.directly_settled else str(term.due)
        on = add_months(starts_on, 12 * ((term.year or 1) - 1)) if term.due == Due.YEAR else None
        found.append(Payment(term.label.in_language(language), part, due, on, labels.get(term.report or "", "")))
    return tuple(found)


def next_stage(stage: Stage, known_on: date, language: str) -> dict[str, Any]:
    """Where the winner goes on to, and when its form can be handed in."""
    following = stage.next
    if following is None:
        return {}
    weeks = stage.rules.terms.next_stage_weeks
    until = following.closes_at
    if until is None and weeks:
        day = known_on + timedelta(weeks=weeks)
        until = datetime(day.year, day.month, day.day, 17, tzinfo=AMSTERDAM)
    opens = following.opens_at if amsterdam_day(following.opens_at) > known_on else None
    return {"next_stage": following.rules.label.in_language(language), "next_opens": opens, "next_until": until}
