"""Who scores what: a mixed-integer programme that spreads the work evenly over jurors who have no conflict.

Pure: arrays in, a boolean array out; the same input always gives the same assignment. Source: design `scoring.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, hstack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scipy.sparse import csr_array

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

TABLE: Final = 2  # dimensions: proposals, jurors


class Infeasible(ValueError):
    """A proposal cannot get the jurors it needs: ``proposal`` is its row, ``why`` says it in words, ``group`` names the group that
    lacks a juror (empty where it is something else)."""

    def __init__(self, why: str, proposal: int, group: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.proposal = proposal
        self.group = group


@dataclass(frozen=True, slots=True, eq=False)
class Preference:
    """What makes one assignment better than another, beside balance.

    ``expertise`` float (proposals, jurors), 0..1: how well the juror knows the subject. ``groups`` are boolean arrays
    (proposals, jurors): of each, every proposal gets at least one juror (one from its theme, one from the creative
    networks); a row of nothing but true asks nothing. ``names`` of the groups serve the message of `Infeasible`. ``fixed`` bool
    (proposals, jurors): these score it whatever else; the rest is spread around them.
    """

    expertise: Floats | None = None
    groups: Sequence[Bools] = ()
    names: Sequence[str] = ()
    fixed: Bools | None = None

    def named(self) -> list[tuple[str, Bools]]:
        """Every group with its name, or its number where it has none."""
        names = [*self.names, *(f"group {index + 1}" for index in range(len(self.names), len(self.groups)))]
        return list(zip(names, self.groups, strict=False))


@dataclass(frozen=True, slots=True, eq=False)
class _Task:
    """What is asked, checked: ``free`` and ``fixed`` bool (proposals, jurors), ``need`` int (proposals)."""

    free: Bools
    fixed: Bools
    need: Counts
    expertise: Floats
    groups: tuple[Bools, ...]


def assign(conflicts: Bools, per_proposal: int | Counts, preference: Preference | None = None) -> Bools:
    """Assign ``per_proposal`` jurors to every proposal (or to each its own number): bool (proposals, jurors), true = scores it.

    ``conflicts`` bool (proposals, jurors), true = must not score it. No juror scores more than one proposal more than
    another, unless conflicts leave that other too few or fixed pairs give this one more; where they forbid even that, nobody is
    further from an even share than someone must be. Of all such assignments the one with the highest total expertise is taken.
    Errors: `Infeasible` where a proposal has too few jurors without a conflict, none of a group, too few to be of every group, or
    fixed pairs that conflict or are too many; ``ValueError`` for shapes that do not fit or fewer than one juror per proposal.
    """
    wish = preference or Preference()
    _checked(conflicts, np.asarray(per_proposal), wish)
    free = np.logical_not(conflicts)
    task = _Task(
        free,
        np.zeros_like(free) if wish.fixed is None else wish.fixed,
        np.broadcast_to(np.asarray(per_proposal, dtype=np.int64), (len(free),)),
        np.zeros(free.shape) if wish.expertise is None else wish.expertise,
        tuple(wish.groups),
    )
    for proposal in range(len(free)):
        _coverable(task, proposal, wish.named())
    if not len(free):
        return np.zeros(free.shape, dtype=np.bool_)
    found = _solved(task, *even_shares(~task.free, task.need, task.fixed))
    return _solved(task, *_nearest(task)) if found is None else found  # type: ignore[return-value]  # so far apart there is one


def loads(assignment: Bools) -> Counts:
    """How many proposals each juror scores: int (jurors)."""
    counts: Counts = assignment.sum(axis=0, dtype=np.int64)
    return counts


def even_shares(conflicts: Bools, per_proposal: int | Counts, fixed: Bools | None = None) -> tuple[Counts, Counts]:
    """The least and the most that each juror scores where the work is spread evenly, one apart: two arrays int (jurors).

    Who has fewer proposals left by conflicts scores all of those; who has more fixed scores these.
    """
    free = np.logical_not(conflicts)
    least = loads(np.zeros_like(free) if fixed is None else fixed)
    most = free.sum(axis=0, dtype=np.int64)
    level = _level(least, most, int(np.broadcast_to(np.asarray(per_proposal), (len(free),)).sum()))
    return np.clip(level - 1, least, most), np.clip(level, least, most)


def _level(least: Counts, most: Counts, sheets: int) -> int:
    """The least load at which the jurors, each between their ``least`` and ``most``, can do all the sheets."""
    level = -(-sheets // max(1, len(most)))
    while level and np.clip(level - 1, least, most).sum() >= sheets:  # fixed pairs give some more than an even share
        level -= 1
    while np.clip(level, least, most).sum() < sheets:  # conflicts leave some less
        level += 1
    return level


def _checked(conflicts: Bools, per_proposal: NDArray[np.generic], wish: Preference) -> None:
    others = [each for each in (wish.expertise, wish.fixed) if each is not None]
    shapes = [array.shape for array in (*wish.groups, *others)]
    if conflicts.ndim != TABLE or any(shape != conflicts.shape for shape in shapes):
        raise ValueError("Conflicts, expertise, groups and fixed pairs are all tables of the same proposals by the same jurors.")
    if per_proposal.shape not in {(), conflicts.shape[:1]}:
        raise ValueError("There is one number of jurors for all proposals, or one for each.")
    if (per_proposal < 1).any():  # type: ignore[operator]  # a number, as the caller's types say
        raise ValueError("Every proposal is scored by one juror at least.")


def _coverable(task: _Task, proposal: int, groups: Sequence[tuple[str, Bools]]) -> None:
    """Refuse, by name, a proposal that no assignment of the others can help."""
    jurors, need = task.free[proposal], int(task.need[proposal])
    _fixed_fit(task, proposal)
    if jurors.sum() < need:
        raise Infeasible(f"{int(jurors.sum())} of {len(jurors)} jurors have no conflict; {need} are needed.", proposal)
    for name, group in groups:
        if not (jurors & group[proposal]).any():
            raise Infeasible(f"No juror of {name} is without a conflict.", proposal, name)
    if not _coverable_alone(task, proposal):
        raise Infeasible(f"{need} jurors cannot be of every group: {', '.join(name for name, _ in groups)}.", proposal)


def _fixed_fit(task: _Task, proposal: int) -> None:
    """Refuse fixed pairs that conflict, or that are more than a proposal needs."""
    fixed, need = task.fixed[proposal], int(task.need[proposal])
    if (fixed & ~task.free[proposal]).any():
        raise Infeasible("A fixed juror has a conflict.", proposal)
    if fixed.sum() > need:
        raise Infeasible(f"{int(fixed.sum())} jurors are fixed; {need} are needed.", proposal)


def _coverable_alone(task: _Task, proposal: int) -> bool:
    """Whether the jurors of a proposal, beside those fixed, can be of every group (each group by some juror; groups may overlap)."""
    kinds = [tuple(bool(group[proposal, juror]) for group in task.groups) for juror in range(task.free.shape[1])]
    fixed = np.flatnonzero(task.fixed[proposal])
    others = {kinds[juror] for juror in np.flatnonzero(task.free[proposal] & ~task.fixed[proposal])}
    reached = {tuple(any(kinds[juror][group] for juror in fixed) for group in range(len(task.groups)))}
    for _ in range(int(task.need[proposal]) - len(fixed)):
        reached |= {tuple(a or b for a, b in zip(have, kind, strict=True)) for have in reached for kind in others}
    return any(all(have) for have in reached)


def _solved(task: _Task, least: Counts, most: Counts) -> Bools | None:
    """The most expert assignment in which each juror scores from their ``least`` to their ``most``; None where there is none."""
    result = milp(
        c=-task.expertise.ravel(),
        integrality=np.ones(task.free.size, dtype=np.int64),
        bounds=Bounds(task.fixed.ravel(), task.free.ravel()),
        constraints=[*_covers(task, task.free.size), LinearConstraint(_rows(task.free, by_juror=True), least, most)],
    )
    if result.x is None:
        return None
    assigned: Bools = np.rint(result.x).reshape(task.free.shape) == 1
    return assigned


def _nearest(task: _Task) -> tuple[Counts, Counts]:
    """The least and the most of each juror where the highest and the lowest load lie as near as may be.

    Who has too few proposals left by conflicts for an even share does not count for the lowest, nor who has too many fixed for the
    highest. The variables are the cells, then the lowest and the highest load.
    """
    cells, jurors = task.free.size, task.free.shape[1]
    fixed, free = loads(task.fixed), task.free.sum(axis=0, dtype=np.int64)
    level = _level(fixed, free, int(task.need.sum()))
    lower, upper = (free >= level - 1).astype(np.float64)[:, None], (fixed <= level).astype(np.float64)[:, None]
    loads_of, none = _rows(task.free, by_juror=True), coo_array((jurors, 1))
    result = milp(
        c=np.concatenate([np.zeros(cells), [-1, 1]]),
        integrality=np.ones(cells + 2, dtype=np.int64),
        bounds=Bounds(np.concatenate([task.fixed.ravel(), [0, level]]), np.concatenate([task.free.ravel(), [level, len(task.free)]])),
        constraints=[
            *_covers(task, cells + 2),
            LinearConstraint(hstack([loads_of, coo_array(-lower), none]), 0, np.inf),
            LinearConstraint(hstack([loads_of, none, coo_array(-upper)]), -np.inf, np.where(upper[:, 0], 0, len(task.free))),
        ],
    )
    lowest, highest = np.rint(np.asarray(result.x)[cells:]).astype(np.int64)
    return np.where(lower[:, 0], np.maximum(lowest, fixed), fixed), np.where(upper[:, 0], np.minimum(highest, free), free)


def _covers(task: _Task, width: int) -> list[LinearConstraint]:
    """Every proposal has its number, and of every group one."""
    return [
        LinearConstraint(_rows(task.free, width), task.need, task.need),
        *(LinearConstraint(_rows(task.free & group, width), 1, np.inf) for group in task.groups),
    ]


def _rows(cells: Bools, width: int = 0, *, by_juror: bool = False) -> csr_array:
    """One row per proposal (or juror): the sum of its ``cells``, among ``width`` variables (as many as there are cells, if not told)."""
    proposal, juror = np.nonzero(cells)
    count = cells.shape[1] if by_juror else cells.shape[0]
    places = (juror if by_juror else proposal, proposal * cells.shape[1] + juror)
    rows: csr_array = coo_array((np.ones(len(juror)), places), shape=(count, width or cells.size)).tocsr()
    return rows
