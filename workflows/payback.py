"""Into which account money of grants is paid back."""

from __future__ import annotations

from django.conf import settings


def pay_into() -> dict[str, str]:
    """The account and the name it stands in, as configured; empty where it is not."""
    return {"iban": settings.PAY_BACK_IBAN, "name": settings.PAY_BACK_NAME}
