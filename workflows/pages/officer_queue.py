"""The queue of a stage that is open all year: in order of complete receipt, with the money that is left."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.verdict import passes
from tender.enums import Account, ApplicationState, DecisionKind, Ground
from tender.models import Application, LedgerEntry
from tender.schemes.definition import Amount, Intake
from tender.templatetags.drietrap import euro
from workflows.commands.proposing import WAITS, propose_for, propose_in_turn
from workflows.pages.bulk import Preview, Row, carry_out, fingerprint, selected
from workflows.pages.officer_calls import must_be_officer
from workflows.pages.room import StagePage, trail
from workflows.queue import in_order, offer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse

    from tender.http import SignedIn
    from tender.models import Stage, User

REFUSAL = gettext_lazy("The ceiling had been reached when the application was complete.")


def asked_by(case: Application, stage: Stage) -> Decimal:
    """What an application costs if it is awarded: the flat sum, or what was asked."""
    terms = stage.rules.grant
    return (terms.flat if terms.amount == Amount.FLAT else case.amount_asked) or Decimal(0)


def readable(stage: Stage, user: User) -> list[tuple[int, Application]]:
    """The queue with each place, as far as this person may read it."""
    places = {case.pk: place for place, case in enumerate(in_order(stage), start=1)}
    cases = Application.objects.visible_to(user).with_rules().filter(pk__in=places)
    return sorted(((places[case.pk], case) for case in cases), key=lambda pair: pair[0])


def queue_of(stage: Stage, user: User) -> dict[str, Any]:
    """The queue for the page: each with what is left when its turn comes."""
    left, rows = LedgerEntry.objects.balance(stage, Account.FREE), []
    for place, case in readable(stage, user):
        asked = asked_by(case, stage)
        rows.append({"place": place, "case": case, "asked": asked, "left": left, "ready": case.state == ApplicationState.RANKED})
        left = max(left - asked, Decimal(0))
    return {"queue": rows, "has_queue": True}


class QueuePage(StagePage):
    """Propose in turn for the ticked applications of the queue, or refuse them for want of money: preview, then do."""

    closed_to_recused = True

    def post(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """The preview, or with ``confirm`` the proposals, in order of the queue."""
        stage = self.stage(request, call, key)
        must_be_officer(request)
        name = request.POST.get("step", "")
        if stage.rules.intake != Intake.CONTINUOUS or name not in {"propose_in_turn", "refuse_on_ceiling"}:
            raise Http404
        chosen = set(selected(request.POST))
        cases = [(place, case) for place, case in readable(stage, request.user) if case.pk in chosen]
        rows = list(in_turn_rows(cases, stage) if name == "propose_in_turn" else refusal_rows(cases))
        label = _("Propose in turn") if name == "propose_in_turn" else _("Refuse: the ceiling was reached")
        back = request.path.removesuffix("rij/")
        context = {
            "stage": stage,
            "trail": trail((_("Decisions"), back), stage=stage),
            "step": name,
            "back": back,
            "title": label,
            "label": label,
            "says": _("In order of complete receipt. A decision is drafted for each."),
            "preview": Preview(rows),
        }
        if "confirm" not in request.POST:
            return render(request, "workflows/officer/preview.html", context)

        def act(row: Row) -> object:
            if name == "propose_in_turn":
                return propose_in_turn(pk=row.pk, actor=request.user, at=request.at)
            return propose_for(
                pk=row.pk,
                kind=DecisionKind.REFUSE,
                ground=Ground.RECEIPT_ORDER,
                reasons=str(REFUSAL),
                actor=request.user,
                at=request.at,
            )

        return render(request, "workflows/officer/results.html", {**context, "results": carry_out(rows, request.POST, act)})


def in_turn_rows(cases: list[tuple[int, Application]], stage: Stage) -> Iterator[Row]:
    """What will be proposed for each, with what the earlier ones leave of the money."""
    left = LedgerEntry.objects.balance(stage, Account.FREE)
    for place, case in cases:
        verdict, asked = passes(case), asked_by(case, stage)
        unmet: tuple[str, ...] = ()
        amount, will = offer(case, left), _("award")
        if case.state != ApplicationState.RANKED:
            unmet, amount = (_("It has not been judged yet."),), Decimal(0)
        elif not verdict.passed:
            amount, will = (
                Decimal(0),
                _("refusal: %(passes)s of %(needed)s passes") % {"passes": verdict.passes, "needed": verdict.needed},
            )
        elif amount <= 0:
            unmet = (str(WAITS),)
        elif amount < asked:
            will = _("award in part: %(asked)s was asked, the ceiling leaves no more") % {"asked": euro(asked)}
        left -= Decimal(0) if unmet else amount
        seen = fingerprint(case.state, case.completed_at, verdict.passes)
        yield Row(case.pk, case.reference, f"{case.title} · {case.party}", will, amount=amount, now=f"{place}", seen=seen, unmet=unmet)


def refusal_rows(cases: list[tuple[int, Application]]) -> Iterator[Row]:
    """Those that waited until the end of the term."""
    for place, case in cases:
        unmet = () if case.state == ApplicationState.RANKED else (_("It has not been judged yet."),)
        seen = fingerprint(case.state, case.completed_at)
        yield Row(
            case.pk,
            case.reference,
            f"{case.title} · {case.party}",
            _("refusal: the ceiling"),
            now=f"{place}",
            seen=seen,
            unmet=unmet,
        )
