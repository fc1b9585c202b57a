"""The auditor's room: what came of the money, who decided what, and proof that nothing was changed. Read only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reports import queries
from tender.enums import Account, Role
from tender.models import Application
from workflows.labels import LABELS
from workflows.machines import MACHINES
from workflows.models import Event, Letter

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from tender.http import SignedIn

    Page = Callable[..., HttpResponse]

PER_PAGE = 50


def auditors_only(page: Page) -> Page:
    """For auditors; anybody else is turned away before anything is looked up."""

    @require_safe
    @login_required
    def guarded(request: SignedIn, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_role(Role.AUDITOR):
            raise PermissionDenied("audit")
        return page(request, *args, **kwargs)

    return guarded


@auditors_only
def dashboard(request: SignedIn) -> HttpResponse:
    """The calls, how many dossiers are where, and what is in every pot."""
    calls = queries.overview()
    context = {"calls": calls, "accounts": list(Account), "events": Event.objects.count(), "letters": Letter.objects.count()}
    return render(request, "reports/dashboard.html", context)


@auditors_only
def search(request: SignedIn) -> HttpResponse:
    """Dossiers by reference, person, organisation, title or euro."""
    text = request.GET.get("q", "").strip()[:100]
    page = Paginator(queries.find(text), PER_PAGE).get_page(request.GET.get("page"))
    context = {"q": text, "page": page, "trail": [(_("Audit"), reverse("reports:dashboard"))]}
    return render(request, "reports/search.html", context)


def told(chain: str, request: SignedIn) -> dict[str, Any]:
    """A page of a trail: each event beside its own words with what the house calls it; the words prove nothing, the event does."""
    page = Paginator(queries.trail_of(chain), PER_PAGE).get_page(request.GET.get("page"))
    return {"page": page, "rows": [(event, words(event)) for event in page]}


def words(event: Event) -> dict[str, Any]:
    """An event's step and states as people read them."""
    machine: Any = MACHINES.get(event.noun)
    if machine is None:
        return {"label": event.kind, "before": event.before, "after": event.after}
    states = dict(machine._meta.get_field("state").flatchoices)  # noqa: SLF001
    named = {side: states.get(getattr(event, side), getattr(event, side)) for side in ("before", "after")}
    taken = getattr(machine, event.kind.partition(".")[2], None)
    return {"label": LABELS.get(event.kind) or _(taken.__doc__ or event.kind), **named}


@auditors_only
def dossier(request: SignedIn, reference: str) -> HttpResponse:
    """Everything that happened to a dossier: who, when, from where to where, with the hash of every line."""
    cases = Application.objects.select_related("call", "stage__call__version", "organisation", "applicant")
    case = get_object_or_404(cases, reference=reference)
    context = {
        "case": case,
        **told(f"dossier:{reference}", request),
        "letters": Letter.objects.filter(application=case).order_by("rendered_at", "pk"),
        "trail": [(_("Audit"), reverse("reports:dashboard")), (_("Search"), reverse("reports:search"))],
    }
    return render(request, "reports/dossier.html", context)


@auditors_only
def call(request: SignedIn, reference: str) -> HttpResponse:
    """Everything that happened to the rounds of a call."""
    context = {
        "reference": reference,
        **told(f"call:{reference}", request),
        "trail": [(_("Audit"), reverse("reports:dashboard"))],
    }
    return render(request, "reports/call.html", context)


@auditors_only
def check(request: SignedIn, noun: str = "", reference: str = "") -> HttpResponse:
    """Recompute a chain, or all of them, and say what was found."""
    verdict = queries.verify(f"{noun}:{reference}" if reference else None)
    template = "reports/parts/verdict.html" if request.htmx else "reports/check.html"
    context = {"verdict": verdict, "trail": [(_("Audit"), reverse("reports:dashboard"))]}
    return render(request, template, context)
