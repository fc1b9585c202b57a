"""The forms about who looks after a dossier, and what its organisation is in law."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoring.models import Conflict
from tender.enums import LegalForm, Role
from tender.models import people_of_their_own
from workflows.plain import Plain, WithReason


def number(said: str) -> int:
    """A person, by number."""
    return int(said)


class Reassign(WithReason):
    """From which case officer to which, and why."""

    source = forms.TypedChoiceField(label=_("From"), coerce=number)
    target = forms.TypedChoiceField(
        label=_("To"), coerce=number, help_text=_("Only case officers stand here who declared to have no interest in this dossier.")
    )
    field_order = ["source", "target", "reason"]
    about = _("The colleague who takes it over gets a mail. What was done before stays in the name of who did it.")

    def prepare(self) -> None:
        """Who has it now, and who could."""
        parts = self.case.case_roles.open().filter(role=Role.OFFICER).select_related("user").order_by("user__name", "pk")
        clear = Conflict.objects.clear().filter(application=self.case).values("user")
        others = people_of_their_own([Role.OFFICER]).filter(is_active=True, pk__in=clear)
        self.fields["source"].choices = [(str(part.user_id), str(part.user)) for part in parts]  # type: ignore[attr-defined]
        self.fields["target"].choices = [("", "–"), *((str(each.pk), str(each)) for each in others)]  # type: ignore[attr-defined]


class NoteLegalForm(Plain):
    """What the Business Register says."""

    about = _(
        "We publish who gets a grant, but no natural persons. A sole trader or a partnership counts as one. As long as the legal form is not "
        "known, the organisation is not named."
    )
    legal_form = forms.ChoiceField(label=_("Legal form"), choices=LegalForm.choices, widget=forms.RadioSelect)

    def prepare(self) -> None:
        """What was noted before stands there."""
        organisation = self.case.organisation
        self.fields["legal_form"].initial = organisation.legal_form if organisation is not None else ""

    def data_for_step(self) -> dict[str, Any]:
        """The form by its key."""
        return {"legal_form": self.cleaned_data["legal_form"]}
