"""The forms about time: more of it, and being late."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tender.enums import NoPenalty
from tender.templatetags.drietrap import day, euro
from workflows.plain import Plain, TextArea, WithReason
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


class FixPenalty(Plain):
    """What being late cost, or why it costs nothing."""

    because = forms.ChoiceField(
        label=_("What do we owe?"), widget=forms.RadioSelect, required=False,
        help_text=_("The law names three cases in which nothing is owed although we were late (article 4:17, sixth paragraph)."),
    )  # fmt: skip
    reason = TextArea(
        label=_("Explanation for the party"), rows=4, most=4000, required=False, help_text=_("Needed where nothing is owed."),
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def prepare(self) -> None:
        """The days, and the amount that follows from them."""
        notice = self.case
        owed = notice.owed(notice.ends)
        words = {"received": day(notice.received_on), "first": day(notice.starts), "last": day(notice.ends), "owed": euro(owed)}
        self.about = (
            _(
                "The notice of default came in on %(received)s. Being late cost money from %(first)s up to and including %(last)s: "
                "%(owed)s. The party gets a decision by letter, and can object to it."
            )
            % words
        )
        paid = _("We owe %(owed)s") % words
        nothing = [(value, _("Nothing: %(why)s") % {"why": label}) for value, label in NoPenalty.choices]
        self.fields["because"].choices = [("", paid), *nothing]  # type: ignore[attr-defined]
        self.fields["seen"].initial = owed
