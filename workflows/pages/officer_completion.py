"""Completing, for a round: one request to everyone whose form lacks something, with one term; and who did not mend it in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tender.calendar import amsterdam_day, days_later, set_aside_deadline
from tender.enums import ApplicationState, Role
from tender.templatetags.drietrap import moment
from workflows.models import ApplicationMachine
from workflows.pages.bulk import Preview, Row, by_arrow, carry_out, fingerprint, foresee, selected
from workflows.pages.officer_calls import must_be_officer
from workflows.pages.room import StagePage, trail, visible_cases

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from django.http import HttpResponse

    from tender.http import SignedIn
    from tender.models import Application, Stage

SOON = 7
"""Days before the last one at which a row is marked."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who was asked to complete: until when, and once that is over, until when it can be set aside."""

    case: Application
    gaps: list[str]
    over: bool
    last: date | None
    left: int
    weighed: bool

    @property
    def late(self) -> bool:
        """Whether the four weeks have passed: it must be judged now."""
        return self.over and self.left < 0

    @property
    def soon(self) -> bool:
        """Whether they nearly have."""
        return self.over and 0 <= self.left <= SOON


class CompletionPage(StagePage):
    """Who will be asked what; and who was asked, and when that ends."""

    closed_to_recused = True

    def get(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """Both lists."""
        stage = self.stage(request, call, key)
        asked = asked_rows(stage, request)
        context = {
            "stage": stage, "trail": trail((_("Screening"), screening_of(stage)), stage=stage),
            "asking": [{"case": case, "gaps": in_words(case, case.gaps_found)} for case in found(stage, request)],
            "until": term_of(stage, request.at), "asked": asked, "may": request.user.has_role(Role.OFFICER),
            "to_set_aside": [row for row in asked if row.over and not row.late and not row.weighed],
            "too_late": sum(row.late for row in asked), "screening": screening_of(stage),
        }  # fmt: skip
        return render(request, "workflows/officer/completion.html", context)

    def post(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """A preview of who gets which list; with ``confirm`` the requests themselves."""
        stage = self.stage(request, call, key)
        must_be_officer(request)
        if request.POST.get("step") != "request_completion":
            raise Http404
        rows = list(preview_rows(stage, request))
        title = _("Ask to complete")
        says = _("Each applicant gets its own list, and all the same term: until %(until)s.") % {"until": moment(term_of(stage, request.at))}
        context = {
            "stage": stage, "trail": trail((_("To complete"), request.path), stage=stage), "back": request.path,
            "step": "request_completion", "title": title, "label": title, "says": says, "preview": Preview(rows),
        }  # fmt: skip
        if "confirm" not in request.POST:
            return render(request, "workflows/officer/preview.html", context)
        act = by_arrow("application", "request_completion", actor=request.user, at=request.at)
        return render(request, "workflows/officer/results.html", {**context, "results": carry_out(rows, request.POST, act)})


def screening_of(stage: Stage) -> str:
    """The page of the screening of a round."""
    return reverse("workflows:screening", args=[stage.call.reference, stage.key])


def term_of(stage: Stage, at: datetime) -> datetime:
    """Until when gaps can be mended if it is asked now: as the first request of the round set it, or the term of the scheme from now."""
    return stage.common_term or days_later(at, stage.rules.terms.repair_days)


def in_words(case: Application, gaps: list[dict[str, str]]) -> list[str]:
    """Gaps as people read them: the question, and what to do."""
    labels = {field.key: str(field.label) for field in case.rules.form.fields()}
    asked = [(labels.get(gap["field"], gap["field"]), gap.get("words", "")) for gap in gaps]
    return [f"{label}{' ' if label.endswith('?') else ': '}{words}" for label, words in asked]


def found(stage: Stage, request: SignedIn) -> list[Any]:
    """The applications in which the screening found gaps that are not asked for yet, in order of receipt."""
    visible = visible_cases(stage, request.user).filter(state=ApplicationState.SUBMITTED).exclude(gaps_found=[])
    cases: Any = ApplicationMachine.objects.filter(pk__in=visible)
    return list(cases.with_rules().order_by("submitted_at", "pk"))


def asked_rows(stage: Stage, request: SignedIn) -> list[Asked]:
    """Who was asked and has not completed, the first to end in front."""
    waiting: Any = visible_cases(stage, request.user).filter(state=ApplicationState.INCOMPLETE)
    cases = waiting.with_rules().order_by("repair_until", "reference")
    weighed = set(visible_cases(stage, request.user).filter(decisions__in=stage.decisions.open()).values_list("pk", flat=True))
    today, rows = amsterdam_day(request.at), []
    for case in cases:
        last = set_aside_deadline(amsterdam_day(case.repair_until)) if case.repair_until else None
        over = case.repair_until is not None and request.at >= case.repair_until
        rows.append(Asked(case, in_words(case, case.gaps), over, last, (last - today).days if last else 0, case.pk in weighed))
    return rows


def preview_rows(stage: Stage, request: SignedIn) -> Iterator[Row]:
    """A row for each ticked application: what it will be asked, or why it cannot be."""
    ticked = selected(request.POST)
    for case in found(stage, request):
        if case.pk not in ticked:
            continue
        data = {"gaps": case.gaps_found}
        yield Row(
            case.pk, case.reference, f"{case.title} · {case.party}", " · ".join(in_words(case, case.gaps_found)),
            now=case.get_state_display(), seen=fingerprint(case.state, case.gaps_found, stage.common_term), data=data,
            unmet=foresee(case, "request_completion", actor=request.user, at=request.at, data=data),
        )  # fmt: skip
