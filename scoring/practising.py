"""What a panel made of a practice proposal, beside the answer of the scheme. It counts nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from scoring.models import PracticeSheet
from tender.enums import SheetState

if TYPE_CHECKING:
    from scoring.models import Mark
    from tender.models import Stage, User
    from tender.schemes.definition import Criterion, Practice, PracticeAnchor, Question

ENOUGH = 3
"""From how many others on their marks are shown without names: with fewer everybody would know whose they are."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One question: its answer, one's own mark (None: one gave no form), and the marks of the others, from low to high."""

    criterion: Criterion
    question: Question
    answer: PracticeAnchor
    own: Mark | None
    others: tuple[Decimal, ...]

    @property
    def mean(self) -> Decimal | None:
        """The mean of the others; None without a mark."""
        return sum(self.others, Decimal()) / len(self.others) if self.others else None

    @property
    def distance(self) -> Decimal | None:
        """How far the others are from the answer on average, whichever way; None without a mark."""
        far = [abs(mark - self.answer.mark) for mark in self.others]
        return sum(far, Decimal()) / len(far) if far else None


def handed_in(stage: Stage, practice: Practice, *, but: User | None = None) -> list[PracticeSheet]:
    """The forms on a practice proposal that are in, without one person's own."""
    sheets = PracticeSheet.objects.filter(stage=stage, practice=practice.key, state=SheetState.SEALED)
    return list(sheets.exclude(juror=but) if but else sheets)


def may_show(sheets: list[PracticeSheet], reader: User) -> bool:
    """Whether their marks may be shown to this person: who takes their own away must not know whose are left."""
    return sum(sheet.juror_id != reader.pk for sheet in sheets) >= ENOUGH


def tried(stage: Stage, practice: Practice, own: PracticeSheet | None, others: list[PracticeSheet]) -> list[Tried]:
    """Each question of the rubric with its answer, one's own mark, and the marks of ``others``."""
    given = [sheet.given for sheet in others]
    mine = own.given if own is not None else {}
    found = []
    for criterion in stage.rules.rubric.criteria if stage.rules.rubric else ():
        for question in criterion.questions:
            name = f"{criterion.key}.{question.key}"
            marks = [sheet[name].value for sheet in given if name in sheet]
            known = sorted(mark for mark in marks if mark is not None)
            found.append(Tried(criterion, question, practice.anchor(name), mine.get(name), tuple(known)))
    return found
