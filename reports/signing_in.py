"""What somebody hears as soon as they have signed in: that mail to their address comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.utils.translation import gettext as _

from reports.models import MailPreference
from reports.queries import comes_back

if TYPE_CHECKING:
    from django.http import HttpRequest

    from tender.models import User


@receiver(user_logged_in)
def tell_that_mail_comes_back(request: HttpRequest, user: User, **_said: Any) -> None:
    """A warning on the first page, as long as it is so."""
    back = comes_back(user, MailPreference.objects.filter(user=user).first())
    if back is not None:
        text = _("Mail to %(email)s comes back, so you may miss what we send. Choose “Mail you get” in the menu under your name.")
        messages.warning(request, text % {"email": back.address}, fail_silently=True)  # where no page follows, nobody reads it
