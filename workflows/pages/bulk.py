"""Many steps at once: first a preview of exactly what will happen to whom, then each through the door on its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tender.calendar import amsterdam_day
from tender.canonical import digest
from tender.enums import GIVES, Account
from tender.models import Decision, DefaultNotice, LedgerEntry
from tender.rules import dossier_of
from tender.step import Step
from tender.undertakings import of_minimis
from workflows.aid import balances
from workflows.commands import Refused
from workflows.commands.door import refusals, step_for
from workflows.flows.taking import take_step
from workflows.machines import MACHINES
from workflows.machines.arrow import arrow_named
from workflows.models import Event, Letter
from workflows.rules.people import reads_clear

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date, datetime

    from tender.models import Stage, User

CHANGED = gettext_lazy("It has changed since you saw it; look again.")
NO_EURO = Decimal(0)
POTS = {
    Account.FREE: gettext_lazy("left under the ceiling"),
    Account.RESERVED: gettext_lazy("held back for open decisions"),
    Account.COMMITTED: gettext_lazy("given"),
}


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
    flag: str = ""
    """What stands out: that it departs from the advice."""
    letter: str = ""
    """The address of the letter that the party gets, or will get as it stands."""


@dataclass(frozen=True, slots=True)
class Pot:
    """What a pot of the ceiling holds before and after the press, in euros."""

    label: str
    before: Decimal
    after: Decimal


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
    pots: list[Pot] = field(default_factory=list)
    hidden: int = 0
    """How many are not shown, since an interest, or a declaration that lacks, keeps this person from them."""

    @property
    def has_letters(self) -> bool:
        """Whether any row leads to its letter."""
        return any(row.letter for row in self.possible)

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


def foresee_all(
    cases: Sequence[Any], name: str, *, actor: User, at: datetime, data: Callable[[Any], dict[str, Any]]
) -> list[tuple[str, ...]]:
    """`foresee` for many cases of one machine, with as many queries for a hundred as for one: what the rules look up is gathered first."""
    known, hands = gathered(cases, actor, amsterdam_day(at)), Event.objects.hands_on_each(cases)
    found: list[tuple[str, ...]] = []
    for case in cases:
        taken = arrow_named(case, name)
        if taken is None:
            found.append((_("This step is not possible now: the state is “%(state)s”.") % {"state": case.get_state_display()},))
            continue
        step = Step(actor=actor, at=at, data=data(case), hands=hands.get(case.pk, frozenset()), known=known)
        who = taken.custom["who"]
        found.append(tuple(refusals(case, taken, step)) if who(case, step) else (_(who.__doc__ or who.__name__),))
    return found


def gathered(cases: Sequence[Any], actor: User, day: date) -> dict[Any, Any]:
    """What rules ask of each case, looked up at once: whether the actor declared to be clear and reads it, whether the letter of
    the signature is printed, what state aid there is, whether we were put in default."""
    dossiers = {dossier.pk: dossier for case in cases if (dossier := dossier_of(case)) is not None}
    clear = reads_clear(dossiers, actor)
    known: dict[Any, Any] = {("clear", pk): pk in clear for pk in dossiers}
    decisions = [case for case in cases if isinstance(case, Decision)]
    if decisions:
        signed = Letter.objects.filter(decision__in=[case.pk for case in decisions], event__kind="decision.sign")
        printed = set(signed.values_list("decision_id", "event__at"))
        known |= {("letter", case.pk): (case.pk, case.signed_at) in printed for case in decisions}
        aided = {each.pk: each for each in decisions if each.kind in GIVES and each.amount > 0 and of_minimis(each.stage)}
        known |= {("aid", "decision", pk, aided[pk].amount): found for pk, found in balances(aided.values(), day).items()} if aided else {}
    else:
        notices = set(DefaultNotice.objects.standing().filter(application__in=dossiers).values_list("application_id", "stage_id"))
        known |= {("in default", pk): (pk, dossier.stage_id) in notices for pk, dossier in dossiers.items()}
    return known


def pots_of(stage: Stage, *, source: Account, target: Account, amount: Decimal) -> list[Pot]:
    """The ceiling of a stage before and after ``amount`` moves from one pot to another; none where the stage gives no money."""
    if not stage.ceiling:
        return []
    found = []
    for kind in (Account.FREE, Account.RESERVED, Account.COMMITTED):
        before = LedgerEntry.objects.balance(stage, kind)
        after = before + (amount if kind == target else NO_EURO) - (amount if kind == source else NO_EURO)
        found.append(Pot(str(POTS[kind]), before, after))
    return found


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
