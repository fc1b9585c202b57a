"""What adds up in a form: the sides of a balance, and tables over as many years as the work may last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tender.schemes.balancing import summed
from tender.schemes.checks import fields
from tender.schemes.definition import FieldKind
from tender.schemes.faults import labels, within

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tender.schemes.definition import Field, Form, Sum
    from tender.schemes.faults import Report

K = FieldKind


def check(form: Form, path: str, placed: Sequence[tuple[Field, str]], report: Report) -> None:
    """Note what is wrong with the sums of a form."""
    known = {field.key: (field, at) for field, at in placed}
    balances = within(path, "balance")
    for balance, at in zip(form.balance, labels(balances, [each.key for each in form.balance]), strict=True):
        for name, side in (("one", balance.one), ("other", balance.other)):
            sums = within(within(at, name), "sums")
            if not side.sums:
                report.add(sums, "names no sum, so there is nothing to compare", [at])
            for index, each in enumerate(side.sums):
                _sum(each, f"{sums}[{index}]", known, report)
    _long_enough(form, path, placed, report)


def _sum(each: Sum, path: str, known: Mapping[str, tuple[Field, str]], report: Report) -> None:
    field_at = within(path, "field")
    if each.field not in known:
        report.add(field_at, f"“{each.field}” is not a field of this form", [at for key, (_field, at) in known.items() if not key])
        return
    field, at = known[each.field]
    if field.kind is not K.MONEY and not summed(field):
        said = f"“{each.field}” adds up to nothing: name a money field, partners, or a table with years or a sum_column"
        report.add(field_at, said, [at])
    _rows(each, field, at, path, report)


def _rows(each: Sum, field: Field, at: str, path: str, report: Report) -> None:
    """Note what is wrong with the choice of rows."""
    if each.column is None:
        if each.values:
            report.add(within(path, "values"), "needs the column in which these values stand")
        return
    column = next((column for column in field.columns if column.key == each.column), None)
    if column is None or column.kind is not K.CHOICE:
        report.add(within(path, "column"), f"“{each.column}” is not a choice column of {each.field}", [at])
        return
    _values(each, tuple(option.value for option in column.options), at, path, report)


def _values(each: Sum, options: Sequence[str], at: str, path: str, report: Report) -> None:
    if not each.values:
        report.add(within(path, "values"), "names no value, so no row would count")
    for index, value in enumerate(each.values):
        if value not in options:
            report.add(f"{within(path, 'values')}[{index}]", f"“{value}” is not a value of {each.column}: {', '.join(options)}", [at])


def _long_enough(form: Form, path: str, placed: Sequence[tuple[Field, str]], report: Report) -> None:
    lasts = next((field.maximum for field, _at in placed if field.key == form.years), None)
    for field, at in placed:
        if field.years is not None and field.years <= fields.MOST_YEARS and lasts is not None and field.years < lasts:
            report.add(within(at, "years"), f"is less than the {lasts} years that the work may last", [within(path, "years")])
