"""What adds up: the money in rows, by year and together; and the sums that must be equal, with the difference in words."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tender.schemes.cleaning import clean
from tender.schemes.conditions import asked, cleaned
from tender.schemes.definition import Column, Field, FieldKind, Text
from tender.schemes.figures import AnswerFault, in_euros
from tender.schemes.form import YEAR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tender.schemes.definition import Balance, Form, Side, Sum

    Answers = Mapping[str, Any]

WHOLE = 0
"""Stands for the year of an amount that is not told by year."""
NONE = Decimal("0.00")
NOTHING = (None, "", "0.00")
CONTRIBUTION = Column("contribution", FieldKind.MONEY, Text("Bijdrage", "Contribution"))


def summed(field: Field) -> tuple[Column, ...]:
    """The columns of money of a field with rows that are added up."""
    if field.kind == FieldKind.PARTNERS:
        return (CONTRIBUTION,)
    return field.year_columns or tuple(column for column in field.columns if column.key == field.sum_column)


def column_totals(field: Field, rows: Sequence[Mapping[str, Any]]) -> dict[str, Decimal]:
    """What each column of money adds up to; cells that are not right (yet) do not count."""
    return {column.key: sum((_cell(column, row) for row in rows), NONE) for column in summed(field)}


def total(field: Field, rows: Sequence[Mapping[str, Any]]) -> Decimal:
    """What all money in the rows adds up to."""
    return sum(column_totals(field, rows).values(), NONE)


def _cell(column: Column, row: Mapping[str, Any]) -> Decimal:
    try:
        return Decimal(clean(Field(key=column.key, kind=column.kind, label=column.label), row.get(column.key)) or 0)
    except AnswerFault:
        return Decimal(0)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a balance stands: what each side comes to, together and (where all of it is told by year) in each year."""

    balance: Balance
    one: Decimal
    other: Decimal
    years: tuple[tuple[int, Decimal, Decimal], ...]

    @property
    def difference(self) -> Decimal:
        """How much the sides differ, whichever is the larger."""
        return abs(self.one - self.other)

    @property
    def off(self) -> list[tuple[int, Decimal]]:
        """The years in which the sides differ, and by how much."""
        return [(year, abs(one - other)) for year, one, other in self.years if one != other]

    @property
    def even(self) -> bool:
        """Whether the sides are equal, in every year."""
        return not self.difference and not self.off

    @property
    def message(self) -> str:
        """The difference in euros, and in which years; empty where there is none."""
        if self.even:
            return ""
        words = {
            "one": self.balance.one.label, "sum": euros(self.one), "other": self.balance.other.label, "wanted": euros(self.other),
            "difference": euros(self.difference),
        }  # fmt: skip
        if self.difference:
            said = [_("%(one)s: %(sum)s. %(other)s: %(wanted)s. Make them the same: the difference is %(difference)s.") % words]
        else:
            said = [_("%(one)s: %(sum)s. %(other)s: %(wanted)s. Together that is equal, but not in each year.") % words]
        said += [_("In year %(year)d the difference is %(difference)s.") % {"year": year, "difference": euros(by)} for year, by in self.off]
        return " ".join(said)


def euros(amount: Decimal) -> str:
    """An amount in the language of the moment."""
    return in_euros(amount, get_language() or "nl")


def standings(form: Form, answers: Answers) -> list[Standing]:
    """How every balance of a form stands that has something to compare. What is not asked or not right (yet) counts as nothing."""
    here = {field.key: field for _section, field in asked(form, answers)}
    return [_standing(balance, here, answers) for balance in form.balance if any(each.field in here for each in balance.one.sums)]


def _standing(balance: Balance, here: Mapping[str, Field], answers: Answers) -> Standing:
    one, other = (_side(side, here, answers) for side in (balance.one, balance.other))
    by_year = all(here[each.field].years for each in balance.sums if each.field in here)
    years = tuple((year, one.get(year, NONE), other.get(year, NONE)) for year in sorted({*one, *other})) if by_year else ()
    return Standing(balance, sum(one.values(), NONE), sum(other.values(), NONE), years)


def _side(side: Side, here: Mapping[str, Field], answers: Answers) -> dict[int, Decimal]:
    """What a side comes to, by year."""
    added: dict[int, Decimal] = {}
    for each in side.sums:
        if each.field in here:
            for year, amount in _amounts(each, here[each.field], answers):
                added[year] = added.get(year, NONE) + amount
    return added


def _amounts(which: Sum, field: Field, answers: Answers) -> Iterator[tuple[int, Decimal]]:
    if field.kind == FieldKind.MONEY:
        yield WHOLE, Decimal(cleaned(field, answers) or 0)
        return
    rows = [row for row in rows_in(answers.get(field.key)) if which.column is None or row.get(which.column) in which.values]
    added = column_totals(field, rows)
    yield from ((_year(key), amount) for key, amount in added.items())


def _year(column: str) -> int:
    return int(column.removeprefix(YEAR)) if column.startswith(YEAR) else WHOLE


def rows_in(answer: Any) -> list[dict[str, Any]]:
    """The rows of an answer, whatever was typed."""
    return [row for row in answer if isinstance(row, dict)] if isinstance(answer, list | tuple) else []


def balance_gaps(form: Form, answers: Answers) -> dict[str, list[str]]:
    """What does not balance, by the field at which it is told. What lacks or is wrong is a gap of its own: then nothing is compared."""
    here = {field.key: field for _section, field in asked(form, answers)}
    found: dict[str, list[str]] = {}
    for standing in standings(form, answers):
        fields = [here[each.field] for each in standing.balance.sums if each.field in here]
        if standing.message and all(_right(field, answers) for field in fields):
            told_at = next(each.field for each in standing.balance.one.sums if each.field in here)
            found.setdefault(told_at, []).append(standing.message)
    return found


def _right(field: Field, answers: Answers) -> bool:
    try:
        return clean(field, answers.get(field.key)) is not None or not field.required
    except AnswerFault:
        return False


def sum_gap(form: Form, field: Field, rows: Sequence[Mapping[str, Any]], answers: Answers) -> str:
    """That the rows of a table do not add up to the amount that they must equal; empty where they do."""
    if field.sum_equals is None:
        return ""
    other = form.field(field.sum_equals)
    wanted, added = cleaned(other, answers), total(field, rows)
    if wanted is None or added == Decimal(wanted):
        return ""
    return _("The rows add up to %(sum)s, but “%(question)s” says %(wanted)s. Make them the same.") % {
        "sum": euros(added),
        "question": other.label,
        "wanted": euros(Decimal(wanted)),
    }


def length(form: Form, answers: Answers) -> int | None:
    """How many years the work lasts; None where that is not asked or not answered (yet)."""
    if form.years is None:
        return None
    years = cleaned(form.field(form.years), answers)
    return None if years is None else int(Decimal(years))


def used_years(field: Field, rows: Iterable[Mapping[str, Any]]) -> int:
    """The last year in which anything stands in these rows."""
    rows = list(rows)
    filled = (column for column in field.year_columns if any(row.get(column.key) not in NOTHING for row in rows))
    return max((_year(column.key) for column in filled), default=0)


def columns_of(field: Field, rows: Sequence[Mapping[str, Any]], lasts: int | None = None) -> tuple[Column, ...]:
    """The columns of a table that are shown: of the years those in which the work lasts (all, where that is not known) or money stands."""
    last = max(used_years(field, rows), (field.years or 0) if lasts is None else lasts)
    return (*field.columns, *field.year_columns[:last])


def year_gap(form: Form, field: Field, rows: Sequence[Mapping[str, Any]], answers: Answers) -> str:
    """That money stands in a year after the last; empty where none does."""
    lasts, last = length(form, answers), used_years(field, rows)
    if lasts is None or last <= lasts:
        return ""
    return _("Year %(year)d holds an amount, but the work lasts %(lasts)d years.") % {"year": last, "lasts": lasts}
