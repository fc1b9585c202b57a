"""The decisions of a round: who has each, the queue where intake is continuous, and many taken on at once with a preview."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Count, Q, Sum
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tender.enums import Account, ApplicationState, DecisionKind, DecisionState, Role, StageState
from tender.models import Application, Decision, LedgerEntry
from tender.schemes.definition import Intake, Link
from tender.templatetags.drietrap import euro
from workflows.batch import failing, printed, rows_failing, told, try_again
from workflows.commands.boarding import board_lists
from workflows.flows.decision import with_the_round
from workflows.pages.decision_steps import STEPS, DecisionStep
from workflows.pages.officer_queue import queue_of
from workflows.pages.officer_whole import address
from workflows.pages.room import MONEY_ROLES, StagePage, trail, undeclared
from workflows.steps import open_steps

if TYPE_CHECKING:
    from decimal import Decimal

    from tender.http import SignedIn
    from tender.models import Stage, User
    from workflows.models import StageMachine

LETTERS = Count("letters", filter=Q(letters__event__kind="decision.sign"))
"""How many letters of a decision are printed; what the party was told before is none of these."""
OVER = (DecisionState.DISCARDED, DecisionState.SUPERSEDED)
TURNS = {DecisionState.DRAFTED, DecisionState.IN_CHECK, DecisionState.APPROVED}
NOTHING_NEW = 204
ROUND_STEPS = ("propose", "publish")
"""The steps on the whole round that belong on this page."""


class DecisionsPage(StagePage):
    """All decisions of a stage with whose turn each is; a selection goes to a preview."""

    roles = MONEY_ROLES
    closed_to_recused = True

    def get(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """The table; ``?mine=1``: where it is this person's turn."""
        stage = self.stage(request, call, key)
        if request.htmx:
            return progress(request, stage)
        made, heard, failed = printed(stage), told(stage, request.at), rows_failing(stage).count()
        rows = rows_of(stage, request.user)
        mine = [row for row in rows if row["mine"]]
        context: dict[str, Any] = {
            "stage": stage,
            "trail": trail(stage=stage),
            "rows": mine if "mine" in request.GET else rows,
            "mine": "mine" in request.GET,
            "mine_count": len(mine),
            "all_count": len(rows),
            "totals": totals(stage),
            "free": free(stage),
            "steps": fitting(rows, request.user),
            "round_steps": round_steps(stage, request),
            "hidden": hidden(stage, request.user),
            "board_lists": board_lists(stage),
            "needs_board": Link.BOARD in stage.rules.chain,
            "may_act": not request.user.has_role(Role.AUDITOR),
            "undeclared": undeclared(stage, request.user).count(),
            "letters": None if made.finished else made,
            "told": None if heard.finished else heard,
            "failing": failing(stage, request.user) if failed else [],
            "letters_url": f"{request.path}?bar=letters&seen={made.done}-{failed}",
            "told_url": f"{request.path}?bar=told&seen={heard.done}-{failed}",
            "chain": [link_in_words(stage, link) for link in stage.rules.chain],
        }
        if stage.rules.intake == Intake.CONTINUOUS:
            context |= queue_of(stage, request.user)
        return render(request, "workflows/officer/decisions.html", context)

    def post(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """Try again to make the letters that failed."""
        stage = self.stage(request, call, key)
        number = try_again(stage)
        said = ngettext("%(number)s letter is tried again.", "%(number)s letters are tried again.", number) % {"number": number}
        messages.success(request, said)
        return redirect(request.path)


def link_in_words(stage: Stage, link: str) -> str:
    """A link of the chain, with the amount above which it is asked, where there is one."""
    above = getattr(stage.rules.chain_above, link, None)
    words = {"role": Role(link).label, "amount": euro(above or 0)}
    return _("%(role)s (above %(amount)s)") % words if above is not None else str(Role(link).label)


def rows_of(stage: Stage, user: User) -> list[dict[str, Any]]:
    """The decisions this person may see, by reference."""
    decisions = (
        Decision.objects.visible_to(user)
        .filter(stage=stage)
        .exclude(state__in=OVER)
        .select_related("application__organisation", "application__applicant")
        .annotate(printed=LETTERS)
        .order_by("application__reference", "pk")
    )
    return [row(decision, stage, user) for decision in decisions]


def row(decision: Decision, stage: Stage, user: User) -> dict[str, Any]:
    """One decision, with whose turn it is."""
    decision.stage = stage  # one parsed scheme for all rows
    turn = decision.link if decision.state in TURNS else ""
    if decision.state == DecisionState.SIGNED:
        turn = Role.SIGNATORY
    alone = decision.state != DecisionState.SIGNED or not with_the_round(decision)
    return {
        "decision": decision,
        "case": decision.application,
        "turn": Role(turn).label if turn else "",
        "mine": bool(turn) and alone and user.has_role(turn),
        "open": bool(turn),
        "waits": decision.state == DecisionState.SIGNED and not decision.printed,  # type: ignore[attr-defined]
    }


def progress(request: SignedIn, stage: Stage) -> HttpResponse:
    """A bar, asked for again until all is done; then, or when something failed since, the page itself is due again.

    Where nothing moved since the page asked last, there is no answer: a screen reader would read the same words every two seconds.
    """
    name = "told" if request.GET.get("bar") == "told" else "letters"
    bar = told(stage, request.at) if name == "told" else printed(stage)
    failed = rows_failing(stage).count()
    if not bar.finished and request.GET.get("seen") == f"{bar.done}-{failed}":
        return HttpResponse(status=NOTHING_NEW)
    label = _("Parties are being told by mail") if name == "told" else _("Letters are being printed")
    context = {
        "id": name, "label": label, "done": bar.done, "total": bar.total, "finished": bar.finished,
        "url": f"{request.path}?bar={name}&seen={bar.done}-{failed}",
    }  # fmt: skip
    response = render(request, "tender/parts/progress.html", context)
    if bar.finished or str(failed) != request.GET.get("seen", f"-{failed}").rpartition("-")[2]:
        response["HX-Refresh"] = "true"
    return response


def fitting(rows: list[dict[str, Any]], user: User) -> list[tuple[str, DecisionStep]]:
    """The steps that this person could take on some of these decisions: their own link of the chain, and sending back."""
    states = {each["decision"].state for each in rows if each["open"]}
    mine = {each["decision"].state for each in rows if each["mine"]}
    may_return = user.has_role(Role.OFFICER, Role.READER, Role.SIGNATORY) or bool(mine)
    return [
        (name, step)
        for name, step in STEPS.items()
        if (mine.intersection(step.source) and not step.danger) or (step.danger and may_return and states.intersection(step.source))
    ]


def totals(stage: Stage) -> list[dict[str, Any]]:
    """Per kind how many, and how much, over everything in the round."""
    counted = stage.decisions.exclude(state__in=OVER).values("kind").annotate(number=Count("pk"), amount=Sum("amount"))
    found = {each["kind"]: each for each in counted.order_by()}
    return [
        {"label": DecisionKind(kind).label, "number": found[kind]["number"], "amount": found[kind]["amount"]}
        for kind in DecisionKind.values
        if kind in found
    ]


def free(stage: Stage) -> Decimal | None:
    """What is left under the ceiling; None where the stage gives no money."""
    return LedgerEntry.objects.balance(stage, Account.FREE) if stage.ceiling else None


def hidden(stage: Stage, user: User) -> int:
    """How many open decisions of the round this person may not see (yet)."""
    return stage.decisions.open().exclude(pk__in=Decision.objects.visible_to(user)).count()


def round_steps(stage: StageMachine, request: SignedIn) -> list[dict[str, Any]]:
    """The steps on the round as a whole: make the proposals, publish them all."""
    return [
        {
            "label": step.label,
            "unmet": step.unmet,
            "url": address(stage, step.name, back=request.path),
        }
        for step in open_steps(stage, actor=request.user, at=request.at)
        if step.name in ROUND_STEPS and not (step.unmet and again(stage, step.name))
    ]


def again(stage: Stage, name: str) -> bool:
    """Whether a step was taken before: making the proposals is only offered again where one is lacking."""
    return name == "propose" and bool(stage.state == StageState.DECIDING)


def waiting_cases(stage: Stage, user: User) -> list[Application]:
    """The judged applications of a stage without a decision, that this person may read."""
    judged = Application.objects.visible_to(user).filter(stage=stage, state=ApplicationState.RANKED)
    return list(judged.exclude(decisions__in=stage.decisions.open()))
