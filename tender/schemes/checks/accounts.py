"""What reports account for: the budget, the indicators, the class of the grant, and the review."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tender.accounting import OWN_KEYS
from tender.enums import AccountClass
from tender.framework import borders_on
from tender.schemes.checks import fields, forms
from tender.schemes.definition import Amount, FieldKind
from tender.schemes.faults import labels, within

if TYPE_CHECKING:
    from decimal import Decimal

    from tender.schemes.definition import BudgetTerms, Field, GrantTerms, ReportTerm, Stage
    from tender.schemes.faults import Report

MOST_WEEKS = 52
TEXTS = (FieldKind.SHORT_TEXT, FieldKind.CHOICE)


def check(stage: Stage, path: str, report: Report) -> None:
    """Note what is wrong with what the reports of a grant account for."""
    grant = stage.grant
    _classes(grant, path, report)
    if grant.budget is not None:
        _budget(stage, grant.budget, within(path, "budget"), report)
    _indicators(stage, path, report)
    at = within(path, "reports")
    for term, place in zip(grant.reports, labels(at, [each.key for each in grant.reports]), strict=True):
        _asked(term, grant, path, place, report)
        _by_class(term, grant, place, report)


def _classes(grant: GrantTerms, path: str, report: Report) -> None:
    if grant.classes is None:
        return
    at = within(path, "classes")
    for name in ("activity", "cost"):
        fields.cents(getattr(grant.classes, name), within(at, name), report)
    if not 0 < grant.classes.activity <= grant.classes.cost:
        report.add(at, "activity must be above 0 and at most cost")


def _budget(stage: Stage, budget: BudgetTerms, path: str, report: Report) -> None:
    _table(stage, budget.costs, budget.line, ("costs", "line"), path, report)
    if (budget.income is None) != (budget.source is None):
        report.add(path, "income and source are named together or not at all")
    elif budget.income is not None and budget.source is not None:
        _table(stage, budget.income, budget.source, ("income", "source"), path, report)
    if not 0 <= budget.threshold <= 1:
        report.add(within(path, "threshold"), "is a share, from 0 to 1")


def _table(stage: Stage, key: str, column: str, names: tuple[str, str], path: str, report: Report) -> None:
    """A table with money in it, and the column that names its lines."""
    found = next((field for field in stage.form.fields() if field.key == key), None)
    if found is None or found.kind is not FieldKind.TABLE or not (found.years or found.sum_column):
        report.add(within(path, names[0]), f"“{key}” is not a table of the form with money that adds up", [within(path, names[0])])
    elif column not in [each.key for each in found.columns if each.kind in TEXTS]:
        report.add(within(path, names[1]), f"“{column}” is not a column of “{key}” with a text or a choice", [within(path, names[0])])


def _indicators(stage: Stage, path: str, report: Report) -> None:
    at, numbers = within(path, "indicators"), [each.key for each in stage.form.fields() if each.kind is FieldKind.NUMBER]
    for each, place in zip(stage.grant.indicators, labels(at, [one.key for one in stage.grant.indicators]), strict=True):
        if (each.target is None) == (each.target_from is None):
            report.add(place, "needs either a target or the question that tells it (target_from)")
        elif each.target_from is not None and each.target_from not in numbers:
            report.add(within(place, "target_from"), f"“{each.target_from}” is not a question of the form that asks for a number")


def _asked(term: ReportTerm, grant: GrantTerms, path: str, place: str, report: Report) -> None:
    if term.review and term.final:
        report.add(within(place, "review"), "a final report is no review: after it nothing goes on", [within(place, "final")])
    if term.budget and grant.budget is None:
        report.add(within(place, "budget"), "says nothing: the grant does not tell where its budget stands", [within(path, "budget")])
    if term.indicators and not grant.indicators:
        report.add(within(place, "indicators"), "says nothing: the grant has no indicators", [within(path, "indicators")])
    if term.opens_weeks is not None and not 1 <= term.opens_weeks <= MOST_WEEKS:
        report.add(within(place, "opens_weeks"), f"must be from 1 to {MOST_WEEKS}")
    if term.repair_days == 0:
        report.add(within(place, "repair_days"), "must be 1 or more")


def _by_class(term: ReportTerm, grant: GrantTerms, place: str, report: Report) -> None:
    groups: dict[str, tuple[Field, ...]] = {str(each): getattr(term, each) for each in AccountClass}
    for name, asked in groups.items():
        if asked and not term.final:
            report.add(within(place, name), "is asked in the final report only", [within(place, "final")])
        _group(term, asked, within(place, name), report)
    for field in (*term.form, *(field for asked in groups.values() for field in asked)):
        if field.key in OWN_KEYS:
            report.add(place, f"“{field.key}” is the key of a question that the program asks itself")
    if term.final and not grant.directly_settled:
        _enough(term, grant, place, report)


def _group(term: ReportTerm, asked: tuple[Field, ...], path: str, report: Report) -> None:
    """The questions of one class: right by themselves, and none of them in the form of the report already."""
    placed = list(zip(asked, labels(path, [field.key for field in asked]), strict=True))
    forms.sequence(placed, report)
    known = {field.key for field in term.form}
    for field, where in placed:
        if field.key in known:
            report.add(within(where, "key"), f"“{field.key}” is asked in the form of this report already")
        if field.eligibility is not None:
            report.add(within(where, "eligibility"), "is for an application; a report has no conditions of entry")


def _enough(term: ReportTerm, grant: GrantTerms, place: str, report: Report) -> None:
    """A grant that can be so large is accounted for as its class demands."""
    largest, borders = _largest(grant), grant.classes or borders_on(date.max)
    if largest is None:
        return
    if largest >= borders.cost and not any(field.kind is FieldKind.FILE and field.required for field in term.cost):
        said = f"a grant of {borders.cost} or more needs an auditor's statement: a file that must be there"
        report.add(within(place, "cost"), said, [within(place, "final")])
    if largest >= borders.activity and not any(field.required for field in term.activity):
        said = f"a grant of {borders.activity} or more accounts for the activity: ask something that must be answered"
        report.add(within(place, "activity"), said, [within(place, "final")])


def _largest(grant: GrantTerms) -> Decimal | None:
    return grant.flat if grant.amount is Amount.FLAT else grant.maximum
