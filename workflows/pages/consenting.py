"""The consent of partners: asked in the dossier, given by a link without an account. And the second signature under a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tender.commands.drafting import may_sign
from tender.enums import ConsentState, Role
from tender.forms import Answer, AskPartner
from tender.http import private
from tender.models import User
from tender.pages.drafting import trail
from tender.pages.history import own_dossier
from tender.readout import readout
from tender.rules import has_part
from tender.schemes.answers import gaps
from tender.schemes.partners import part_label
from tender.together import cosigned_by, draft_digest, link_hash, partners_named
from workflows.commands import Refused, perform
from workflows.commands.joining import ask_partner
from workflows.models import ApplicationMachine, ConsentMachine
from workflows.pages.together import dead_link, waits_for_signatures
from workflows.rules.together import named_in

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from tender.http import SignedIn
    from tender.models import Application, Consent
    from tender.together import Named

REFUSED, UNPROCESSABLE = 409, 422


def in_words(value: str) -> str:
    """A helix role or a sector in words; what is none as it was typed."""
    try:
        return str(part_label(value))
    except KeyError:
        return value


def shown(named: Named) -> dict[str, str]:
    """What a partner is named for, for a reader."""
    return {
        "name": named.name, "kvk": named.kvk, "helix": in_words(named.helix), "sector": in_words(named.sector),
        "contribution": named.contribution,
    }  # fmt: skip


# ── asking ────────────────────────────────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def partners(request: SignedIn, reference: str) -> HttpResponse:
    """Every partner with what it is named for and what it said; a partner that does not answer can be asked again, or elsewhere."""
    application = own_dossier(request, reference)
    if not application.rules.partner_consent:
        raise Http404
    if request.method != "POST":
        return show_partners(request, application)
    named = next((each for each in partners_named(application) if each.key == request.POST.get("partner")), None)
    if named is None:
        messages.error(request, _("The form does not name this partner any more."))
        return redirect("workflows:partners", reference)
    return ask(request, application, named)


def ask(request: SignedIn, application: Application, named: Named) -> HttpResponse:
    """Ask one partner at the address that was typed."""
    form = AskPartner(request.POST, auto_id="id_asked_%s")
    if not form.is_valid():
        return show_partners(request, application, (named.key, form), status=UNPROCESSABLE)
    try:
        ask_partner(application, named, email=form.cleaned_data["email"], actor=request.user, at=request.at)
    except Refused as refused:
        for reason in refused.reasons:
            form.add_error("email", reason)
        return show_partners(request, application, (named.key, form), status=REFUSED)
    messages.success(request, _("A mail with a link is on its way to %(email)s.") % {"email": form.cleaned_data["email"]})
    return redirect("workflows:partners", application.reference)


def show_partners(
    request: SignedIn, application: Application, typed: tuple[str, AskPartner] | None = None, status: int = 200
) -> HttpResponse:
    """The page; ``typed``: what was just typed for one partner."""
    said = {each.partner: each for each in application.consents.filter(stage=application.stage).select_related("asked_by")}
    rows = []
    for number, named in enumerate(partners_named(application)):
        consent = said.get(named.key)
        form = typed[1] if typed and typed[0] == named.key else AskPartner(
            initial={"email": consent.email if consent else named.email}, auto_id=f"id_{number}_%s"
        )  # fmt: skip
        rows.append({"named": named, "shown": shown(named), "consent": consent, "state": state_of(consent, named), "form": form})
    context = {
        "application": application, "rows": rows, "now": request.at, "trail": trail(application, with_form=True),
        "kvk": application.organisation.kvk if application.organisation else "",
        "may_ask": has_part(application, request.user, Role.EDITOR, Role.SIGNER),
        "errors": typed[1] if typed else None,
    }  # fmt: skip
    return render(request, "workflows/together/partners.html", context, status=status)


def state_of(consent: Consent | None, named: Named) -> str:
    """Where a partner stands: not asked, asked, declined, consented, or consented to something else."""
    if consent is None:
        return "none"
    if consent.state == ConsentState.GIVEN and consent.sha256 != named.sha256:
        return "changed"
    return str(consent.state)


# ── answering, by the link alone ──────────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest, token: str) -> HttpResponse:
    """Exactly what a partner is named for. To look at it does nothing, so a mail filter may; to consent or decline is a press."""
    at = request.at  # type: ignore[attr-defined]  # stamped by the middleware
    along = ("application__stage__call__version", "application__organisation", "application__applicant", "stage__call__version", "asked_by")
    found = ConsentMachine.objects.select_related(*along).filter(token_sha256=link_hash(token), state=ConsentState.ASKED).first()
    named = named_in(found) if found is not None else None
    if found is None or named is None or found.until <= at:
        return dead_link(request)
    if request.method != "POST":
        return show_consent(request, found, named, Answer(initial={"seen": named.sha256}))
    form = Answer(request.POST)
    if not form.is_valid():
        return show_consent(request, found, named, form, status=UNPROCESSABLE)
    name = "decline" if "decline" in request.POST else "give"
    try:
        perform(ConsentMachine, name, pk=found.pk, actor=User.objects.clock(), at=at, token=token, **form.cleaned_data)
    except Refused as refused:
        return refused_consent(request, token, refused)
    return redirect("workflows:consent_kept", "declined" if name == "decline" else "given")


def refused_consent(request: HttpRequest, token: str, refused: Refused) -> HttpResponse:
    """What stands there now, with why the answer was not kept; the typing stays, what was seen does not."""
    found = ConsentMachine.objects.select_related("application__stage__call__version").filter(token_sha256=link_hash(token)).first()
    named = named_in(found) if found is not None else None
    if found is None or named is None:
        return dead_link(request)
    form = Answer({**request.POST.dict(), "seen": named.sha256})
    form.full_clean()
    for reason in refused.reasons:
        form.add_error(None, reason)
    return show_consent(request, found, named, form, status=REFUSED)


def show_consent(request: HttpRequest, found: Consent, named: Named, form: Answer, status: int = 200) -> HttpResponse:
    """The page."""
    application = found.application
    context = {
        "consent": found, "application": application, "shown": shown(named), "form": form,
        "title": application.draft.get(application.rules.form.title) or "",
    }  # fmt: skip
    return private(render(request, "workflows/together/consent.html", context, status=status))


@require_safe
def consent_kept(request: HttpRequest, answer: str) -> HttpResponse:
    """Thanks, after the answer."""
    return render(request, "workflows/together/consent_kept.html", {"given": answer == "given"})


# ── the second signature ──────────────────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def cosign(request: SignedIn, reference: str) -> HttpResponse:
    """Everything that will be handed in, and the button to sign exactly that."""
    application = own_dossier(request, reference)
    if not waits_for_signatures(application):
        raise Http404
    if not may_sign(application, request.user):
        raise PermissionDenied("sign")
    if request.method != "POST":
        return show_cosign(request, application)
    seen = request.POST.get("seen", "")
    try:
        perform(ApplicationMachine, "cosign", pk=application.pk, actor=request.user, at=request.at, seen=seen)
    except Refused as refused:
        return show_cosign(request, own_dossier(request, reference), refused=refused.reasons, status=REFUSED)
    messages.success(request, _("You have signed. If the form is changed before it is handed in, you are asked again."))
    return redirect("workflows:together", reference)


def show_cosign(request: SignedIn, application: Application, *, refused: tuple[str, ...] = (), status: int = 200) -> HttpResponse:
    """The page."""
    rules = application.rules
    files = [{"document": each.pk, "field": each.field, "name": each.name, "size": each.size}
             for each in application.documents.filter(removed_at=None)]  # fmt: skip
    missing: list[Any] = gaps(rules.form, application.draft, rules.consortium)
    context = {
        "application": application, "refused": refused, "seen": draft_digest(application), "missing": missing,
        "signed": request.user.pk in cosigned_by(application), "blocks": readout(rules.form, application.draft, files=files),
        "trail": trail(application, with_form=False),
    }  # fmt: skip
    return render(request, "workflows/together/cosign.html", context, status=status)


def consent_gaps(application: Application, lacking: list[Named]) -> list[dict[str, str]]:
    """The partners whose consent is missing, as gaps with the address of the page where they are asked."""
    url = reverse("workflows:partners", args=[application.reference]) if lacking else ""
    return [{"label": each.name, "message": _("This partner has not consented yet to what you name it for."), "url": url} for each in lacking]


urlpatterns = [
    path("dossier/<slug:reference>/partners/", partners, name="partners"),
    path("dossier/<slug:reference>/ondertekenen/", cosign, name="cosign"),
    path("instemmen/<slug:token>/", consent, name="consent"),
    path("instemming/<slug:answer>/", consent_kept, name="consent_kept"),
]
