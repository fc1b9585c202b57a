"""What can be done about each decision of a dossier where somebody does not agree with it, and where each objection is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse

from scoring.models import Conflict
from tender.calendar import amsterdam_day
from tender.enums import DecisionState, ObjectionState, Role
from tender.models import Decision, Objection
from tender.rules import has_part
from workflows.queries import closed_rounds
from workflows.rules.objecting import touched_by

if TYPE_CHECKING:
    from datetime import date, datetime

    from tender.models import Application, User
    from tender.models.objecting import ObjectionQuerySet

KNOWN = (DecisionState.PUBLISHED, DecisionState.FINAL, DecisionState.SUPERSEDED)
HANDLES = (Role.OBJECTION_HANDLER, Role.SIGNATORY, Role.HEAD)
"""Who handles or decides objections."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One published decision: its last day for objecting, or for going to the court; the objection, or where one is filed."""

    decision: Decision
    last: date | None
    late: bool
    court: bool
    objection: Objection | None
    url: str


def standings(application: Application, user: User, at: datetime, *, outside: bool) -> list[Standing]:
    """The published decisions of a dossier, the newest first. Two queries."""
    decisions = Decision.objects.visible_to(user).filter(application=application, state__in=KNOWN).select_related("stage__call__version")
    against = Objection.objects.filter(application=application).exclude(state=ObjectionState.WITHDRAWN)
    found = {each.decision_id: each for each in against}
    enters = user.has_role(Role.OFFICER, Role.OBJECTION_HANDLER) and not user.has_role(Role.AUDITOR)
    may = has_part(application, user, Role.SIGNER) if outside else enters
    rows = [standing(decision, found.get(decision.pk), amsterdam_day(at), outside=outside, may=may) for decision in decisions.order_by("-pk")]
    return [row for row in rows if row.url or row.objection or row.court or outside]


def standing(decision: Decision, objection: Objection | None, today: date, *, outside: bool, may: bool) -> Standing:
    """One of them; ``may``: this person may file, or enter, an objection against it."""
    court, last = decision.supersedes_id is not None, decision.objection_until
    url = ""
    if objection is not None:
        url = reverse("workflows:own_objection" if outside else "workflows:objection", args=[objection.pk])
    elif may and not court and decision.state != DecisionState.SUPERSEDED:
        url = reverse("workflows:object" if outside else "workflows:enter_objection", args=[decision.pk])
    return Standing(decision, last, last is not None and today > last, court, objection, url)


def in_the_room(user: User) -> ObjectionQuerySet:
    """The objections of which this person may know: not where an interest closes the dossier or the round to them."""
    recused = Conflict.objects.recused(user).values("application_id")
    found = Objection.objects.exclude(application__in=recused).exclude(decision__stage__in=closed_rounds(user))
    return found.select_related("application__organisation", "application__applicant", "decision__stage__call__version", "handler")


def lines(objections: Any, user: User, today: date) -> list[dict[str, Any]]:
    """The rows of a list, each with how long is left, whether it is open to this person, and whether they had a hand in the decision."""
    shown = list(objections)
    keys = [each.pk for each in shown]
    readable = set(Objection.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))
    touched = set(touched_by(user).filter(Q(pk__in=keys)).values_list("pk", flat=True))
    return [
        {
            "objection": each, "readable": each.pk in readable, "touched": each.pk in touched,
            "left": (each.decide_by - today).days, "late": each.decide_by < today and not each.outcome,
        }
        for each in shown
    ]  # fmt: skip
