"""What a scheme says about judging: on what, with which marks, how many must judge, and what is made of it. Part of `definition`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from tender.schemes.vocabulary import Cutoff, Method, Text


@dataclass(frozen=True, slots=True)
class Question:
    """What a juror answers; the questions of a criterion share its weight equally."""

    key: str
    label: Text


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a mark means."""

    mark: Decimal
    label: Text


@dataclass(frozen=True, slots=True)
class Criterion:
    """One ground of judgement. ``floor`` is on the 0..100 scale."""

    key: str
    label: Text
    help: Text | None
    weight: Decimal
    floor: Decimal | None
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Rubric:
    """The scoring form: marks run from minimum to maximum in steps.

    ``explain_extremes``: the lowest and the highest mark need a remark; on a scale of two marks, where each is an end, only the lower.
    """

    minimum: Decimal
    maximum: Decimal
    step: Decimal
    criteria: tuple[Criterion, ...]
    anchors: tuple[Anchor, ...] = ()
    explain_extremes: bool = True

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions as marks name them, ``criterion.question``, in order."""
        return tuple(f"{criterion.key}.{question.key}" for criterion in self.criteria for question in criterion.questions)

    def has(self, mark: Decimal) -> bool:
        """Whether this mark can be given."""
        return self.minimum <= mark <= self.maximum and not (mark - self.minimum) % self.step

    @property
    def extremes(self) -> tuple[Decimal, ...]:
        """The marks that need a remark."""
        if not self.explain_extremes:
            return ()
        return (self.minimum,) if self.minimum + self.step >= self.maximum else (self.minimum, self.maximum)


@dataclass(frozen=True, slots=True)
class PracticeSection:
    """A part of a practice proposal, under its heading."""

    label: Text
    text: Text


@dataclass(frozen=True, slots=True)
class PracticeAnchor:
    """The mark that a practice proposal deserves on a ``criterion.question``, and why."""

    question: str
    mark: Decimal
    why: Text


@dataclass(frozen=True, slots=True)
class Practice:
    """A made-up proposal on which a panel tries its marks: scored by every member, counted nowhere, compared with an answer."""

    key: str
    title: Text
    sections: tuple[PracticeSection, ...]
    anchors: tuple[PracticeAnchor, ...]

    def anchor(self, question: str) -> PracticeAnchor:
        """The answer on a question; every question has one."""
        return next(anchor for anchor in self.anchors if anchor.question == question)


def part_of(number: int, share: Decimal) -> int:
    """This share of a number, rounded up; a share as short as 0.6667 is two thirds, and not one more."""
    return ceil(share * number - share / 1000)


@dataclass(frozen=True, slots=True)
class Quorum:
    """Sheets needed per application: ``sheets`` or more (all assigned, if fewer), and this share of those assigned.

    ``present``: of the members without an interest, the share that must be in the meeting, and in the room for an application.
    """

    sheets: int = 3
    share: Decimal = Decimal("0.6667")
    present: Decimal = Decimal("0.6667")

    def sheets_of(self, assigned: int) -> int:
        """How many of the sheets ``assigned`` to an application must be in; one at least."""
        return max(1, min(self.sheets, assigned), part_of(assigned, self.share))

    def members_of(self, free: int) -> int:
        """How many of the members ``free`` of an interest must be there; one at least."""
        return max(1, part_of(free, self.present))


@dataclass(frozen=True, slots=True)
class Reserve:
    """A reserve list: how many places, and how long one is valid."""

    places: int
    weeks: int


@dataclass(frozen=True, slots=True)
class Selection:
    """The rule that turns a ranking into a selection. Floors are on the 0..100 scale (a criterion's is in the rubric).

    ``aim``/``most``: take ``aim``; everybody tied with the last of them on total and tie-break criteria comes in too if
    that makes at most ``most``, else the lottery decides. ``meeting_fixes = (low, high)``: the meeting fixes the number
    before ranking. ``tie_break``: criterion keys, then the word ``lottery``. ``trim``: for ``trimmed_mean``, the share of
    the jurors (under a half) whose marks on a criterion are left out at each end.
    """

    method: Method
    floor: Decimal | None = None
    aim: int | None = None
    most: int | None = None
    meeting_fixes: tuple[int, int] | None = None
    within_ceiling: bool = True
    cutoff: Cutoff = Cutoff.PARTIAL
    tie_break: tuple[str, ...] = ("lottery",)
    trim: Decimal | None = None
    passes_needed: int | None = None
    reserve: Reserve | None = None
