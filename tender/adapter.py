"""What the sign-in of allauth says in our words: what is wrong and how to mend it."""

from __future__ import annotations

from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    """Codes by e-mail, no passwords."""

    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": _("This code is not right. Type the newest code that we sent you, or ask for a new one."),
        "too_many_login_attempts": _("There were too many attempts. Wait a few minutes and try again."),
        "rate_limited": _("You asked for too many codes in a short time. Wait a few minutes and try again."),
    }

    def send_account_already_exists_mail(self, email: str) -> None:
        """To whoever signs up with an address that is known: the way to sign in."""
        login_url = self.request.build_absolute_uri(reverse("account_login"))
        self.send_mail("account/email/account_already_exists", email, {"login_url": login_url})
