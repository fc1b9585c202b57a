"""The calls of the house: their stages, planning a new one, and the panel that judges."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tender.calendar import amsterdam_day
from tender.enums import Role, StageState
from tender.models import Call, SchemeVersion, Stage, Submission
from tender.schemes.definition import Amount
from workflows.commands.calls import plan_call
from workflows.forms import MoneyField
from workflows.pages.room import StaffForm, StaffPage, trail

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from django.http import HttpResponse

    from tender.http import SignedIn
    from tender.schemes import definition

OPENS, CLOSES = time(9), time(17)
MOMENT = "%Y-%m-%dT%H:%M"
DONE = {StageState.PUBLISHED, StageState.FINISHED}
NEXT = {StageState.DRAFT, StageState.PLANNED}


class Frame(StaffForm):
    """Which scheme, which year, from when, with how much: what the suggestions are made of."""

    version = forms.ModelChoiceField(label=gettext_lazy("Scheme"), queryset=SchemeVersion.objects.none())
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2000, max_value=2100)
    opens = forms.DateField(label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    total = MoneyField(label=gettext_lazy("Budget of the whole call"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["version"]
        field.queryset = SchemeVersion.objects.select_related("scheme").order_by("scheme__key", "-number")  # type: ignore[attr-defined]
        field.label_from_instance = version_label  # type: ignore[attr-defined]


def version_label(version: SchemeVersion) -> str:
    """A version as it is chosen: the scheme's title and which version of it."""
    return f"{version.definition.title} · {_('version')} {version.number}"


class Windows(StaffForm):
    """Per stage of the chosen scheme its window and its ceiling."""

    def __init__(self, *args: Any, version: SchemeVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stages = version.definition.stages
        widget = {"type": "datetime-local"}
        for rules in self.stages:
            self.fields[f"{rules.key}-opens"] = forms.DateTimeField(label=_("Opens"), widget=forms.DateTimeInput(attrs=widget, format=MOMENT))
            self.fields[f"{rules.key}-closes"] = forms.DateTimeField(
                label=_("Closes"),
                widget=forms.DateTimeInput(attrs=widget, format=MOMENT),
                help_text=_("What arrives at this instant is too late."),
            )
            if rules.grant.amount != Amount.NONE:
                self.fields[f"{rules.key}-ceiling"] = MoneyField(label=_("Ceiling"))

    def groups(self) -> Iterator[tuple[definition.Stage, list[forms.BoundField]]]:
        """The fields by stage, for the page."""
        for rules in self.stages:
            yield rules, [self[name] for name in self.fields if name.startswith(f"{rules.key}-")]

    def clean(self) -> dict[str, Any]:
        """Windows close after they open and follow each other; money is more than nothing."""
        said = self.cleaned_data
        before: datetime | None = None
        for rules in self.stages:
            opens, closes = said.get(f"{rules.key}-opens"), said.get(f"{rules.key}-closes")
            if opens and closes and closes <= opens:
                self.add_error(f"{rules.key}-closes", _("%(stage)s: the window must close after it opens.") % {"stage": rules.label})
            if opens and before and opens < before:
                self.add_error(f"{rules.key}-opens", _("%(stage)s: the stage before must have closed by then.") % {"stage": rules.label})
            before = closes
            if said.get(f"{rules.key}-ceiling") == 0:
                self.add_error(f"{rules.key}-ceiling", _("%(stage)s: a stage that gives money needs a ceiling.") % {"stage": rules.label})
        return said

    def plan(self) -> dict[str, tuple[datetime, datetime | None, Decimal]]:
        """Per stage what the command takes."""
        said = self.cleaned_data
        return {
            rules.key: (said[f"{rules.key}-opens"], said[f"{rules.key}-closes"], said.get(f"{rules.key}-ceiling") or Decimal(0))
            for rules in self.stages
        }


def suggested(rules: definition.Stage, *, year: int, opens: date, total: Decimal) -> dict[str, Any]:
    """The window and ceiling that the scheme suggests for a stage: days from the first day, a share of the whole."""
    here = get_current_timezone()
    if rules.window is None:
        first, last = opens, max(opens, datetime(year, 12, 31, tzinfo=here).date())
    else:
        first, last = (opens + timedelta(days=days) for days in (rules.window.opens_day, rules.window.closes_day))
    share = rules.ceiling_share or Decimal(0)
    return {
        f"{rules.key}-opens": datetime.combine(first, OPENS, tzinfo=here),
        f"{rules.key}-closes": datetime.combine(last, CLOSES, tzinfo=here),
        f"{rules.key}-ceiling": (total * share).quantize(Decimal("0.01")),
    }


class CallsPage(StaffPage):
    """All calls with their stages, newest first."""

    def get(self, request: SignedIn) -> HttpResponse:
        """The list; a page of twenty."""
        calls = Call.objects.select_related("version").prefetch_related("stages").order_by("-year", "-pk")
        page = Paginator(calls, 20).get_page(request.GET.get("page"))
        counted = Submission.objects.filter(stage__call__in=list(page)).values_list("stage")
        received = dict(counted.annotate(number=Count("application", distinct=True)))
        rows = [(call, [ladder_step(stage, received.get(stage.pk, 0)) for stage in call.stages.all()]) for call in page]
        context = {"rows": rows, "page": page, "may_plan": request.user.has_role(Role.OFFICER)}
        return render(request, "workflows/officer/calls.html", context)


def ladder_step(stage: Stage, received: int, *, current: bool = False) -> dict[str, Any]:
    """A stage as a step of the ladder; ``current`` marks the one a page is about, but what is done stays done."""
    status = "current" if current or stage.state not in NEXT else "next"
    status = "done" if stage.state in DONE else status
    status = "stopped" if stage.state == StageState.CANCELLED else status
    opens, closes = amsterdam_day(stage.opens_at), stage.closes_at and amsterdam_day(stage.closes_at)
    return {
        "label": stage.label,
        "status": status,
        "status_label": capfirst(stage.get_state_display()),
        "dates": f"{opens:%d-%m-%Y} – {closes:%d-%m-%Y}" if closes else f"{opens:%d-%m-%Y} –",
        "money": stage.ceiling or None,
        "count": _("%(number)s handed in") % {"number": received},
        "url": reverse("workflows:stage", args=[stage.call.reference, stage.key]),
    }


class PlanPage(StaffPage):
    """Plan a call: ``GET`` chooses the frame and shows what the scheme suggests, ``POST`` makes it."""

    roles = (Role.OFFICER,)

    def get(self, request: SignedIn) -> HttpResponse:
        """The frame, and below it the stages once the frame is good."""
        today = amsterdam_day(request.at)
        first = {"year": today.year, "opens": today + timedelta(days=28)}
        if "version" not in request.GET:
            return self.show(request, Frame(initial=first), None)
        frame = Frame(request.GET)
        if not frame.is_valid():
            return self.show(request, frame, None, status=422)
        said = frame.cleaned_data
        initial: dict[str, Any] = {}
        for rules in said["version"].definition.stages:
            initial |= suggested(rules, year=said["year"], opens=said["opens"], total=said["total"])
        return self.show(request, frame, Windows(version=said["version"], initial=initial))

    def post(self, request: SignedIn) -> HttpResponse:
        """The call, with its stages in preparation."""
        frame = Frame(request.POST)
        if not frame.is_valid():
            return self.show(request, frame, None, status=422)
        version, year = frame.cleaned_data["version"], frame.cleaned_data["year"]
        windows = Windows(request.POST, version=version)
        if not windows.is_valid():
            return self.show(request, frame, windows, status=422)
        call = planned_before(version, windows)
        if call is None:
            call = plan_call(version=version, year=year, plan=windows.plan(), actor=request.user, at=request.at)
            messages.success(request, _("%(call)s is in preparation: now ask to announce each stage.") % {"call": call.reference})
        return redirect("workflows:stage", call.reference, version.definition.stages[0].key)

    def show(self, request: SignedIn, frame: Frame, windows: Windows | None, status: int = 200) -> HttpResponse:
        """Both forms on a page."""
        context = {"frame": frame, "windows": windows, "trail": trail()}
        return render(request, "workflows/officer/plan.html", context, status=status)


def planned_before(version: SchemeVersion, windows: Windows) -> Call | None:
    """The call that a first press of the button made: same version, same windows, still in preparation."""
    calls = Call.objects.filter(version=version)
    for key, (opens_at, closes_at, ceiling) in windows.plan().items():
        same = {"key": key, "opens_at": opens_at, "closes_at": closes_at, "ceiling": ceiling, "state": StageState.DRAFT}
        calls = calls.filter(pk__in=Stage.objects.filter(**same).values("call_id"))
    return calls.first()


def must_be_officer(request: SignedIn, *also: str) -> None:
    """Only an officer (or who is named beside) prepares a round."""
    if not request.user.has_role(Role.OFFICER, *also):
        raise PermissionDenied("officer")
