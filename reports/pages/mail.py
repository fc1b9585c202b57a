"""Which mail one gets: the choice of who is signed in, and the address in a mail that turns one kind off without signing in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from reports.commands.preferring import prefer, trust_address, turn_off
from reports.forms import MailForm
from reports.mails import ALL, read_off
from reports.models import MailPreference
from reports.queries import comes_back
from tender.enums import MAY_BE_OFF, MailKind
from tender.http import private
from tender.models import User

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from tender.http import SignedIn

GONE, UNPROCESSABLE = 410, 422
NEEDED = [kind for kind in MailKind if kind not in (*MAY_BE_OFF, MailKind.OTHER)]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def preferences(request: SignedIn) -> HttpResponse:
    """What can be turned off or gathered, what cannot and why, and whether mail comes back."""
    choice = MailPreference.objects.filter(user=request.user).first() or MailPreference(user=request.user)
    form = MailForm(request.POST) if request.method == "POST" else MailForm.of(choice)
    if request.method == "POST" and form.is_valid():
        prefer(user=request.user, digest=form.cleaned_data["when"] == "daily", off=form.off())
        messages.success(request, _("Saved."))
        return redirect("reports:mail")
    context = {"form": form, "needed": [kind.label for kind in NEEDED], "back": comes_back(request.user, choice)}
    return render(request, "reports/mail.html", context, status=UNPROCESSABLE if request.method == "POST" else 200)


@require_POST
@login_required
def works_again(request: SignedIn) -> HttpResponse:
    """The owner of an address that sent mail back says that it works again."""
    trust_address(user=request.user, at=request.at)
    messages.success(request, _("Thank you. We send mail to this address again."))
    return redirect("reports:mail")


@csrf_exempt  # a mail program presses this button: it has no cookie, and the signature says whose mail it is
@require_http_methods(["GET", "HEAD", "POST"])
def turn_off_page(request: HttpRequest, token: str) -> HttpResponse:
    """Turn a kind of mail off by the address in a mail: only on POST, since programs that look at links in mail also fetch them."""
    asked = read_off(token)
    user = User.objects.filter(pk=asked[0], is_active=True).first() if asked else None
    if asked is None or user is None:
        return private(render(request, "reports/mail_off.html", {"broken": True}, status=GONE))
    if request.method == "POST":
        turn_off(user_id=user.pk, kind=asked[1])
    kinds = [MailKind(kind).label for kind in (MAY_BE_OFF if asked[1] == ALL else (asked[1],))]
    return private(render(request, "reports/mail_off.html", {"kinds": kinds, "done": request.method == "POST"}))
