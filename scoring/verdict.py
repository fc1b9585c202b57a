"""Pass or fail: what the assessors of one application say together, as `scoring.methods.pass_fail` counts it.

Where the scheme goes by order of receipt alone there is nothing to fail.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from scoring.methods import given_in, pass_fail
from scoring.models import Mark, Scoresheet
from scoring.sheets import material, question_names
from tender.schemes.definition import Method

if TYPE_CHECKING:
    from tender.models import Application


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many assessors passed it on every question, of how many needed, and which criteria were not passed by someone.

    ``needed`` is 0 where the scheme asks nobody to pass anything.
    """

    passes: int
    needed: int
    criteria: tuple[str, ...]
    passed: bool


def passes(application: Application) -> Verdict:
    """The verdict over the sheets that are in; a question that was not judged is not a pass."""
    rules = application.stage.rules
    if rules.selection.method != Method.PASS_FAIL:
        return Verdict(passes=0, needed=0, criteria=(), passed=True)
    rubric, best = rules.rubric, rules.rubric.maximum if rules.rubric else Decimal(1)
    sheets = Scoresheet.objects.done().filter(application=application, stage=application.stage)
    given = Mark.objects.filter(sheet__in=sheets).values_list("sheet__juror_id", "question", "value")
    rows = [("it", str(juror), question, value) for juror, question, value in given]
    marks = material(["it"], rubric, rows).marks
    counts, passed, _decided = pass_fail(marks, rules.selection.passes_needed, best)
    assessed = int(given_in(marks).any(axis=2).sum())
    short = zip(question_names(rubric), (marks[0] != float(best)).any(axis=0), strict=True)
    return Verdict(
        passes=int(counts[0]),
        needed=max(rules.selection.passes_needed or assessed, 1),
        criteria=tuple(sorted({name.split(".")[0] for name, lacking in short if lacking})),
        passed=bool(passed[0]),
    )
