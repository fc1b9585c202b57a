"""The screening of one application: the checklist with notes, what is missing, the coach's call, state aid; and what follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from tender.calendar import amsterdam_day
from tender.enums import ApplicationState, DecisionKind, Ground, Role
from tender.readout import readout
from tender.schemes.answers import unmet_eligibility
from tender.schemes.grounds import grounds_of
from tender.step import Step
from workflows.commands import Refused
from workflows.commands.proposing import propose_for
from workflows.flows.taking import take_step
from workflows.models import ApplicationMachine
from workflows.pages.officer_calls import must_be_officer
from workflows.pages.room import StaffForm, StagePage, trail, visible_cases
from workflows.plain import TextArea
from workflows.rules.screening import MOST_NOTE
from workflows.rules.state_aid import balance_for

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tender.http import SignedIn
    from tender.models import Application, Stage, Submission

REFUSED, UNPROCESSABLE = 409, 422


class Desk(StaffForm):
    """The points of the checklist, each with a note, and the formal questions of which the answer is missing, each with what to do."""

    def __init__(self, *args: Any, case: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        found = {gap["field"]: gap["words"] for gap in case.gaps_found}
        for check in case.rules.checklist:
            ticked = case.checklist.get(check.key, False)
            self.fields[f"check-{check.key}"] = forms.BooleanField(label=str(check.label), required=False, initial=ticked)
            note = TextArea(label=_("Note"), rows=1, most=MOST_NOTE, required=False, initial=case.checklist_notes.get(check.key, ""))
            self.fields[f"note-{check.key}"] = note
        for field in case.rules.form.fields():
            if field.formal:
                self.fields[f"gap-{field.key}"] = forms.BooleanField(label=str(field.label), required=False, initial=field.key in found)
                words = TextArea(
                    label=_("What the applicant should do"), rows=1, most=MOST_NOTE, required=False, initial=found.get(field.key, "")
                )
                self.fields[f"words-{field.key}"] = words

    def clean(self) -> dict[str, Any]:
        """A gap says what to do."""
        said = super().clean() or {}
        for key in self.keys("gap-"):
            if said.get(f"gap-{key}") and f"words-{key}" in said and not said[f"words-{key}"].strip():
                self.add_error(f"words-{key}", _("Say what the applicant should do."))
        return said

    def keys(self, start: str) -> list[str]:
        """The keys of the fields whose name starts so."""
        return [name.removeprefix(start) for name in self.fields if name.startswith(start)]

    def data_for_step(self) -> dict[str, Any]:
        """As the arrow takes it."""
        said = self.cleaned_data
        notes = {key: said[f"note-{key}"] for key in self.keys("note-") if said[f"note-{key}"].strip()}
        gaps = [{"field": key, "words": said[f"words-{key}"]} for key in self.keys("gap-") if said[f"gap-{key}"]]
        return {"checklist": {key: said[f"check-{key}"] for key in self.keys("check-")}, "notes": notes, "gaps": gaps}

    def points(self) -> list[dict[str, Any]]:
        """Each point with its article, its tick and its note."""
        return [{"check": c, "tick": self[f"check-{c.key}"], "note": self[f"note-{c.key}"]} for c in self.case.rules.checklist]

    def lacking(self) -> list[dict[str, Any]]:
        """Each formal question with its tick and its words; what the coach found lacking says so."""
        return [
            {"tick": self[f"gap-{key}"], "words": self[f"words-{key}"], "coach": key in self.case.intake_missing}
            for key in self.keys("gap-")
        ]  # fmt: skip


class WhyNot(StaffForm):
    """On which conditions of the scheme it is not eligible, and why, as the letter says it."""

    grounds = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, case: Application, sent: Submission | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = grounds_of(case.rules)
        unmet = unmet_eligibility(case.rules.form, sent.answers) if sent else []
        failing = [each.eligibility.ground for each in unmet]
        self.fields["grounds"] = forms.MultipleChoiceField(
            label=_("Which conditions are not met"), widget=forms.CheckboxSelectMultiple,
            choices=[(key, str(text)) for key, text in self.texts.items()], initial=[k for k, text in self.texts.items() if text in failing],
        )  # fmt: skip
        self.fields["reasons"] = TextArea(label=_("Reasons, as the letter gives them"), rows=4, most=8000)


class AllTheSame(StaffForm):
    """Why it may be judged although the coach found it not serious."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = TextArea(label=_("Why it may be judged all the same"), rows=2, most=4000, required=False)


class DeskPage(StagePage):
    """One application on the screening desk; what is typed is kept with every button."""

    closed_to_recused = True

    def get(self, request: SignedIn, call: str, key: str, reference: str) -> HttpResponse:
        """The desk as it was left."""
        stage = self.stage(request, call, key)
        return self.show(request, stage, self.case(request, stage, reference))

    def post(self, request: SignedIn, call: str, key: str, reference: str) -> HttpResponse:
        """Keep what was found; then find it eligible, or propose that it is not."""
        stage = self.stage(request, call, key)
        case = self.case(request, stage, reference)
        must_be_officer(request)
        what = request.POST.get("step", "keep")
        if what not in {"keep", "find_eligible", "ineligible"}:
            raise Http404
        desk, why_not = Desk(request.POST, case=case), WhyNot(request.POST, case=case, sent=case.submission())
        good = desk.is_valid() and (what != "ineligible" or why_not.is_valid())
        typed = {"desk": desk, "why_not": why_not if what == "ineligible" else None}
        if not good:
            return self.show(request, stage, case, typed, status=UNPROCESSABLE)
        try:
            take_step(ApplicationMachine, "screen", pk=case.pk, actor=request.user, at=request.at, **desk.data_for_step())
            self.follow_up(request, case, what, why_not)
        except Refused as refused:
            for reason in refused.reasons:
                desk.add_error(None, reason)
            return self.show(request, stage, self.case(request, stage, reference), typed, status=REFUSED)
        messages.success(request, _("Kept."))
        return redirect(self.after(request, stage, case) if what != "keep" else request.path)

    def follow_up(self, request: SignedIn, case: Application, what: str, why_not: WhyNot) -> None:
        """The step beside keeping, if one was asked for."""
        if what == "find_eligible":
            reason = request.POST.get("reason", "").replace("\0", "")
            take_step(ApplicationMachine, what, pk=case.pk, actor=request.user, at=request.at, reason=reason)
        elif what == "ineligible":
            grounds = [why_not.texts[key] for key in why_not.cleaned_data["grounds"]]
            propose_for(
                pk=case.pk, kind=DecisionKind.INELIGIBLE, ground=Ground.CONDITION, reasons=why_not.cleaned_data["reasons"],
                actor=request.user, at=request.at, grounds=grounds,
            )  # fmt: skip

    def after(self, request: SignedIn, stage: Stage, case: Application) -> str:
        """The next application that waits, in order of receipt; else the list."""
        waiting = visible_cases(stage, request.user).filter(state=ApplicationState.SUBMITTED).exclude(pk=case.pk)
        following = waiting.exclude(decisions__in=case.decisions.model.objects.open()).order_by("submitted_at", "pk").first()
        if following is None:
            return reverse("workflows:screening", args=[stage.call.reference, stage.key])
        return reverse("workflows:desk", args=[stage.call.reference, stage.key, following.reference])

    def case(self, request: SignedIn, stage: Stage, reference: str) -> ApplicationMachine:
        """An application of this round that this person may read, or 404."""
        cases: Any = ApplicationMachine.objects.filter(pk__in=visible_cases(stage, request.user)).exclude(state=ApplicationState.DRAFT)
        found: ApplicationMachine = get_object_or_404(cases.with_rules(), reference=reference)
        return found

    def show(
        self, request: SignedIn, stage: Stage, case: ApplicationMachine, typed: dict[str, Any] | None = None, status: int = 200
    ) -> HttpResponse:
        """The page; ``typed``: the forms as they were filled in just now."""
        typed, sent = typed or {}, case.submission()
        submitted = case.state == ApplicationState.SUBMITTED and not case.decisions.open().exists()
        step = Step(request.user, request.at)
        context = {
            "stage": stage, "case": case, "blocks": readout(case.rules.form, sent.answers, files=sent.documents) if sent else [],
            "desk": typed.get("desk") or Desk(case=case), "form": typed.get("desk"), "all_the_same": AllTheSame(request.POST or None),
            "why_not": typed.get("why_not") or WhyNot(case=case, sent=sent),
            "may": submitted and request.user.has_role(Role.OFFICER),
            "balance": balance_for(case, step), "missing": missing_words(case), "day": amsterdam_day(request.at),
            "failing": [str(unmet.eligibility.ground) for unmet in unmet_eligibility(case.rules.form, sent.answers)] if sent else [],
            "trail": trail((_("Screening"), reverse("workflows:screening", args=[stage.call.reference, stage.key])), stage=stage),
        }  # fmt: skip
        return render(request, "workflows/officer/desk.html", context, status=status)


def missing_words(case: Application) -> list[str]:
    """What the coach found lacking, as the form calls it."""
    return [str(field.label) for field in case.rules.form.fields() if field.key in case.intake_missing]
