"""For whom somebody applies."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tender.enums import LegalForm

KVK_DIGITS = 8


class StartApplication(forms.Form):
    """For whom somebody applies: an organisation they act for, another one by its KvK number, or themselves.

    Number, name and legal form are needed as soon as an organisation is named here; only the place may be left out.
    """

    use_required_attribute = False

    who = forms.ChoiceField(label=_("For whom do you apply?"), widget=forms.RadioSelect)
    kvk = forms.CharField(
        label=_("KvK number"), required=False, max_length=20,
        help_text=_("Eight digits. You find it in the Business Register of the Chamber of Commerce."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    name = forms.CharField(label=_("Name of the organisation"), required=False, max_length=160)
    legal_form = forms.ChoiceField(
        label=_("Legal form"), required=False, choices=[("", "–"), *LegalForm.choices],
        help_text=_("We publish which organisations get a grant. A sole trader or a partnership is not named."),
    )  # fmt: skip
    city = forms.CharField(label=_("Place of business"), required=False, max_length=80)

    def __init__(self, *args: Any, organisations: Any, natural_persons: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, Any]] = [(str(each.pk), each.name) for each in organisations]
        if natural_persons:
            choices.append(("myself", _("Myself, as a person")))
        choices.append(("other", _("Another organisation") if organisations else _("An organisation")))
        self.fields["who"].choices = choices  # type: ignore[attr-defined]
        self.no_choice = len(choices) == 1
        if self.no_choice:  # nothing to choose: then the organisation is asked outright
            self.fields["who"].widget, self.fields["who"].initial = forms.HiddenInput(), "other"

    def clean(self) -> dict[str, Any]:
        """Another organisation needs a number and a name."""
        data = super().clean() or self.cleaned_data
        if data.get("who") != "other":
            return data
        digits = "".join(sign for sign in data.get("kvk", "") if sign not in " .")
        if not (len(digits) == KVK_DIGITS and digits.isascii() and digits.isdecimal()):
            said = _("A KvK number has eight digits. You find it in the Business Register of the Chamber of Commerce.")
            self.add_error("kvk", said)
        if not data.get("name", "").strip():
            self.add_error("name", _("Fill in the name as it stands in the Business Register."))
        if not data.get("legal_form") and "legal_form" not in self.errors:
            self.add_error("legal_form", _("Choose the legal form as it stands in the Business Register."))
        return {**data, "kvk": digits}
