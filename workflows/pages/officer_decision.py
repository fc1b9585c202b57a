"""One decision, with everything it rests on."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tender.enums import DecisionState, Role
from tender.models import Approval, Decision
from tender.onward import onward
from tender.schemes.figures import AnswerFault, amount
from tender.templatetags.drietrap import day, euro, moment, score
from workflows.departing import advice_in_words, in_line
from workflows.labels import LABELS
from workflows.models import DecisionMachine, Event
from workflows.pages.decision_steps import STEPS
from workflows.pages.room import MONEY_ROLES, StaffPage, link, trail
from workflows.steps import open_steps

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from tender.http import SignedIn
    from tender.models import User

SHOWN = {
    "amount": gettext_lazy("Amount"),
    "asked": gettext_lazy("Asked"),
    "score": gettext_lazy("Score"),
    "rank": gettext_lazy("Rank"),
    "ranked": gettext_lazy("Ranked in all"),
    "line": gettext_lazy("Score of the last selected"),
    "ceiling_rank": gettext_lazy("Place at which the ceiling was reached"),
    "reserve_place": gettext_lazy("Place on the reserve list"),
    "reserve_until": gettext_lazy("Reserve until"),
    "passes": gettext_lazy("Passes"),
    "passes_needed": gettext_lazy("Passes needed"),
    "ceiling": gettext_lazy("Ceiling"),
    "awarded": gettext_lazy("Awarded"),
    "advances": gettext_lazy("Paid so far"),
    "to_pay": gettext_lazy("Still to pay"),
    "received_at": gettext_lazy("Received"),
    "iban_end": gettext_lazy("Account ends in"),
    "intent_on": gettext_lazy("The party was told what we intend"),
    "responded_on": gettext_lazy("The party responded"),
    "submission_sha256": gettext_lazy("Hash of what was handed in"),
}
"""The frozen facts that an officer checks, in this order."""


class DecisionPage(StaffPage):
    """Facts, reasons, the chain so far, the letter, and the steps open to this person."""

    roles = MONEY_ROLES

    def get(self, request: SignedIn, pk: int) -> HttpResponse:
        """The decision, if this person may read its dossier."""
        visible = Decision.objects.visible_to(request.user)
        found: Any = DecisionMachine.objects.filter(pk__in=visible)
        decision: DecisionMachine = get_object_or_404(
            found.select_related("application__organisation", "application__applicant", "stage__call__version", "signed_by"), pk=pk
        )
        stage = decision.stage
        where = reverse("workflows:decisions", args=[stage.call.reference, stage.key])
        context = {
            "decision": decision,
            "case": decision.application,
            "stage": stage,
            "trail": trail((_("Decisions"), where), stage=stage),
            "facts": facts(decision),
            "chain": chain(decision),
            "steps": steps(decision, request),
            "history": history(decision),
            "letters": [(letter, onward("letter", letter.pk)) for letter in decision.letters.all()],
            "preview": onward("letter_preview", decision.pk),
            "dossier_url": link("workflows:dossier", decision.application.reference),
            "advice": advice(decision),
            "advised": advice_in_words(decision) if decision.advised else "",
            **line(decision, request.user),
            "needs_board": decision.link == Role.BOARD and decision.state == DecisionState.IN_CHECK,
        }
        return render(request, "workflows/officer/decision.html", context)


def facts(decision: Decision) -> list[dict[str, Any]]:
    """The frozen facts as rows."""
    rows = []
    for key, label in SHOWN.items():
        value = decision.facts.get(key)
        if value not in (None, ""):
            rows.append({"label": label, "value": in_words(key, value)})
    return rows


def in_words(key: str, value: Any) -> str:
    """A fact for a reader."""
    writer = WRITERS.get(key, str)
    try:
        return str(writer(value))
    except (AnswerFault, ValueError):
        return str(value)


def money(value: Any) -> str:
    """An amount as it was frozen."""
    return euro(amount(value))


def instant(value: Any) -> str:
    """An instant as it was frozen."""
    return moment(datetime.fromisoformat(value))


def a_day(value: Any) -> str:
    """A day as it was frozen."""
    return day(date.fromisoformat(value))


def chain(decision: Decision) -> list[dict[str, Any]]:
    """Each link of the chain: who agreed and when, whose turn it is, who comes after."""
    agreed = {each.link: each for each in Approval.objects.filter(decision=decision, voided_at=None).select_related("user", "board_list")}
    closed = decision.state not in {DecisionState.DRAFTED, DecisionState.IN_CHECK, DecisionState.APPROVED}
    rows = []
    for number, name in enumerate(decision.chain_of_links):
        mine = agreed.get(name)
        status = "done" if mine else "current" if number == decision.links_done and not closed else "next"
        rows.append({"label": Role(name).label, "approval": mine, "status": status})
    return rows


def steps(decision: DecisionMachine, request: SignedIn) -> list[dict[str, Any]]:
    """The steps open to this person, each with its page; the board agrees from the list, where its signed list is chosen."""
    back = request.path
    return [
        {
            "label": step.label,
            "unmet": step.unmet,
            "forward": step.name in STEPS and not STEPS[step.name].danger,
            "url": f"{reverse('workflows:step', args=['decision', decision.pk, step.name])}?next={back}",
        }
        for step in open_steps(decision, actor=request.user, at=request.at)
        if not (step.name == "approve" and decision.link == Role.BOARD)
    ]


def history(decision: DecisionMachine) -> list[dict[str, Any]]:
    """What happened to the decision, newest first."""
    events = Event.objects.about(decision).select_related("actor").order_by("-seq")
    return [
        {
            "at": event.at,
            "title": LABELS.get(event.kind, event.kind),
            "who": str(event.actor),
            "tone": event.after,
            "text": event.data.get("reason", ""),
        }
        for event in events
    ]


def line(decision: Decision, user: User) -> dict[str, Any]:
    """Who of the ranking goes without money and stands first for what falls free, while the decision can still depart from the advice, or
    does: what a departure means for others."""
    if decision.state == DecisionState.DRAFTED or decision.departure:
        waiting, hidden = in_line(decision, user)
        return {"line": waiting, "line_hidden": hidden}
    return {}


def advice(decision: Decision) -> str:
    """What the panel advised, if the decision rests on a ranking."""
    basis = getattr(decision, "basis", None)
    return basis.advice.in_full if basis is not None and basis.advice is not None else ""


WRITERS: dict[str, Callable[[Any], str]] = {
    **dict.fromkeys(("amount", "asked", "ceiling", "awarded", "advances", "to_pay"), money),
    **dict.fromkeys(("score", "line"), score),
    "received_at": instant,
    **dict.fromkeys(("reserve_until", "intent_on", "responded_on"), a_day),
}
"""How each kind of fact is written."""
