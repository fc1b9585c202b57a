"""What every form of an arrow is made of."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tender.schemes import figures
from tender.schemes.cleaning import tidy

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from tender.step import Step


class MoneyField(forms.CharField):
    """An amount of money in euros as people type it: ``1.234,56`` or ``1234.56``; shown with its cents."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"data-prefix": "€", "inputmode": "decimal", "autocomplete": "off"})
        super().__init__(widget=widget, **kwargs)

    def to_python(self, value: Any) -> Any:
        """The amount with two places; nothing for nothing."""
        said = super().to_python(value)
        if said in self.empty_values:
            return None
        try:
            return figures.amount(said)
        except figures.AnswerFault as fault:
            raise forms.ValidationError(fault.message) from fault

    def prepare_value(self, value: Any) -> Any:
        """An amount with thousands apart, in the language of the page; what was typed stays as typed."""
        if not isinstance(value, Decimal):
            return value
        text = f"{value:,.2f}"
        return text if (get_language() or "nl").startswith("en") else text.translate(str.maketrans(",.", ".,"))


class TextArea(forms.CharField):
    """A text of some lines, kept as answers in a form are: what no database or letter can hold is refused, with how to mend it."""

    def __init__(self, *, rows: int, most: int, attrs: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows, **(attrs or {})}), max_length=most, **kwargs)

    def to_python(self, value: Any) -> str:
        """The text, tidied."""
        try:
            return tidy(value or "", lines=True)
        except figures.AnswerFault as fault:
            raise forms.ValidationError(fault.message) from fault


class Plain(forms.Form):
    """An arrow that asks nothing."""

    about: str | Promise = ""
    """What whoever takes the step must know first."""
    use_required_attribute = False  # a browser would paint every empty field as wrong before anybody typed

    def __init__(self, *args: Any, case: Any = None, moment: Step | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.moment = case, moment
        self.prepare()

    def prepare(self) -> None:
        """Fit the form to its case, and to who fills it in (``moment``); a form that needs nothing of it leaves this."""

    def data_for_step(self) -> dict[str, Any]:
        """The cleaned data as the arrow takes it."""
        return dict(self.cleaned_data)


class WithReason(Plain):
    """An arrow that must be explained."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)


class WithRemark(Plain):
    """An arrow that may be explained."""

    reason = forms.CharField(label=_("Remark"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000, required=False)
