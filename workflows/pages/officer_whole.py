"""A step on a round as a whole: what exactly will happen to whom, and then all of it or nothing."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from tender.calendar import amsterdam_day
from tender.enums import GIVES, Account, DecisionKind, DecisionState, Ground
from tender.models import Application, Decision
from tender.step import Step
from workflows.commands import Refused
from workflows.flows.taking import take_step
from workflows.forms import Schedule
from workflows.labels import LABELS
from workflows.models import Letter, StageMachine
from workflows.pages.bulk import Preview, Row, pots_of
from workflows.pages.decision_steps import letter_of, what
from workflows.pages.room import MONEY_ROLES, StagePage, trail
from workflows.rules.moments import publication_sha256, why_void
from workflows.rules.publishing import Proposal, proposals, proposals_sha256
from workflows.rules.rounds import everything_decided
from workflows.steps import open_steps

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.http import HttpResponse

    from tender.http import SignedIn
    from tender.models import Stage, User

PAGES = {"propose": "propose_round", "publish": "publish_round", "schedule": "publish_round"}
"""Which steps on a round have a page of their own, where others have the page of any step."""


def address(stage: Stage, name: str, *, back: str) -> str:
    """Where a step on a round is taken."""
    if name in PAGES:
        return reverse(f"workflows:{PAGES[name]}", args=[stage.call.reference, stage.key])
    return f"{reverse('workflows:step', args=['stage', stage.pk, name])}?next={back}"


class WholePage(StagePage):
    """``GET`` shows what will happen to whom; ``POST`` does it, bound to the hash of what was shown: where anything has changed since,
    nothing is done."""

    roles = MONEY_ROLES
    closed_to_recused = True
    steps: tuple[str, ...] = ()
    """The steps that are taken here; the first is that of the preview."""

    def get(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """The preview, for who may take the step."""
        stage = self.stage(request, call, key)
        if self.steps[0] not in {each.name for each in open_steps(stage, actor=request.user, at=request.at)}:
            raise PermissionDenied(self.steps[0])
        return self.show(request, stage)

    def post(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """Take the step, or say why nothing was done."""
        stage, name = self.stage(request, call, key), request.POST.get("step", "")
        if name not in self.steps:
            raise PermissionDenied(name)
        form = Schedule(request.POST, case=stage) if name == "schedule" else None
        if form is not None and not form.is_valid():
            return self.show(request, stage, form=form, status=422)
        said = form.data_for_step() if form is not None else {}
        try:
            take_step(StageMachine, name, pk=stage.pk, actor=request.user, at=request.at, seen=request.POST.get("seen", ""), **said)
        except Refused as refused:
            return self.show(request, self.stage(request, call, key), form=form, refused=refused.reasons, status=409)
        messages.success(request, _("Done: %(step)s.") % {"step": LABELS[f"stage.{name}"]})
        return redirect("workflows:decisions", stage.call.reference, stage.key)

    def show(
        self, request: SignedIn, stage: StageMachine, *, form: Schedule | None = None, refused: tuple[str, ...] = (), status: int = 200
    ) -> HttpResponse:
        """The page. To who may not take the step, a refusal shows no rows."""
        mine = {each.name: each.unmet for each in open_steps(stage, actor=request.user, at=request.at)}
        step, back = self.steps[0], reverse("workflows:decisions", args=[stage.call.reference, stage.key])
        preview, seen, total = self.preview(stage, request.user, request.at) if step in mine else (Preview([]), "", 0)
        context = {
            "stage": stage,
            "trail": trail((_("Decisions"), back), stage=stage),
            "back": back,
            "step": step,
            "title": LABELS[f"stage.{step}"],
            "label": LABELS[f"stage.{step}"],
            "says": _("All of this happens at once, or nothing does."),
            "preview": preview,
            "seen": seen,
            "total": total,
            "unmet": mine.get(step, (_("This step is not possible now."),)),
            "refused": refused,
            "form": form,
            **self.more(stage, mine, form, request),
        }
        return render(request, "workflows/officer/whole.html", context, status=status)

    def preview(self, stage: StageMachine, user: User, at: datetime) -> tuple[Preview, str, int]:
        """The rows that this person may read, the hash of all of them, and how many there are in all."""
        raise NotImplementedError

    def more(self, stage: StageMachine, mine: dict[str, Any], form: Schedule | None, request: SignedIn) -> dict[str, Any]:  # noqa: ARG002
        """What else the page shows."""
        return {}


class ProposePage(WholePage):
    """Every proposed decision that follows from the frozen ranking."""

    steps = ("propose",)

    def preview(self, stage: StageMachine, user: User, at: datetime) -> tuple[Preview, str, int]:
        """A row per line of the ranking that has no decision yet."""
        every = proposals(stage, amsterdam_day(at))
        visible = set(
            Application.objects.visible_to(user).filter(pk__in=[each.placing.application_id for each in every]).values_list("pk", flat=True)
        )
        rows = [proposal_row(each) for each in every if each.placing.application_id in visible]
        pots = pots_of(stage, source=Account.FREE, target=Account.RESERVED, amount=sum((each.amount for each in every), start=Decimal(0)))
        return Preview(rows, pots=pots, hidden=len(every) - len(rows)), proposals_sha256(stage, every), len(every)


def proposal_row(proposal: Proposal) -> Row:
    """One proposed decision, and what it leaves out of what was asked or ranked."""
    placing, kind, gives = proposal.placing, proposal.kind, proposal.amount
    case, asked = placing.application, placing.application.amount_asked
    words = str(DecisionKind(kind).label) + (f" ({Ground(proposal.ground).label})" if proposal.ground else "")
    flag = _("in part: the ceiling leaves no more") if kind in GIVES and asked and gives < asked else ""
    if kind == DecisionKind.REFUSE and placing.outcome == "selected":
        flag = _("state-aid law covers none of it")
    place = _("rank %(rank)s") % {"rank": placing.order}
    return Row(case.pk, case.reference, f"{case.title} · {case.party}", words, amount=gives, now=place, flag=flag)


class PublishPage(WholePage):
    """Every decision of the round, now or at a set moment."""

    steps = ("publish", "schedule")

    def preview(self, stage: StageMachine, user: User, at: datetime) -> tuple[Preview, str, int]:  # noqa: ARG002  as every round's page
        """A row per open decision; what is not signed yet says so."""
        found: Any = stage.decisions.open().select_related("application__organisation", "application__applicant")
        letters = Prefetch("letters", Letter.objects.select_related("event").defer("facts"))
        every: list[Decision] = list(found.prefetch_related(letters).order_by("application__reference"))
        visible = set(Decision.objects.visible_to(user).filter(pk__in=[each.pk for each in every]).values_list("pk", flat=True))
        rows, amount = [], Decimal(0)
        for decision in every:
            decision.stage = stage  # one parsed scheme for all rows
            amount += decision.reserved
            if decision.pk in visible:
                rows.append(publish_row(decision))
        pots = pots_of(stage, source=Account.RESERVED, target=Account.COMMITTED, amount=amount)
        return Preview(rows, pots=pots, hidden=len(every) - len(rows)), publication_sha256(stage), len(every)

    def more(self, stage: StageMachine, mine: dict[str, Any], form: Schedule | None, request: SignedIn) -> dict[str, Any]:
        """The form of a set moment, what was set, and how near the last days to decide are."""
        days = near(stage, amsterdam_day(request.at))
        take_back = "unschedule" in mine and not mine["unschedule"]
        ready = "schedule" in mine and everything_decided(stage, Step(request.user, request.at))
        return {
            "form": (form or Schedule(case=stage)) if ready else None,
            "void": why_void(stage) if stage.publish_at is not None else "",
            "take_back": address(stage, "unschedule", back=request.path) if take_back else "",
            "late": len(days),
            "first_day": min(days, default=None),
        }


def near(stage: Stage, today: date) -> list[date]:
    """The last days to decide that are near, as the scheme warns of them, or before the moment that was set."""
    until = today + timedelta(days=stage.rules.terms.warn_days)
    if stage.publish_at is not None:
        until = max(until, amsterdam_day(stage.publish_at))
    waiting = stage.applications.filter(decisions__in=stage.decisions.open(), decide_by__lte=until)
    return [day for day in waiting.values_list("decide_by", flat=True) if day is not None]


def publish_row(decision: Decision) -> Row:
    """One decision, published: what its party gets."""
    unmet = () if decision.state == DecisionState.SIGNED else (_("Not signed yet: %(state)s.") % {"state": decision.get_state_display()},)
    return Row(
        decision.pk,
        decision.application.reference,
        f"{decision.application.title} · {decision.application.party}",
        f"{what(decision)} → {_('published to the party')}",
        amount=decision.amount,
        now=decision.get_state_display(),
        unmet=unmet,
        flag=_("departs from the advice") if decision.departure else "",
        letter=letter_of(decision),
    )
