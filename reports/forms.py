"""What an auditor may ask for, which mail somebody wants, and the letter that somebody has checked."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.exports.columns import Scope
from reports.exports.kinds import FORMATS, KINDS, WORKBOOK
from tender.enums import MAY_BE_OFF, MailKind
from tender.models import Call

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from reports.models import MailPreference

LABELS = {
    WORKBOOK: _("workbook with everything"),
    "applications": _("applications"),
    "scores": _("scores"),
    "decisions": _("decisions"),
    "ledger": _("ledger"),
    "aid": _("state aid, for the central register"),
    "register": _("register of grants, as published"),
}


class CheckLetter(forms.Form):
    """A letter as a file; ``sha256`` is its hash."""

    use_required_attribute = False
    sha256 = ""

    file = forms.FileField(
        label=_("The letter as a file"), help_text=_("The PDF as you received it or downloaded it from us."),
        error_messages={"required": _("Choose the file of the letter.")}, allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
    )  # fmt: skip

    def clean_file(self) -> UploadedFile[Any]:
        """Read in pieces, never as a PDF: whatever it is, it only has a hash."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        total = hashlib.sha256()
        for piece in file.chunks():
            total.update(piece)
        self.sha256 = total.hexdigest()
        return file


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


class MailForm(forms.Form):
    """Which mail somebody gets, of what may be turned off, and whether what can wait is gathered."""

    use_required_attribute = False

    kinds = forms.MultipleChoiceField(
        label=_("Send me mail about"),
        choices=[(kind.value, kind.label) for kind in MAY_BE_OFF],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    when = forms.ChoiceField(
        label=_("When"),
        help_text=_("A reminder always comes at once: a day later it may be too late."),
        choices=[("once", _("each mail at once")), ("daily", _("one mail a day, in the morning, about all that can wait"))],
        widget=forms.RadioSelect,
    )

    @classmethod
    def of(cls, choice: MailPreference) -> MailForm:
        """The form as somebody chose before."""
        kinds = [kind.value for kind in MAY_BE_OFF if choice.wants(kind)]
        return cls(initial={"kinds": kinds, "when": "daily" if choice.digest else "once"})

    def off(self) -> list[MailKind]:
        """The kinds that are left out."""
        return [kind for kind in MAY_BE_OFF if kind.value not in self.cleaned_data["kinds"]]
