"""Who scores what: the proposal, the officer's changes to it, and its confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from scoring.models import Conflict, Scoresheet
from scoring.rules import holds_seat
from tender.enums import Role, SheetState, StageState
from tender.step import Step
from workflows.commands import Refused
from workflows.commands.assigning import Proposal, assign_round, rebalanced
from workflows.commands.wishes import BAR, MUST, NETWORK, Wishes
from workflows.pages.officer_calls import must_be_officer
from workflows.pages.room import StagePage, trail

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tender.http import SignedIn
    from tender.models import Application, Stage
    from workflows.commands.wishes import Pair

BEFORE_RANKING = (StageState.OPEN, StageState.PAUSED, StageState.CLOSED, StageState.SCORING)


class AssignPage(StagePage):
    """The table of cases by people. Its changes stand in the address, so that it works without JavaScript and can be gone back from."""

    closed_to_recused = True

    def get(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """What would be added, and one application to change where asked."""
        return self.show(request, self.stage(request, call, key), Wishes.read(request.GET.getlist("wish")))

    def post(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """Assign as proposed, if the proposal is still what was seen."""
        stage = self.stage(request, call, key)
        must_be_officer(request, Role.SECRETARY)
        wishes = Wishes.read(request.POST.getlist("wish"))
        try:
            made = assign_round(stage=stage, actor=request.user, at=request.at, seen=request.POST.get("seen", ""), wishes=wishes)
        except Refused as refused:
            return self.show(request, stage, wishes, refused=refused, status=409)
        messages.success(request, _("%(number)s score sheets are assigned.") % {"number": len(made)})
        return redirect("workflows:stage", stage.call.reference, stage.key)

    def show(self, request: SignedIn, stage: Stage, wishes: Wishes, *, refused: Refused | None = None, status: int = 200) -> HttpResponse:
        """The page."""
        proposal, before = rebalanced(stage, at=request.at, wishes=wishes, actor=request.user)
        may = request.user.has_role(Role.OFFICER, Role.SECRETARY) and stage.state in BEFORE_RANKING
        here = reverse("workflows:assign", args=[stage.call.reference, stage.key])
        context = {
            "stage": stage,
            "trail": trail(stage=stage),
            "proposal": proposal,
            "table": table(proposal, before),
            "refused": refused,
            "may_change": may,
            "may_assign": may and bool(proposal.added) and not proposal.problems,
            "loads": [(user, proposal.load(user)) for user in proposal.people],
            "wishes": wishes.words(),
            "moved": len(proposal.added - before),
            "change": changing(request.GET.get("change", ""), proposal, wishes) if may else None,
            "query": urlencode([("wish", word) for word in wishes.words()]),
            "waivers": waivers(proposal, wishes) if may else [],
            "open_sheets": assigned(request, stage, proposal, here) if may else [],
        }
        return render(request, "workflows/officer/assign.html", context, status=status)


def table(proposal: Proposal, before: set[Pair]) -> list[tuple[Application, list[str]]]:
    """Per case a word per person: has it, gets it, lost it by a change, did not declare yet, may not, or is left out."""
    kinds = {"has": proposal.standing, "gets": proposal.added, "moved": before, "free": proposal.clear, "silent": proposal.silent}

    def word(pair: Pair) -> str:
        return next((name for name, pairs in kinds.items() if pair in pairs), "barred")

    return [(case, [word((case.pk, user.pk)) for user in proposal.people]) for case in proposal.cases]


def changing(chosen: str, proposal: Proposal, wishes: Wishes) -> dict[str, Any] | None:
    """The application whose pairs are being changed, with a choice for each person who may score it, and the other changes to keep."""
    case = next((one for one in proposal.cases if str(one.pk) == chosen), None)
    if case is None:
        return None
    people = []
    for user in proposal.people:
        pair = (case.pk, user.pk)
        if pair in proposal.clear - proposal.standing:
            now = MUST if pair in wishes.musts else BAR if pair in wishes.bars else ""
            offered = [
                ("", _("as it falls")),
                (f"{MUST}-{case.pk}-{user.pk}", _("must score it")),
                (f"{BAR}-{case.pk}-{user.pk}", _("may not")),
            ]
            people.append((user, proposal.load(user), offered, now and f"{now}-{case.pk}-{user.pk}"))
    own = (f"{MUST}-{case.pk}-", f"{BAR}-{case.pk}-")
    return {"case": case, "people": people, "keep": [word for word in wishes.words() if not word.startswith(own)]}


def waivers(proposal: Proposal, wishes: Wishes) -> list[tuple[str, str]]:
    """The demands that nobody can meet and that are not given up yet: what to tick, and its words."""
    words = {True: _("%(reference)s: go on without anybody from a creative network"),
             False: _("%(reference)s: go on without anybody who knows the theme")}  # fmt: skip
    open_ones = [(kind, case) for kind, case in proposal.lacking if (kind, case.pk) not in wishes.waived]
    return [(f"{kind}-{case.pk}", words[kind == NETWORK] % {"reference": case.reference}) for kind, case in open_ones]


def assigned(request: SignedIn, stage: Stage, proposal: Proposal, here: str) -> list[tuple[Scoresheet, str]]:
    """The sheets nobody started on that this person may take back, with the address of that step: the panel's secretary all, an officer
    those of dossiers on which they declared; who audits takes no step."""
    sheets = Scoresheet.objects.filter(stage=stage, application__in=proposal.cases, state=SheetState.ASSIGNED)
    if request.user.has_role(Role.AUDITOR):
        return []
    if not holds_seat(stage, Step(actor=request.user, at=request.at), Role.SECRETARY):
        clear = Conflict.objects.clear().filter(user=request.user)
        sheets = sheets.filter(application__in=clear.values("application")) if request.user.has_role(Role.OFFICER) else sheets.none()
    rows = sheets.select_related("application", "juror").order_by("application__reference", "juror__name")
    return [(sheet, f"{reverse('workflows:step', args=['scoresheet', sheet.pk, 'take_back'])}?next={here}") for sheet in rows]
