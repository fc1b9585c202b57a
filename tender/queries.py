"""What the public may know of calls, and which files who may read."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count, Prefetch, Q

from tender.enums import APPLICANT_ROLES, JURY_ROLES, Account, DecisionState, StageState
from tender.models import Application, Call, CaseRole, Document, LedgerAccount, Stage, Submission
from tender.rules import takes_at
from tender.schemes.definition import Intake

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from tender.models import User

OPEN, SOON, RUNNING, PAST = "open", "soon", "running", "past"
DECIDED = (StageState.PUBLISHED, StageState.FINISHED, StageState.CANCELLED)
IN_FORCE = (DecisionState.PUBLISHED, DecisionState.FINAL)


def public_calls() -> QuerySet[Call]:
    """The calls the public may know of, newest first, with their announced stages in order."""
    stages = Stage.objects.public().select_related("call__version").order_by("number")
    known = Stage.objects.public().values("call_id")
    found = Call.objects.filter(pk__in=known).select_related("version")
    return found.prefetch_related(Prefetch("stages", queryset=stages, to_attr="known_stages")).order_by("-year", "reference")


def entrance(stages: list[Stage]) -> Stage:
    """The stage at which new dossiers begin."""
    return min(stages, key=lambda stage: stage.number)


def phase(stages: list[Stage], at: datetime) -> str:
    """Where a call is for somebody who wants to apply."""
    first = entrance(stages)
    if takes_at(first, at):
        return OPEN
    if at < first.opens_at:
        return SOON
    return PAST if all(stage.state in DECIDED for stage in stages) else RUNNING


@dataclass(frozen=True, slots=True)
class Pots:
    """The money of a stage: what is free, what is being decided on, and what was granted."""

    free: Decimal = Decimal(0)
    reserved: Decimal = Decimal(0)
    granted: Decimal = Decimal(0)


def money_of(stages: list[Stage]) -> dict[int, Pots]:
    """The pots per stage, in one query; stages without money are left out."""
    found: dict[int, dict[str, Decimal]] = {}
    for (stage, kind), balance in LedgerAccount.objects.filter(stage__in=stages).totals().items():
        found.setdefault(stage, {})[kind] = balance
    none = Decimal(0)
    granted = (Account.COMMITTED, Account.ORDERED, Account.PAID)
    return {
        stage: Pots(
            pots.get(Account.FREE, none), pots.get(Account.RESERVED, none), sum((pots.get(kind, none) for kind in granted), start=none)
        )
        for stage, pots in found.items()
    }


def counts(stages: list[Stage]) -> dict[int, int]:
    """How many applications were handed in, per stage, in one query."""
    rows = Submission.objects.filter(stage__in=stages).values("stage_id").annotate(many=Count("application", distinct=True))
    return {row["stage_id"]: row["many"] for row in rows.order_by()}


def all_year(stage: Stage) -> bool:
    """Whether a stage is open all year, in order of receipt."""
    return stage.rules.intake == Intake.CONTINUOUS


def readable_documents(user: User) -> QuerySet[Document]:
    """The files this person may read: the applicant's side all that are there, anybody else of a dossier what was handed in."""
    mine = Application.objects.held_by(user, *APPLICANT_ROLES)
    seen = Application.objects.visible_to(user)
    handed_in = Q(pk__in=_handed_in(seen)) | Q(field__startswith="report.")
    return Document.objects.filter(Q(application__in=mine, removed_at=None) | Q(application__in=seen) & handed_in)


def _handed_in(applications: QuerySet[Application]) -> set[int]:
    rows = Submission.objects.filter(application__in=applications).values_list("documents", flat=True)
    return {each["document"] for row in rows for each in row}


def judges_only(application: Application, user: User) -> bool:
    """Whether this person reads a dossier as a member of the jury and in no other part."""
    parts = set(CaseRole.objects.open().filter(application=application, user=user).values_list("role", flat=True))
    return bool(parts) and parts <= set(JURY_ROLES)
