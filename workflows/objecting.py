"""The forms about an objection: the party's own, and those of who handles and decides it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tender.commands.objecting import ways_on
from tender.enums import Inadmissible, NoHearing, ObjectionOutcome
from tender.templatetags.drietrap import day
from workflows.plain import Plain, TextArea, WithReason, WithRemark
from workflows.rules.objecting import MOST_GROUNDS, MOST_WEEKS

MOST_TEXT = 20_000


def date_field(label: Any, **said: Any) -> forms.DateField:
    """A day, with the browser's own calendar."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **said)


class FileObjection(Plain):
    """What the party does not agree with, and why it comes late where it does."""

    grounds = TextArea(
        label=_("What do you not agree with, and why?"), rows=10, most=MOST_GROUNDS,
        help_text=_("Do you need more time for your reasons? Then write that you object and that they follow; we ask you for them."),
    )  # fmt: skip
    late_because = TextArea(
        label=_("Why does your objection come after the last day?"), rows=4, most=4000, required=False,
        help_text=_("If you could not help that, we can look into your objection all the same."),
    )  # fmt: skip

    def prepare(self) -> None:
        """Who is in time is not asked why they are late: the page gives the case of who is."""
        if self.case is None:
            del self.fields["late_because"]


class EnterObjection(Plain):
    """An objection on paper: its days, and what it says."""

    received_on = date_field(_("The day on which it came in"))
    posted_on = date_field(
        _("The day of the postmark"), required=False,
        help_text=_("It is in time too when it was posted by the last day and came in within a week. Leave it empty if it cannot be read."),
    )  # fmt: skip
    grounds = TextArea(label=_("What the letter says"), rows=10, most=MOST_GROUNDS)
    late_because = TextArea(label=_("What it says about being late, if it does"), rows=3, most=4000, required=False)


class Hearing(Plain):
    """When and where the party is heard."""

    hearing_at = forms.DateTimeField(label=_("When the party is heard"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    hearing_place = forms.CharField(label=_("Where, or by which link"), max_length=200, required=False)
    agreed = TextArea(
        label=_("If that is within two weeks: how and when did the party agree to it?"), rows=2, most=1000, required=False,
        help_text=_("The party can send papers until ten days before, and read the file in the week before; it alone can do without that."),
    )  # fmt: skip


class Acknowledge(Hearing):
    """The letter of receipt may name the hearing already."""

    def prepare(self) -> None:
        """What the letter will say; the hearing can be planned later."""
        self.fields["hearing_at"].required = False
        words = {"until": day(self.case.decide_by)}
        in_time = _("The party gets a letter: the objection came in time, and we decide on it by %(until)s.") % words
        late = _("The party gets a letter: the objection came after the last day, and we decide on it by %(until)s.") % words
        self.about = in_time if self.case.in_time else late


class AskGaps(Plain):
    """What is formally missing, and until when it can be sent."""

    about = _("The party gets a letter with these words. Until it answers, or until this day is over, the term for deciding stands still.")
    gaps = TextArea(label=_("What is missing"), rows=4, most=4000, help_text=_("A signature, a name, the reasons: what article 6:5 asks."))
    until = date_field(_("Until when it can be sent"))


class Completion(Plain):
    """What was missing."""

    completion = TextArea(label=_("What was missing"), rows=10, most=MOST_GROUNDS)

    def prepare(self) -> None:
        """What we asked for, and until when."""
        self.about = _("We asked for this: “%(gaps)s” It can be sent until %(until)s.") % {
            "gaps": self.case.gaps, "until": day(self.case.repair_until),
        }  # fmt: skip


class Admissible(Plain):
    """Why being late is excused, where it is."""

    excused = TextArea(label=_("Why being late is excused"), rows=4, most=4000)

    def prepare(self) -> None:
        """Nothing to excuse where it came in time; else what the party says of it."""
        if self.case.in_time:
            del self.fields["excused"]
        elif self.case.late_because:
            self.about = _("The party says of that: “%(why)s”") % {"why": self.case.late_because}


class HearingMinutes(Plain):
    """What was said."""

    minutes = TextArea(label=_("Who was there, and what was said"), rows=14, most=MOST_TEXT)


class Dispense(WithReason):
    """On which ground of the law nobody is heard, and why."""

    no_hearing = forms.ChoiceField(label=_("Why is nobody heard?"), choices=NoHearing.choices, widget=forms.RadioSelect)
    field_order = ["no_hearing", "reason"]


class Advise(Plain):
    """What who decides is advised."""

    outcome = forms.ChoiceField(label=_("Your advice"), widget=forms.RadioSelect, choices=ObjectionOutcome.choices)
    inadmissible = forms.ChoiceField(
        label=_("If inadmissible: why?"), required=False, choices=[("", _("not inadmissible")), *Inadmissible.choices]
    )
    advice = TextArea(label=_("The advice, with its reasons"), rows=12, most=MOST_TEXT)

    def prepare(self) -> None:
        """Without a look into it and a hearing, only that it is inadmissible; what was advised before stands there."""
        case = self.case
        self.initial = {"outcome": case.advised, "inadmissible": case.inadmissible, "advice": case.advice, **(self.initial or {})}
        if not case.heard_at and not case.no_hearing:
            only = [(ObjectionOutcome.INADMISSIBLE.value, ObjectionOutcome.INADMISSIBLE.label)]
            self.fields["outcome"].choices = only  # type: ignore[attr-defined]
            self.about = _("It was not found admissible, and nobody was heard: only that it is inadmissible can be advised now.")


class Decide(Plain):
    """What is decided, what follows, and the reasons as the letter has them."""

    outcome = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect, choices=ObjectionOutcome.choices)
    inadmissible = forms.ChoiceField(
        label=_("If inadmissible: why?"), required=False, choices=[("", _("not inadmissible")), *Inadmissible.choices]
    )
    follows = forms.ChoiceField(label=_("If founded: what follows?"), required=False)
    reasons = TextArea(
        label=_("The reasons, as the letter gives them"), rows=12, most=8000,
        help_text=_("If you depart from the advice, say why."),
    )  # fmt: skip

    def prepare(self) -> None:
        """The advice, what can follow, and that the letter goes out at once."""
        case = self.case
        ways = [(way.value, way.label) for way in ways_on(case)]
        self.fields["follows"].choices = [("", _("nothing: it is not founded")), *ways]  # type: ignore[attr-defined]
        first = ways[0][0] if case.advised == ObjectionOutcome.FOUNDED else ""
        said = {"outcome": case.advised, "inadmissible": case.inadmissible, "reasons": case.advice, "follows": first}
        self.initial = {**said, **(self.initial or {})}
        self.about = _(
            "%(adviser)s advises: %(advised)s. As soon as you decide, the party gets the letter; it can go to the court for six weeks."
        ) % {"adviser": case.advised_by, "advised": case.get_advised_display()}

    def clean_follows(self) -> str:
        """Whatever was chosen, only a founded objection leads to something."""
        return str(self.cleaned_data["follows"]) if self.cleaned_data.get("outcome") == ObjectionOutcome.FOUNDED else ""


class MoreTime(WithReason):
    """How much more time, and why."""

    weeks = forms.IntegerField(label=_("How many weeks more"), min_value=1, max_value=MOST_WEEKS, initial=MOST_WEEKS)
    field_order = ["weeks", "reason"]

    def prepare(self) -> None:
        """The last day as it is; the reason is for the party."""
        self.about = _("The last day to decide is now %(last)s. The party gets a mail, and reads your reason word for word.") % {
            "last": day(self.case.decide_by)
        }
        self.fields["reason"].label = _("Why do you need more time?")


class WithdrawObjection(WithRemark):
    """The party stops."""

    about = _("We then do not look into your objection any further, and the decision stays as it is. You cannot undo this.")


class Conclude(WithReason):
    """What was done in the grant."""

    about = _("Say what was changed in the grant, and when. The objection is closed with that.")


FORMS: dict[str, type[Plain]] = {
    "objection.file": FileObjection,
    "objection.enter": EnterObjection,
    "objection.acknowledge": Acknowledge,
    "objection.ask_completion": AskGaps,
    "objection.complete": Completion,
    "objection.note_completion": Completion,
    "objection.find_admissible": Admissible,
    "objection.plan_hearing": Hearing,
    "objection.hear": HearingMinutes,
    "objection.dispense": Dispense,
    "objection.advise": Advise,
    "objection.decide": Decide,
    "objection.postpone": MoreTime,
    "objection.withdraw": WithdrawObjection,
    "objection.conclude": Conclude,
}
"""Per arrow its form."""
