"""Looking for a call: what can be chosen is what the schemes themselves ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tender.finding import CLOSED, Search
from tender.queries import OPEN, SOON
from tender.schemes.facets import Who
from tender.schemes.figures import AnswerFault, amount

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from tender.schemes.definition import Option
    from tender.schemes.facets import Facets

WHO = {
    Who.PERSON: _("Myself, as a person"),
    Who.ORGANISATION: _("One organisation"),
    Who.TOGETHER: _("Organisations together"),
}
ANY = ("", _("Does not matter"))


class FindCalls(forms.Form):
    """Words, and what narrows them. Nothing is needed; what is not known is said beside it and left out of the search."""

    use_required_attribute = False

    q = forms.CharField(
        label=_("Words you look for"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"})
    )
    when = forms.ChoiceField(
        label=_("When"), required=False, choices=[ANY, (OPEN, _("Open now")), (SOON, _("Opens soon")), (CLOSED, _("Closed"))]
    )
    theme = forms.ChoiceField(label=_("Theme"), required=False)
    province = forms.ChoiceField(label=_("Province"), required=False)
    who = forms.ChoiceField(label=_("Who applies"), required=False, choices=[ANY, *WHO.items()])
    amount = forms.CharField(
        label=_("How much you need"), required=False, max_length=30,
        widget=forms.TextInput(attrs={"data-prefix": "€", "inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, known: Iterable[Facets], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = list(known)
        for name, offered in (("theme", [each.themes for each in known]), ("province", [each.provinces for each in known])):
            choices = choices_of(offered)
            self.fields[name].choices = [ANY, *choices]  # type: ignore[attr-defined]
            if not choices:
                del self.fields[name]

    def clean_amount(self) -> Decimal | None:
        """An amount as people type it."""
        try:
            return amount(self.cleaned_data["amount"]) if self.cleaned_data["amount"] else None
        except AnswerFault as fault:
            raise forms.ValidationError(fault.message) from fault

    def search(self) -> Search:
        """What is looked for, as far as it could be understood."""
        self.is_valid()
        return Search(**{name: value for name, value in self.cleaned_data.items() if value is not None})

    def narrowing(self) -> list[str]:
        """Which of the narrowing questions were answered, by their names."""
        return [name for name in self.search().said if name != "q"]


def choices_of(offered: Iterable[tuple[Option, ...]]) -> list[tuple[str, str]]:
    """Every option that some scheme has, each once, in the words of the first that has it."""
    found: dict[str, str] = {}
    for options in offered:
        for option in options:
            found.setdefault(option.value, str(option.label))
    return list(found.items())
