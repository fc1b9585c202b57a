"""The declaration of somebody of the house on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from scoring.links import DOMAIN, EARLIER, HIDDEN, ORGANISATION, PARTNER
from scoring.models.links import as_told, links_between
from workflows.judging import KINDS_OF_INTEREST
from workflows.plain import Plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scoring.links import Link
    from scoring.models import Conflict
    from tender.models import Application, User

UNSAID = _("Say what the interest is.")
UNEXPLAINED = _("The system found a link: explain why it is no interest.")
ANSWER_APART = _("The system found a link between you and this application: answer it on its own page.")

TO_YOU = {
    ORGANISATION: _("You act for the applicant, or your organisation has its name or KvK number: %(what)s."),
    PARTNER: _("You, or an organisation you act for, stand in the list of partners: %(what)s."),
    DOMAIN: _("Your e-mail address ends in @%(what)s, as one of the applicant's side or a partner does."),
    EARLIER: _("You declared an interest in %(what)s on %(on)s: %(why)s."),
    HIDDEN: _("There is a link. Who applies is hidden in this stage, so we do not say which."),
}
TO_OTHERS = {
    ORGANISATION: _("Acts for the applicant, or for an organisation with its name or KvK number: %(what)s."),
    PARTNER: _("Stands in the list of partners, or acts for an organisation that does: %(what)s."),
    DOMAIN: _("Has an e-mail address that ends in @%(what)s, as one of the applicant's side or a partner does."),
    EARLIER: _("Declared an interest in %(what)s on %(on)s: %(why)s."),
    HIDDEN: TO_YOU[HIDDEN],
}


def in_words(found: Iterable[Link], *, about_other: bool = False) -> list[str]:
    """What was found, a sentence each: to the person it is about, or about them to who judges their doubt."""
    words, kinds = TO_OTHERS if about_other else TO_YOU, dict(KINDS_OF_INTEREST)
    return [
        str(words[link.kind])
        % {"what": link.what, "on": date_format(link.on, "j F Y") if link.on else "", "why": kinds.get(link.why, link.why)}
        for link in found
    ]


def suggested(user: User, cases: Iterable[Application]) -> dict[int, list[str]]:
    """Per dossier what the system found that ties this person to it, in words; dossiers without a link are left out."""
    by_key = {case.pk: case for case in cases}
    found = links_between((user.pk, pk) for pk in by_key)
    return {pk: in_words(as_told(each, by_key[pk], user)) for (_user, pk), each in found.items()}


def found_about(doubts: list[Conflict], reader: User) -> dict[int, list[str]]:
    """Per declaration of others what the system found, in words for ``reader``, who judges them."""
    found = links_between((doubt.user_id, doubt.application_id) for doubt in doubts)
    told = {doubt.pk: as_told(found.get((doubt.user_id, doubt.application_id), []), doubt.application, reader) for doubt in doubts}
    return {pk: in_words(each, about_other=True) for pk, each in told.items()}


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

    def __init__(self, *args: Any, found: list[str] | None = None, **kwargs: Any) -> None:
        self.found = found or []
        super().__init__(*args, **kwargs)
        if self.found:
            self.fields["explanation"].error_messages["required"] = UNEXPLAINED

    @property
    def step(self) -> str:
        """The arrow that was chosen."""
        return str(self.cleaned_data["says"])

    def clean(self) -> dict[str, Any]:
        """Who has an interest, or doubts, says what it is; who has none explains what the system found, if anything."""
        data = super().clean() or self.cleaned_data
        if data.get("says") not in {"declare_doubt", "declare_interest"}:
            for name in ("kind",) if self.found else ("kind", "explanation"):
                self.errors.pop(name, None)
        return data

    def data_for_step(self) -> dict[str, Any]:
        """What the interest is, where there is one; or why what was found is none."""
        if self.step == "declare_none":
            return {"explanation": self.cleaned_data["explanation"]} if self.found else {}
        return {name: self.cleaned_data[name] for name in ("kind", "explanation")}
