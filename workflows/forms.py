"""One form per arrow: it validates what a page or a program sends, and its cleaned data is what the arrow gets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoring.minuting import minutes_so_far
from scoring.terms import terms_hash
from tender.templatetags.drietrap import moment
from workflows.asking import AnswerQuestion, AskQuestion
from workflows.departing import Depart
from workflows.handing_over import NoteLegalForm, Reassign
from workflows.lateness import FixPenalty, NoteDefault, Postpone
from workflows.machines import MACHINES
from workflows.machines.arrow import arrows
from workflows.mending import SignCorrection
from workflows.objecting import FORMS as OBJECTING
from workflows.pitching import free_slots, slot_in_words
from workflows.plain import MoneyField, Plain, WithReason, WithRemark
from workflows.scorecard import as_mark, choices

if TYPE_CHECKING:
    from tender.models import Application

__all__ = ["FORMS", "MoneyField", "Plain", "WithReason", "WithRemark"]


class Withdraw(WithRemark):
    """The applicant stops. What that means is said before it is done."""

    about = _("We then do not assess your application any further. You cannot undo this. What was handed in stays on record.")
    reason = forms.CharField(label=_("Why do you withdraw?"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000, required=False)


class Extend(WithReason):
    """More time."""

    closes_at = forms.DateTimeField(label=_("New closing time"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))


class Intake(Plain):
    """The coach's call."""

    serious = forms.TypedChoiceField(
        label=_("Is it serious?"), choices=[("yes", _("yes")), ("no", _("no"))], coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )  # fmt: skip
    note = forms.CharField(label=_("What was said, and what is missing"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000)


class Gaps(Plain):
    """Which formal gaps are to be mended."""

    fields_asked = forms.MultipleChoiceField(label=_("What is missing"), widget=forms.CheckboxSelectMultiple)
    words = forms.CharField(label=_("What the applicant should do"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)

    def prepare(self) -> None:
        """Only formal points can be asked for."""
        case: Application = self.case
        self.choices = {field.key: str(field.label) for field in case.rules.form.fields() if field.formal}
        self.fields["fields_asked"].choices = list(self.choices.items())  # type: ignore[attr-defined]

    def data_for_step(self) -> dict[str, Any]:
        """Each gap with its words."""
        words = self.cleaned_data["words"]
        return {"gaps": [{"field": key, "words": words} for key in self.cleaned_data["fields_asked"]]}


class Checklist(Plain):
    """The points of the screening, from the scheme."""

    def prepare(self) -> None:
        """One box per point; and why it may be judged, where the coach found it not serious."""
        for check in self.case.rules.checklist:
            self.fields[check.key] = forms.BooleanField(
                label=str(check.label), required=False, initial=self.case.checklist.get(check.key, False)
            )
        if self.case.intake_serious is False:
            words = forms.Textarea(attrs={"rows": 3})
            self.fields["reason"] = forms.CharField(label=_("Why it may be judged all the same"), widget=words, max_length=4000)

    def data_for_step(self) -> dict[str, Any]:
        """All points, ticked or not."""
        said = dict(self.cleaned_data)
        return {"reason": said.pop("reason", ""), "checklist": said}


class Schedule(Plain):
    """When everything is published."""

    publish_at = forms.DateTimeField(
        label=_("When do you want to publish?"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text=_("In Amsterdam time. Every decision of the round is published at once, within a minute."),
    )  # fmt: skip


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


class Edit(Plain):
    """Amount and reasons of a decision."""

    amount = MoneyField(label=_("Amount"))
    reasons = forms.CharField(label=_("Reasons"), widget=forms.Textarea(attrs={"rows": 4}), required=False, max_length=8000)

    def prepare(self) -> None:
        """What it says now."""
        self.initial = {"amount": self.case.amount, "reasons": self.case.reasons, **(self.initial or {})}


class Intent(Plain):
    """What the party will be told, and how long it has to respond."""

    def prepare(self) -> None:
        """The term of the scheme, and the reasons as they are."""
        days = self.case.stage.rules.terms.hearing_days
        words = {"days": days, "reasons": self.case.reasons or self.case.departure or _("(no reasons yet)")}
        self.about = _("The party gets a letter with these reasons, and %(days)s days to respond: “%(reasons)s”") % words


class Respond(Plain):
    """What the party says of what we intend."""

    response = forms.CharField(
        label=_("Your response"), widget=forms.Textarea(attrs={"rows": 10, "maxlength": 8000}), max_length=8000,
        help_text=_("Say what you see differently, and why. You need not repeat your application."),
    )  # fmt: skip

    def prepare(self) -> None:
        """What we intend and why, and until when one may respond."""
        words = {"reasons": self.case.reasons or self.case.departure, "until": moment(self.case.respond_until)}
        self.about = _("We wrote you that we intend to decide against you, because: “%(reasons)s” You can respond until %(until)s.") % words


class NoteResponse(Plain):
    """What the party said by telephone or on paper."""

    response = forms.CharField(
        label=_("What the party said, when and how"), widget=forms.Textarea(attrs={"rows": 8, "maxlength": 8000}), max_length=8000
    )


class Seen(Plain):
    """Agree with exactly what was seen."""

    seen = forms.CharField(widget=forms.HiddenInput, min_length=64, max_length=64)

    def prepare(self) -> None:
        """What is shown now."""
        self.initial = {"seen": self.case.seen_sha256, **(self.initial or {})}


class Approve(Seen):
    """A link of the chain; the board's adds its signed list."""

    board_list = forms.IntegerField(required=False, widget=forms.HiddenInput)


class Suspend(WithReason):
    """Until when payment rests."""

    until = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}))


class ReportAid(Plain):
    """Since when aid stands in the central register."""

    on = forms.DateField(label=_("In the central register since"), widget=forms.DateInput(attrs={"type": "date"}))


class Pay(Plain):
    """What the bank said."""

    bank_reference = forms.CharField(label=_("Reference of the bank"), max_length=40)


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


class SlotField(forms.TypedChoiceField):
    """One of the moments that were shown. Whether it can be had still, the rules say in words."""

    def valid_value(self, value: Any) -> bool:
        """Any number: it may have been taken since."""
        return str(value).isascii() and str(value).isdigit()


class ChooseSlot(Plain):
    """A moment to present."""

    slot = SlotField(label=_("When do you want to present?"), coerce=int, widget=forms.RadioSelect,
                     error_messages={"required": _("Choose a moment.")})  # fmt: skip

    def prepare(self) -> None:
        """The moments that can be booked."""
        self.fields["slot"].choices = [(slot.pk, slot_in_words(slot)) for slot in free_slots(self.case)]  # type: ignore[attr-defined]


class Accept(Plain):
    """Exactly the terms that were shown."""

    terms = forms.CharField(widget=forms.HiddenInput, min_length=64, max_length=64)

    def prepare(self) -> None:
        """The terms as they are now."""
        self.initial = {"terms": terms_hash(), **(self.initial or {})}


class AcceptGrant(Plain):
    """What one takes on with the money is read before it is done; nothing is asked beside the press."""

    about = _("By accepting you take these obligations upon you")

    @property
    def points(self) -> list[str]:
        """The obligations of the grant."""
        return [str(text) for text in self.case.terms.obligations]


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


OWN_FORMS: dict[str, type[Plain]] = {
    "stage.extend": Extend,
    "stage.convene": Meeting,
    "stage.discuss": Discuss,
    "stage.minute": Minutes,
    "stage.schedule": Schedule,
    "application.intake": Intake,
    "application.request_completion": Gaps,
    "application.find_eligible": Checklist,
    "application.postpone": Postpone,
    "notice.note": NoteDefault,
    "notice.ask_fix": FixPenalty,
    "notice.fix": FixPenalty,
    "application.reassign": Reassign,
    "application.note_legal_form": NoteLegalForm,
    "application.withdraw": Withdraw,
    "decision.edit": Edit,
    "decision.depart": Depart,
    "decision.announce_intent": Intent,
    "decision.respond": Respond,
    "decision.note_response": NoteResponse,
    "decision.submit_for_check": Seen,
    "decision.approve": Approve,
    "decision.sign": Seen,
    "scoresheet.amend": Amend,
    "seat.accept": Accept,
    "seat.decline": WithRemark,
    "advice.edit": AdviceWords,
    "advice.sign": Seen,
    "conflict.declare_none": NoInterest,
    "conflict.declare_doubt": Interest,
    "conflict.declare_interest": Interest,
    "pitch.book": ChooseSlot,
    "pitch.move": ChooseSlot,
    "correction.sign": SignCorrection,
    "grant.accept": AcceptGrant,
    "grant.ask_suspend": Suspend,
    "grant.suspend": Suspend,
    "grant.report_aid": ReportAid,
    "instalment.pay": Pay,
    "report.approve": WithRemark,
    **OBJECTING,
    "question.ask": AskQuestion,
    "question.answer_it": AnswerQuestion,
    "question.put_right": AnswerQuestion,
}


def form_of(noun: str, taken: Any) -> type[Plain]:
    """The form of an arrow: its own, one that asks a reason where the arrow demands one, or one that asks nothing."""
    own = OWN_FORMS.get(f"{noun}.{taken.name}")
    if own is not None:
        return own
    return WithReason if any(rule.__name__ == "reason_given" for rule in taken.custom["when"]) else Plain


FORMS: dict[str, type[Plain]] = {
    f"{noun}.{taken.name}": form_of(noun, taken) for noun, machine in MACHINES.items() for taken in arrows(machine)
}
"""Per arrow, ``noun.arrow``, its form."""
