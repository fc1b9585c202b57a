"""What an auditor may ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.exports.columns import Scope
from reports.exports.kinds import FORMATS, KINDS, WORKBOOK
from tender.models import Call

LABELS = {
    WORKBOOK: _("workbook with everything"),
    "applications": _("applications"),
    "scores": _("scores"),
    "decisions": _("decisions"),
    "ledger": _("ledger"),
}


class ExportForm(forms.Form):
    """Which export, in which format, of which call or year."""

    use_required_attribute = False

    kind = forms.ChoiceField(label=_("What"), choices=[(kind, LABELS[kind]) for kind in KINDS])
    form = forms.ChoiceField(label=_("Format"), choices=[(name, name) for name in FORMATS])
    call = forms.ModelChoiceField(
        label=_("Call"),
        queryset=Call.objects.order_by("-year", "reference"),
        required=False,
        empty_label=_("all calls"),
        to_field_name="reference",
    )
    year = forms.IntegerField(label=_("Year"), required=False, min_value=2000, max_value=2100)

    def clean(self) -> dict[str, Any]:
        """A workbook has more sheets than a CSV file can hold."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("kind") == WORKBOOK and said.get("form") == "csv":
            self.add_error("form", _("The workbook has several sheets: choose xlsx, or one of the tables as csv."))
        return said

    def scope(self) -> Scope:
        """The part that was asked for."""
        call = self.cleaned_data["call"]
        return Scope(call.reference if call else "", self.cleaned_data["year"])
