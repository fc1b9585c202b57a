"""What waits for a person, over all dossiers; never a query per row."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Concat

from scoring.models import Conflict, PanelMember
from tender.calendar import amsterdam_day
from tender.enums import ConflictState, Role, SeatState
from tender.models import CaseRole, Objection, Stage
from workflows.machines import MACHINES
from workflows.machines.arrow import arrows
from workflows.models import CaseProcess, Event, WorkItem
from workflows.rules import asked_by_another, other_person, own_link
from workflows.rules.objecting import touched_by

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.db.models import QuerySet

    from scoring.models.panel import ConflictQuerySet
    from tender.models import Application, User
    from tender.step import Step

    Rule = Callable[[Any, Step], bool]

SEATS = (Role.CHAIR, Role.DEPUTY, Role.SECRETARY, Role.JUROR)
DRAWS_UP = (
    "decision.propose", "decision.edit", "decision.depart", "decision.announce_intent", "decision.note_response", "decision.submit_for_check",
)  # fmt: skip
"""The hands that stand for the officer's link of a chain (as `workflows.rules.chain_link` has it)."""


def inbox(user: User, *, at: datetime | None = None) -> QuerySet[WorkItem]:
    """What this person may do now, most urgent first; a row's `declared` says whether they may open the dossier already.

    Left out: what their interest keeps them from, and what separation of duties leaves to somebody else. At most six queries, one of
    them the list itself, which may be sliced. ``at``: the day on which seats in a panel are looked up (any day if not told).
    """
    mine = Q(user=user) | Q(user=None) & (of_the_house(user) | of_the_dossier(user) | of_the_panel(user, at))
    return (
        WorkItem.objects.with_cases()
        .filter(mine, process__finished=None)
        .exclude(Q(stage__in=closed_rounds(user), application=None))
        .exclude(Exists(declared(user).filter(state=ConflictState.RECUSED)))
        .annotate(declared=Exists(declared(user).clear()), written=kind_of(""), asked=kind_of("ask_"))
        .annotate(asker=last_asker())
        .exclude(left_to_others(user), escalated=False)
        .exclude(kept_from_objection(user))
    )


def declared(user: User) -> ConflictQuerySet:
    """What this person declared about the dossier of a row."""
    return Conflict.objects.filter(user=user, application=OuterRef("application"))


def kind_of(prefix: str) -> Concat:
    """The kind of event that a row's arrow would write."""
    return Concat("noun", Value(f".{prefix}"), "arrow", output_field=CharField())


# ── whose it is ───────────────────────────────────────────────────────────────────────────────────────────────
def of_the_house(user: User) -> Q:
    """Rows for a role of the house that this person holds."""
    return Q(role__in=[role for role in user.roles if role not in SEATS])


def of_the_dossier(user: User) -> Q:
    """Rows for a part in the dossier: of who signs, of who writes."""
    parts = CaseRole.objects.open().filter(user=user)
    signs = parts.filter(role=Role.SIGNER).values("application_id")
    writes = parts.filter(role=Role.EDITOR).values("application_id")
    return Q(role=Role.SIGNER, application__in=signs) | Q(role=Role.EDITOR, application__in=writes)


def of_the_panel(user: User, at: datetime | None) -> Q:
    """Rows for a seat in the panel of the row's stage; the deputy's seat counts where the chair has an interest."""
    held = PanelMember.objects.filter(user=user, state=SeatState.ACCEPTED)
    if at is not None:
        day = amsterdam_day(at)
        held = held.filter(since__lte=day).filter(Q(until=None) | Q(until__gte=day))
    seats = list(held.filter(panel__seatings__isnull=False).values_list("panel__seatings__stage_id", "part"))
    mine = Q(pk__in=[])
    for stage, part in seats:
        mine |= Q(stage_id=stage, role=part)
    for stage in without_chair([stage for stage, part in seats if part == Role.DEPUTY]):
        mine |= Q(stage_id=stage, role=Role.CHAIR)
    return mine


def without_chair(stages: list[int]) -> list[int]:
    """Those of these stages whose chair has an interest in a dossier of the round."""
    if not stages:
        return []
    kept_out = Conflict.objects.filter(
        state=ConflictState.RECUSED, application__stage__in=stages, user__seats__part=Role.CHAIR,
        user__seats__panel__seatings__stage=F("application__stage"),
    )  # fmt: skip
    return list(kept_out.values_list("application__stage_id", flat=True).distinct())


# ── what is kept from them ────────────────────────────────────────────────────────────────────────────────────
def closed_rounds(user: User) -> list[int]:
    """The stages in which an interest in one dossier keeps this person out of the round."""
    touched = Conflict.objects.recused(user)
    stands, stood = touched.values("application__stage"), touched.values("application__submissions__stage")
    stages = Stage.objects.filter(Q(pk__in=stands) | Q(pk__in=stood)).select_related("call__version")
    return [stage.pk for stage in stages if stage.call.definition.recuse_whole_round]


def left_to_others(user: User) -> Q:
    """Rows that separation of duties closes to this person: the other half of two, or another link of the same chain."""
    hands = Event.objects.filter(noun=OuterRef("noun"), key=OuterRef("key"), actor=user)
    # As text: SQLite would read a bare key's text as JSON again, and stop at the first link it finds.
    links = hands.annotate(link=Cast(KT("data__link"), CharField())).filter(link__gt="").exclude(link=OuterRef("role"))
    drew_up = Q(Exists(hands.filter(kind__in=DRAWS_UP))) & ~Q(role=Role.OFFICER)
    return (
        Q(written__in=kinds_with(asked_by_another), asker=user.pk)
        | Q(written__in=kinds_with(other_person)) & Q(Exists(hands.filter(kind__endswith=".approve")))
        | Q(written__in=kinds_with(own_link)) & (Q(Exists(links)) | drew_up)
    )


def kept_from_objection(user: User) -> Q:
    """Rows about objections that are for who had no hand in the decision, nor, for deciding, in the advice."""
    kept = Q(noun="objection", key__in=touched_by(user).values("pk"), role__in=[Role.OBJECTION_HANDLER, Role.SIGNATORY, Role.HEAD])
    return kept | Q(noun="objection", arrow="decide", key__in=Objection.objects.filter(advised_by=user).values("pk"))


def last_asker() -> Subquery:
    """Who asked last for a row's arrow, where two people must take it."""
    asks = Event.objects.filter(noun=OuterRef("noun"), key=OuterRef("key"), kind=OuterRef("asked"))
    return Subquery(asks.order_by("-seq").values("actor")[:1])


@cache
def kinds_with(rule: Rule) -> frozenset[str]:
    """The arrows, with their nouns, that this rule guards."""
    return frozenset(
        f"{noun}.{arrow.name}"
        for noun, machine in MACHINES.items()
        for arrow in arrows(machine)
        if arrow.custom["who"] is rule or rule in arrow.custom["when"]
    )


# ── of one case ───────────────────────────────────────────────────────────────────────────────────────────────
def processes_of(noun: str, pk: int) -> QuerySet[CaseProcess]:
    """The processes of one case, the newest first: one per stage for an application, else one."""
    return CaseProcess.objects.filter(noun=noun, key=pk).order_by("-pk")


def processes_of_dossier(application: Application) -> QuerySet[CaseProcess]:
    """Every process in a dossier: of its stages, its decisions and its grants, in the order they began."""
    return CaseProcess.objects.filter(application=application).order_by("pk")


def work_on(application: Application) -> QuerySet[WorkItem]:
    """What waits in one dossier, and for whom."""
    return WorkItem.objects.with_cases().filter(application=application, process__finished=None)
