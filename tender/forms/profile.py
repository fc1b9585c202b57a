"""Who somebody is, as far as they must tell."""

from __future__ import annotations

from django import forms

from tender.models import User


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """A name and a language."""

    use_required_attribute = False

    class Meta:
        model = User
        fields = ("name", "language")
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"}), "language": forms.RadioSelect}
