"""What signing in tells of an address: who has the code that we mailed has our mail; who came in otherwise hears that it comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.authentication import get_authentication_records
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.utils.translation import gettext as _

from reports.commands.preferring import trust_address
from reports.models import MailPreference
from reports.queries import comes_back
from tender.clock import database_now

if TYPE_CHECKING:
    from django.http import HttpRequest

    from tender.models import User


@receiver(user_logged_in)
def tell_that_mail_comes_back(request: HttpRequest, user: User, **_said: Any) -> None:
    """A warning on the first page, as long as it is so. A code that was mailed to this very address proves that it works again."""
    back = comes_back(user, MailPreference.objects.filter(user=user).first())
    if back is None:
        return
    if by_mailed_code(request, user):
        trust_address(user=user, at=database_now())
    else:
        text = _("Mail to %(email)s comes back, so you may miss what we send. Choose “Mail you get” in the menu under your name.")
        messages.warning(request, text % {"email": back.address}, fail_silently=True)  # where no page follows, nobody reads it


def by_mailed_code(request: HttpRequest, user: User) -> bool:
    """Whether they signed in, in this session, with a code that went to the address they have."""
    ways = get_authentication_records(request, user)
    return any(way.get("method") == "code" and str(way.get("email", "")).lower() == user.email.lower() for way in ways)
