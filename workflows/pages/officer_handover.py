"""Dossiers handed over from one case officer to another, one or many at once: first a preview, then each through the door on its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tender.enums import Role
from tender.models import CaseRole, User, people_of_their_own
from workflows.machines.application import STANDING
from workflows.models import ApplicationMachine
from workflows.overview import open_to
from workflows.pages.bulk import Preview, Row, by_arrow, carry_out, fingerprint, foresee, selected
from workflows.pages.room import StaffForm, StaffPage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet
    from django.http import HttpResponse, QueryDict

    from tender.http import SignedIn

PAGE = 100


class Why(StaffForm):
    """Why they are handed over; the colleague who takes them reads it."""

    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)


class HandOverPage(StaffPage):
    """``?source=`` chooses whose dossiers are shown; ``POST`` with ticked ones previews, with ``confirm`` hands them over."""

    roles = (Role.OFFICER, Role.HEAD)

    def get(self, request: SignedIn) -> HttpResponse:
        """Whose, to whom, and which."""
        source = someone(request.GET, "source")
        cases = theirs(source, request.user) if source is not None else ApplicationMachine.objects.none()
        context = {
            **self.frame(),
            "givers": givers(),
            "takers": list(takers().exclude(pk=source.pk)) if source is not None else [],
            "source": source,
            "chosen": request.GET.get("target", ""),
            "page": Paginator(cases, PAGE).get_page(request.GET.get("page")),
        }
        return render(request, "workflows/officer/hand_over.html", context)

    def post(self, request: SignedIn) -> HttpResponse:
        """Preview, or act."""
        source, target = someone(request.POST, "source"), someone(request.POST, "target")
        confirmed = "confirm" in request.POST
        form = Why(request.POST if confirmed else None)
        ready = confirmed and form.is_valid()
        cases = list(theirs(source, request.user).filter(pk__in=selected(request.POST))) if source is not None else []
        rows = list(self.rows(cases, source, target, request, form.cleaned_data["reason"] if ready else ""))
        carried = [(name, who.pk if who is not None else "") for name, who in (("source", source), ("target", target))]
        back = f"{request.path}?source={source.pk}" if source is not None else request.path
        label = _("Hand over")
        context = {**self.frame(), "back": back, "form": form, "carried": carried, "label": label, "preview": Preview(rows)}
        context["says"] = _("Each goes from %(source)s to %(target)s.") % {"source": source or "–", "target": target or "–"}
        if not ready:
            return render(request, "workflows/officer/preview.html", context, status=422 if confirmed else 200)
        act = by_arrow("application", "reassign", actor=request.user, at=request.at)
        return render(request, "workflows/officer/results.html", {**context, "results": carry_out(rows, request.POST, act)})

    def frame(self) -> dict[str, Any]:
        """What each of its pages shows above."""
        trail = [(_("Work"), reverse("workflows:inbox")), (_("Overview"), reverse("workflows:overview"))]
        return {"title": _("Hand over dossiers"), "trail": trail}

    def rows(self, cases: list[Any], source: User | None, target: User | None, request: SignedIn, reason: str) -> Iterator[Row]:
        """A row per dossier: to whom it goes, and why it cannot."""
        data = {"source": source.pk if source is not None else 0, "target": target.pk if target is not None else 0}
        for case in cases:
            # The reason is still to be given; it is not missing yet.
            unmet = foresee(case, "reassign", actor=request.user, at=request.at, data={**data, "reason": reason or "?"})
            about = f"{case.working_title} · {case.party}"
            will = _("to %(who)s") % {"who": target or "–"}
            seen = fingerprint(case.pk, case.state, data)
            yield Row(case.pk, case.reference, about, will, now=case.get_state_display(), seen=seen, unmet=unmet,
                      data={**data, "reason": reason})  # fmt: skip


def someone(data: QueryDict, name: str) -> User | None:
    """The person whose number was sent, where there is one of the house."""
    said = data.get(name, "")
    if not (said.isascii() and said.isdigit() and len(said) < 10):  # noqa: PLR2004  no number of a person is that long
        return None
    return User.objects.filter(pk=int(said), staff_roles__isnull=False).distinct().first()


def givers() -> QuerySet[User]:
    """Who looks after some dossier as a case officer now, also who does not work here any more."""
    parts = CaseRole.objects.open().filter(role=Role.OFFICER, application__state__in=STANDING)
    return User.objects.filter(pk__in=parts.values("user")).order_by("name", "pk")


def takers() -> QuerySet[User]:
    """The case officers who work here now."""
    return people_of_their_own([Role.OFFICER]).filter(is_active=True)


def theirs(source: User, user: User) -> QuerySet[ApplicationMachine]:
    """The dossiers that somebody looks after and that are open to who hands over, by reference."""
    parts = CaseRole.objects.open().filter(user=source, role=Role.OFFICER).values("application")
    found: Any = ApplicationMachine.objects.filter(pk__in=parts, state__in=STANDING)
    rows: QuerySet[ApplicationMachine] = found.filter(pk__in=open_to(user).values("pk")).with_rules().order_by("reference")
    return rows
