"""All sheets of a round side by side: what each judge gave, their mean, and how far they are apart."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from scoring.methods import juror_criteria, juror_totals
from scoring.models import Mark, Scoresheet
from scoring.ranking import rank, shown
from scoring.sheets import material
from tender.schemes.definition import Method

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scoring.methods import Floats
    from scoring.ranking import Ranked
    from scoring.sheets import MarkRow
    from tender.models import Application, Stage, User

ORDER_IS_NOT_SHOWN = b"this draw orders nothing that is shown"


@dataclass(frozen=True, slots=True)
class Column:
    """One judge's sheet: total and criteria on the 0..100 scale (None: not marked), and every mark by question."""

    sheet: Scoresheet
    total: Decimal | None
    criteria: tuple[Decimal | None, ...]
    marks: dict[str, Mark]


@dataclass(frozen=True, slots=True)
class Compared:
    """One application: the mean of its sheets, per criterion and in all, their spread, and the sheets by the judge's name.

    ``before``: mean and spread of the independent sheets, where marks changed in the meeting.
    """

    application: Application
    total: Decimal | None = None
    spread: Decimal | None = None
    criteria: tuple[Decimal | None, ...] = ()
    columns: list[Column] = field(default_factory=list)
    before: tuple[Decimal | None, Decimal | None] | None = None


def side_by_side(stage: Stage, cases: Iterable[Application]) -> list[Compared]:
    """The applications with the sheets that are in, those on which the judges are furthest apart first.

    Totals and criteria run from 0 to 100; the spread is the standard deviation over the judges' own totals, None under two sheets.
    Five queries, however many sheets.
    """
    named = {case.pk: case for case in cases}
    done = Scoresheet.objects.done().filter(stage=stage, application__in=named).select_related("juror")
    sheets = list(done.prefetch_related("marks__changes").order_by("juror__name", "pk"))
    if not sheets:
        return [Compared(case) for case in sorted(named.values(), key=lambda case: case.reference)]
    found = compare(stage, named, sheets, as_of(stage, named, sheets))
    return sorted(found, key=lambda row: (row.spread is None, -(row.spread or 0), row.application.reference))


@dataclass(frozen=True, slots=True)
class Moved:
    """One application whose mean moved: what it was, what it is."""

    application: Application
    before: Decimal | None
    now: Decimal | None


def moved(stage: Stage, rows: Sequence[Compared], change: int) -> list[Moved]:
    """Which of these rows moved since the `MarkChange` with this primary key, in their order."""
    sheets = [column.sheet for row in rows for column in row.columns]
    was = as_of(stage, {row.application.pk: row.application for row in rows}, sheets, change)
    return [
        Moved(row.application, shown(was[row.application.reference].total), row.total) for row in rows if row.application.reference in was
    ]


def as_of(stage: Stage, named: dict[int, Application], sheets: Sequence[Scoresheet], change: int = 0) -> dict[str, Ranked]:
    """The figures as they were just after the `MarkChange` with this primary key, by reference, of those applications on which a mark
    changed later; 0: as the sheets were sealed, independent of each other."""
    changed = {
        named[sheet.application_id].reference
        for sheet in sheets
        if any(later.pk > change for mark in sheet.marks.all() for later in mark.changes.all())
    }
    if not changed:
        return {}
    given = [row for row in given_marks(named, sheets, as_of=change) if row[0] in changed]
    rows = rank(material(sorted(changed), stage.rules.rubric, given), Method.WEIGHTED_MEAN, seed=ORDER_IS_NOT_SHOWN)
    return {row.reference: row for row in rows}


def given_marks(named: dict[int, Application], sheets: Sequence[Scoresheet], *, as_of: int | None = None) -> list[MarkRow]:
    """The marks as rows (reference, juror, question, value): as they are now, or as they were just after a change in the meeting."""
    return [
        (named[sheet.application_id].reference, str(sheet.juror_id), mark.question, mark.value if as_of is None else value_at(mark, as_of))
        for sheet in sheets
        for mark in sheet.marks.all()
    ]


def value_at(mark: Mark, change: int) -> Decimal | None:
    """What a mark was before the first of its changes after this one."""
    later = next((each for each in mark.changes.all() if each.pk > change), None)
    return mark.value if later is None else later.before


def compare(stage: Stage, named: dict[int, Application], sheets: Sequence[Scoresheet], before: dict[str, Ranked]) -> list[Compared]:
    """The figures, from the same arithmetic that ranks."""
    cases, given = list(named.values()), given_marks(named, sheets)
    stuff = material([case.reference for case in cases], stage.rules.rubric, given)
    rows = {row.reference: row for row in rank(stuff, Method.WEIGHTED_MEAN, seed=ORDER_IS_NOT_SHOWN)}
    judges = {judge: index for index, judge in enumerate(sorted({judge for _case, judge, _question, _value in given}))}
    totals, criteria = juror_totals(stuff), juror_criteria(stuff)
    found = {}
    for index, case in enumerate(cases):
        row, was = rows[case.reference], before.get(case.reference)
        means = tuple(shown(row.criteria[key]) for key in stuff.criteria)
        found[case.pk] = Compared(
            case, shown(row.total), spread_of(row), means, before=None if was is None else (shown(was.total), spread_of(was))
        )
        for sheet in sheets:
            judge = judges.get(str(sheet.juror_id))
            if sheet.application_id == case.pk and judge is not None:
                found[case.pk].columns.append(column(sheet, totals[index, judge], criteria[index, judge]))
    return list(found.values())


def spread_of(row: Ranked) -> Decimal | None:
    """The standard deviation over the judges' totals, to be shown."""
    return None if row.spread is None else rounded(row.spread)


def column(sheet: Scoresheet, total: float, criteria: Floats) -> Column:
    """One judge's sheet with its figures."""
    marks = {mark.question: mark for mark in sheet.marks.all()}
    return Column(sheet, rounded(total), tuple(rounded(value) for value in criteria.tolist()), marks)


def rounded(value: float) -> Decimal | None:
    """A figure to be shown, with two places; None for nan."""
    return None if value != value else Decimal(str(value)).quantize(Decimal("0.01"))  # noqa: PLR0124


def own_marks(stage: Stage, user: User) -> Counter[Decimal]:
    """How often this person gave each mark in this round, over their own sheets."""
    mine = Scoresheet.objects.of(user).filter(stage=stage)
    given = Mark.objects.filter(sheet__in=mine).values_list("value", flat=True)
    return Counter(value for value in given if value is not None)
