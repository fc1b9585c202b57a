"""Passkeys and the second step, in our words; a passkey as a passkey: a key that only helps as a second step is for who asks for it."""

from __future__ import annotations

from typing import Any

from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.utils.translation import gettext_lazy as _

NAME = _("Name, so that you know which device it is on")


class AddPasskey(AddWebAuthnForm):  # type: ignore[misc]  # allauth is not typed
    """A name, and whether the key alone is enough to sign in: it is, unless somebody says otherwise."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"passwordless": True, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["name"].label = NAME
        self.fields["passwordless"].label = _("Sign in with this passkey alone, without a code by e-mail")
        self.fields["passwordless"].help_text = _(
            "Leave this on, unless you want the key as a second lock: then we ask for it each time after the code by e-mail."
        )


class RenamePasskey(EditWebAuthnForm):  # type: ignore[misc]  # allauth is not typed
    """Another name for a passkey."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = NAME


class SetUpApp(ActivateTOTPForm):  # type: ignore[misc]  # allauth is not typed
    """The first six digits of an app, which show that it was set up."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("The six digits that the app shows")
        self.fields["code"].widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric"}
