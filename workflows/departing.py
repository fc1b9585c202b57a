"""Departing from the advice: the form of the step, and who stands in line for the money meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tender.enums import GIVES, DecisionKind, Ground
from tender.models import Application
from tender.templatetags.drietrap import euro
from workflows.outcomes import kind_of
from workflows.plain import MoneyField, Plain, TextArea
from workflows.queue import gives_money
from workflows.rules.departing import MOST_WORDS

if TYPE_CHECKING:
    from tender.models import Decision, User

OUT_OF_LINE = ("below_floor", "not_rankable")
"""The outcomes of a ranking that no money can come to."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody of the same ranking who gets no money as it stands: their place, whether it is above that of the decision looked at, what
    they asked, and what is proposed for them."""

    case: Application
    rank: int
    above: bool
    asked: Decimal | None
    proposed: str


def in_line(decision: Decision, user: User) -> tuple[list[Waiting], int]:
    """Who of the ranking would be the next to get money, first the first; and how many of them this person may not read. Four queries,
    however many there are."""
    basis = getattr(decision, "basis", None)
    if basis is None:
        return [], 0
    open_now = {each.application_id: each for each in decision.stage.decisions.open()}
    rows = basis.ranking.placings.exclude(outcome__in=OUT_OF_LINE).select_related("application__organisation", "application__applicant")
    ranked = list(rows.order_by("order"))
    own = next((row.order for row in ranked if row.application_id == decision.application_id), None)
    without = [row for row in ranked if row.application_id != decision.application_id and goes_without(open_now.get(row.application_id))]
    visible = set(Application.objects.visible_to(user).filter(pk__in=[row.application_id for row in without]).values_list("pk", flat=True))
    shown = [
        Waiting(row.application, row.order, own is None or row.order < own, row.application.amount_asked,
                open_now[row.application_id].get_kind_display())
        for row in without if row.application_id in visible
    ]  # fmt: skip
    return shown, len(without) - len(shown)


def goes_without(decision: Decision | None) -> bool:
    """Whether an open decision gives nothing."""
    return decision is not None and decision.kind not in GIVES


class Depart(Plain):
    """Another outcome than was advised, and why."""

    outcome = forms.ChoiceField(label=_("What do you propose instead?"), widget=forms.RadioSelect)
    amount = MoneyField(label=_("Amount"), required=False, help_text=_("Only of what gives money."))
    departure = TextArea(
        label=_("Why do you depart from the advice?"), rows=8, most=MOST_WORDS,
        help_text=_("At least 40 characters. The party reads these words in its letter, the board on its list."),
    )  # fmt: skip

    def prepare(self) -> None:
        """The outcomes that can take the place of what was advised; and what that was."""
        case: Decision = self.case
        gives = kind_of("selected", case.stage)[0]
        choices = [(f"{gives}:", str(DecisionKind(gives).label))]
        if case.stage.rules.selection.reserve is not None and hasattr(case, "basis"):
            choices.append((f"{DecisionKind.RESERVE}:", str(DecisionKind.RESERVE.label)))
        grounds = [Ground.CONDITION]
        if (case.advised.get("kind") or case.kind) == DecisionKind.RESERVE:
            grounds.append(Ground.CEILING)
        choices += [(f"{DecisionKind.REFUSE}:{each}", f"{DecisionKind.REFUSE.label} ({each.label})") for each in grounds]
        self.fields["outcome"].choices = choices  # type: ignore[attr-defined]
        if not gives_money(case.stage):
            del self.fields["amount"]
        if not self.is_bound:
            now = {"outcome": f"{case.kind}:{case.ground}", "amount": case.amount or None, "departure": case.departure}
            self.initial = {**now, **(self.initial or {})}
        self.about = gettext("The advice: %(advice)s.") % {"advice": advice_in_words(case)}

    def data_for_step(self) -> dict[str, Any]:
        """Kind, ground, amount and reasons; nothing is given but with what gives."""
        kind, _colon, ground = self.cleaned_data["outcome"].partition(":")
        amount = (self.cleaned_data.get("amount") or Decimal(0)) if kind in GIVES else Decimal(0)
        return {"kind": kind, "ground": ground, "amount": amount, "departure": self.cleaned_data["departure"].strip()}


def advice_in_words(decision: Decision) -> str:
    """What was advised: kind, ground and amount."""
    said = decision.advised or {"kind": decision.kind, "ground": decision.ground, "amount": str(decision.amount)}
    words = str(DecisionKind(said["kind"]).label)
    if said["ground"]:
        words = f"{words} ({Ground(said['ground']).label})"
    return f"{words}, {euro(Decimal(said['amount']))}" if Decimal(said["amount"]) else words
