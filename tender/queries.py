"""What the public may know of calls, and which files who may read."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, Prefetch, Q, Subquery, Sum

from tender.enums import APPLICANT_ROLES, JURY_ROLES, Account, DecisionKind, DecisionState, StageState
from tender.models import Application, Call, CaseRole, Decision, Document, LedgerAccount, LedgerEntry, Stage, Submission
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
    last = LedgerEntry.objects.filter(account=OuterRef("pk")).order_by("-seq").values("balance_after")[:1]
    found: dict[int, dict[str, Decimal]] = {}
    for pot in LedgerAccount.objects.filter(stage__in=stages).annotate(balance=Subquery(last)):
        if pot.balance is not None:
            found.setdefault(pot.stage_id, {})[pot.kind] = pot.balance
    none = Decimal(0)
    return {
        stage: Pots(
            pots.get(Account.FREE, none), pots.get(Account.RESERVED, none), pots.get(Account.COMMITTED, none) + pots.get(Account.PAID, none)
        )
        for stage, pots in found.items()
    }


def counts(stages: list[Stage]) -> dict[int, int]:
    """How many applications were handed in, per stage, in one query."""
    rows = Submission.objects.filter(stage__in=stages).values("stage_id").annotate(many=Count("application", distinct=True))
    return {row["stage_id"]: row["many"] for row in rows.order_by()}


@dataclass(frozen=True, slots=True)
class Selected:
    """One published selection. A natural person is not named."""

    title: str
    party: str
    summary: str
    amount: Decimal


def results(call: Call) -> dict[int, list[Selected]]:
    """What was selected per stage, once published; in the order of the references."""
    chosen = Decision.objects.filter(
        stage__call=call, kind__in=[DecisionKind.ADMIT, DecisionKind.AWARD], state__in=IN_FORCE, published_at__isnull=False
    )
    found: dict[int, list[Selected]] = {}
    for decision in chosen.select_related("application__organisation").order_by("application__reference"):
        found.setdefault(decision.stage_id, []).append(_selected(decision))
    return found


def _selected(decision: Decision) -> Selected:
    dossier = decision.application
    party = dossier.organisation.name if dossier.organisation else ""
    return Selected(dossier.title, party, dossier.summary, decision.amount)


def showcase() -> list[tuple[Call, list[Selected]]]:
    """What was awarded and published, per call, the newest first."""
    chosen = Decision.objects.filter(kind=DecisionKind.AWARD, state__in=IN_FORCE, published_at__isnull=False)
    found: dict[Call, list[Selected]] = {}
    rows = chosen.select_related("application__organisation", "stage__call")
    for decision in rows.order_by("-stage__call__year", "stage__call__reference", "application__reference"):
        found.setdefault(decision.stage.call, []).append(_selected(decision))
    return list(found.items())


@dataclass(frozen=True, slots=True)
class Given:
    """What came of a call in grants of its own: how many, and how much together."""

    many: int
    amount: Decimal


def awarded(calls: list[Call]) -> dict[int, Given]:
    """What was awarded per call, once published, in one query; a call without is left out."""
    chosen = Decision.objects.filter(stage__call__in=calls, kind=DecisionKind.AWARD, state__in=IN_FORCE, published_at__isnull=False)
    rows = chosen.values("stage__call_id").annotate(many=Count("pk"), amount=Sum("amount"))
    return {row["stage__call_id"]: Given(row["many"], row["amount"]) for row in rows.order_by()}


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
