"""What a stage asks: a form in sections and fields, and which answers stand for the case itself."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal  # noqa: TC003  the loader reads hints at run time
from typing import TYPE_CHECKING, Any, ClassVar

from tender.schemes.vocabulary import FieldKind, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

YEAR = "year_"
"""How the key of a column of a year begins."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a choice field."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Condition:
    """Shown (and asked) only when the answer to ``field`` is one of ``values``; yes/no answers are ``yes``/``no``."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Eligibility:
    """A test on one answer: the ground is the article and reason a refusal names. Exactly one test is set."""

    ground: Text
    values: tuple[str, ...] = ()
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    can_be_mended: bool = True  # false: a fact that no other plan changes, such as where somebody works
    mend: Text | None = None  # how it can be mended, in words


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table field; kinds: short_text, long_text, number, money, date, choice, yes_no."""

    key: str
    kind: FieldKind
    label: Text
    options: tuple[Option, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    help: Text | None = None
    required: bool = True
    max_words: int | None = None  # of a text


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form."""

    key: str
    kind: FieldKind
    label: Text
    help: Text | None = None
    example: Text | None = None  # a good answer, to be opened by who wants one
    required: bool = True
    max_words: int | None = None
    max_chars: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    options: tuple[Option, ...] = ()
    columns: tuple[Column, ...] = ()
    min_rows: int = 0
    max_rows: int = 40
    sum_column: str | None = None  # table: the money column that adds up
    sum_equals: str | None = None  # table: the money field its sum must equal
    years: int | None = None  # table: so many columns of money after the others, one for each year
    file_types: tuple[str, ...] = ()  # of `checks.fields.FILE_TYPES`
    max_megabytes: int | None = None
    shown_when: Condition | None = None
    eligibility: Eligibility | None = None
    identifying: bool = False  # left out where a stage is judged blind
    formal: bool = False  # may be repaired after closing; everything else is frozen scored content
    given: ClassVar[bool] = False
    """Whether its rows are given: one for each option of its first column, none to be added or taken out."""

    @property
    def year_columns(self) -> tuple[Column, ...]:
        """The columns of money of a table over years; none of any other field."""
        return tuple(
            Column(f"{YEAR}{year}", FieldKind.MONEY, Text(f"Jaar {year}", f"Year {year}"), required=False)
            for year in range(1, (self.years or 0) + 1)
        )

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """Every column of a table: those that the scheme names, and those of the years."""
        return (*self.columns, *self.year_columns)


@dataclass(frozen=True, slots=True)
class GivenRows(Field):
    """A table of which the rows are given: the lines of a budget, in a report. No scheme can name one."""

    given: ClassVar[bool] = True

    def with_all(self, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """These rows, one for each option in its order: what lacks is added empty, what is no line or stands twice is left out."""
        first = self.columns[0]
        there: dict[Any, dict[str, Any]] = {}
        for row in rows:
            there.setdefault(row.get(first.key), row)
        return [there.get(option.value, {first.key: option.value, "_row": option.value}) for option in first.options]


@dataclass(frozen=True, slots=True)
class Sum:
    """What a money field, a list of partners or a table adds up to; of a table only rows with one of ``values`` in ``column``, if told."""

    field: str
    column: str | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a balance: its name, and the sums that make it together."""

    label: Text
    sums: tuple[Sum, ...]


@dataclass(frozen=True, slots=True)
class Balance:
    """Two sides that must be equal; in each year, where all of it is told by year. A difference is told at the first field of ``one``."""

    key: str
    one: Side
    other: Side

    @property
    def sums(self) -> tuple[Sum, ...]:
        """The sums of both sides."""
        return (*self.one.sums, *self.other.sums)


@dataclass(frozen=True, slots=True)
class Section:
    """One page of a form."""

    key: str
    label: Text
    intro: Text | None
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """The questions of a stage, and which answers stand for the case itself."""

    sections: tuple[Section, ...]
    title: str  # key of the field that names the application
    summary: str | None = None  # key of the field shown to the public and in lists
    amount: str | None = None  # key of the money field that is asked for (none: the grant is flat)
    theme: str | None = None  # key of the choice field with the theme
    province: str | None = None  # key of the choice field with the province
    iban: str | None = None
    partners: str | None = None
    years: str | None = None  # key of the number field with the length of the grant in years
    starts: str | None = None  # key of the date field on which the work starts
    state_aid: str | None = None  # key of the yes/no field that declares state aid to be in order
    aid_received: str | None = None  # key of the money field with the de-minimis aid received before
    linked: str | None = None  # key of the text field that names the organisations the applicant is linked with
    balance: tuple[Balance, ...] = ()

    def fields(self) -> Iterator[Field]:
        """Every field of every section, in order."""
        for section in self.sections:
            yield from section.fields

    @property
    def themes(self) -> tuple[Option, ...]:
        """What can be answered on the question that stands for the theme; nothing where there is none."""
        return next((field.options for field in self.fields() if field.key == self.theme), ())

    @property
    def formal_keys(self) -> frozenset[str]:
        """The questions that are not judged: those a formal completion may mend."""
        return frozenset(field.key for field in self.fields() if field.formal)

    def field(self, key: str) -> Field:
        """The field called ``key``; ``KeyError`` where there is none."""
        for found in self.fields():
            if found.key == key:
                return found
        raise KeyError(key)
