"""The forms about time: more of it, and being late."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tender.templatetags.drietrap import day
from workflows.plain import Plain, WithReason
from workflows.rules.lateness import postponed_at_most


class Postpone(WithReason):
    """A later last day, and why."""

    until = forms.DateField(label=_("The new last day to decide"), widget=forms.DateInput(attrs={"type": "date"}))
    field_order = ["until", "reason"]

    def prepare(self) -> None:
        """The last day as it is, and how far it may move; the reason is for the applicant."""
        words = {"last": day(self.case.decide_by), "most": day(postponed_at_most(self.case))}
        self.about = (
            _(
                "The last day to decide is now %(last)s. It can be postponed until %(most)s at most. The applicant gets a letter with the "
                "new day and with your reason, word for word."
            )
            % words
        )
        self.fields["reason"].label = _("Why do you need more time?")


class NoteDefault(Plain):
    """When the party told us in writing that we are late."""

    about = _(
        "The party wrote that we are late with our decision. From two weeks after that letter came in, each day costs money (article 4:17): "
        "€ 23 a day, later € 35 and € 45, and € 1,442 at most."
    )
    received = forms.DateField(label=_("The day on which the letter came in"), widget=forms.DateInput(attrs={"type": "date"}))
