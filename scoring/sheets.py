"""From a rubric and rows of marks to the arrays a method works on. Pure: no database, only the scheme's rubric."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from scoring.methods import Material

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from scoring.methods import Floats
    from tender.schemes.definition import Rubric, Selection

    MarkRow = tuple[str, str, str, Decimal | None]


def question_names(rubric: Rubric | None) -> tuple[str, ...]:
    """The questions as marks name them, ``criterion.question``, in the order of the rubric."""
    return rubric.questions if rubric else ()


def material(
    references: Sequence[str],
    rubric: Rubric | None = None,
    marks: Iterable[MarkRow] = (),
    *,
    rule: Selection | None = None,
    received: Mapping[str, date] | None = None,
    earlier: Mapping[str, int] | None = None,
) -> Material:
    """The material for `scoring.ranking.rank`.

    ``marks`` are rows (reference, juror, ``criterion.question``, value), with None for a mark the juror was unable to
    give; a juror is any name that tells one from the other. ``received`` (Amsterdam day of complete receipt),
    ``earlier`` (place in the previous order) and the numbers of the ``rule`` serve the methods that ask for them. Without a
    rubric nothing is scored, and no marks may come.
    Errors: ``KeyError`` for a mark on a reference or a question that is not there; ``ValueError`` as `Material`, and
    where one juror marked one question twice.
    """
    criteria = rubric.criteria if rubric else ()
    return Material(
        references=tuple(references),
        marks=_array(list(marks), references, question_names(rubric)),
        criterion_of=tuple(index for index, criterion in enumerate(criteria) for _ in criterion.questions),
        criteria=tuple(criterion.key for criterion in criteria),
        weights=tuple(criterion.weight for criterion in criteria),
        trim=(rule and rule.trim) or Decimal(0),
        passes_needed=rule.passes_needed if rule else None,
        received=dict(received or {}),
        earlier=dict(earlier or {}),
        minimum=rubric.minimum if rubric else Decimal(0),
        maximum=rubric.maximum if rubric else Decimal(1),
    )


def _array(rows: Sequence[MarkRow], references: Sequence[str], questions: Sequence[str]) -> Floats:
    jurors = sorted({juror for _, juror, _, _ in rows})
    places = [{name: index for index, name in enumerate(names)} for names in (references, jurors, questions)]
    array = np.full((len(references), len(jurors), len(questions)), np.nan)
    seen: set[tuple[int, int, int]] = set()
    for reference, juror, question, value in rows:
        cell = places[0][reference], places[1][juror], places[2][question]
        if cell in seen:
            raise ValueError(f"{juror} marked {question} of {reference} twice.")
        seen.add(cell)
        array[cell] = np.nan if value is None else float(value)
    return array
