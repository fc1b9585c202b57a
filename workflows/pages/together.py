"""Who takes part in a dossier: invited, let in, gone; and the page behind the link of an invitation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tender.commands.drafting import is_open
from tender.enums import APPLICANT_ROLES, ApplicationState, InvitationState, Role
from tender.forms import Invite
from tender.http import private
from tender.pages.drafting import trail
from tender.pages.history import own_dossier
from tender.schemes.definition import Cosign
from tender.together import cosigned_by, link_hash, without_consent
from workflows.commands import Refused, perform
from workflows.commands.joining import invite
from workflows.models import ApplicationMachine, InvitationMachine
from workflows.rules.together import RUNNING, addresses_of

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from tender.http import SignedIn
    from tender.models import Application, Invitation, User

GONE, REFUSED, UNPROCESSABLE = 410, 409, 422
KNOWN = {"again": "invite_again", "take_back": "take_back"}
"""What a button does to an invitation that has no answer yet."""


@dataclass(slots=True)
class Taking:
    """One person and all that they may do, or did."""

    user: User
    since: datetime
    until: datetime | None
    roles: list[str] = field(default_factory=list)


def taking_part(application: Application) -> tuple[list[Taking], list[Taking]]:
    """Who takes part now, and who did before: each once, with their roles."""
    now: dict[int, Taking] = {}
    before: dict[tuple[int, Any], Taking] = {}
    parts = application.case_roles.filter(role__in=APPLICANT_ROLES).select_related("user").order_by("since", "pk")
    for part in parts:
        fresh = Taking(part.user, part.since, part.until)
        known = now.setdefault(part.user_id, fresh) if part.until is None else before.setdefault((part.user_id, part.until), fresh)
        known.roles.append(str(part.get_role_display()))
    return list(now.values()), list(before.values())


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def together(request: SignedIn, reference: str) -> HttpResponse:
    """Who takes part, who was invited, and the form to invite somebody."""
    application = own_dossier(request, reference)
    if request.method != "POST":
        return show_together(request, application, Invite())
    form = Invite(request.POST)
    if not form.is_valid():
        return show_together(request, application, form, status=UNPROCESSABLE)
    try:
        made = invite(application, actor=request.user, at=request.at, **form.cleaned_data)
    except Refused as refused:
        for reason in refused.reasons:
            form.add_error("email", reason)
        return show_together(request, application, form, status=REFUSED)
    messages.success(request, _("A mail with a link is on its way to %(email)s.") % {"email": made.email})
    return redirect("workflows:together", reference)


def show_together(request: SignedIn, application: Application, form: Invite, status: int = 200) -> HttpResponse:
    """The page."""
    now, before = taking_part(application)
    mine = set(application.case_roles.open().filter(user=request.user).values_list("role", flat=True))
    rows = application.invitations.select_related("by").order_by("-at", "-pk")
    waiting = [each for each in rows if each.state == InvitationState.INVITED]
    signed = cosigned_by(application) if application.rules.cosign != "none" else set()
    context = {
        "application": application, "form": form, "now": request.at, "trail": trail(application, with_form=False),
        "people": now, "before": before, "waiting": waiting, "answered": [each for each in rows if each not in waiting],
        "may_invite": bool(mine & {Role.EDITOR, Role.SIGNER}) and application.state in RUNNING, "may_end": Role.SIGNER in mine,
        "goes_on": application.state in RUNNING, "lacking": without_consent(application), "rules": application.rules,
        "signs_beside": waits_for_signatures(application),
        "signed": [each.user for each in now if each.user.pk in signed], "may_sign": Role.SIGNER in mine,
    }  # fmt: skip
    return render(request, "workflows/together/together.html", context, status=status)


def waits_for_signatures(application: Application) -> bool:
    """Whether a second signature can be put: where the stage asks one, under a draft or under a plan that is being revised."""
    return application.rules.cosign == Cosign.SECOND_SIGNER and is_open(application) and application.state != ApplicationState.INCOMPLETE


@require_POST
@login_required
def invitation_step(request: SignedIn, reference: str, pk: int, what: str) -> HttpResponse:
    """Send an invitation again, or take it back."""
    application = own_dossier(request, reference)
    found = get_object_or_404(InvitationMachine, pk=pk, application=application)
    if what not in KNOWN:
        raise Http404
    try:
        perform(InvitationMachine, KNOWN[what], pk=found.pk, actor=request.user, at=request.at)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        said = _("The mail to %(email)s is sent again.") if what == "again" else _("The invitation of %(email)s is taken back.")
        messages.success(request, said % {"email": found.email})
    return redirect("workflows:together", reference)


@require_POST
@login_required
def ask_signature(request: SignedIn, reference: str) -> HttpResponse:
    """Ask who else may sign to do so."""
    application = own_dossier(request, reference)
    try:
        perform(ApplicationMachine, "ask_signature", pk=application.pk, actor=request.user, at=request.at)
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, _("Who else may sign gets a mail that the form waits for them."))
    return redirect("workflows:together", reference)


@require_POST
@login_required
def end_part(request: SignedIn, reference: str, user: int) -> HttpResponse:
    """Leave the dossier, or end the part of somebody else."""
    application = own_dossier(request, reference)
    try:
        perform(ApplicationMachine, "end_part", pk=application.pk, actor=request.user, at=request.at, user=user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("workflows:together", reference)
    if user == request.user.pk:
        messages.success(request, _("You have left %(reference)s.") % {"reference": reference})
        return redirect("workflows:my_dossiers")
    messages.success(request, _("This person takes no part any more."))
    return redirect("workflows:together", reference)


# ── behind the link ───────────────────────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """What somebody is invited to. To look at it does nothing, so a mail filter may; to accept is a press by who was invited."""
    along = ("application__call__version", "application__stage__call__version", "application__organisation", "application__applicant", "by")
    found = InvitationMachine.objects.select_related(*along).filter(token_sha256=link_hash(token), state=InvitationState.INVITED).first()
    if found is None or found.until <= request.at:  # type: ignore[attr-defined]  # stamped by the middleware
        return dead_link(request)
    user = request.user
    if user.is_authenticated and theirs(found, user) and not user.name.strip():
        return redirect(f"{reverse('tender:profile')}?{urlencode({'next': request.path})}")
    if request.method == "POST" and user.is_authenticated:
        return answered(request, found)  # type: ignore[arg-type]  # somebody is signed in
    return private(show_invitation(request, found))


def theirs(found: Invitation, user: User) -> bool:
    """Whether an invitation was sent to an address of this person."""
    return found.email in addresses_of(user)


def answered(request: SignedIn, found: InvitationMachine) -> HttpResponse:
    """Accept or decline, where the address is one's own."""
    if not theirs(found, request.user):
        return private(show_invitation(request, found, status=403))
    name = "decline" if "decline" in request.POST else "accept"
    try:
        perform(InvitationMachine, name, pk=found.pk, actor=request.user, at=request.at)
    except Refused as refused:
        messages.error(request, str(refused))
        return private(show_invitation(request, found, status=REFUSED))
    if name == "decline":
        messages.success(request, _("You declined the invitation."))
        return redirect("workflows:my_dossiers")
    messages.success(request, _("You now take part in %(reference)s.") % {"reference": found.application.reference})
    return redirect("workflows:dossier", found.application.reference)


def masked(email: str) -> str:
    """An address that its owner recognises and nobody else can use."""
    name, _at, domain = email.partition("@")
    return f"{name[:1]}•••@{domain}"


def show_invitation(request: HttpRequest, found: Invitation, status: int = 200) -> HttpResponse:
    """Who invites to what; the title only for whom it is for."""
    user = request.user
    own = user.is_authenticated and theirs(found, user)
    context = {
        "invitation": found, "application": found.application, "own": own, "other": user.is_authenticated and not own,
        "email": masked(found.email), "next": urlencode({"next": request.path}),
    }  # fmt: skip
    return render(request, "workflows/together/invited.html", context, status=status)


def dead_link(request: HttpRequest) -> HttpResponse:
    """A link that was used, replaced or taken back, that has expired, or that never was: which of these is not said."""
    return private(render(request, "workflows/together/dead_link.html", status=GONE))


urlpatterns = [
    path("dossier/<slug:reference>/samen/", together, name="together"),
    path("dossier/<slug:reference>/samen/uitnodiging/<int:pk>/<slug:what>/", invitation_step, name="invitation_step"),
    path("dossier/<slug:reference>/samen/handtekening/", ask_signature, name="ask_signature"),
    path("dossier/<slug:reference>/samen/deel/<int:user>/", end_part, name="end_part"),
    path("uitnodiging/<slug:token>/", invited, name="invited"),
]
