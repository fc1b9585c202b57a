"""Screening a round: the checklist of every application in one table, and what follows for many at once."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tender.enums import ApplicationState, DecisionKind, Ground, Role
from tender.models import Submission
from tender.rules import repair_term_left
from tender.schemes.answers import unmet_eligibility
from tender.step import Step
from tender.templatetags.drietrap import moment
from workflows.commands.proposing import propose_for
from workflows.models import ApplicationMachine
from workflows.pages.bulk import Preview, Row, by_arrow, carry_out, fingerprint, foresee, selected
from workflows.pages.officer_calls import must_be_officer
from workflows.pages.room import StaffForm, StagePage, trail, undeclared, visible_cases

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from tender.http import SignedIn
    from tender.models import Application, Stage
    from tender.schemes import definition

TO_SCREEN = (ApplicationState.SUBMITTED, ApplicationState.INCOMPLETE)
PAGE = 50


class Words(StaffForm):
    """What is missing, in the same words for everyone ticked."""

    fields_asked = forms.MultipleChoiceField(label=gettext_lazy("What is missing"), widget=forms.CheckboxSelectMultiple)
    words = forms.CharField(label=gettext_lazy("What the applicant should do"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)

    def __init__(self, *args: Any, rules: definition.Stage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        formal = [(field.key, str(field.label)) for field in rules.form.fields() if field.formal]
        self.fields["fields_asked"].choices = formal  # type: ignore[attr-defined]

    def gaps(self) -> list[dict[str, str]]:
        """As the arrow takes them."""
        return [{"field": key, "words": self.cleaned_data["words"]} for key in self.cleaned_data["fields_asked"]]


class Reasons(StaffForm):
    """Why, as the letter will say it."""

    reasons = forms.CharField(
        label=gettext_lazy("Reasons, as the letter gives them"), widget=forms.Textarea(attrs={"rows": 4}), max_length=8000
    )

    def __init__(self, *args: Any, rules: definition.Stage, **kwargs: Any) -> None:  # noqa: ARG002  as its neighbour
        super().__init__(*args, **kwargs)


@dataclass(frozen=True, slots=True)
class Action:
    """What can be done with the ticked applications: its words, and its form if it asks something."""

    label: Any
    says: Any
    will: Any
    form: type[Words | Reasons] | None = None


ACTIONS = {
    "find_eligible": Action(
        gettext_lazy("Find eligible"),
        gettext_lazy("These applications may be judged."),
        gettext_lazy("will be eligible; the panel is asked to declare"),
    ),
    "request_completion": Action(
        gettext_lazy("Ask to complete"),
        gettext_lazy("Each applicant is asked to mend the same formal gaps, within the same term."),
        gettext_lazy("will be asked to complete it"),
        Words,
    ),
    "ineligible": Action(
        gettext_lazy("Propose: not eligible"),
        gettext_lazy("A decision is drafted for each; it goes through the chain like any other."),
        gettext_lazy("a decision “not eligible” is drafted"),
        Reasons,
    ),
    "set_aside": Action(
        gettext_lazy("Propose: set aside"),
        gettext_lazy("For who did not complete the application in time. A decision is drafted for each."),
        gettext_lazy("a decision “set aside” is drafted"),
        Reasons,
    ),
}


class ScreeningPage(StagePage):
    """The checklist table; its buttons lead to a preview, and that to what happened."""

    closed_to_recused = True

    def get(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """What is to be screened (``?all=1``: everything at this stage), in order of receipt."""
        stage = self.stage(request, call, key)
        cases = visible_cases(stage, request.user).exclude(state=ApplicationState.DRAFT)
        if "all" not in request.GET:
            cases = cases.filter(state__in=TO_SCREEN)
        cases = cases.select_related("organisation", "applicant", "stage__call__version").order_by("submitted_at", "pk")
        page = Paginator(cases, PAGE).get_page(request.GET.get("page"))
        rows = rows_of(list(page), stage)
        context = {
            "stage": stage,
            "trail": trail(stage=stage),
            "page": page,
            "rows": rows,
            "rules": stage.rules,
            "all": "all" in request.GET,
            "actions": ACTIONS.items(),
            "may": request.user.has_role(Role.OFFICER) and any(row["open"] for row in rows),
            "undeclared": undeclared(stage, request.user).count(),
        }
        return render(request, "workflows/officer/screening.html", context)

    def post(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """A preview of one action on the ticked applications, or with ``confirm`` the action itself."""
        stage = self.stage(request, call, key)
        must_be_officer(request)
        name = request.POST.get("step", "")
        if name not in ACTIONS:
            raise Http404
        action, form = ACTIONS[name], form_for(ACTIONS[name], request.POST if "confirm" in request.POST else None, stage)
        ready = "confirm" in request.POST and (form is None or form.is_valid())
        rows = list(preview_rows(name, request, stage, form if ready else None))
        context = {
            "stage": stage,
            "trail": trail((_("Screening"), request.path), stage=stage),
            "back": request.path,
            "step": name,
            "title": action.label,
            "label": action.label,
            "says": action.says,
            "form": form,
            "preview": Preview(rows),
            "carried": carried(request),
        }
        if not ready:
            status = 422 if "confirm" in request.POST else 200
            return render(request, "workflows/officer/preview.html", context, status=status)
        act = act_for(name, request, form)
        return render(request, "workflows/officer/results.html", {**context, "results": carry_out(rows, request.POST, act)})


def form_for(action: Action, posted: Any, stage: Stage) -> Words | Reasons | None:
    """The form of an action, filled with what was posted."""
    return action.form(posted, rules=stage.rules) if action.form is not None else None


def rows_of(cases: list[Application], stage: Stage) -> list[dict[str, Any]]:
    """Each application with its ticks and what its answers say of the conditions of entry."""
    newest: dict[int, Submission] = {}
    for sent in Submission.objects.filter(stage=stage, application__in=cases).order_by("version"):
        newest[sent.application_id] = sent
    rows = []
    for case in cases:
        answers = newest[case.pk].answers if case.pk in newest else {}
        failing = [str(unmet.eligibility.ground) for unmet in unmet_eligibility(stage.rules.form, answers)]
        ticks = [(check, case.checklist.get(check.key, False)) for check in stage.rules.checklist]
        rows.append({"case": case, "ticks": ticks, "failing": failing, "open": case.state in TO_SCREEN})
    return rows


def ticked(posted: Any, case: Application) -> dict[str, bool]:
    """The checklist of one application as ticked in the table."""
    return {check.key: str(case.pk) in posted.getlist(f"check-{check.key}") for check in case.rules.checklist}


def carried(request: SignedIn) -> list[tuple[str, str]]:
    """The ticks of the table, to be sent along with the confirmation."""
    ticks = [name for name in request.POST if name.startswith("check-")]
    return [(name, pk) for name in sorted(ticks) for pk in request.POST.getlist(name)]


def preview_rows(name: str, request: SignedIn, stage: Stage, form: Words | Reasons | None) -> Any:
    """A row for each ticked application: what will happen, and why it cannot."""
    visible = visible_cases(stage, request.user).filter(pk__in=selected(request.POST))
    cases: Any = ApplicationMachine.objects.filter(pk__in=visible)
    for case in cases.with_rules().order_by("reference"):
        data: dict[str, Any] = {}
        if name == "find_eligible":
            data = {"checklist": ticked(request.POST, case)}
        elif isinstance(form, Words):
            data = {"gaps": form.gaps()}
        yield Row(
            case.pk,
            case.reference,
            f"{case.title} · {case.party}",
            str(ACTIONS[name].will),
            now=case.get_state_display(),
            seen=fingerprint(case.state, case.submitted_at, case.repair_until),
            data=data,
            unmet=unmet(name, case, request, data),
        )


def unmet(name: str, case: ApplicationMachine, request: SignedIn, data: dict[str, Any]) -> tuple[str, ...]:
    """Why an action cannot be taken on an application, as far as can be said before its form is filled in."""
    if name == "find_eligible":
        return foresee(case, name, actor=request.user, at=request.at, data=data)
    if case.decisions.open().exists():
        return (_("There is an open decision on this application already."),)
    if name == "request_completion":
        return not_to_complete(case, request)
    return not_eligible(case) if name == "ineligible" else not_aside(case, request)


def not_to_complete(case: ApplicationMachine, request: SignedIn) -> tuple[str, ...]:
    """Why it cannot be asked to complete now."""
    if case.state != ApplicationState.SUBMITTED:
        return (_("This can only be asked right after it was handed in."),)
    return () if repair_term_left(case, Step(request.user, request.at)) else (_(repair_term_left.__doc__ or ""),)


def not_eligible(case: Application) -> tuple[str, ...]:
    """Why it cannot be found not eligible now."""
    return () if case.state == ApplicationState.SUBMITTED else (_("Only what is handed in can be found not eligible."),)


def not_aside(case: Application, request: SignedIn) -> tuple[str, ...]:
    """Why it cannot be set aside now."""
    if case.state != ApplicationState.INCOMPLETE:
        return (_("Only who was asked to complete the application can be set aside."),)
    if case.repair_until is not None and request.at < case.repair_until:
        return (_("The term for completing runs until %(until)s.") % {"until": moment(case.repair_until)},)
    return ()


def act_for(name: str, request: SignedIn, form: Words | Reasons | None) -> Callable[[Row], object]:
    """What an action does to one row."""
    if name in {"find_eligible", "request_completion"}:
        return by_arrow("application", name, actor=request.user, at=request.at)
    kind = DecisionKind.INELIGIBLE if name == "ineligible" else DecisionKind.SET_ASIDE
    ground = Ground.CONDITION if name == "ineligible" else Ground.NONE
    reasons = form.cleaned_data["reasons"] if form is not None else ""
    return lambda row: propose_for(pk=row.pk, kind=kind, ground=ground, reasons=reasons, actor=request.user, at=request.at, amount=Decimal(0))
