"""What the sign-in of allauth says in our words: what is wrong and how to mend it."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

CODE_PAGES = {
    "account/email/login_code": "account_confirm_login_code",
    "account/email/email_confirmation": "account_email_verification_sent",
    "account/email/email_confirmation_signup": "account_email_verification_sent",
}
"""Which page asks for the code of which mail."""
REAUTHENTICATION = {"mfa_reauthenticate:webauthn": _("Use your passkey"), "mfa_reauthenticate": _("Use an app or a recovery code")}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    """Codes by e-mail, no passwords."""

    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": _("This code is not right. Type the newest code that we sent you, or ask for a new one."),
        "too_many_login_attempts": _("There were too many attempts. Wait a few minutes and try again."),
        "rate_limited": _("You asked for too many codes in a short time. Wait a few minutes and try again."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail with a code also brings a link to the page that asks for it, with the code behind a ``#``.

        What stands there never leaves the browser: not in a request, a log or a Referer. The page fills it in and waits for a press; it
        opens only in the browser that asked for the code. So a program that follows links in mail signs nobody in, and a link that
        somebody was tricked into asking for is of no use to anybody else.
        """
        page = CODE_PAGES.get(template_prefix)
        if page and context.get("code"):
            context = {**context, "code_url": f"{self.request.build_absolute_uri(reverse(page))}#{context['code']}"}
        super().send_mail(template_prefix, email, context)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """A passkey first, since nobody has to look anything up for it; in our words."""
        found = super().get_reauthentication_methods(user)
        for each in found:
            each["description"] = REAUTHENTICATION.get(each["id"], each["description"])
        return sorted(found, key=lambda each: "webauthn" not in each["id"])

    def send_account_already_exists_mail(self, email: str) -> None:
        """To whoever signs up with an address that is known: the way to sign in."""
        login_url = self.request.build_absolute_uri(reverse("account_login"))
        self.send_mail("account/email/account_already_exists", email, {"login_url": login_url})


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is not typed
    """Apps, recovery codes and passkeys."""

    error_messages: ClassVar = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right. An app shows a new one every half minute: type the one that it shows now."),
        "cannot_delete_authenticator": _("This cannot be switched off or removed."),
        "cannot_generate_recovery_codes": _("Recovery codes are there once you have a passkey or an app. Add one first."),
        "unverified_email": _("Confirm your e-mail address first; then you can add a passkey or an app."),
    }
