"""When: state aid. What a party gets fits beside what its undertaking had, on the day the right arises, under a regulation that holds."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from django.utils.translation import gettext as _

from scoring.models import Conflict
from tender.calendar import amsterdam_day
from tender.enums import GIVES, Role
from tender.models import Decision, Stage, UndertakingLink
from tender.rules import dossier_of
from tender.state_aid import in_force
from tender.templatetags.drietrap import euro
from tender.undertakings import balance_of, basis_of, given_on, linked_with, named, of_minimis, party_of

if TYPE_CHECKING:
    from datetime import date

    from tender.models import AidNote, Application, Grant
    from tender.state_aid import Balance
    from tender.step import Step

MOST_AID = Decimal(10_000_000)
"""Euros; more is a slip of the keyboard."""


def new_aid(case: Any, step: Step) -> Decimal:
    """How much a step would give, in euros: what it says, what was decided, or at the screening what was asked for."""
    if isinstance(case, Decision):
        gives = step.data.get("kind", case.kind) in GIVES
        return Decimal(step.data.get("amount", case.amount)) if gives else Decimal(0)
    asked = case.amount_asked if case.amount_asked is not None else case.rules.grant.flat
    return Decimal(step.data.get("amount", asked) or 0)


def balance_for(case: Any, step: Step) -> Balance | None:
    """The balance of the undertaking as a step would leave it; None where the step gives no de minimis aid."""
    application: Application = dossier_of(case)  # type: ignore[assignment]
    new = new_aid(case, step)
    if new <= 0 or not of_minimis(case.stage):
        return None
    day, decision = amsterdam_day(step.at), case.pk if isinstance(case, Decision) else None

    def reckoned() -> Balance | None:
        parties = linked_with(party_of(application), day)
        return balance_of(parties, day, new=new, without=decision, beside=(application.pk, case.stage_id))

    return step.recall(("aid", case.noun, case.pk, new), reckoned)  # type: ignore[no-any-return]


def uncovered(application: Application, stage: Stage, amount: Decimal, day: date) -> Balance | None:
    """The balance of who applies, where state-aid law covers none of an amount (euros) given on a day; None where it may be given."""
    if amount <= 0 or not of_minimis(stage):
        return None
    balance = balance_of(linked_with(party_of(application), day), day, new=amount)
    return None if balance is None or balance.fits else balance


def within_state_aid(case: Any, step: Step) -> bool:
    """With this amount the undertaking would get more de minimis aid in three years than is allowed: none of it would be covered."""
    balance = balance_for(case, step)
    return balance is None or balance.fits


def says_balance(case: Any, step: Step) -> str:
    """The figures of a refusal: what there was, what is on its way, what would come, and what is left of the threshold."""
    balance = cast("Balance", balance_for(case, step))  # else nothing was refused
    return _(
        "Had before: %(prior)s. Under way: %(pending)s. This: %(new)s. Together %(together)s, where %(threshold)s is allowed; "
        "%(available)s is left."
    ) % {
        "prior": euro(balance.prior), "pending": euro(balance.pending), "new": euro(balance.new), "together": euro(balance.together),
        "threshold": euro(balance.threshold), "available": euro(balance.available),
    }  # fmt: skip


within_state_aid.says = says_balance  # type: ignore[attr-defined]


def basis_in_force(case: Any, step: Step) -> bool:
    """The regulation for state aid under which this is given does not hold any more: it ended, or does not hold yet."""
    if isinstance(case, Stage):
        return not basis_of(case) or in_force(basis_of(case), amsterdam_day(case.closes_at or case.opens_at)) is not None
    return new_aid(case, step) <= 0 or not basis_of(case.stage) or in_force(basis_of(case.stage), amsterdam_day(step.at)) is not None


def minds_aid(case: UndertakingLink | AidNote, step: Step) -> bool:
    """Only a case officer or a controller does this, who has no interest in an application of this party."""
    if not step.actor.has_role(Role.OFFICER, Role.CONTROLLER):
        return False
    today = amsterdam_day(step.at)
    parties = linked_with(case.party, today).cases("application__")
    if isinstance(case, UndertakingLink) and case.undertaking_id:  # whom it comes to is concerned as well
        for link in UndertakingLink.objects.on(today).filter(undertaking=case.undertaking_id):
            parties |= linked_with(link.party, today).cases("application__")
    return not Conflict.objects.recused(step.actor).filter(parties).exists()


def not_linked_yet(link: UndertakingLink, step: Step) -> bool:
    """This party belongs to an undertaking already on one of these days; end that first."""
    others = type(link).objects.filter(**named(link.party)).exclude(pk=link.pk)
    return all(other.until is not None and other.until < link.since for other in others)


def linked_by_today(link: UndertakingLink, step: Step) -> bool:
    """A link begins today or before."""
    return link.since <= amsterdam_day(step.at)


def ends_in_order(link: UndertakingLink, step: Step) -> bool:
    """A link ends today or before, and not before it began."""
    until = step.data.get("until")
    return until is not None and link.since <= until <= amsterdam_day(step.at)


def aid_is_right(note: AidNote, step: Step) -> bool:
    """Name the body that gave it, an amount of more than zero, and a day up to today."""
    return bool(note.body.strip()) and 0 < note.amount <= MOST_AID and note.granted_on <= amsterdam_day(step.at)


def is_minimis(grant: Grant, step: Step) -> bool:
    """This grant is no de minimis aid."""
    return of_minimis(grant.stage)


def not_reported_yet(grant: Grant, step: Step) -> bool:
    """It stands in the central register already."""
    return grant.aid_reported_on is None


def reported_by_now(grant: Grant, step: Step) -> bool:
    """The day of the report lies between the decision and today."""
    on = step.data.get("on")
    return on is not None and given_on(grant) <= on <= amsterdam_day(step.at)
