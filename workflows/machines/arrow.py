"""The only doorway to django-fsm's transitions: typed, and closed by default."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime  # noqa: TC003  # a class variable's type
from typing import Any, ClassVar, TypeVar, cast

from django_fsm import GET_STATE, transition

from tender.enums import Role
from tender.step import Facts, Step

F = TypeVar("F", bound=Callable[..., Facts])

Rule = Callable[[Any, Step], bool]


class Machine:
    """What every machine proxy tells the one door: its noun, its chain, and what is locked before it.

    ``above`` names the relations to lock first, outermost first, so that every dossier is locked in one order; ``above_new`` the same
    for a case that is being made; ``first`` what single arrows lock before even that, because they reach the whole round; ``along``
    what the rules read beside it, fetched with it. ``looks_back``: some rule asks who had a hand in the case before, or who asked for
    the step. ``beside``: what single arrows lock that only their data names, as a word in it and the model, after the case's chain.
    ``across``: the same for what stands in another dossier, under the same kinds of rows: those above both are locked together, by key.
    ``lastly``: what single arrows lock after the case itself, by a function of the case and the moment, because only the case tells which.
    """

    noun: ClassVar[str]
    above: ClassVar[tuple[str, ...]] = ()
    above_new: ClassVar[tuple[str, ...]] = ()
    first: ClassVar[dict[str, tuple[str, ...]]] = {}
    along: ClassVar[tuple[str, ...]] = ()
    beside: ClassVar[dict[str, tuple[str, type[Any]]]] = {}
    across: ClassVar[dict[str, tuple[tuple[str, type[Any]], ...]]] = {}
    lastly: ClassVar[dict[str, Callable[[Any, datetime], None]]] = {}
    looks_back: ClassVar[bool] = False
    pk: Any
    state: Any

    @property
    def chain(self) -> str:
        """The dossier or call that this case's events are a part of."""
        raise NotImplementedError


class DossierMachine(Machine):
    """A case inside a dossier, locked and chained under its application."""

    above = ("application",)
    above_new = ("application",)
    along: ClassVar[tuple[str, ...]] = ("application__stage__call__version",)
    application: Any

    @property
    def chain(self) -> str:
        """The dossier."""
        return f"dossier:{self.application.reference}"


class GrantPartMachine(Machine):
    """A case inside a grant, locked under application and grant."""

    above = ("grant__application", "grant")
    above_new = ("grant__application", "grant")
    along: ClassVar[tuple[str, ...]] = ("grant__application", "grant__stage__call__version")
    grant: Any

    @property
    def chain(self) -> str:
        """The dossier."""
        return f"dossier:{self.grant.application.reference}"


def arrow(
    *,
    source: str | Sequence[str],
    target: str | Callable[[Any, Step], str],
    who: Rule,
    when: Sequence[Rule] = (),
    writes: Sequence[str] = (),
    targets: Sequence[str] = (),
) -> Callable[[F], F]:
    """An arrow from ``source`` to ``target`` that only ``who`` may take, only ``when`` every rule holds.

    ``writes``: the fields beside the state that the arrow may change; nothing else is saved. ``target`` may be a function of case and
    step, with ``targets`` all it can answer. The body returns the facts for the event.
    """
    to = target if isinstance(target, str) else GET_STATE(target, states=list(targets))
    return cast(
        "Callable[[F], F]",
        transition(
            field="state",
            source=list(source) if not isinstance(source, str) else source,
            target=to,
            permission=lambda case, user: False,
            custom={"who": who, "when": tuple(when), "writes": ("state", *writes)},
        ),
    )


def admits(taken: Any, case: Any, step: Step) -> bool:
    """Whether the actor is someone who may take this arrow. Who audits takes none, whatever else they are."""
    return not step.actor.has_role(Role.AUDITOR) and bool(taken.custom["who"](case, step))


def arrows(machine: Any) -> list[Any]:
    """Every arrow of a machine, one per source state: each with name, source, target and ``custom``."""
    return list(machine().get_all_state_transitions())


def arrow_named(case: Any, name: str) -> Any | None:
    """The arrow called ``name`` that leaves the state ``case`` is in, if there is one."""
    return next((a for a in case.get_all_state_transitions() if a.name == name and a.source == case.state), None)


def arrows_from(case: Any) -> list[Any]:
    """The arrows that leave the state ``case`` is in, in the order in which its machine has them."""
    order = list(vars(type(case)))
    return sorted((a for a in case.get_all_state_transitions() if a.source == case.state), key=lambda a: order.index(a.name))
