"""From an order to a selection: floors, the number aimed at, the ceiling, ties, the lottery and the reserve list.

Pure. Source: design `scoring.md` (Selection) and Awb 4:25: what would exceed the ceiling is refused *in so far as* it
would, so a partial award at the cut is the default; flat amounts stop there. Money is only compared, added and (pro
rata) rounded down to cents, so that no rule can ever exceed the ceiling.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

from scoring.lottery import ticket
from scoring.outcome import NOTHING, Cut, Draw, Money, Outcome, Place, Shortfall, Standing, Tie
from tender.schemes.definition import Cutoff, Method
from tender.schemes.vocabulary import UNSCORED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from scoring.ranking import Ranked
    from tender.schemes.definition import Rubric, Selection

    Grants = list[Decimal | None]

__all__ = ["Cut", "Draw", "Money", "Outcome", "Place", "Shortfall", "Standing", "Tie", "select"]


def select(
    rows: Iterable[Ranked],
    rule: Selection,
    rubric: Rubric | None = None,
    *,
    money: Money | None = None,
    number: int | None = None,
    seed: bytes,
) -> Outcome:
    """Apply ``rule`` to the rows of a ranking made with ``rule.tie_break``.

    In turn: who is not rankable or under a floor falls out; the number aimed at (or fixed by the meeting: ``number``)
    cuts the rest; the ceiling is divided among those inside, best first. Whoever shares a rank stands in the order
    drawn from ``seed``. Those left out who met the floors fill the reserve places in order. Without ``money``, or
    without a ceiling, nobody is refused for money.
    Errors: ``ValueError`` where ``number`` is missing, outside the bounds of the rule, or not the meeting's to fix, and
    for a negative amount; ``KeyError`` where a ceiling is to be divided and somebody inside asks no amount.
    """
    _check_number(rule, number)
    purse = money or Money({}, None)
    ceiling = purse.ceiling if rule.within_ceiling else None
    order = sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, _lot(row, seed)))
    places = {row.reference: _entry(row, place, purse) for place, row in enumerate(order, 1)}
    fallen = {row.reference: fall for row in order if (fall := _fall(row, rule, rubric)) is not None}
    for name, (ground, shortfalls) in fallen.items():
        places[name] = replace(places[name], standing=ground, ground=ground, shortfalls=shortfalls)
    queue = [row for row in order if row.reference not in fallen]
    inside = _inside([row.rank for row in queue], rule, number)
    asks = _asks(queue[:inside], purse, needed=ceiling is not None)
    grants = _divide(asks, Cutoff.STOP if purse.flat else rule.cutoff, ceiling)
    queued = _reserved(_granted([places[row.reference] for row in queue], grants), rule)
    cut = replace(
        _cut(queue, grants, _reached(asks, grants, ceiling)),
        ranked=sum(row.rank is not None for row in order),
        tie=_tie(queue, grants, rule, number),
        ceiling=ceiling,
    )
    return Outcome(tuple((places | {place.reference: place for place in queued}).values()), cut, _draws(queued))


def _check_number(rule: Selection, number: int | None) -> None:
    if rule.meeting_fixes is None:
        if number is not None:
            raise ValueError("This rule leaves no number for a meeting to fix.")
        return
    low, high = rule.meeting_fixes
    if number is None or not low <= number <= high:
        raise ValueError(f"The meeting fixes a number from {low} to {high}.")


def _lot(row: Ranked, seed: bytes) -> bytes:
    """Where a row stands among its equals: by lottery, and among the not rankable by reference."""
    return row.reference.encode() if row.rank is None else ticket(seed, row.reference)


def _entry(row: Ranked, place: int, purse: Money) -> Place:
    asked = purse.amounts.get(row.reference, NOTHING)
    if asked < 0:
        raise ValueError(f"{row.reference} asks a negative amount.")
    order = None if row.rank is None else place
    return Place(row.reference, row.rank, order, Standing.BEYOND_CUT, Standing.BEYOND_CUT, asked)


def _fall(row: Ranked, rule: Selection, rubric: Rubric | None) -> tuple[Standing, tuple[Shortfall, ...]] | None:
    """Why a row cannot be selected whatever the number and the ceiling, if it cannot."""
    floors = list(_floors(row, rule, rubric))
    if row.rank is None or any(value is None for _, value, _ in floors):
        return Standing.NOT_RANKABLE, ()
    short = tuple(Shortfall(name, value, required) for name, value, required in floors if value is not None and value < Fraction(required))
    return (Standing.BELOW_FLOOR, short) if short else None


def _floors(row: Ranked, rule: Selection, rubric: Rubric | None) -> Iterator[tuple[str, Fraction | None, Decimal]]:
    """Each floor of the rule: its name, what the row has, and what it needs."""
    if rule.floor is not None:
        yield "total", row.total, rule.floor
    for criterion in rubric.criteria if rubric else ():
        if criterion.floor is not None:
            yield criterion.key, row.criteria.get(criterion.key), criterion.floor
    if rule.method is Method.PASS_FAIL:
        passes = None if row.passes is None else Fraction(row.passes)
        yield "passes", passes, Decimal(row.sheets if rule.passes_needed is None else rule.passes_needed)


def _inside(ranks: Sequence[int | None], rule: Selection, number: int | None) -> int:
    """How many of the queue fall within the number: with all that are tied with the last, if the rule has room."""
    wanted = _wanted(rule, number)
    if wanted is None or wanted >= len(ranks):
        return len(ranks)
    tied_through = sum(1 for rank in ranks if (rank or 0) <= (ranks[wanted - 1] or 0)) if wanted else 0
    fits = number is None and rule.most is not None and tied_through <= rule.most
    return tied_through if fits else wanted


def _wanted(rule: Selection, number: int | None) -> int | None:
    if number is not None:
        return number
    return rule.most if rule.aim is None else rule.aim


def _asks(inside: Sequence[Ranked], purse: Money, *, needed: bool) -> list[Decimal]:
    if needed:
        return [purse.amounts[row.reference] for row in inside]
    return [purse.amounts.get(row.reference, NOTHING) for row in inside]


def _divide(asks: Sequence[Decimal], cutoff: Cutoff, ceiling: Decimal | None) -> Grants:
    """What each gets of the ceiling, best first; None for who gets nothing. Never more in all than the ceiling."""
    if ceiling is None:
        return list(asks)
    if cutoff is Cutoff.PRO_RATA:
        return _pro_rata(asks, ceiling)
    grants: Grants = []
    left, stopped = ceiling, False
    for ask in asks:
        grant = None if stopped else _grant(ask, left, cutoff)
        stopped = stopped or (cutoff is not Cutoff.SKIP_TO_FIT and grant != ask)
        left -= grant or NOTHING
        grants.append(grant)
    return grants


def _grant(ask: Decimal, left: Decimal, cutoff: Cutoff) -> Decimal | None:
    if ask <= left:
        return ask
    return left if cutoff is Cutoff.PARTIAL and left > 0 else None


def _pro_rata(asks: Sequence[Decimal], ceiling: Decimal) -> Grants:
    """Everybody the same share of what they ask, rounded down to cents: what rounding leaves is not given out."""
    total = sum(asks, NOTHING)
    if total <= ceiling:
        return list(asks)
    shares = (Fraction(ask) * Fraction(ceiling) / Fraction(total) for ask in asks)
    return [Decimal(int(share * 100)).scaleb(-2) for share in shares]


def _reached(asks: Sequence[Decimal], grants: Grants, ceiling: Decimal | None) -> int | None:
    """Which of those inside first left nothing of the ceiling over, or did not get all it asked."""
    if ceiling is None:
        return None
    left = ceiling
    for index, (ask, grant) in enumerate(zip(asks, grants, strict=True)):
        left -= grant or NOTHING
        if grant != ask or left == 0:
            return index
    return None


def _cut(queue: Sequence[Ranked], grants: Grants, reached: int | None) -> Cut:
    """The line in figures, as far as the queue knows them."""
    last = next((row for row, grant in reversed([*zip(queue, grants, strict=False)]) if grant is not None), None)
    return Cut(
        ranked=len(queue),
        eligible=len(queue),
        inside=len(grants),
        selected=sum(grant is not None for grant in grants),
        rank=None if last is None else last.rank,
        line=None if last is None else last.total,
        tie=Tie.NONE,
        ceiling=None,
        used=sum((grant for grant in grants if grant is not None), NOTHING),
        ceiling_rank=None if reached is None else queue[reached].rank,
    )


def _granted(entries: Sequence[Place], grants: Grants) -> list[Place]:
    """The queue with what each gets; who is left out although an equal got in, lost the lottery."""
    places: list[Place] = []
    winners: set[int | None] = set()
    for index, entry in enumerate(entries):
        ground = Standing.OVER_CEILING if index < len(grants) else Standing.BEYOND_CUT
        grant = grants[index] if index < len(grants) else None
        if grant is None:
            standing = Standing.LOTTERY_LOST if entry.rank in winners else ground
            places.append(replace(entry, standing=standing, ground=ground))
        else:
            winners.add(entry.rank)
            partial = grant < entry.asked
            places.append(replace(entry, standing=Standing.SELECTED, ground=None, granted=grant, partial=partial))
    return places


def _reserved(places: Sequence[Place], rule: Selection) -> list[Place]:
    """The queue with the reserve places given out, in order."""
    room = rule.reserve.places if rule.reserve else 0
    result: list[Place] = []
    taken = 0
    for place in places:
        if place.standing is Standing.SELECTED or taken == room:
            result.append(place)
        else:
            taken += 1
            result.append(replace(place, standing=Standing.RESERVE, reserve=taken))
    return result


def _tie(queue: Sequence[Ranked], grants: Grants, rule: Selection, number: int | None) -> Tie:
    """What parted the first that did not get in from the one before it."""
    out = next((index for index, grant in enumerate(grants) if grant is None), len(grants))
    last, first = (queue[out - 1], queue[out]) if 0 < out < len(queue) else (None, None)
    if last and first and last.rank == first.rank:
        return Tie.LOTTERY
    wanted = _wanted(rule, number)
    if wanted is not None and wanted < len(grants) == out:
        return Tie.ALL_IN
    if last and first and last.merit is not None and last.merit == first.merit and rule.method not in UNSCORED:
        return Tie.CRITERION
    return Tie.NONE


def _draws(queued: Sequence[Place]) -> tuple[Draw, ...]:
    """The levels at which the lottery decided who fared better."""
    draws: list[Draw] = []
    for rank, level in groupby(queued, key=lambda place: place.rank):
        equals = list(level)
        if rank is not None and len({(equal.standing, equal.partial, equal.reserve) for equal in equals}) > 1:
            draws.append(Draw(rank, tuple(equal.reference for equal in equals)))
    return tuple(draws)
