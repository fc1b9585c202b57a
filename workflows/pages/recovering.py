"""Money that is to come back, as the desk of a grant and the party see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from tender.calendar import amsterdam_day
from tender.enums import TAKES, DecisionState, RecoveryState
from tender.models import InsolvencyNote, Recovery
from tender.models.recovery import parts_of
from tender.taking import article_of
from workflows.casefile import grants
from workflows.payback import pay_into
from workflows.steps import as_machine, open_steps

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from tender.http import SignedIn
    from tender.models import Application, Grant, User


def buttons(case: Any, request: SignedIn, *, without: AbstractSet[str] = frozenset()) -> list[dict[str, Any]]:
    """The open steps of a case as links to their pages, ``without`` those that have no meaning now."""
    return [
        {
            "label": step.label,
            "name": step.name,
            "unmet": step.unmet,
            "url": f"{reverse('workflows:step', args=[step.noun, step.pk, step.name])}?next={request.path}",
        }
        for step in open_steps(case, actor=request.user, at=request.at)
        if step.name not in without
    ]


def of_grant(grant: Grant, user: User) -> list[Recovery]:
    """What is to come back of a grant, as far as this person may see it."""
    found = Recovery.objects.visible_to(user).filter(grant=grant).select_related("decision", "grant__application")
    return list(found.prefetch_related("receipts__instalment__grant__application"))


def recovery_block(recovery: Recovery, request: SignedIn) -> dict[str, Any]:
    """A recovery with what is owed today, what came in, the instalments, and the steps open to this person."""
    idle = set() if recovery.asked_plan else {"agree_plan", "refuse_plan"}
    if recovery.rest > 0:
        idle |= {"ask_set_interest", "set_interest"}
    return {**figures(recovery, request), "steps": buttons(as_machine("recovery", recovery.pk), request, without=idle)}


def with_pay_back(application: Application, request: SignedIn) -> list[dict[str, Any]]:
    """The grants of a dossier, each with what is to come back of it, as this person may see it."""
    held = grants(application, request.user, request.at)
    found = Recovery.objects.visible_to(request.user).filter(grant__application=application).select_related("decision", "grant__application")
    rows: dict[int, list[dict[str, Any]]] = {}
    for recovery in found.prefetch_related("receipts__instalment__grant__application"):
        rows.setdefault(recovery.grant_id, []).append(figures(recovery, request))
    return [{**each, "pay_back": rows.get(each["grant"].pk, [])} for each in held]


def figures(recovery: Recovery, request: SignedIn) -> dict[str, Any]:
    """What is owed today, until when and how to pay."""
    today = amsterdam_day(request.at)
    return {
        "recovery": recovery,
        "rest": recovery.rest,
        "interest": recovery.interest_owed(today) if recovery.state != RecoveryState.OWED else None,
        "owed": recovery.owed(today),
        "next": recovery.next_part,
        "back": recovery.back,
        "plan": parts_of(recovery.plan),
        "asked_plan": parts_of(recovery.asked_plan),
        "barred": recovery.barred_after,
        "late": recovery.next_part is not None and recovery.next_part.day < today,
        "into": pay_into(),
    }


def open_taking(grant: Grant) -> list[dict[str, Any]]:
    """The decisions that take from this grant, on their way or out, with their ground and hearing."""
    found = grant.application.decisions.filter(stage=grant.stage, kind__in=TAKES).exclude(state=DecisionState.DISCARDED)
    return [{"decision": decision, "article": article_of(decision.kind, decision.ground)} for decision in found.order_by("pk")]


def insolvency_of(grant: Grant) -> InsolvencyNote | None:
    """What is known of the party that cannot pay."""
    return InsolvencyNote.objects.of(grant.application).first()


def insolvency_steps(grant: Grant, request: SignedIn) -> list[dict[str, Any]]:
    """What can be done about it, where it was noted in this dossier."""
    note = insolvency_of(grant)
    if note is None or note.application_id != grant.application_id:
        return []
    return buttons(as_machine("insolvency", note.pk), request)
