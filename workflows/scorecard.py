"""The form on which one judge scores one application: a scale per question, made from the rubric."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from scoring.sheets import question_names
from tender.templatetags.drietrap import said_mark

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.forms import BoundField

    from scoring.models import Mark
    from tender.schemes.definition import Criterion, Question, Rubric

UNABLE = "unable"
WORDS_FROM = 2
"""On a scale of two marks their meaning stands in the place of the figure."""


def plain_mark(mark: Decimal) -> str:
    """A mark as the scale's radio has it: ``3``, ``3.5``."""
    whole = mark.quantize(Decimal(1))
    return str(whole if mark == whole else mark.normalize())


def as_mark(said: str) -> Decimal | None:
    """What a form sends as a mark: none for “not able to judge” or for what is no number, which no scale has."""
    try:
        mark = Decimal(said)
    except InvalidOperation:
        return None
    return mark if mark.is_finite() else None


def said_weight(criterion: Criterion) -> str:
    """A weight as people read it: ``40%``, ``12,5%``."""
    return f"{said_mark(criterion.weight * 100)}%"


def scale(rubric: Rubric) -> list[Decimal]:
    """Every mark there is, from low to high."""
    steps = int((rubric.maximum - rubric.minimum) / rubric.step)
    return [rubric.minimum + rubric.step * step for step in range(steps + 1)]


def in_words(rubric: Rubric) -> bool:
    """Whether the scale is so short that the meanings are the choices."""
    return len(scale(rubric)) <= WORDS_FROM and {anchor.mark for anchor in rubric.anchors} >= set(scale(rubric))


def to_explain(rubric: Rubric) -> str:
    """Which marks need a remark, in words; empty where none does."""
    if not rubric.extremes:
        return ""
    if rubric.extremes == (rubric.minimum,):
        return _("Where you choose the lower mark, say in a remark why.")
    ends = {"low": said_mark(rubric.minimum), "high": said_mark(rubric.maximum)}
    return _("Where you give a %(low)s or a %(high)s, say in a remark why.") % ends


def choices(rubric: Rubric) -> list[tuple[str, str]]:
    """The marks with their labels, and last “not able to judge”."""
    words = {anchor.mark: str(anchor.label) for anchor in rubric.anchors} if in_words(rubric) else {}
    marks = [(plain_mark(mark), words.get(mark) or said_mark(mark)) for mark in scale(rubric)]
    return [*marks, (UNABLE, _("Not able to judge"))]


class Scorecard(forms.Form):
    """Everything may stay open while scoring; `lacking` says what must be answered before it is handed in."""

    def __init__(self, *args: Any, rubric: Rubric, given: Mapping[str, Mark], comment: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rubric = rubric
        self.names = {name: f"q{number}" for number, name in enumerate(question_names(rubric), start=1)}
        questions = {f"{c.key}.{q.key}": q for c in rubric.criteria for q in c.questions}
        offered = choices(rubric)
        for name, field in self.names.items():
            self.fields[field] = forms.ChoiceField(
                label=str(questions[name].label), choices=offered, widget=forms.RadioSelect, required=False,
                initial=chosen(given.get(name)),
            )  # fmt: skip
            self.fields[f"{field}-why"] = forms.CharField(
                label=f"{_('Remark on:')} {questions[name].label}", widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=4000,
                initial=given[name].comment if name in given else "",
            )  # fmt: skip
        self.fields["comment"] = forms.CharField(
            label=_("Your remarks on the whole"), widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=8000,
            initial=comment,
        )  # fmt: skip

    def criteria(self) -> Iterator[tuple[Criterion, str, list[tuple[Question, BoundField, BoundField]]]]:
        """The rubric: each criterion with its weight in words, and the fields of each question."""
        for criterion in self.rubric.criteria:
            names = [(question, self.names[f"{criterion.key}.{question.key}"]) for question in criterion.questions]
            yield criterion, said_weight(criterion), [(question, self[name], self[f"{name}-why"]) for question, name in names]

    def marks(self) -> dict[str, dict[str, Any]]:
        """What was given, as `save_marks` takes it."""
        found = {}
        for name, field in self.names.items():
            said = self.cleaned_data.get(field, "")
            value = Decimal(said) if said not in {"", UNABLE} else None
            found[name] = {"value": value, "unable": said == UNABLE, "comment": self.cleaned_data.get(f"{field}-why", "")}
        return found

    def lacking(self) -> bool:
        """Say at every question without an answer that it needs one, and at every mark at the end of the scale that it needs a remark."""
        ends = {plain_mark(mark) for mark in self.rubric.extremes}
        for field in self.names.values():
            said, why = self.cleaned_data.get(field), f"{field}-why"
            if not said and field not in self.errors:
                self.add_error(field, _("Choose a mark, or “not able to judge”."))
            if said in ends and why not in self.errors and not self.cleaned_data[why]:
                self.add_error(why, _("Say in a remark why you give this mark."))
        return bool(self.errors)


def chosen(mark: Mark | None) -> str:
    """The radio that stands for a mark given before."""
    if mark is None:
        return ""
    if mark.unable:
        return UNABLE
    return "" if mark.value is None else plain_mark(mark.value)
