"""Account and contact of a dossier: proposed by one, confirmed by another, or by the same person who signs in afresh."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from tender.accounts import signed_in_at
from tender.enums import Role
from tender.models import BankAccount, Contact, User, iban_of
from tender.schemes.cleaning import as_iban
from tender.schemes.figures import AnswerFault
from workflows.casefile import JURY, OUTSIDE, viewer
from workflows.commands import Refused, create, perform
from workflows.commands.door import refusals, step_for
from workflows.machines.arrow import admits, arrow_named
from workflows.models import AccountMachine, ContactMachine
from workflows.pages.case import found_case, undeclared

if TYPE_CHECKING:
    from collections.abc import Callable

    from tender.http import SignedIn
    from tender.models import Application
    from tender.models.corresponding import Change

REFUSED, UNPROCESSABLE = 409, 422
MACHINES: dict[str, Any] = {"account": AccountMachine, "contact": ContactMachine}


class NewAccount(forms.Form):
    """Another account to pay to."""

    use_required_attribute = False
    iban = forms.CharField(
        label=gettext_lazy("New account number (IBAN)"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    holder = forms.CharField(label=gettext_lazy("In the name of"), max_length=140)

    def clean_iban(self) -> str:
        """The number as a bank writes it, without spaces."""
        try:
            return as_iban(self.cleaned_data["iban"])
        except AnswerFault as fault:
            raise forms.ValidationError(fault.message) from fault


class NewContact(forms.Form):
    """Somebody else of the applicant's side."""

    use_required_attribute = False
    user = forms.ModelChoiceField(label=gettext_lazy("New contact"), queryset=User.objects.none(), empty_label="—")


def forms_for(request: SignedIn, application: Application, posted: str) -> dict[str, forms.Form]:
    """Both forms; the one that was posted with what was typed."""
    parts = application.case_roles.open().filter(role__in=[Role.EDITOR, Role.SIGNER]).values("user_id")
    others = User.objects.filter(pk__in=parts, is_active=True).exclude(pk=application.applicant_id).order_by("name")
    made: dict[str, forms.Form] = {
        "account": NewAccount(request.POST if posted == "account" else None, prefix="account"),
        "contact": NewContact(request.POST if posted == "contact" else None, prefix="contact"),
    }
    made["contact"].fields["user"].queryset = others  # type: ignore[attr-defined]
    return made


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def details(request: SignedIn, reference: str) -> HttpResponse:
    """To which account we pay and to whom we write; what is proposed; and the forms to propose."""
    application = found_case(request, reference)
    if application is None:
        return undeclared(request, reference)
    if viewer(application, request.user) == JURY:
        raise Http404
    if request.method != "POST":
        return show(request, application, forms_for(request, application, ""))
    act, noun = request.POST.get("step", "").partition("-")[::2]
    if act not in STEPS or noun not in MACHINES:
        raise Http404
    return STEPS[act](request, application, noun)


def propose(request: SignedIn, application: Application, noun: str) -> HttpResponse:
    """Note what is proposed; nothing changes yet."""
    machine, made = MACHINES[noun], forms_for(request, application, noun)
    form = made[noun]
    if not may(request, machine(application=application), "propose"):
        raise PermissionDenied("propose")
    if not form.is_valid():
        return show(request, application, made, status=UNPROCESSABLE)
    said = dict(form.cleaned_data)
    of = {"application": application, **({"user": said.pop("user")} if noun == "contact" else {})}
    try:
        create(machine, "propose", of=of, actor=request.user, at=request.at, **said)
    except Refused as refused:
        for reason in refused.reasons:
            form.add_error(None, reason)
        return show(request, application, made, status=REFUSED)
    messages.success(request, _("This is noted, and not in force yet: it must be confirmed below."))
    return redirect("workflows:details", application.reference)


def confirm(request: SignedIn, application: Application, noun: str) -> HttpResponse:
    """Put in force what was proposed, and was on the page."""
    seen = request.POST.get("seen", "")
    return moved(request, application, noun, "confirm", _("The change is in force."), signed_in_at=signed_in_at(request), seen=seen)


def drop(request: SignedIn, application: Application, noun: str) -> HttpResponse:
    """Leave it as it was."""
    return moved(request, application, noun, "drop", _("It stays as it was."))


def moved(request: SignedIn, application: Application, noun: str, name: str, says: str, **data: Any) -> HttpResponse:
    """Take a step on what is proposed; pressed twice, the second finds it done."""
    standing = MACHINES[noun].objects.filter(application=application).proposed().first()
    if standing is None:
        return redirect("workflows:details", application.reference)
    try:
        perform(MACHINES[noun], name, pk=standing.pk, actor=request.user, at=request.at, **data)
    except Refused as refused:
        return show(request, application, forms_for(request, application, ""), refused=refused.reasons, status=REFUSED)
    messages.success(request, says)
    return redirect("workflows:details", application.reference)


STEPS: dict[str, Callable[[SignedIn, Application, str], HttpResponse]] = {"propose": propose, "confirm": confirm, "drop": drop}


@require_POST
@login_required
def sign_in_again(request: SignedIn, reference: str) -> HttpResponse:
    """Out, and back to this page once signed in: that shows that whoever confirms still holds the mailbox or the passkey."""
    logout(request)
    return redirect_to_login(reverse("workflows:details", args=[reference]))


def may(request: SignedIn, case: Any, name: str) -> bool:
    """Whether this person may take a step on a change at all."""
    taken = arrow_named(case, name)
    return taken is not None and admits(taken, case, step_for(case, name, actor=request.user, at=request.at, data={}))


def standing_of(request: SignedIn, application: Application, noun: str) -> dict[str, Any] | None:
    """What is proposed, and what this person may do with it."""
    case = MACHINES[noun].objects.select_related("proposed_by", "application__stage__call__version").filter(application=application)
    proposed = case.proposed().first()
    if proposed is None:
        return None
    data = {"signed_in_at": signed_in_at(request)}
    step = step_for(proposed, "confirm", actor=request.user, at=request.at, data=data)
    signs = may(request, proposed, "confirm")
    unmet = refusals(proposed, arrow_named(proposed, "confirm"), step) if signs else []
    return {
        "case": proposed, "signs": signs, "unmet": unmet, "own": proposed.proposed_by_id == request.user.pk,
        "drops": may(request, proposed, "drop"),
    }  # fmt: skip


def in_force(found: Change | None) -> dict[str, Any] | None:
    """A change that is in force, with who agreed to it when."""
    if found is None:
        return None
    return {"by": found.proposed_by, "confirmed_by": found.confirmed_by, "at": found.confirmed_at}


def show(
    request: SignedIn, application: Application, made: dict[str, forms.Form], *, refused: tuple[str, ...] = (), status: int = 200
) -> HttpResponse:
    """The page."""
    agreed = BankAccount.objects.filter(application=application).confirmed().select_related("proposed_by", "confirmed_by").first()
    known = Contact.objects.filter(application=application).confirmed().select_related("proposed_by", "confirmed_by").first()
    context = {
        "application": application, "outside": viewer(application, request.user) == OUTSIDE, "refused": refused,
        "ends_in": iban_of(application)[-4:], "account_agreed": in_force(agreed), "contact_agreed": in_force(known),
        "account": standing_of(request, application, "account"), "contact": standing_of(request, application, "contact"),
        "account_form": made["account"], "contact_form": made["contact"],
        "proposes": may(request, AccountMachine(application=application), "propose"),
        "handed_in": application.submissions.exists(), "others": made["contact"].fields["user"].queryset.exists(),  # type: ignore[attr-defined]
        "trail": [(application.reference, reverse("workflows:dossier", args=[application.reference]))],
    }  # fmt: skip
    return render(request, "workflows/corresponding/details.html", context, status=status)


urlpatterns = [
    path("dossier/<slug:reference>/gegevens/", details, name="details"),
    path("dossier/<slug:reference>/gegevens/opnieuw-inloggen/", sign_in_again, name="sign_in_again"),
]
