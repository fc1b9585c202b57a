"""The forms about money that is taken back: grounds, claims, instalments, what came in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tender.enums import GrantGround, Insolvency
from tender.models.recovery import parts_of
from tender.taking import grounds_of
from tender.templatetags.drietrap import day, euro
from workflows.plain import MoneyField, Plain, TextArea, WithReason
from workflows.rules.grants import grant_pays, not_being_settled
from workflows.rules.people import cleared
from workflows.rules.recovering import could_set_off, plan_in_words

if TYPE_CHECKING:
    from tender.models import Recovery

DAY = {"type": "date"}
OPEN = (cleared, grant_pays, not_being_settled)
"""What must hold of a payment before anything is set off against it."""
PARTS = 12
"""How many instalments the form has room for."""


def ground_choices(*kinds: str, settled: bool) -> list[tuple[str, Any]]:
    """The grounds that fit, each with its article."""
    found: dict[GrantGround, str] = {}
    for kind in kinds:
        found |= grounds_of(kind, settled=settled)
    return [("", _("No ground: it is not less than was given")), *(
        (ground.value, _("%(ground)s (Awb %(article)s)") % {"ground": ground.label, "article": article}) for ground, article in found.items()
    )]  # fmt: skip


def add_ground(form: Plain) -> None:
    """Room for ground and weighing in the form that changes a decision on a grant."""
    decision = form.case
    form.fields["ground"] = forms.ChoiceField(
        label=_("Ground"), choices=ground_choices(decision.kind, settled=bool(decision.facts.get("settled"))), required=False,
        initial=decision.ground,
    )  # fmt: skip
    form.fields["weighing"] = weighing_field(initial=decision.weighing)


def weighing_field(**more: Any) -> TextArea:
    """The weighing of interests, as the letter gives it."""
    return TextArea(
        label=_("Weighing of interests"), rows=4, most=4000, required=False,
        help_text=_("What this means for the party, and why it is not out of proportion (Awb 3:4). It stands in the letter, word for word."),
        **more,
    )  # fmt: skip


class Claim(WithReason):
    """Why it is claimed; what is claimed, and by when it is to be paid, follows."""

    def prepare(self) -> None:
        """The sum, and that the letter says so."""
        case: Recovery = self.case
        self.about = _("We claim %(amount)s. The party gets a decision by letter, with six weeks to pay, and can object to it.") % {
            "amount": euro(case.amount)
        }
        self.fields["reason"].label = _("Why do we claim it, and what did we weigh?")


class AskPlan(Plain):
    """In which instalments one wants to pay."""

    def prepare(self) -> None:
        """A row per instalment."""
        case: Recovery = self.case
        self.about = _("You owe %(rest)s. Say on which days you pay how much; together that is exactly this sum.") % {"rest": euro(case.rest)}
        for number in range(1, PARTS + 1):
            words = {"number": number}
            label = _("Day of payment %(number)s") % words
            self.fields[f"day_{number}"] = forms.DateField(label=label, widget=forms.DateInput(attrs=DAY), required=number == 1)
            self.fields[f"amount_{number}"] = MoneyField(label=_("Amount of payment %(number)s") % words, required=number == 1)

    def clean(self) -> dict[str, Any]:
        """A day belongs to each amount."""
        said = super().clean() or {}
        for number in range(1, PARTS + 1):
            one, other = said.get(f"day_{number}"), said.get(f"amount_{number}")
            if (one is None) != (other is None) and not {f"day_{number}", f"amount_{number}"} & set(self.errors):
                self.add_error(f"day_{number}", _("Fill in both the day and the amount, or neither."))
        return said

    def data_for_step(self) -> dict[str, Any]:
        """The instalments that were filled in."""
        said = self.cleaned_data
        rows = [(said.get(f"day_{number}"), said.get(f"amount_{number}")) for number in range(1, PARTS + 1)]
        return {"plan": [[on.isoformat(), str(amount)] for on, amount in rows if on is not None]}


def plan_lines(plan: Any) -> str:
    """Instalments in words."""
    return "; ".join(f"{day(part.day)}: {euro(part.amount)}" for part in parts_of(plan))


class AgreePlan(Plain):
    """Agree with exactly the instalments that were seen."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def prepare(self) -> None:
        """What was asked."""
        self.about = _("The party asks to pay: %(plan)s.") % {"plan": plan_lines(self.case.asked_plan)}
        self.initial = {"seen": plan_in_words(self.case), **(self.initial or {})}


class RefusePlan(WithReason):
    """Why not."""

    def prepare(self) -> None:
        """What was asked; the reason is for the party."""
        self.about = _("The party asks to pay: %(plan)s.") % {"plan": plan_lines(self.case.asked_plan)}


class Receive(Plain):
    """What the bank says came in."""

    amount = MoneyField(label=_("Amount"))
    on = forms.DateField(label=_("Day it came in"), widget=forms.DateInput(attrs=DAY))
    bank_reference = forms.CharField(label=_("Reference of the bank"), max_length=40)


class SetOff(Plain):
    """Against which payment, how much."""

    instalment = forms.TypedChoiceField(label=_("Payment of another grant"), coerce=int)
    amount = MoneyField(label=_("Amount to set off"))
    same_activities = forms.BooleanField(
        label=_("That grant is for the same activities, in another period"),
        help_text=_("Only then the law lets us set it off (Awb 4:57, third paragraph)."),
    )

    def prepare(self) -> None:
        """The payments of the party that are due, may be made, and are in dossiers in which this person may act."""
        case, step = self.case, self.moment
        parts = [] if step is None else [part for part in could_set_off(case, step.actor) if all(rule(part, step) for rule in OPEN)]
        self.fields["instalment"].choices = [  # type: ignore[attr-defined]
            (part.pk, f"{part.grant.application.reference} · {part.terms.label} · {euro(part.amount)}") for part in parts
        ]
        self.about = _("What is set off is paid, for that grant and for this claim. The party gets a letter.")

    def data_for_step(self) -> dict[str, Any]:
        """The amount as text: what was asked is kept with its cents."""
        return dict(self.cleaned_data)


class FileClaim(Plain):
    """When it was filed."""

    on = forms.DateField(label=_("Filed with the trustee on"), widget=forms.DateInput(attrs=DAY))


class NoteInsolvency(Plain):
    """What was pronounced of a party."""

    about = _("From now on nothing is paid to this party, in any dossier, and what it owes us is filed with its trustee.")
    kind = forms.ChoiceField(label=_("What was pronounced"), choices=Insolvency.choices, widget=forms.RadioSelect)
    since = forms.DateField(label=_("Since"), widget=forms.DateInput(attrs=DAY))
    trustee = forms.CharField(label=_("Trustee or administrator"), max_length=200)
    register_number = forms.CharField(label=_("Number in the insolvency register"), max_length=40)


FORMS: dict[str, type[Plain]] = {
    "recovery.ask_claim": Claim,
    "recovery.claim": Claim,
    "recovery.ask_plan": AskPlan,
    "recovery.agree_plan": AgreePlan,
    "recovery.refuse_plan": RefusePlan,
    "recovery.receive": Receive,
    "recovery.ask_set_off": SetOff,
    "recovery.set_off": SetOff,
    "recovery.file_claim": FileClaim,
    "insolvency.note": NoteInsolvency,
}
