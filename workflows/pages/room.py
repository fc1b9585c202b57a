"""The administrator's room: who comes in, and what its pages have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views import View

from scoring.models import Conflict
from scoring.rules import kept_out
from tender.enums import CASE_STAFF_ROLES, ConflictState, Role
from tender.models import Application
from workflows.models import StageMachine

if TYPE_CHECKING:
    from typing import Any

    from django.db.models import QuerySet
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from tender.http import SignedIn
    from tender.models import Stage, User

HOUSE_ROLES = (*CASE_STAFF_ROLES, Role.ASSESSOR, Role.OBJECTION_HANDLER, Role.SCHEME_MANAGER, Role.AUDITOR)
"""Who finds their work, or may look, in this room."""

DECLARING_ROLES = (*CASE_STAFF_ROLES, Role.ASSESSOR)
"""Who declares on every dossier before it opens."""

MONEY_ROLES = (Role.OFFICER, Role.READER, Role.CONTROLLER, Role.BOARD, Role.SIGNATORY, Role.HEAD, Role.AUDITOR)
"""Who decides and pays, or looks at how that was done."""


class StaffForm(forms.Form):
    """What a page of this room asks. A browser would paint every empty field as wrong before anybody typed; our own errors suffice."""

    use_required_attribute = False


class StaffPage(LoginRequiredMixin, View):
    """A page for people of the house; everybody else is turned away before anything is looked up, and who audits sends nothing."""

    roles: tuple[str, ...] = HOUSE_ROLES

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let in who holds one of the roles; what was lent for days that are over counts no more."""
        if request.user.is_authenticated:
            request.user.as_of(request.at)  # type: ignore[attr-defined]
        if request.user.is_authenticated and not self.may_enter(request.user, **kwargs):
            raise PermissionDenied("room")
        if request.method == "POST" and request.user.is_authenticated and request.user.has_role(Role.AUDITOR):
            raise PermissionDenied("audit")
        return super().dispatch(request, *args, **kwargs)

    def may_enter(self, user: User, **_where: str) -> bool:
        """Whether this person is at home here."""
        return user.has_role(*self.roles)


class StagePage(StaffPage):
    """A page about one round."""

    closed_to_recused = False
    """Whether a person with an interest in the round is kept out of the page."""

    def stage(self, request: SignedIn, call: str, key: str) -> StageMachine:
        """The stage, or 404; 403 where the page is closed to this person for an interest."""
        stages: Any = StageMachine.objects.select_related("call__version").prefetch_related("call__stages")
        stage: StageMachine = get_object_or_404(stages, call__reference=call, key=key)
        if self.closed_to_recused and kept_out(stage, request.user):
            raise PermissionDenied("interest")
        return stage


def visible_cases(stage: Stage, user: User) -> QuerySet[Application]:
    """The dossiers that stand in a stage and whose content this person may read."""
    return Application.objects.visible_to(user).filter(stage=stage)


def undeclared(stage: Stage, user: User) -> QuerySet[Application]:
    """The dossiers handed in at a stage on which this person has still to declare, by reference; none for who need not."""
    if not user.has_role(*DECLARING_ROLES):
        return Application.objects.none()
    said = Conflict.objects.filter(user=user).exclude(state=ConflictState.ASKED)
    handed_in = Application.objects.filter(submissions__stage=stage)
    return handed_in.exclude(pk__in=said.values("application_id")).distinct().order_by("reference")


def trail(*crumbs: tuple[str, str], stage: Stage | None = None) -> list[tuple[str, str]]:
    """The way to a page: the calls, the round where there is one, and what is given."""
    found = [(_("Rounds"), reverse("workflows:calls"))]
    if stage is not None:
        name = f"{stage.call.reference} · {stage.label}"
        found.append((name, reverse("workflows:stage", args=[stage.call.reference, stage.key])))
    return [*found, *crumbs]


def link(name: str, *args: object) -> str:
    """The address of a page of another room; empty while that page is not there."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
