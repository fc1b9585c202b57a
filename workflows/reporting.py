"""The forms of weighing a report: what is proposed, what the second person agrees with, and more time."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tender.enums import ReportOutcome
from workflows.plain import Plain, TextArea, WithReason
from workflows.rules.reporting import outcomes_of

DAY = {"type": "date"}


class Propose(Plain):
    """What is to become of a report; of a review whether the work goes on."""

    outcome = forms.ChoiceField(label=_("What do you propose?"), widget=forms.RadioSelect)
    reason = TextArea(
        label=_("Why"),
        rows=5,
        most=4000,
        required=False,
        help_text=_("The grantee reads this in the letter. Needed where you do not approve."),
    )
    conditions = TextArea(label=_("Conditions"), rows=4, most=4000, required=False, help_text=_("Only for “go, with conditions”."))

    def prepare(self) -> None:
        """The outcomes of this kind of report; conditions only where there can be some."""
        outcomes = outcomes_of(self.case)
        self.fields["outcome"].choices = [(each.value, each.label) for each in outcomes]  # type: ignore[attr-defined]
        if ReportOutcome.CONDITIONS not in outcomes:
            del self.fields["conditions"]


class Agree(Plain):
    """Agree with exactly what was proposed."""

    seen = forms.CharField(widget=forms.HiddenInput, min_length=64, max_length=64)

    def prepare(self) -> None:
        """What is proposed now, to be read before it is agreed."""
        self.initial = {"seen": self.case.proposal.get("sha256", ""), **(self.initial or {})}
        outcome = self.case.proposal.get("outcome")
        if outcome:
            said = [self.case.proposal["reason"], self.case.proposal["conditions"]]
            self.about = " ".join([str(_("Proposed: %(outcome)s.") % {"outcome": ReportOutcome(outcome).label}), *filter(None, said)])


class MoreTime(WithReason):
    """Another day on which the report is due, and why."""

    until = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs=DAY))

    def prepare(self) -> None:
        """The day that was asked, for who answers."""
        if self.case.wished_until:
            self.initial = {"until": self.case.wished_until, **(self.initial or {})}


FORMS: dict[str, type[Plain]] = {
    "report.propose": Propose,
    "report.approve": Agree,
    "report.reject": Agree,
    "report.ask_more_time": MoreTime,
    "report.extend": MoreTime,
}
