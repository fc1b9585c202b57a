"""Many steps at once: first a preview of exactly what will happen to whom, then each through the door on its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tender.canonical import digest
from workflows.commands import Refused
from workflows.commands.door import refusals, step_for
from workflows.flows.taking import take_step
from workflows.machines import MACHINES
from workflows.machines.arrow import arrow_named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from tender.models import User

CHANGED = gettext_lazy("It has changed since you saw it; look again.")
NO_EURO = Decimal(0)


@dataclass(slots=True)
class Row:
    """One case in a preview: whom it is about, what will happen, the amount, what was seen, and why it cannot be (if so)."""

    pk: int
    reference: str
    about: str
    will: str
    amount: Decimal | None = None
    now: str = ""
    seen: str = ""
    unmet: tuple[str, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Result:
    """What became of one case: done, or not and why."""

    row: Row
    done: bool
    why: str = ""


@dataclass(slots=True)
class Preview:
    """What will happen, to whom, and what will not."""

    rows: list[Row]

    @property
    def possible(self) -> list[Row]:
        """The rows that will be taken."""
        return [row for row in self.rows if not row.unmet]

    @property
    def impossible(self) -> list[Row]:
        """The rows that will be left as they are, each with its reason."""
        return [row for row in self.rows if row.unmet]

    @property
    def total(self) -> Decimal:
        """The amounts of the rows that will be taken, in euros."""
        return sum((row.amount or NO_EURO for row in self.possible), start=NO_EURO)

    @property
    def has_amounts(self) -> bool:
        """Whether any row is about money."""
        return any(row.amount is not None for row in self.rows)


def foresee(case: Any, name: str, *, actor: User, at: datetime, data: dict[str, Any] | None = None) -> tuple[str, ...]:
    """Why an arrow could not be taken now, in words; empty where it could."""
    taken = arrow_named(case, name)
    if taken is None:
        return (_("This step is not possible now: the state is “%(state)s”.") % {"state": case.get_state_display()},)
    step = step_for(case, name, actor=actor, at=at, data=data or {})
    who = taken.custom["who"]
    if not who(case, step):
        return (_(who.__doc__ or who.__name__),)
    return tuple(refusals(case, taken, step))


def fingerprint(*parts: Any) -> str:
    """The hash of what a row showed, so that a confirmation binds it."""
    return digest(list(parts))


def selected(posted: Any, name: str = "pk") -> list[int]:
    """The numbers of the ticked rows; what is no number is left out."""
    return sorted({int(pk) for pk in posted.getlist(name) if pk.isascii() and pk.isdigit() and len(pk) < 19})  # noqa: PLR2004


def unchanged(row: Row, posted: Any) -> bool:
    """Whether the row still says what the person saw when they confirmed."""
    return bool(posted.get(f"seen-{row.pk}") == row.seen)


def carry_out(rows: Iterable[Row], posted: Any, act: Callable[[Row], object]) -> list[Result]:
    """Act on every row that was confirmed and still is as it was seen; one that is refused does not stop the rest."""
    results = []
    for row in rows:
        if row.unmet:
            results.append(Result(row, done=False, why=" ".join(row.unmet)))
        elif not unchanged(row, posted):
            results.append(Result(row, done=False, why=str(CHANGED)))
        else:
            results.append(attempt(row, act))
    return results


def attempt(row: Row, act: Callable[[Row], object]) -> Result:
    """One row, in a transaction of its own."""
    try:
        act(row)
    except Refused as refused:
        return Result(row, done=False, why=str(refused))
    except PermissionDenied:
        return Result(row, done=False, why=_("You may not do this."))
    except ObjectDoesNotExist:
        return Result(row, done=False, why=_("It is no longer there."))
    return Result(row, done=True)


def by_arrow(noun: str, name: str, *, actor: User, at: datetime) -> Callable[[Row], object]:
    """The act that takes one arrow on each row's case, with the row's data."""
    return lambda row: take_step(MACHINES[noun], name, pk=row.pk, actor=actor, at=at, **row.data)
