"""A receipt that somebody wants to have checked: a file, or its text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tender.keyring import house_keys
from tender.receipts import MOST_BYTES, ReceiptFault, verify

if TYPE_CHECKING:
    from tender.receipts import Proven


class CheckReceipt(forms.Form):
    """A file or a text, one of both; ``proven`` is what a genuine receipt proves."""

    use_required_attribute = False
    proven: Proven | None = None

    file = forms.FileField(
        label=_("The receipt as a file"), required=False, help_text=_("The JSON file that you downloaded with “Signed receipt”."),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Or its text"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("Open the file, copy everything in it, and paste it here."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Exactly one receipt, and a genuine one."""
        data = super().clean() or self.cleaned_data
        file, text = data.get("file"), data.get("text", "")
        if self.errors:
            return data
        if bool(file) == bool(text.strip()):
            said = _("Choose one of both: a file, or a text.") if file else _("Choose the file of the receipt, or paste its text below.")
            self.add_error("file", said)
            return data
        given = file.read(MOST_BYTES + 1) if file else text.encode("utf-8", "surrogatepass")
        try:
            self.proven = verify(given, house_keys().public)
        except ReceiptFault as fault:
            self.add_error("file" if file else "text", str(fault))
        return data
