"""One question of a form: does it have what its kind needs, and nothing that its kind does not use?"""

from __future__ import annotations

from dataclasses import MISSING, fields
from decimal import Decimal
from typing import TYPE_CHECKING

from tender.schemes.definition import Field, FieldKind
from tender.schemes.faults import labels, within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tender.schemes.definition import Column, Eligibility
    from tender.schemes.faults import Report

K = FieldKind
TEXTS = {K.SHORT_TEXT, K.LONG_TEXT}
CHOICES = {K.CHOICE, K.MULTI_CHOICE}
AMOUNTS = {K.NUMBER, K.MONEY}
ROWS = {K.TABLE, K.PARTNERS}
SWITCHES = CHOICES | {K.YES_NO}
COLUMN_KINDS = {K.SHORT_TEXT, K.LONG_TEXT, K.NUMBER, K.MONEY, K.DATE, K.CHOICE, K.YES_NO}
FILE_TYPES = ("pdf", "png", "jpeg", "mp4", "webm", "mov")
MOST_MEGABYTES = 100
MOST_YEARS = 10
YES_NO = ("yes", "no")

BELONGS: dict[str, set[FieldKind]] = {
    "max_words": TEXTS,
    "max_chars": TEXTS,
    "minimum": AMOUNTS,
    "maximum": AMOUNTS,
    "options": CHOICES,
    "columns": {K.TABLE},
    "min_rows": ROWS,
    "max_rows": ROWS,
    "sum_column": {K.TABLE},
    "sum_equals": {K.TABLE},
    "years": {K.TABLE},
    "file_types": {K.FILE},
    "max_megabytes": {K.FILE},
}
"""The kinds of field that use a member; on any other kind it says nothing, so it is a mistake."""

NEEDS: dict[FieldKind, tuple[str, ...]] = {
    K.CHOICE: ("options",),
    K.MULTI_CHOICE: ("options",),
    K.TABLE: ("columns",),
    K.FILE: ("file_types", "max_megabytes"),
}
"""What a field of a kind cannot do without."""

DEFAULTS = {member.name: member.default for member in fields(Field) if member.default is not MISSING}


def check(field: Field, path: str, report: Report) -> None:
    """Note what is wrong inside one question."""
    kind_at = within(path, "kind")
    for name, kinds in BELONGS.items():
        if field.kind not in kinds and getattr(field, name) != DEFAULTS[name]:
            shown = ", ".join(sorted(kinds))
            report.add(within(path, name), f"is only for a field of kind {shown}; this is {field.kind}", [kind_at])
    for name in NEEDS.get(field.kind, ()):
        if not getattr(field, name):
            report.add(within(path, name), f"is missing: a field of kind {field.kind} needs it", [kind_at])
    _limits(field, path, report)
    _file(field, path, report)
    _table(field, path, report)
    _eligibility(field, path, report)


def choices(field: Field) -> tuple[str, ...]:
    """The values an answer to a choice or yes/no field can have."""
    return YES_NO if field.kind is K.YES_NO else tuple(option.value for option in field.options)


def _limits(field: Field, path: str, report: Report) -> None:
    for name in ("max_words", "max_chars", "max_rows"):
        if getattr(field, name) == 0:
            report.add(within(path, name), "must be 1 or more")
    _range(field, path, report)
    if field.min_rows > field.max_rows:
        report.add(within(path, "min_rows"), f"is more than max_rows, which is {field.max_rows}")


def _range(field: Field | Column, path: str, report: Report) -> None:
    if field.minimum is not None and field.maximum is not None and field.minimum > field.maximum:
        report.add(within(path, "minimum"), f"is more than the maximum of {field.maximum}")
    if field.kind is K.MONEY:
        cents(field.minimum, within(path, "minimum"), report)
        cents(field.maximum, within(path, "maximum"), report)


def cents(amount: Decimal | None, path: str, report: Report) -> None:
    """Note an amount of money with more than two places, or below nothing."""
    if amount is None:
        return
    if amount != amount.quantize(Decimal("0.01")):
        report.add(path, "is money: at most two decimals")
    if amount < 0:
        report.add(path, "is money: 0 or more")


def _file(field: Field, path: str, report: Report) -> None:
    for index, name in enumerate(field.file_types):
        if name not in FILE_TYPES:
            report.add(f"{within(path, 'file_types')}[{index}]", f"must be one of {', '.join(FILE_TYPES)}")
    if field.max_megabytes is not None and not 1 <= field.max_megabytes <= MOST_MEGABYTES:
        report.add(within(path, "max_megabytes"), f"must be from 1 to {MOST_MEGABYTES}")


def _table(field: Field, path: str, report: Report) -> None:
    columns = within(path, "columns")
    for column, at in zip(field.columns, labels(columns, [each.key for each in field.columns]), strict=True):
        _column(column, at, report)
    if field.years is not None:
        _years(field, path, report)
    elif field.sum_column is not None:
        kinds = {column.key: column.kind for column in field.columns}
        if kinds.get(field.sum_column) is not K.MONEY:
            said = f"“{field.sum_column}” is not a money column of this table"
            report.add(within(path, "sum_column"), said, [columns])
    elif field.sum_equals is not None:
        report.add(within(path, "sum_equals"), "needs a sum_column to add up, or years")


def _years(field: Field, path: str, report: Report) -> None:
    if not 1 <= (field.years or 0) <= MOST_YEARS:
        report.add(within(path, "years"), f"must be from 1 to {MOST_YEARS}")
    if field.sum_column is not None:
        report.add(within(path, "sum_column"), "is not used: in a table over years the columns of the years add up")
    columns = within(path, "columns")
    for column, at in zip(field.columns, labels(columns, [each.key for each in field.columns]), strict=True):
        if column.key in {each.key for each in field.year_columns}:
            report.add(within(at, "key"), f"“{column.key}” is the column of a year; call it otherwise")


def _column(column: Column, path: str, report: Report) -> None:
    if column.kind not in COLUMN_KINDS:
        report.add(within(path, "kind"), f"a column is one of {', '.join(sorted(COLUMN_KINDS))}")
    if bool(column.options) != (column.kind is K.CHOICE):
        said = "is missing: a choice column needs it" if column.kind is K.CHOICE else "is only for a choice column"
        report.add(within(path, "options"), said, [within(path, "kind")])
    if column.kind not in AMOUNTS and (column.minimum is not None or column.maximum is not None):
        name = "minimum" if column.minimum is not None else "maximum"
        report.add(within(path, name), "is only for a money or number column", [within(path, "kind")])
    if column.kind not in TEXTS and column.max_words is not None:
        report.add(within(path, "max_words"), "is only for a column of text", [within(path, "kind")])
    elif column.max_words == 0:
        report.add(within(path, "max_words"), "must be 1 or more")
    _range(column, path, report)


def _eligibility(field: Field, path: str, report: Report) -> None:
    test, at = field.eligibility, within(path, "eligibility")
    if test is None:
        return
    _mend(test, at, report)
    given = [name for name in ("values", "at_least", "at_most") if getattr(test, name) not in (None, ())]
    if len(given) != 1:
        report.add(at, "needs exactly one test: values, at_least or at_most", [within(at, name) for name in TESTS])
        return
    fitting = SWITCHES if given[0] == "values" else AMOUNTS
    if field.kind not in fitting:
        said = f"does not fit a field of kind {field.kind}; it is for {', '.join(sorted(fitting))}"
        report.add(within(at, given[0]), said, [within(path, "kind")])
    elif given[0] == "values":
        known_values(field, test.values, within(at, "values"), report, within(path, "options"))
    if not field.required:
        report.add(at, "is a condition, so the field must be required: left empty it would pass")


def _mend(test: Eligibility, path: str, report: Report) -> None:
    if test.mend is not None and not test.can_be_mended:
        report.add(within(path, "mend"), "says how to mend what can_be_mended says cannot be", [within(path, "can_be_mended")])


TESTS = ("values", "at_least", "at_most")


def known_values(field: Field, values: Sequence[str], path: str, report: Report, options_at: str) -> None:
    """Note each of ``values`` that is not an answer ``field`` can have."""
    for index, value in enumerate(values):
        if value not in choices(field):
            said = f"“{value}” is not an answer to {field.key}: {', '.join(choices(field))}"
            report.add(f"{path}[{index}]", said, [options_at])
