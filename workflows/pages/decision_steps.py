"""Many decisions, one step: exactly what will happen to whom, with which amounts; each bound to what was seen."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tender.enums import Account, DecisionState, Role
from tender.models import Decision, Wording
from tender.onward import onward
from workflows.commands.boarding import board_lists
from workflows.models import DecisionMachine, Letter
from workflows.pages.bulk import Pot, Preview, Row, by_arrow, carry_out, fingerprint, foresee_all, pots_of, selected
from workflows.pages.room import StaffForm, StagePage, trail

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tender.http import SignedIn
    from tender.models import Document, Stage


@dataclass(frozen=True, slots=True)
class DecisionStep:
    """A step on many decisions: on the button, above the preview, and from which state."""

    label: Any
    says: Any
    source: tuple[str, ...]
    danger: bool = False


STEPS = {
    "submit_for_check": DecisionStep(
        gettext_lazy("Send for checking"), gettext_lazy("Each goes to the next link of the chain."), (DecisionState.DRAFTED,)
    ),
    "approve": DecisionStep(
        gettext_lazy("Agree"),
        gettext_lazy("You agree with exactly what is below, and each goes on to the next link."),
        (DecisionState.IN_CHECK,),
    ),
    "sign": DecisionStep(
        gettext_lazy("Sign"),
        gettext_lazy("You sign each decision; its letter is printed from what you sign."),
        (DecisionState.APPROVED,),
    ),
    "send_back": DecisionStep(
        gettext_lazy("Send back"),
        gettext_lazy("Each goes back to the officer’s desk, and every agreement on it falls."),
        (DecisionState.IN_CHECK, DecisionState.APPROVED, DecisionState.SIGNED),
        danger=True,
    ),
    "publish": DecisionStep(
        gettext_lazy("Publish one by one"),
        gettext_lazy("Each party gets its letter now, and the term for objecting starts."),
        (DecisionState.SIGNED,),
    ),
}


class Reason(StaffForm):
    """Why they go back."""

    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)


class BoardList(StaffForm):
    """On which signed list the board's agreement rests."""

    board_list = forms.ChoiceField(label=gettext_lazy("Signed list of the board"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, stage: Stage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lists = [(str(each.pk), list_in_words(each)) for each in board_lists(stage)]
        self.fields["board_list"].choices = lists  # type: ignore[attr-defined]
        if len(lists) == 1:
            self.fields["board_list"].initial = lists[0][0]


def list_in_words(signed: Document) -> str:
    """A signed list by its file, and by the list that it is the copy of."""
    code = signed.signs.code if signed.signs is not None else "–"
    return _("%(name)s (list %(code)s)") % {"name": signed.name, "code": code}


class DecisionStepPage(StagePage):
    """``POST`` with the ticked decisions shows the preview; with ``confirm`` each takes the step on its own."""

    closed_to_recused = True

    def post(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """Preview, or act."""
        stage = self.stage(request, call, key)
        name = request.POST.get("step", "")
        if name not in STEPS:
            raise Http404
        decisions = chosen(stage, request)
        confirmed = "confirm" in request.POST
        form = form_for(name, request.POST if confirmed else None, stage, decisions)
        ready = confirmed and (form is None or form.is_valid())
        data = {key_: said(value) for key_, value in form.cleaned_data.items()} if form is not None and ready else None
        rows = rows_for(name, decisions, request, data)
        back = request.path.removesuffix("samen/")
        context = {
            "stage": stage,
            "trail": trail((_("Decisions"), back), stage=stage),
            "back": back,
            "step": name,
            "form": form,
            "title": STEPS[name].label,
            "label": STEPS[name].label,
            "says": STEPS[name].says,
            "danger": STEPS[name].danger,
            "preview": Preview(rows, pots=pots_for(name, stage, rows), hidden=len(selected(request.POST)) - len(decisions)),
        }
        if not ready:
            return render(request, "workflows/officer/preview.html", context, status=422 if confirmed else 200)
        act = by_arrow("decision", name, actor=request.user, at=request.at)
        return render(request, "workflows/officer/results.html", {**context, "results": carry_out(rows, request.POST, act)})


def said(value: Any) -> Any:
    """A form's answer as the arrow takes it: the number of a document as a number."""
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value


def chosen(stage: Stage, request: SignedIn) -> list[DecisionMachine]:
    """The ticked decisions that this person may see, in one order for preview and deed."""
    visible = Decision.objects.visible_to(request.user).filter(stage=stage, pk__in=selected(request.POST))
    found: Any = DecisionMachine.objects.filter(pk__in=visible)
    rows: list[DecisionMachine] = list(
        found.select_related("application__organisation", "application__applicant", "application__stage__call__version")
        .prefetch_related(Prefetch("letters", Letter.objects.select_related("event").defer("facts")))
        .order_by("application__reference")
    )
    for row in rows:
        row.stage = stage  # one parsed scheme for all rows
    wordings = Wording.objects.in_force_by_place({row.stage.call.version.scheme_id for row in rows})
    for row in rows:
        row.known_wordings = wordings
    return rows


def form_for(name: str, posted: Any, stage: Stage, decisions: list[DecisionMachine]) -> Reason | BoardList | None:
    """What the step asks: a reason to send back; the board's list where it is the board's turn."""
    if name == "send_back":
        return Reason(posted)
    if name == "approve" and any(each.link == Role.BOARD and each.state == DecisionState.IN_CHECK for each in decisions):
        return BoardList(posted, stage=stage)
    return None


def rows_for(name: str, decisions: list[DecisionMachine], request: SignedIn, data: dict[str, Any] | None) -> list[Row]:
    """A row per decision: what it decides, where it goes, which letter its party gets, and why it cannot."""
    lists = board_lists(decisions[0].stage) if decisions and name == "approve" else []

    def given(decision: Any) -> dict[str, Any]:
        said = {} if name == "publish" else {"seen": decision.seen_sha256, **(data or {})}
        if name == "approve" and decision.link != Role.BOARD:
            said.pop("board_list", None)
        return said

    def assumed(decision: Any) -> dict[str, Any]:
        """What the form still has to say is not missing yet: of the signed lists, the newest that this decision is on."""
        if data is not None:
            return given(decision)
        fitting = [each.pk for each in lists if each.signs is not None and each.signs.still_says(decision)]
        return {"reason": "?", "board_list": next(iter([*fitting, *(each.pk for each in lists)]), None), **given(decision)}

    unmet = foresee_all(decisions, name, actor=request.user, at=request.at, data=assumed)
    return [
        Row(
            decision.pk,
            decision.application.reference,
            f"{decision.application.title} · {decision.application.party}",
            f"{what(decision)} → {whither(name, decision)}",
            amount=decision.amount,
            now=decision.get_state_display(),
            seen=fingerprint(decision.seen_sha256, decision.state, decision.links_done),
            unmet=why_not,
            data=given(decision),
            flag=_("departs from the advice") if decision.departure else "",
            letter=letter_of(decision),
        )
        for decision, why_not in zip(decisions, unmet, strict=True)
    ]


def letter_of(decision: Decision) -> str:
    """The address of the letter: as it was printed from the signature that stands, else as it would be now."""
    printed = [each for each in decision.letters.all() if each.event.kind == "decision.sign" and each.event.at == decision.signed_at]
    return onward("letter", printed[-1].pk) if printed else onward("letter_preview", decision.pk)


def pots_for(name: str, stage: Stage, rows: list[Row]) -> list[Pot]:
    """What the step does to the ceiling: publishing gives what was held back; the rest of the chain moves no money."""
    total = Preview(rows).total if name == "publish" else Decimal(0)
    return pots_of(stage, source=Account.RESERVED, target=Account.COMMITTED, amount=total)


def what(decision: Decision) -> str:
    """What a decision decides, with its ground."""
    ground = f" ({decision.get_ground_display()})" if decision.ground else ""
    return f"{decision.get_kind_display()}{ground}"


def whither(name: str, decision: Decision) -> str:
    """Where the step brings a decision, in words."""
    chain = decision.chain_of_links
    if name == "send_back":
        return _("back to the officer")
    if name == "sign":
        return _("signed")
    if name == "publish":
        return _("published to the party")
    following = chain[min(decision.links_done + 1, len(chain) - 1)]
    return _("to the %(role)s") % {"role": Role(following).label}
