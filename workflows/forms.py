"""One form per arrow: it validates what a page or a program sends, and its cleaned data is what the arrow gets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tender.enums import AFTER_AWARD
from tender.templatetags.drietrap import moment
from workflows.asking import AnswerQuestion, AskQuestion
from workflows.departing import Depart
from workflows.handing_over import NoteLegalForm, Reassign
from workflows.judging import Accept, AdviceWords, Amend, Discuss, Interest, Meeting, Minutes, NoInterest
from workflows.lateness import FixPenalty, NoteDefault, Postpone
from workflows.machines import MACHINES
from workflows.machines.arrow import arrows
from workflows.mending import SignCorrection
from workflows.objecting import FORMS as OBJECTING
from workflows.pitching import free_slots, slot_in_words
from workflows.plain import MoneyField, Plain, WithReason, WithRemark
from workflows.recovering import FORMS as RECOVERING
from workflows.recovering import add_ground
from workflows.reporting import FORMS as REPORTING

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


class Edit(Plain):
    """Amount and reasons of a decision."""

    amount = MoneyField(label=_("Amount"))
    reasons = forms.CharField(label=_("Reasons"), widget=forms.Textarea(attrs={"rows": 4}), required=False, max_length=8000)

    def prepare(self) -> None:
        """What it says now."""
        self.initial = {"amount": self.case.amount, "reasons": self.case.reasons, **(self.initial or {})}
        if self.case.kind in AFTER_AWARD:
            add_ground(self)


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


class AcceptGrant(Plain):
    """What one takes on with the money is read before it is done; nothing is asked beside the press."""

    about = _("By accepting you take these obligations upon you")

    @property
    def points(self) -> list[str]:
        """The obligations of the grant."""
        return [str(text) for text in self.case.terms.obligations]


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
    **REPORTING,
    **OBJECTING,
    **RECOVERING,
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
