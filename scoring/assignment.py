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

TABLE: Final = 2  # dimensions: proposals, jurors


class Infeasible(ValueError):
    """A proposal cannot get the jurors it needs: ``proposal`` is its row, ``why`` says it in words."""

    def __init__(self, why: str, proposal: int) -> None:
        super().__init__(why)
        self.why = why
        self.proposal = proposal


@dataclass(frozen=True, slots=True, eq=False)
class Preference:
    """What makes one assignment better than another, beside balance.

    ``expertise`` float (proposals, jurors), 0..1: how well the juror knows the subject. ``groups`` are boolean arrays
    (proposals, jurors): of each, every proposal gets at least one juror (one from its theme, one from the creative
    networks). ``names`` of the groups serve the message of `Infeasible`.
    """

    expertise: Floats | None = None
    groups: Sequence[Bools] = ()
    names: Sequence[str] = ()


def assign(conflicts: Bools, per_proposal: int, preference: Preference | None = None) -> Bools:
    """Assign ``per_proposal`` jurors to every proposal: bool (proposals, jurors), true = scores it.

    ``conflicts`` bool (proposals, jurors), true = must not score it. No juror scores more than one proposal more than
    another, unless conflicts leave that other too few; where they forbid even that, the difference is as small as they
    allow. Of all such assignments the one with the highest total expertise is taken.
    Errors: `Infeasible` where a proposal has too few jurors without a conflict, none of a group, or too few to be of
    every group; ``ValueError`` for shapes that do not fit or fewer than one juror per proposal.
    """
    wish = preference or Preference()
    free: Bools = np.logical_not(conflicts)
    _checked(free, per_proposal, wish)
    _coverable(free, per_proposal, wish)
    if not len(free):
        return np.zeros(free.shape, dtype=np.bool_)
    for widen in (False, True):
        found = _solved(free, per_proposal, wish, widen=widen)
        if found is not None:
            return found
    raise AssertionError("The solver found none, although every proposal can be covered.")  # pragma: no cover


def loads(assignment: Bools) -> NDArray[np.int64]:
    """How many proposals each juror scores: int (jurors)."""
    counts: NDArray[np.int64] = assignment.sum(axis=0, dtype=np.int64)
    return counts


def _checked(free: Bools, per_proposal: int, wish: Preference) -> None:
    shapes = [array.shape for array in (*wish.groups, *([] if wish.expertise is None else [wish.expertise]))]
    if free.ndim != TABLE or any(shape != free.shape for shape in shapes):
        raise ValueError("Conflicts, expertise and groups are all tables of the same proposals by the same jurors.")
    if per_proposal < 1:
        raise ValueError("Every proposal is scored by one juror at least.")


def _coverable(free: Bools, per_proposal: int, wish: Preference) -> None:
    """Refuse, by name, the first proposal that no assignment of the others can help."""
    names = [*wish.names, *(f"group {index + 1}" for index in range(len(wish.names), len(wish.groups)))]
    for proposal, jurors in enumerate(free):
        if jurors.sum() < per_proposal:
            raise Infeasible(f"{int(jurors.sum())} of {len(jurors)} jurors have no conflict; {per_proposal} are needed.", proposal)
        for name, group in zip(names, wish.groups, strict=False):
            if not (jurors & group[proposal]).any():
                raise Infeasible(f"No juror of {name} is without a conflict.", proposal)
        if not _coverable_alone(jurors, per_proposal, [group[proposal] for group in wish.groups]):
            raise Infeasible(f"{per_proposal} jurors cannot be of every group: {', '.join(names)}.", proposal)


def _coverable_alone(jurors: Bools, seats: int, groups: Sequence[Bools]) -> bool:
    """Whether ``seats`` of these jurors can be of every group (each group by some juror; groups may overlap)."""
    kinds = {tuple(bool(group[juror]) for group in groups) for juror in np.flatnonzero(jurors)}
    reached = {tuple(False for _ in groups)}
    for _ in range(seats):
        reached |= {tuple(a or b for a, b in zip(have, kind, strict=True)) for have in reached for kind in kinds}
    return any(all(have) for have in reached)


def _solved(free: Bools, per_proposal: int, wish: Preference, *, widen: bool) -> Bools | None:
    """The best assignment, with loads one apart or (``widen``) as near as may be; None where there is none.

    The variables are the cells (proposal, juror), then the lowest and the highest load.
    """
    cells = free.size
    level = _level(free.sum(axis=0), len(free) * per_proposal)
    lowest, highest = (0, len(free)) if widen else (level - 1, level)
    expertise = np.zeros(free.shape) if wish.expertise is None else wish.expertise
    apart = 1 + np.abs(expertise).sum() if widen else 0
    result = milp(
        c=np.concatenate([-expertise.ravel(), [-apart, apart]]),
        integrality=np.ones(cells + 2, dtype=np.int64),
        bounds=Bounds(
            np.concatenate([np.zeros(cells), [lowest, lowest]]),
            np.concatenate([free.ravel(), [level - 1 if widen else lowest, highest]]),
        ),
        constraints=[
            LinearConstraint(_rows(free), per_proposal, per_proposal),
            *(LinearConstraint(_rows(free & group), 1, np.inf) for group in wish.groups),
            *_balance(free, level, widen=widen),
        ],
    )
    if result.x is None:
        return None
    assigned: Bools = np.rint(result.x[:cells]).reshape(free.shape) == 1
    return assigned


def _level(available: NDArray[np.int64], sheets: int) -> int:
    """The least load at which the jurors, each as far as conflicts leave them proposals, can do all the sheets."""
    level = -(-sheets // len(available))
    while np.minimum(available, level).sum() < sheets:
        level += 1
    return level


def _balance(free: Bools, level: int, *, widen: bool) -> list[LinearConstraint]:
    """No load over the highest or under the lowest.

    A juror whose conflicts leave fewer proposals than an even share gets all of these; if the whole does not fit so
    (``widen``), as many as may be.
    """
    available = free.sum(axis=0)
    short = available < level - 1
    nobody = np.zeros(len(available))
    least = np.where(short & (not widen), available, 0)
    return [
        LinearConstraint(_rows(free, by_juror=True, lowest=nobody, highest=nobody - 1), -np.inf, 0),
        LinearConstraint(_rows(free, by_juror=True, lowest=nobody - ~short, highest=nobody), least, np.inf),
    ]


def _rows(cells: Bools, *, by_juror: bool = False, lowest: Floats | None = None, highest: Floats | None = None) -> csr_array:
    """One row per proposal (or juror): the sum of its ``cells``, and these factors of the two loads."""
    proposal, juror = np.nonzero(cells)
    row = juror if by_juror else proposal
    count = cells.shape[1] if by_juror else cells.shape[0]
    index = proposal * cells.shape[1] + juror
    sums = coo_array((np.ones(len(row)), (row, index)), shape=(count, cells.size))
    factors = np.stack([np.zeros(count) if column is None else column for column in (lowest, highest)], axis=1)
    rows: csr_array = hstack([sums, coo_array(factors)], format="csr")
    return rows
