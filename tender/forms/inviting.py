"""Whom somebody lets in, and at which address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tender.enums import Part
from tender.forms.starting import KVK_DIGITS

NAME_LENGTH = 120


class Asking(forms.Form):
    """What these forms share: no browser paints a field wrong before anybody typed."""

    use_required_attribute = False


class Invite(Asking):
    """Somebody to take part in a dossier."""

    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("We send a mail with a link to this address. Only who signs in with this address can use it."),
    )  # fmt: skip
    part = forms.ChoiceField(label=_("What may this person do?"), choices=Part.choices, widget=forms.RadioSelect, initial=Part.WRITE)


class AskPartner(Asking):
    """At which address a partner is asked to consent."""

    email = forms.EmailField(label=_("E-mail address of the partner"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))


class Answer(Asking):
    """What a partner says by its link."""

    by_name = forms.CharField(
        label=_("Your name"), max_length=NAME_LENGTH, widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("We keep your name with your answer. Who applies and our case officers can read it."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("If you do not consent: why?"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class AskIn(Asking):
    """Somebody who wants to act for an organisation that is known here."""

    kvk = forms.CharField(label=_("KvK number"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
    part = forms.ChoiceField(label=_("What do you want to do for it?"), choices=Part.choices, widget=forms.RadioSelect, initial=Part.WRITE)
    note = forms.CharField(
        label=_("Who are you?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Those who act for the organisation read this, with your name and your e-mail address."),
    )  # fmt: skip

    def clean_kvk(self) -> str:
        """Eight digits, however they were typed."""
        digits = "".join(sign for sign in self.cleaned_data["kvk"] if sign not in " .")
        if not (len(digits) == KVK_DIGITS and digits.isascii() and digits.isdecimal()):
            raise forms.ValidationError(_("A KvK number has eight digits. You find it in the Business Register of the Chamber of Commerce."))
        return digits


class LetIn(Asking):
    """What somebody who asked may do; the house puts the name right."""

    part = forms.ChoiceField(label=_("What may this person do?"), choices=Part.choices, widget=forms.RadioSelect)
    called = forms.CharField(
        label=_("Name of the organisation"), required=False, max_length=160, help_text=_("As it stands in the Business Register.")
    )

    def __init__(self, *args: Any, by_house: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not by_house:
            del self.fields["called"]
