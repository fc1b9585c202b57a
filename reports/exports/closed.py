"""What an interest keeps out of an export: the dossiers, the rounds, and what the rest would tell of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from scoring.models import Conflict
from tender.enums import Role
from tender.models import Application, Submission
from workflows.queries import closed_rounds

if TYPE_CHECKING:
    from tender.models import User


@dataclass(frozen=True, slots=True)
class Closed:
    """What is left out, by primary key; nothing unless told."""

    cases: frozenset[int] = frozenset()
    chains: frozenset[str] = frozenset()
    """Of the trail of these dossiers."""
    rounds: frozenset[int] = frozenset()
    """The stages that are left out as a whole."""
    touched: frozenset[int] = frozenset()
    """The stages of which something is left out: a place or a balance there would tell of it."""


def closed_to(user: User) -> Closed:
    """What this person's interests keep from them; an auditor sees all."""
    if user.has_role(Role.AUDITOR):
        return Closed()
    rounds = closed_rounds(user)
    own = Conflict.objects.recused(user).values("application_id")
    of_rounds = Q(stage__in=rounds) | Q(pk__in=Submission.objects.filter(stage__in=rounds).values("application_id"))
    rows = list(Application.objects.filter(Q(pk__in=own) | of_rounds).values_list("pk", "reference", "stage_id"))
    cases = frozenset(pk for pk, _reference, _stage in rows)
    stood = Submission.objects.filter(application__in=cases).values_list("stage_id", flat=True)
    return Closed(
        cases=cases,
        chains=frozenset(f"dossier:{reference}" for _pk, reference, _stage in rows),
        rounds=frozenset(rounds),
        touched=frozenset(stood) | {stage for _pk, _reference, stage in rows} | set(rounds),
    )
