"""Declare before anything opens: from covers alone, many at once where there is no interest, one by one where there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.forms import HiddenInput
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoring.models import Conflict
from scoring.rules import kept_out
from tender.enums import ConflictState
from tender.schemes.definition import Assess
from workflows.commands import Refused
from workflows.commands.declaring import ask_once
from workflows.declaring import Declare, suggested
from workflows.flows.taking import take_step
from workflows.jury import Round, declared, to_declare
from workflows.models import ConflictMachine
from workflows.pages.juror_room import CONFLICT, UNPROCESSABLE, JuryPage, trail, where

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tender.http import SignedIn
    from tender.models import Application, User

MAY_CHANGE = (ConflictState.NONE, ConflictState.CLEARED, ConflictState.DOUBTFUL)


class ConflictsPage(JuryPage):
    """The covers of a round."""

    def get(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """What is to be declared, and what was."""
        return self.show(request, self.round(request, call, key))

    def post(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """No interest in all that were ticked. What was declared before stays as it was; where a link was found, it is asked apart."""
        one = self.round(request, call, key)
        ticked = {int(pk) for pk in request.POST.getlist("case") if pk.isascii() and pk.isdigit()}
        if not ticked:
            return self.show(request, one, nothing_ticked=True, status=UNPROCESSABLE)
        asked = list(to_declare(one.stage, request.user).select_related("stage__call__version").filter(pk__in=ticked))
        apart = suggested(request.user, asked)
        cases = [case for case in asked if case.pk not in apart and declared_none(request, case)]
        told = ngettext(
            "You declared to have no interest in %(n)d application.", "You declared to have no interest in %(n)d applications.", len(cases)
        )  # fmt: skip
        if cases:
            messages.success(request, told % {"n": len(cases)})
        for case in asked:
            if case.pk in apart:
                messages.warning(request, _("%(reference)s needs its own answer: the system found a link.") % {"reference": case.reference})
        return redirect(onward(request, one))

    def show(self, request: SignedIn, one: Round, *, nothing_ticked: bool = False, status: int = 200) -> HttpResponse:
        """The page."""
        cases = to_declare(one.stage, request.user).select_related("organisation", "applicant", "stage__call__version")
        found = suggested(request.user, cases := cases.prefetch_related("partners"))
        said = list(declared(one.stage, request.user))
        context = {
            "stage": one.stage,
            "trail": trail(),
            "cases": [case for case in cases if case.pk not in found],
            "linked": [(case, found[case.pk]) for case in cases if case.pk in found],
            "said": [(conflict, may_change(one, conflict)) for conflict in said],
            "whole_round": one.stage.call.definition.recuse_whole_round,
            "panel": one.stage.rules.assess == Assess.JURY,
            "nothing_ticked": nothing_ticked,
        }
        return render(request, "workflows/juror/conflicts.html", context, status=status)


class ConflictPage(JuryPage):
    """One dossier: its cover and the question; later on, an interest that came up."""

    def get(self, request: SignedIn, call: str, key: str, reference: str) -> HttpResponse:
        """The cover with the question."""
        one = self.round(request, call, key)
        case, asked = self.case(request, one, reference)
        return self.show(request, one, case, form_for(one, request.user, case, asked))

    def post(self, request: SignedIn, call: str, key: str, reference: str) -> HttpResponse:
        """Note the answer."""
        one = self.round(request, call, key)
        case, asked = self.case(request, one, reference)
        form = form_for(one, request.user, case, asked, request.POST)
        if not form.is_valid():
            return self.show(request, one, case, form, status=UNPROCESSABLE)
        try:
            declare(request, case, form.step, **form.data_for_step())
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
            return self.show(request, one, case, form, status=CONFLICT)
        messages.success(request, words_for(one, form.step, case))
        return redirect(onward(request, one))

    def case(self, request: SignedIn, one: Round, reference: str) -> tuple[Application, Conflict | None]:
        """A dossier of the round on which this person may declare now, and what they said before; else 404."""
        asked = Conflict.objects.filter(user=request.user, application__stage=one.stage, application__reference=reference)
        before = asked.exclude(state=ConflictState.ASKED).select_related("application").first()
        if before is not None:
            if not may_change(one, before):
                raise Http404
            return before.application, before
        found = to_declare(one.stage, request.user).filter(reference=reference).first()
        if found is None:
            raise Http404
        return found, None

    def show(self, request: SignedIn, one: Round, case: Application, form: Declare, *, status: int = 200) -> HttpResponse:
        """The page."""
        context = {
            "stage": one.stage,
            "trail": trail((_("Declarations"), reverse("workflows:conflicts", args=where(one)))),
            "application": case,
            "partners": case.partners.order_by("pk"),
            "form": form,
            "after_all": form.fields["says"].widget.is_hidden,
            "whole_round": one.stage.call.definition.recuse_whole_round,
        }
        return render(request, "workflows/juror/conflict.html", context, status=status)


def form_for(one: Round, user: User, case: Application, asked: Conflict | None, posted: Any = None) -> Declare:
    """The question; who declared before can only say that there is an interest after all, and only a panel has a chair to ask."""
    found = suggested(user, [case]).get(case.pk)
    form = Declare(posted, case=asked, found=found, initial={"says": "declare_interest"} if asked else None)
    offered = form.fields["says"].choices  # type: ignore[attr-defined]
    leave = {"declare_none", "declare_doubt"} if asked else set() if one.stage.rules.assess == Assess.JURY else {"declare_doubt"}
    form.fields["says"].choices = [choice for choice in offered if choice[0] not in leave]  # type: ignore[attr-defined]
    if asked:
        form.fields["says"].widget = HiddenInput()
    return form


def may_change(one: Round, conflict: Conflict) -> bool:
    """Whether an interest can still be declared: until publication."""
    return conflict.state in MAY_CHANGE and one.stage.published_at is None


def declared_none(request: SignedIn, case: Application) -> bool:
    """Declare none of many; one that is refused says why, and does not stop the others."""
    try:
        declare(request, case, "declare_none")
    except Refused as refused:
        messages.warning(request, f"{case.reference}: {refused}")
        return False
    return True


@transaction.atomic
def declare(request: SignedIn, case: Application, name: str, **data: Any) -> None:
    """One declaration; the same one pressed twice is one."""
    asked = ask_once(application=case, user=request.user, at=request.at)
    if name == "declare_none" and asked.state == ConflictState.NONE:
        return
    take_step(ConflictMachine, name, pk=asked.pk, actor=request.user, at=request.at, **data)


def words_for(one: Round, step: str, case: Application) -> str:
    """What is said after a declaration."""
    if step == "declare_none":
        return _("You declared to have no interest in %(reference)s.") % {"reference": case.reference}
    if step == "declare_doubt":
        return _("Thank you. The chair judges whether this is an interest; until then %(reference)s stays closed to you.") % {
            "reference": case.reference
        }
    if one.stage.call.definition.recuse_whole_round:
        return _("Thank you for saying so. This whole round is now closed to you.")
    return _("Thank you for saying so. %(reference)s is now closed to you.") % {"reference": case.reference}


def onward(request: SignedIn, one: Round) -> str:
    """Where to go after a declaration: on with the covers, or to the reading list when there are none left."""
    if not kept_out(one.stage, request.user) and to_declare(one.stage, request.user).exists():
        return reverse("workflows:conflicts", args=where(one))
    return reverse("workflows:reading")
