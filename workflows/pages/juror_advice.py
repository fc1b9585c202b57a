"""The panel's advice: drafted from the sheets, edited by the secretary, signed by the chair; then it goes to the board."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoring.models import Advice, Ranking
from scoring.side_by_side import side_by_side
from tender.enums import AdviceState, Role
from workflows.commands import Refused
from workflows.flows.taking import take_step
from workflows.judging import AdviceWords
from workflows.jury import Round, open_cases
from workflows.models import AdviceMachine
from workflows.pages.juror_compare import table
from workflows.pages.juror_room import CONFLICT, UNPROCESSABLE, JuryPage, trail, where
from workflows.steps import open_steps

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpResponse

    from tender.http import SignedIn


class AdvicesPage(JuryPage):
    """The advice on every application of a ranked round, for who leads it."""

    def get(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """How far each is; the chair signs many at once."""
        return self.show(request, led(self.round(request, call, key)))

    def post(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """Sign what was ticked, each exactly as it was seen; one that is refused does not stop the others."""
        one = led(self.round(request, call, key))
        seen = dict(each.split(":", 1) for each in request.POST.getlist("seen") if ":" in each)
        signed, refused = 0, []
        for advice in advices(request, one).filter(pk__in=[pk for pk in seen if pk.isdecimal()]):
            try:
                take_step(AdviceMachine, "sign", pk=advice.pk, actor=request.user, at=request.at, seen=seen[str(advice.pk)])
                signed += 1
            except Refused as why:
                refused.append((advice.application.reference, str(why)))
        if not signed:
            return self.show(request, one, refused=refused or [("", _("Tick the advice that you have read."))], status=CONFLICT)
        messages.success(request, ngettext("%(n)d advice is signed.", "%(n)d advices are signed.", signed) % {"n": signed})
        return self.show(request, one, refused=refused, status=CONFLICT) if refused else redirect("workflows:advices", *where(one))

    def show(self, request: SignedIn, one: Round, *, refused: list[tuple[str, str]] | None = None, status: int = 200) -> HttpResponse:
        """The page."""
        rows = [line(one, advice) for advice in advices(request, one)]
        waiting = [row for row in rows if row["advice"].state != AdviceState.SIGNED]
        context = {
            "stage": one.stage,
            "trail": trail((_("Meeting"), reverse("workflows:meeting", args=where(one)))),
            "rows": rows,
            "waiting": len(waiting),
            "may_sign": bool(waiting) and "sign" in may(request, waiting[0]["advice"]),
            "refused": refused or [],
        }
        return render(request, "workflows/juror/advices.html", context, status=status)


class AdvicePage(JuryPage):
    """One advice, beside what the sheets say."""

    def get(self, request: SignedIn, call: str, key: str, reference: str) -> HttpResponse:
        """The words, to edit or to read and sign."""
        one = led(self.round(request, call, key))
        advice = self.advice(request, one, reference)
        return self.show(request, one, advice, AdviceWords(case=advice))

    def post(self, request: SignedIn, call: str, key: str, reference: str) -> HttpResponse:
        """Keep the secretary's words, or sign exactly what was seen."""
        one = led(self.round(request, call, key))
        advice = self.advice(request, one, reference)
        name, form = ("sign" if "sign" in request.POST else "edit"), AdviceWords(request.POST, case=advice)
        if name == "edit" and not form.is_valid():
            return self.show(request, one, advice, form, status=UNPROCESSABLE)
        said = form.data_for_step() if name == "edit" else {"seen": request.POST.get("seen", "")}
        try:
            take_step(AdviceMachine, name, pk=advice.pk, actor=request.user, at=request.at, **said)
        except Refused as refused:
            return self.show(
                request, one, advice, form if name == "edit" else AdviceWords(case=advice), refused=refused.reasons, status=CONFLICT
            )
        told = _("The advice on %(reference)s is signed.") if name == "sign" else _("The advice on %(reference)s is saved.")
        messages.success(request, told % {"reference": reference})
        return redirect("workflows:advices", *where(one))

    def advice(self, request: SignedIn, one: Round, reference: str) -> Advice:
        """The advice on one application that this person may read; else 404."""
        found = advices(request, one).filter(application__reference=reference).first()
        if found is None:
            raise Http404
        return found

    def show(
        self, request: SignedIn, one: Round, advice: Advice, form: AdviceWords, *, refused: tuple[str, ...] = (), status: int = 200
    ) -> HttpResponse:
        """The page."""
        (row,) = side_by_side(one.stage, [advice.application])
        steps = may(request, advice)
        context = {
            "stage": one.stage,
            "trail": trail((_("Advice"), reverse("workflows:advices", args=where(one)))),
            "advice": advice,
            "blind": one.stage.rules.blind,
            "row": row,
            "criteria": zip_words(one, advice, form, table(one.stage.rules.rubric, row)),
            "form": form,
            "may_edit": "edit" in steps,
            "may_sign": "sign" in steps,
            "refused": refused,
        }
        return render(request, "workflows/juror/advice.html", context, status=status)


def led(one: Round) -> Round:
    """A ranked round whose panel met, for who leads it."""
    if not one.stage.rules.meeting or not Ranking.objects.filter(stage=one.stage).exists():
        raise Http404
    if one.part not in {Role.CHAIR, Role.DEPUTY, Role.SECRETARY}:
        raise PermissionDenied("leads")
    return one


def advices(request: SignedIn, one: Round) -> QuerySet[Advice]:
    """The advices of the newest ranking on what this person may judge, in its order."""
    newest = one.stage.rankings.latest()
    mine = Advice.objects.filter(ranking=newest, application__in=open_cases(one.stage, request.user))
    of_it = mine.filter(application__placings__ranking=newest).order_by("application__placings__order")
    return of_it.select_related("application__organisation", "application__applicant", "stage__call__version", "ranking", "signed_by")


def line(one: Round, advice: Advice) -> dict[str, Any]:
    """One line of the list."""
    tones = {AdviceState.DRAFTED: "waiting", AdviceState.EDITED: "busy", AdviceState.SIGNED: "ok"}
    return {
        "advice": advice,
        "case": advice.application,
        "party": "" if one.stage.rules.blind else advice.application.party,
        "url": reverse("workflows:advice", args=[*where(one), advice.application.reference]),
        "tone": tones[AdviceState(advice.state)],
        "seen": f"{advice.pk}:{advice.seen_sha256}",
    }


def may(request: SignedIn, advice: Advice) -> set[str]:
    """Which steps this person may take on an advice now."""
    case = AdviceMachine.objects.select_related("application__stage__call__version", "stage__call__version").get(pk=advice.pk)
    return {step.name for step in open_steps(case, actor=request.user, at=request.at)}


def zip_words(one: Round, advice: Advice, form: AdviceWords, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Per criterion: its figures and remarks on the sheets, what the advice says, and the field to say it in."""
    rubric = one.stage.rules.rubric
    of_sheets = rows or [{}] * (len(rubric.criteria) if rubric else 0)
    return [
        {**found, "label": criterion.label, "words": advice.parts.get(criterion.key, ""), "field": form[criterion.key]}
        for criterion, found in zip(rubric.criteria if rubric else (), of_sheets, strict=True)
    ]
