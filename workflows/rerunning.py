"""What ranking a published round again would give, against the ceiling as it stood: who shifts. Reads and computes; writes nothing.

Of others' places one sees those of the dossiers that one reads; whom an interest keeps out of the round sees nothing of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from scoring.commands.freezing import as_it_stood, compute, gather
from scoring.rules import kept_out
from tender.commands.objecting import NOT_CHOSEN
from tender.enums import Account, ApplicationState
from tender.models import Application, LedgerEntry
from tender.schemes.definition import Intake
from workflows.outcomes import OUTCOMES

if TYPE_CHECKING:
    from scoring.models import Ranking
    from tender.models import Objection, Stage, User


@dataclass(frozen=True, slots=True)
class Spot:
    """A place: rank, outcome, and amount."""

    rank: int | None
    outcome: str
    amount: Decimal

    @property
    def words(self) -> str:
        """The outcome as it is called."""
        return str(OUTCOMES.get(self.outcome, self.outcome))


Places = dict[str, Spot]
"""By reference."""


@dataclass(frozen=True, slots=True)
class Shift:
    """One application: its place and outcome at the first decision, and ranked again; ``own``: it is the one of the objection."""

    application: Application
    before: Spot | None
    after: Spot | None
    own: bool

    @property
    def moved(self) -> bool:
        """Whether it would have come out otherwise, in outcome or amount."""
        if self.before is None or self.after is None:
            return True
        return (self.before.outcome, self.before.amount) != (self.after.outcome, self.after.amount)


@dataclass(frozen=True, slots=True)
class Rerun:
    """The comparison: the lines of the dossiers that this person reads, how many others would have come out otherwise, whether it is frozen
    already, what the application would get and what is free for that."""

    shifts: list[Shift]
    moved: int
    frozen: bool
    ceiling: Decimal | None
    needed: Decimal
    free: Decimal

    @property
    def short(self) -> Decimal:
        """How much money lacks for it."""
        return max(self.needed - self.free, Decimal(0))


def rerun_of(objection: Objection, user: User) -> Rerun | None:
    """What ranking again gives, for the application of an objection; None where the round has no ranking, or is closed to this person."""
    stage, application = objection.stage, objection.application
    if stage.rules.intake == Intake.CONTINUOUS or stage.published_at is None or kept_out(stage, user):
        return None
    first = stage.rankings.order_by("version").first()
    if first is None or application.stage_id != stage.pk:
        return None
    since = stage.rankings.filter(at__gte=objection.decided_at).last() if objection.decided_at else None
    after = places(since) if since is not None else foreseen(stage)
    before = places(first)
    cases = {case.reference: case for case in Application.objects.filter(call=stage.call_id, reference__in={*before, *after})}
    last = Spot(None, "", Decimal(0))
    order = sorted(cases, key=lambda name: (after.get(name, last).rank or len(cases) + 1, name))
    shifts = [Shift(cases[name], before.get(name), after.get(name), own=name == application.reference) for name in order]
    readable = set(Application.objects.visible_to(user).filter(pk__in=[case.pk for case in cases.values()]).values_list("pk", flat=True))
    shown = [shift for shift in shifts if shift.own or shift.application.pk in readable]
    moved = sum(shift.moved and not shift.own for shift in shifts)
    found = after.get(application.reference)
    waits = application.state in {ApplicationState.RANKED, *NOT_CHOSEN} and not application.decisions.open().exists()
    needed = found.amount if found is not None and found.outcome == "selected" and waits else Decimal(0)
    frozen: Any = first.inputs["ceiling"]
    return Rerun(
        shown, moved, since is not None, None if frozen is None else Decimal(frozen), needed, LedgerEntry.objects.balance(stage, Account.FREE)
    )


def places(ranking: Ranking) -> Places:
    """The lines of a frozen ranking."""
    rows = ranking.placings.values_list("application__reference", "rank", "outcome", "amount")
    return {reference: Spot(rank, outcome, amount) for reference, rank, outcome, amount in rows}


def foreseen(stage: Stage) -> Places:
    """The lines of the ranking as it would be now: what was struck since counts no more, and the ceiling is as it stood."""
    found = compute(stage, as_it_stood(stage, gather(stage, again=True)))
    ranks = {row.reference: row.rank for row in found.rows}
    return {place.reference: Spot(ranks[place.reference], str(place.standing), place.granted) for place in found.outcome.places}
