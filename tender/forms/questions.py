"""The questions of one section, as a page shows them. Cleaning is the scheme's: a draft keeps what is not right yet."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.utils import ErrorDict, ErrorList
from django.utils.translation import gettext as _

from tender import scanning
from tender.forms.rows import PLACE, Head, Row, figure, heads_of, row_of, rows_of, words_at_most
from tender.schemes.answers import shown, total, wrong_cell
from tender.schemes.balancing import rows_in, summed
from tender.schemes.definition import Field, FieldKind
from tender.schemes.rows import HAS_ROWS
from tender.uploads import MOST_MEGABYTES, most_megabytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django.forms import BoundField

    from tender.models import Document
    from tender.schemes.balancing import Standing
    from tender.schemes.definition import Eligibility
    from tender.schemes.rows import Merged

PREFIX = "q"
FEW = 8
"""Up to so many options are shown all at once; more in a list that opens."""


def _options(asked: Field) -> list[tuple[str, str]]:
    return [(option.value, str(option.label)) for option in asked.options]


def _text(asked: Field, **attrs: Any) -> forms.Field:  # noqa: ARG001
    return forms.CharField(widget=forms.TextInput(attrs={"maxlength": None, "dir": "auto", **attrs}))


def _long(asked: Field) -> forms.Field:
    rows = 5 if (asked.max_words or 500) <= 100 else 10  # noqa: PLR2004
    attrs: dict[str, Any] = {"rows": rows, "dir": "auto"}
    if asked.max_chars and not asked.max_words:
        attrs["maxlength"] = asked.max_chars
    return forms.CharField(widget=forms.Textarea(attrs=attrs))


def _choice(asked: Field) -> forms.Field:
    many = len(asked.options) > FEW
    choices = [("", _("Choose…")), *_options(asked)] if many else _options(asked)
    return forms.ChoiceField(choices=choices, widget=forms.Select if many else forms.RadioSelect)


def _yes_no(asked: Field) -> forms.Field:  # noqa: ARG001
    return forms.ChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.RadioSelect)


def _multi(asked: Field) -> forms.Field:
    return forms.MultipleChoiceField(choices=_options(asked), widget=forms.CheckboxSelectMultiple)


MAKERS: dict[FieldKind, Callable[[Field], forms.Field]] = {
    FieldKind.SHORT_TEXT: _text,
    FieldKind.LONG_TEXT: _long,
    FieldKind.NUMBER: lambda asked: _text(asked, inputmode="decimal", autocomplete="off"),
    FieldKind.MONEY: lambda asked: _text(asked, **{"inputmode": "decimal", "data-prefix": "€", "autocomplete": "off"}),
    FieldKind.DATE: lambda asked: _text(asked, type="date"),
    FieldKind.CHOICE: _choice,
    FieldKind.YES_NO: _yes_no,
    FieldKind.MULTI_CHOICE: _multi,
    FieldKind.IBAN: lambda asked: _text(asked, autocomplete="off", spellcheck="false", autocapitalize="characters"),
    FieldKind.KVK: lambda asked: _text(asked, inputmode="numeric", autocomplete="off"),
}


def as_typed(asked: Field, value: Any) -> Any:
    """What stands in an input: as kept, or as typed where it is not right yet."""
    if asked.kind in {FieldKind.NUMBER, FieldKind.MONEY}:
        return figure(value, money=asked.kind == FieldKind.MONEY)
    if asked.kind == FieldKind.IBAN and isinstance(value, str) and " " not in value:
        return " ".join(value[start : start + 4] for start in range(0, len(value), 4))
    return value


class AnswerForm(forms.Form):
    """Inputs for questions, filled with answers, each with what is wrong with it. It never validates by itself."""

    use_required_attribute = False

    def __init__(self, asked: Iterable[Field], answers: Mapping[str, Any], faults: Mapping[str, str]) -> None:
        fields = list(asked)
        super().__init__(initial={each.key: as_typed(each, answers.get(each.key)) for each in fields}, prefix=PREFIX)
        for each in fields:
            self.fields[each.key] = self._made(each, answers.get(each.key))
        errors = {key: ErrorList([fault]) for key, fault in faults.items() if key in self.fields}
        self._errors = ErrorDict(errors)

    def _made(self, asked: Field, value: Any) -> forms.Field:
        made = MAKERS.get(asked.kind, _text)(asked)
        made.label, made.required, made.help_text = str(asked.label), asked.required, str(asked.help or "")
        made.widget.is_required = False
        if asked.kind == FieldKind.DATE and value and not _is_day(value):
            made.widget = forms.TextInput()
        return made


def _is_day(value: Any) -> bool:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Question:
    """One question on a page."""

    field: Field
    bound: BoundField
    shown: bool
    editable: bool = True
    file: Document | None = None
    rows: list[Row] = dataclasses.field(default_factory=list)
    empty_row: Row | None = None
    heads: tuple[Head, ...] = ()
    sum: Any = None
    theirs: str = ""
    unmet: Eligibility | None = None
    """The condition of entry that its answer does not meet."""
    balances: list[Standing] = dataclasses.field(default_factory=list)
    """How the sums stand that are told below it."""
    controls: str = ""
    """The name of the input on this page that decides whether this is asked; empty where none does."""

    @property
    def part(self) -> str:
        """Which template shows it: rows with long texts in them stand as cards, as partners do."""
        if self.field.kind == FieldKind.PARTNERS or any(head.kind == FieldKind.LONG_TEXT for head in self.heads):
            return "cards"
        return {FieldKind.TABLE: "table", FieldKind.FILE: "file"}.get(self.field.kind, "plain")

    @property
    def name(self) -> str:
        """The name of its input."""
        return self.bound.html_name

    @property
    def values(self) -> str:
        """The answers of the deciding question for which this is asked."""
        return " ".join(self.field.shown_when.values) if self.field.shown_when else ""

    @property
    def words(self) -> str:
        """The limit in words, in words."""
        return words_at_most(self.field.max_words)

    @property
    def accept(self) -> str:
        """What the file chooser offers first."""
        return ",".join(f".{each}" for each in self.field.file_types) + (",.jpg" if "jpeg" in self.field.file_types else "")

    @property
    def scanned(self) -> bool:
        """Whether a virus scanner looks at what is sent."""
        return scanning.is_on()

    @property
    def most(self) -> int:
        """How many megabytes a file may have at most, of whatever kind."""
        wanted = self.field.file_types
        return max((most_megabytes(kind, wanted, self.field.max_megabytes) for kind in wanted), default=MOST_MEGABYTES)

    @property
    def kinds(self) -> str:
        """Which files may be sent, and how large: a film may be larger than a document."""
        limits: dict[int, list[str]] = {}
        for kind in self.field.file_types:
            limits.setdefault(most_megabytes(kind, self.field.file_types, self.field.max_megabytes), []).append(kind.upper())
        said = _("%(kinds)s, at most %(most)d MB")
        return "; ".join(said % {"kinds": ", ".join(kinds), "most": most} for most, kinds in limits.items())


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the questions of a page: what is wrong, files, what others wrote, conditions that are not met, sums, and more."""

    faults: Mapping[str, str] = dataclasses.field(default_factory=dict)
    files: Mapping[str, Document] = dataclasses.field(default_factory=dict)
    editable: frozenset[str] | None = None
    """The keys that may change; None: all."""
    theirs: Mapping[str, str] = dataclasses.field(default_factory=dict)
    met: Mapping[str, Merged] = dataclasses.field(default_factory=dict)
    unmet: Mapping[str, Eligibility] = dataclasses.field(default_factory=dict)
    standings: Iterable[Standing] = ()
    lasts: int | None = None


def questions(fields: Iterable[Field], answers: Mapping[str, Any], beside: Beside | None = None) -> tuple[AnswerForm, list[Question]]:
    """The questions of a page, in order, with the form that holds their inputs."""
    here, beside = list(fields), beside or Beside()
    form, keys = AnswerForm(here, answers, beside.faults), {each.key for each in here}
    # What hangs on a question elsewhere that was answered otherwise is left out; on this page it is hidden, so that
    # the script can show it at once.
    asked = [each for each in here if shown(each, answers) or (each.shown_when and each.shown_when.field in keys)]
    told = told_at([each.key for each in asked], beside.standings)
    return form, [
        Question(
            field=each,
            bound=form[each.key],
            shown=shown(each, answers),
            editable=beside.editable is None or each.key in beside.editable,
            file=beside.files.get(each.key),
            theirs=beside.theirs.get(each.key, ""),
            unmet=beside.unmet.get(each.key),
            balances=told.get(each.key, []),
            controls=form[each.shown_when.field].html_name if each.shown_when and each.shown_when.field in keys else "",
            **_in_rows(each, form[each.key].html_name, answers.get(each.key), beside),
        )
        for each in asked
    ]


def told_at(keys: list[str], standings: Iterable[Standing]) -> dict[str, list[Standing]]:
    """Below which question of a page a balance is told: the last one that is part of it."""
    told: dict[str, list[Standing]] = {}
    for standing in standings:
        parts = {each.field for each in standing.balance.sums}
        last = next((key for key in reversed(keys) if key in parts), None)
        if last is not None:
            told.setdefault(last, []).append(standing)
    return told


def _in_rows(asked: Field, name: str, value: Any, beside: Beside) -> dict[str, Any]:
    """The rows of a question that has them: filled, empty, and their sum."""
    if asked.kind not in HAS_ROWS:
        return {}
    given = rows_in(value)
    wrong = wrong_cell(asked, given) if asked.key in beside.faults else None
    heads, met = heads_of(asked, given, beside.lasts), beside.met.get(asked.key)
    return {
        "heads": heads, "rows": rows_of(asked, heads, name, given, wrong=wrong, met=met),
        "empty_row": row_of(asked, heads, name, PLACE, {}, ""),
        "sum": total(asked, given) if summed(asked) else None,
    }  # fmt: skip
