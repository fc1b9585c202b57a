"""The forms of a letter that mends another."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tender.enums import ObjectionTerm
from tender.templatetags.drietrap import day
from workflows.plain import Plain, TextArea
from workflows.rules.posting import MOST_WORDS, has_term, term_can_begin_anew


class AskCorrection(forms.Form):
    """What is wrong in a letter, and what it must be; both go to the party, word for word."""

    use_required_attribute = False
    reason = TextArea(
        label=_("What is wrong in the letter?"), rows=4, most=MOST_WORDS,
        help_text=_("For example: the amount in the second paragraph is not what we decided."),
    )  # fmt: skip
    text = TextArea(label=_("What must it be?"), rows=6, most=MOST_WORDS, help_text=_("Write the sentence as it should have been."))


class SignCorrection(Plain):
    """Exactly what was asked, and what becomes of the term for objecting."""

    seen = forms.CharField(widget=forms.HiddenInput, min_length=64, max_length=64)
    term = forms.ChoiceField(
        label=_("The term for objecting"), widget=forms.RadioSelect,
        choices=[
            (ObjectionTerm.RUNS, _("runs as before: the party could see that it was a slip, and the decision stays what it was")),
            (ObjectionTerm.ANEW, _("begins anew, on the day after this letter stands in the portal")),
        ],
        help_text=_(
            "Mending an obvious slip starts no new term. Let it begin anew where the mistake could have kept the party from objecting. If "
            "the decision itself must be another one, this is not the way: take a new decision."
        ),
    )  # fmt: skip

    def prepare(self) -> None:
        """What is asked, as it will stand in the letter; the term only where there is one, and anew only where that brings it something."""
        case = self.case
        self.about = _("The letter “%(letter)s” of %(day)s. What is wrong: “%(reason)s” What it must be: “%(text)s”") % {
            "letter": case.letter.subject, "day": day(case.letter.event.at), "reason": case.reason, "text": case.text,
        }  # fmt: skip
        self.initial = {"seen": case.seen_sha256, **(self.initial or {})}
        if not has_term(case.letter):
            del self.fields["term"]
        elif not term_can_begin_anew(case.letter.decision):
            choices: Any = self.fields["term"]
            choices.choices = [each for each in choices.choices if each[0] != ObjectionTerm.ANEW]

    def data_for_step(self) -> dict[str, Any]:
        """What was seen, and the term."""
        return {"seen": self.cleaned_data["seen"], "term": self.cleaned_data.get("term", "")}
