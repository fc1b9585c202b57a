"""The forms of who judges: the meeting, marks, interests, the seat and the advice."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoring.minuting import minutes_so_far
from scoring.terms import terms_hash
from workflows.plain import Plain
from workflows.scorecard import as_mark, choices


class Meeting(Plain):
    """Who is there."""

    present = forms.MultipleChoiceField(label=_("Present"), widget=forms.CheckboxSelectMultiple, required=False)
    reason = forms.CharField(
        label=_("Why missing sheets are accepted"), widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=2000
    )

    def prepare(self) -> None:
        """The seats of the panel; and which sheets are missing, where some are."""
        from scoring.models import Scoresheet, Seating

        seats = Seating.objects.seats(self.case)
        self.fields["present"].choices = [(str(seat.user_id), str(seat)) for seat in seats]  # type: ignore[attr-defined]
        missing = "; ".join(f"{sheet.application.reference}, {sheet.juror}" for sheet in Scoresheet.objects.missing(self.case))
        if missing:
            self.fields["reason"].help_text = _("Not handed in: %(sheets)s.") % {"sheets": missing}
        else:
            del self.fields["reason"]

    def data_for_step(self) -> dict[str, Any]:
        """People by number, and why the meeting opens without a sheet."""
        return {"present": sorted(int(pk) for pk in self.cleaned_data["present"]), "reason": self.cleaned_data.get("reason", "")}


class Discuss(Plain):
    """Who is in the room for one application."""

    application = forms.IntegerField(widget=forms.HiddenInput)
    present = forms.MultipleChoiceField(label=_("In the room"), widget=forms.CheckboxSelectMultiple, required=False)
    note = forms.CharField(
        label=_("Note"), widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=2000,
        help_text=_("Who left and why; and why the panel goes on, where too few stayed."),
    )  # fmt: skip

    def prepare(self) -> None:
        """The members with a vote."""
        from scoring.models import Seating
        from scoring.quorum import voters

        may_vote = voters(self.case)
        seats = [seat for seat in Seating.objects.seats(self.case) if seat.user_id in may_vote]
        self.fields["present"].choices = [(str(seat.user_id), str(seat)) for seat in seats]  # type: ignore[attr-defined]

    def data_for_step(self) -> dict[str, Any]:
        """People by number."""
        return {**self.cleaned_data, "present": sorted(int(pk) for pk in self.cleaned_data["present"])}


class Amend(Plain):
    """One mark of one's own sheet, changed in the meeting: what it was on the page, what it becomes, and why."""

    question = forms.CharField(widget=forms.HiddenInput, max_length=80)
    before = forms.CharField(widget=forms.HiddenInput, required=False)
    last = forms.IntegerField(widget=forms.HiddenInput, required=False)
    value = forms.ChoiceField(label=_("New mark"))
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)

    def prepare(self) -> None:
        """The scale of the rubric."""
        rubric = self.case.stage.rules.rubric
        self.fields["value"].choices = choices(rubric) if rubric else []  # type: ignore[attr-defined]

    def data_for_step(self) -> dict[str, Any]:
        """Marks as numbers; “not able to judge” is none."""
        said = dict(self.cleaned_data)
        return {**said, "before": as_mark(said["before"]), "value": as_mark(said["value"])}


class Minutes(Plain):
    """What the meeting settled."""

    number = forms.IntegerField(label=_("How many the panel nominates"), required=False, min_value=0, max_value=1000)
    minutes = forms.CharField(label=_("Minutes"), widget=forms.Textarea(attrs={"rows": 24}), max_length=100_000)

    def prepare(self) -> None:
        """The scheme's bounds; and what was written, or a draft from what is on record. What is typed is never written over."""
        bounds = self.case.rules.selection.meeting_fixes
        if bounds is None:
            del self.fields["number"]
        else:
            self.fields["number"] = forms.IntegerField(label=self.fields["number"].label, min_value=bounds[0], max_value=bounds[1])
        if not self.is_bound:
            self.initial = {"number": self.case.meeting.number, "minutes": minutes_so_far(self.case), **(self.initial or {})}

    def data_for_step(self) -> dict[str, Any]:
        """Minutes, and the number where the scheme lets the meeting fix it."""
        return {"number": self.cleaned_data.get("number"), "minutes": self.cleaned_data["minutes"]}


KINDS_OF_INTEREST = [
    ("", "—"),
    ("family", _("family or friendship")),
    ("employment", _("I work, or worked, for a party")),
    ("financial", _("a financial interest")),
    ("partner", _("I am a partner, or my organisation is")),
    ("rival", _("I compete with a party")),
    ("other", _("something else")),
]


class NoInterest(Plain):
    """Why what the system found is no interest; asked only where it found something."""

    explanation = forms.CharField(label=_("Explain in a sentence"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)

    def prepare(self) -> None:
        """Nothing to explain where nothing was found."""
        if not self.case.links:
            del self.fields["explanation"]


class Interest(Plain):
    """What the interest is."""

    kind = forms.ChoiceField(label=_("What kind of interest?"), choices=KINDS_OF_INTEREST)
    explanation = forms.CharField(label=_("Explain in a sentence"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)


class Accept(Plain):
    """Exactly the terms that were shown."""

    terms = forms.CharField(widget=forms.HiddenInput, min_length=64, max_length=64)

    def prepare(self) -> None:
        """The terms as they are now."""
        self.initial = {"terms": terms_hash(), **(self.initial or {})}


class AdviceWords(Plain):
    """What the panel says of each criterion, and on the whole."""

    text = forms.CharField(label=_("On the whole"), widget=forms.Textarea(attrs={"rows": 4}), required=False, max_length=8000)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def prepare(self) -> None:
        """One text per criterion of the rubric, as it stands."""
        rubric, whole = self.case.stage.rules.rubric, self.fields.pop("text")
        for criterion in rubric.criteria if rubric else ():
            self.fields[criterion.key] = forms.CharField(
                label=str(criterion.label), widget=forms.Textarea(attrs={"rows": 4}), required=False, max_length=8000
            )
        self.fields["text"] = whole
        self.initial = {**self.case.parts, "text": self.case.text, **(self.initial or {})}

    def data_for_step(self) -> dict[str, Any]:
        """By criterion, and the whole."""
        said = dict(self.cleaned_data)
        return {"seen": said.pop("seen"), "text": said.pop("text"), "parts": said}
