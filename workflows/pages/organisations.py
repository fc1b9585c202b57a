"""Who acts for an organisation: its members, who asks to be let in, and the house that helps where nobody answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from scoring.models import Conflict
from tender.enums import JoiningState, Role
from tender.forms import AskIn, LetIn
from tender.models import Joining, Membership, Organisation
from workflows.commands import Refused, perform
from workflows.commands.joining import ask_in
from workflows.models import JoiningMachine
from workflows.rules.together import helps

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpResponse

    from tender.http import SignedIn
    from tender.models import User

REFUSED, UNPROCESSABLE = 409, 422
STEPS = ("let_in", "decline", "take_back", "end")


def known_to(request: SignedIn, pk: int) -> Organisation:
    """An organisation that this person acts for, or that they look after for the house; else 404."""
    found = get_object_or_404(Organisation, pk=pk)
    if helps(request.user, found) or found.memberships.filter(user=request.user).exists():
        return found
    raise Http404


@require_safe
@login_required
def organisation(request: SignedIn, pk: int) -> HttpResponse:
    """The members with what they may do, and who asks to be let in."""
    return show(request, known_to(request, pk))


def show(request: SignedIn, found: Organisation, typed: tuple[int, LetIn] | None = None, status: int = 200) -> HttpResponse:
    """The page; ``typed``: what was just typed about one request."""
    house = helps(request.user, found)
    members: dict[int, dict[str, Any]] = {}
    for row in found.memberships.select_related("user").order_by("user__name", "pk"):
        members.setdefault(row.user_id, {"user": row.user, "roles": [], "joining": None})["roles"].append(row.get_role_display())
    open_ones = found.joinings.filter(state__in=[JoiningState.ASKED, JoiningState.LET_IN]).select_related("user", "answered_by")
    asking = []
    for each in open_ones.order_by("at", "pk"):
        if each.state == JoiningState.LET_IN and each.user_id in members:
            members[each.user_id]["joining"] = each
        elif each.state == JoiningState.ASKED:
            form = typed[1] if typed and typed[0] == each.pk else LetIn(
                initial={"part": each.part, "called": found.name}, by_house=house, auto_id=f"id_{each.pk}_%s"
            )  # fmt: skip
            asking.append({"joining": each, "form": form})
    signs = found.memberships.filter(user=request.user, role=Role.SIGNER).exists()
    context = {
        "organisation": found, "members": list(members.values()), "asking": asking, "may_decide": house or signs, "house": house,
        "trail": [(_("Work"), reverse("workflows:inbox"))] if house else [(_("My dossiers"), reverse("workflows:my_dossiers"))],
    }  # fmt: skip
    return render(request, "workflows/together/organisation.html", context, status=status)


@require_POST
@login_required
def joining_step(request: SignedIn, pk: int, what: str) -> HttpResponse:
    """Let somebody in or not; take back what one asked; end what somebody may do."""
    found = get_object_or_404(JoiningMachine.objects.select_related("organisation", "user"), pk=pk)
    if what not in STEPS:
        raise Http404
    if found.user_id != request.user.pk:
        known_to(request, found.organisation_id)
    form = LetIn(request.POST, by_house=helps(request.user, found.organisation), auto_id=f"id_{pk}_%s")
    if what == "let_in" and not form.is_valid():
        return show(request, known_to(request, found.organisation_id), (pk, form), status=UNPROCESSABLE)
    return taken(request, found, what, form.cleaned_data if what == "let_in" else {})


def taken(request: SignedIn, found: JoiningMachine, what: str, data: dict[str, Any]) -> HttpResponse:
    """Take the step, and say so."""
    try:
        perform(JoiningMachine, what, pk=found.pk, actor=request.user, at=request.at, **data)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        own = found.user_id == request.user.pk
        messages.success(request, _("Noted.") if own else _("Noted. %(who)s hears of it by mail.") % {"who": found.user})
    if found.user_id == request.user.pk:
        return redirect("workflows:my_dossiers")
    return redirect("workflows:organisation", found.organisation_id)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def join(request: SignedIn) -> HttpResponse:
    """Ask to be let in to an organisation that others act for here."""
    if request.user.roles:
        raise PermissionDenied("join")
    if request.method != "POST":
        return show_join(request, AskIn(initial={"kvk": request.GET.get("kvk", "")[:20]}))
    form = AskIn(request.POST)
    return asked(request, form) if form.is_valid() else show_join(request, form, status=UNPROCESSABLE)


def asked(request: SignedIn, form: AskIn) -> HttpResponse:
    """Send the question, or say why not."""
    said = form.cleaned_data
    found = Organisation.objects.filter(kvk=said["kvk"]).first()
    if found is None:
        form.add_error("kvk", _("Nobody applies here for this organisation yet. Start an application for it, or check the number."))
        return show_join(request, form, status=UNPROCESSABLE)
    try:
        ask_in(found, part=said["part"], note=said["note"], actor=request.user, at=request.at)
    except Refused as refused:
        for reason in refused.reasons:
            form.add_error(None, reason)
        return show_join(request, form, status=REFUSED)
    messages.success(request, _("Your question is sent. You get a mail as soon as somebody answers."))
    return redirect("workflows:my_dossiers")


def show_join(request: SignedIn, form: AskIn, status: int = 200) -> HttpResponse:
    """The page."""
    trail = [(_("My dossiers"), reverse("workflows:my_dossiers"))]
    return render(request, "workflows/together/join.html", {"form": form, "trail": trail}, status=status)


def asking_in(user: User) -> QuerySet[Joining]:
    """Who asks to be let in to an organisation that this person may look after (`helps`), the longest waiting first; ``answered_there``:
    whether somebody of the organisation can answer, so that the house need not."""
    if not user.has_role(Role.OFFICER, Role.HEAD):
        return Joining.objects.none()
    interest = Conflict.objects.recused(user).filter(application__organisation=OuterRef("organisation"))
    signs = Membership.objects.filter(organisation=OuterRef("organisation"), role=Role.SIGNER, user__is_active=True)
    found = Joining.objects.filter(state=JoiningState.ASKED).exclude(Exists(interest)).annotate(answered_there=Exists(signs))
    return found.select_related("organisation", "user").order_by("at", "pk")


urlpatterns = [
    path("organisatie/meedoen/", join, name="join"),
    path("organisatie/<int:pk>/", organisation, name="organisation"),
    path("organisatie/verzoek/<int:pk>/<slug:what>/", joining_step, name="joining_step"),
]
