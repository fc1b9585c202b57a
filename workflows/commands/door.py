"""The one door: every change of state goes through `perform`, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from tender.enums import NOTHING
from tender.models import Overdrawn
from tender.models.ledger import TOLD
from tender.step import Step
from workflows.machines.arrow import admits, arrow_named
from workflows.models import Event
from workflows.outbox import enqueue

if TYPE_CHECKING:
    from datetime import datetime

    from tender.models import User
    from tender.step import Facts
    from workflows.machines.arrow import Machine

Cascade = Callable[[Any, Step], None]
CASCADES: dict[str, list[Cascade]] = {}


class Refused(Exception):
    """The state, or named rules, do not allow this step now; the reasons are for a reader, in words."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(*reasons)
        self.reasons = reasons

    def __str__(self) -> str:
        return " ".join(self.reasons)


def cascade(*kinds: str) -> Callable[[Cascade], Cascade]:
    """What must happen together with an arrow, in its transaction: ``(case, step)`` after it was recorded."""

    def register(then: Cascade) -> Cascade:
        for kind in kinds:
            CASCADES.setdefault(kind, []).append(then)
        return then

    return register


@transaction.atomic
def perform(machine: type[Any], name: str, *, pk: int, actor: User, at: datetime, **data: Any) -> Event:
    """Take one arrow: lock, check, move, record, queue; or change nothing.

    Raises `PermissionDenied` when the actor may not, `Refused` with the unmet rules when the case may not now.
    """
    others = [model.objects.filter(pk=data.get(word) or 0) for word, model in machine.across.get(name, ())]
    lock((*machine.first.get(name, ()), *machine.above), machine.objects.filter(pk=pk), *others)
    for other in others:
        list(other.select_for_update(no_key=True).values_list("pk"))
    if name in machine.beside:
        word, model = machine.beside[name]
        list(model.objects.select_for_update(no_key=True).filter(pk=data.get(word) or 0).values_list("pk"))
    case = machine.objects.select_related(*machine.along).select_for_update(of=("self",), no_key=True).get(pk=pk)
    if name in machine.lastly:
        machine.lastly[name](case, at)
    return _take(case, name, actor=actor, at=at, data=data)


@transaction.atomic
def create(machine: type[Any], name: str, *, of: dict[str, Any], actor: User, at: datetime, **data: Any) -> Any:
    """Make a case through its arrow from nothing; ``of`` names what it belongs to. Returns the case."""
    case = machine(**of)
    for path in machine.above_new:
        first, *rest = path.split("__")
        parent = of[first]
        for step in rest:
            parent = getattr(parent, step)
        locked = type(parent)._default_manager.select_for_update(no_key=True).get(pk=parent.pk)  # noqa: SLF001
        if getattr(locked, "state", None) != getattr(parent, "state", None):
            parent.refresh_from_db()  # it moved on while we waited for the lock
    if name in machine.lastly:
        machine.lastly[name](case, at)
    _take(case, name, actor=actor, at=at, data=data)
    return case


def lock(above: tuple[str, ...], *cases: Any) -> None:
    """Lock the rows above some cases, outermost first and by key, as everybody does; of several dossiers, those of one kind together.

    No step changes a key: who only writes a row that points to a locked one, as every submission points to its stage, need not wait.
    """
    for path in above:
        model = cases[0].model
        for part in path.split("__"):
            model = model._meta.get_field(part).related_model  # noqa: SLF001
        found = reduce(or_, (Q(pk__in=each.values(path)) for each in cases))
        rows = model._default_manager.filter(found).order_by("pk")  # noqa: SLF001
        list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


def refusals(case: Machine, taken: Any, step: Step) -> list[str]:
    """The rules that do not hold, in words; one that ``says`` more tells its figures after it."""
    unmet = [rule for rule in taken.custom["when"] if not rule(case, step)]
    said = [(gettext(rule.__doc__ or rule.__name__), rule.says(case, step) if hasattr(rule, "says") else "") for rule in unmet]
    return [words for pair in said for words in pair if words]


def step_for(case: Machine, name: str, *, actor: User, at: datetime, data: dict[str, Any]) -> Step:
    """The moment of an arrow on a case: with the hands that touched it and the standing request, where its rules look back."""
    actor.as_of(at)
    if case.pk is None or not case.looks_back:
        return Step(actor=actor, at=at, data=data)
    hands = Event.objects.hands_on(case)
    return Step(actor=actor, at=at, data=data, hands=hands, asked=Event.objects.standing_ask(case, name))


def on_behalf(taken: Any, case: Machine, step: Step) -> int | None:
    """For which colleague the actor takes this step: where no role of their own lets them, but one of who they stand in for does."""
    tried: list[tuple[frozenset[str], int | None]] = [(step.actor.own_roles, None)]
    tried += [(step.actor.own_roles | {role}, lent.absent) for role, lent in sorted(step.actor.lent.items())]
    if len(tried) == 1:
        return None
    as_if = ((absent, replace(step, actor=step.actor.holding(roles))) for roles, absent in tried)
    return next((absent for absent, one in as_if if admits(taken, case, one) and not refusals(case, taken, one)), tried[-1][1])


def facts_of(case: Any, name: str, step: Step) -> Facts:
    """Take the arrow: what it writes down, and which money it moved, so that the trail alone tells where every euro is."""
    moved: list[dict[str, Any]] = []
    telling = TOLD.set(moved)
    try:
        facts: Facts = getattr(case, name)(step)
    except Overdrawn as overdrawn:
        raise Refused(gettext("There is not enough money left under the ceiling for this.")) from overdrawn
    finally:
        TOLD.reset(telling)
    return {**facts, "moved": moved} if moved else facts


def _take(case: Any, name: str, *, actor: User, at: datetime, data: dict[str, Any]) -> Event:
    taken = arrow_named(case, name)
    if taken is None:
        raise Refused(gettext("This step is not possible now: the state is “%(state)s”.") % {"state": case.get_state_display()})
    step = step_for(case, name, actor=actor, at=at, data=data)
    if not admits(taken, case, step):
        raise PermissionDenied(name)
    if unmet := refusals(case, taken, step):
        raise Refused(*unmet)
    before, absent = case.state, on_behalf(taken, case, step)
    facts = facts_of(case, name, step)
    case.save(update_fields=None if before == NOTHING else list(taken.custom["writes"]))
    event = Event.objects.record(case, name, step, before=before, facts=facts if absent is None else {**facts, "for": absent})
    for then in CASCADES.get(event.kind, ()):
        then(case, step)
    enqueue(event)
    return event
