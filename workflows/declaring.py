"""The declaration of somebody of the house on one page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.forms import KINDS_OF_INTEREST, Plain

UNSAID = _("Say what the interest is.")


class Declare(Plain):
    """The whole declaration on one page: no interest, doubt, or an interest with what it is."""

    says = forms.ChoiceField(
        label=_("Do you have an interest in this application?"), widget=forms.RadioSelect,
        choices=[
            ("declare_none", _("No: I have no interest, and can judge this freely")),
            ("declare_doubt", _("I am not sure: I ask the chair")),
            ("declare_interest", _("Yes: I have an interest; keep me out")),
        ],
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("What kind of interest?"), choices=KINDS_OF_INTEREST, error_messages={"required": UNSAID})
    explanation = forms.CharField(
        label=_("Explain in a sentence"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, error_messages={"required": UNSAID}
    )

    @property
    def step(self) -> str:
        """The arrow that was chosen."""
        return str(self.cleaned_data["says"])

    def clean(self) -> dict[str, Any]:
        """Who has an interest, or doubts, says what it is; from who has none it is not asked."""
        data = super().clean() or self.cleaned_data
        if data.get("says") not in {"declare_doubt", "declare_interest"}:
            for name in ("kind", "explanation"):
                self.errors.pop(name, None)
        return data

    def data_for_step(self) -> dict[str, Any]:
        """What the interest is, where there is one."""
        if self.step == "declare_none":
            return {}
        return {name: self.cleaned_data[name] for name in ("kind", "explanation")}
