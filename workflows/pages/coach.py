"""The innovation coach's intake on one page: what the maker wants, the call, what is missing, serious or not; then the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tender.enums import ApplicationState, Role
from tender.models import Application
from tender.readout import readout
from workflows.commands import Refused
from workflows.flows.taking import take_step
from workflows.models import ApplicationMachine
from workflows.pages.bulk import foresee
from workflows.pages.case import found_case, undeclared
from workflows.pages.room import StaffPage
from workflows.plain import TextArea

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tender.http import SignedIn

REFUSED, UNPROCESSABLE = 409, 422


class IntakeForm(forms.Form):
    """Serious or not, the call, and what is missing."""

    use_required_attribute = False
    serious = forms.TypedChoiceField(
        label=gettext_lazy("Is it serious?"), choices=[("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))],
        coerce=lambda said: said == "yes", widget=forms.RadioSelect,
    )  # fmt: skip
    called_with = forms.CharField(label=gettext_lazy("Who you spoke with"), max_length=120, required=False)
    called_at = forms.DateTimeField(
        label=gettext_lazy("When you spoke"), required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    missing = forms.MultipleChoiceField(label=gettext_lazy("What is missing"), widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, *args: Any, case: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = [(field.key, str(field.label)) for field in case.rules.form.fields()]
        self.fields["missing"].choices = labels  # type: ignore[attr-defined]
        self.fields["note"] = TextArea(label=_("What was said, and what else is missing"), rows=4, most=4000)

    def clean(self) -> dict[str, Any]:
        """A call has a moment and somebody at the other end, or it was none."""
        said = super().clean() or {}
        if said.get("called_at") and not said.get("called_with"):
            self.add_error("called_with", _("Say who you spoke with."))
        if said.get("called_with") and not said.get("called_at") and "called_at" not in self.errors:
            self.add_error("called_at", _("Say when you spoke."))
        return said


def intakes(request: SignedIn) -> Any:
    """The applications whose intake waits and that this person may read, the first received in front."""
    found = Application.objects.visible_to(request.user).filter(state=ApplicationState.SUBMITTED, intake_serious=None)
    return found.with_rules().order_by("submitted_at", "pk")


class IntakePage(StaffPage):
    """One intake: the application beside the form, so that nothing has to be looked up."""

    roles = (Role.COACH,)

    def get(self, request: SignedIn, reference: str) -> HttpResponse:
        """The form; an intake that was noted before stands in it."""
        case = found_case(request, reference)
        if case is None:
            return undeclared(request, reference)
        self.must_take(request, case)
        initial = {
            "serious": None if case.intake_serious is None else ("yes" if case.intake_serious else "no"), "note": case.intake_note,
            "missing": case.intake_missing, "called_with": case.intake_called_with or case.applicant.name,
            "called_at": timezone.localtime(case.intake_called_at or request.at),
        }  # fmt: skip
        return self.show(request, case, IntakeForm(case=case, initial=initial))

    def post(self, request: SignedIn, reference: str) -> HttpResponse:
        """Note the intake, and go on to the next one that waits."""
        case = found_case(request, reference)
        if case is None:
            return undeclared(request, reference)
        self.must_take(request, case)
        form = IntakeForm(request.POST, case=case)
        if not form.is_valid():
            return self.show(request, case, form, status=UNPROCESSABLE)
        try:
            take_step(ApplicationMachine, "intake", pk=case.pk, actor=request.user, at=request.at, **form.cleaned_data)
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
            return self.show(request, case, form, status=REFUSED)
        messages.success(request, _("The intake of %(reference)s is noted.") % {"reference": case.reference})
        following = next((each for each in intakes(request) if each.rules.coach_intake), None)
        return redirect(reverse("workflows:coach_intake", args=[following.reference]) if following else reverse("workflows:inbox"))

    def must_take(self, request: SignedIn, case: Application) -> None:
        """Only who may take the step sees its page."""
        machine = ApplicationMachine.objects.get(pk=case.pk)
        if case.state == ApplicationState.SUBMITTED and foresee(machine, "intake", actor=request.user, at=request.at):
            raise PermissionDenied("intake")

    def show(self, request: SignedIn, case: Application, form: IntakeForm, status: int = 200) -> HttpResponse:
        """The page."""
        sent = case.submission()
        context = {
            "case": case, "form": form, "open": case.state == ApplicationState.SUBMITTED,
            "blocks": readout(case.rules.form, sent.answers, files=sent.documents) if sent else [],
            "waiting": sum(each.rules.coach_intake for each in intakes(request) if each.pk != case.pk),
            "trail": [(_("Work"), reverse("workflows:inbox"))],
        }  # fmt: skip
        return render(request, "workflows/coach/intake.html", context, status=status)


urlpatterns = [path("werk/intake/<slug:reference>/", IntakePage.as_view(), name="coach_intake")]
