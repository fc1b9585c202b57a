"""The forms of a question about a call: asking it, and answering it for everybody."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.plain import Plain, TextArea


class AskQuestion(Plain):
    """A question about a call."""

    body = TextArea(label=_("Your question"), rows=6, most=2000, help_text=_(
        "Ask about the rules or the form. Leave out your name, your organisation and your plan: the answer is for everybody."
    ))  # fmt: skip
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)


class AnswerQuestion(Plain):
    """A question as everybody may read it, and the answer; ``seen``: what was published when the page was opened."""

    question = TextArea(label=_("The question, as everybody reads it"), rows=5, most=2000, help_text=_(
        "Take out what tells who asked: names, organisations, places, what the plan is about. What was asked stays on record inside."
    ))  # fmt: skip
    answer = TextArea(
        label=_("The answer"), rows=8, most=6000, help_text=_("Everybody gets the same answer. Write plainly, and name the article.")
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def prepare(self) -> None:
        """The question as it was asked, or what is published already."""
        if self.case is None:
            return
        asked = {"question": self.case.public_body or self.case.body, "seen": self.case.seen_sha256}
        self.initial = {**asked, "answer": self.case.answer, **(self.initial or {})}
