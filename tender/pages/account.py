"""Who is signed in: where they go, what we call them, and the one click of the demo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from tender.accounts import demo_people, first_page
from tender.commands.people import introduce
from tender.forms.profile import ProfileForm
from tender.models import User

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from tender.http import SignedIn

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_safe
@login_required
def home(request: SignedIn) -> HttpResponse:
    """After signing in: each to their own room."""
    response = redirect(first_page(request.user))
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        remember_language(response, request.user.language)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def profile(request: SignedIn) -> HttpResponse:
    """A name and a language: all we ask of a person. ``next`` says where they were going when we asked."""
    first_time = not request.user.name.strip()
    # The form fills in what it is given; the header of the page must go on showing who is signed in.
    person = User.objects.get(pk=request.user.pk)
    form = ProfileForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        person = introduce(pk=person.pk, name=form.cleaned_data["name"], language=form.cleaned_data["language"])
        with override(person.language):
            messages.success(request, _("Saved."))
        response = redirect(going_to(request) or (first_page(person) if first_time else "tender:profile"))
        remember_language(response, person.language)
        return response
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "first_time": first_time, "next": going_to(request)}
    return render(request, "tender/profile.html", context, status=status)


def going_to(request: HttpRequest) -> str:
    """The page of ours that somebody was going to; empty where none is said."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return asked if ours else ""


def remember_language(response: HttpResponseBase, language: str) -> None:
    """Show the pages in a language from now on."""
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 24 * 3600, samesite="Lax", httponly=True)


@require_http_methods(["GET", "HEAD", "POST"])
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """The demo only: everybody by role, and one click to be them."""
    if not settings.DEMO:
        raise Http404
    if request.method == "POST":
        number = request.POST.get("user", "")
        person = get_object_or_404(User, pk=number if number.isdecimal() else 0, is_active=True)
        login(request, person, backend=BACKEND)
        return redirect("tender:home")
    return render(request, "tender/demo.html", {"groups": demo_people()})
