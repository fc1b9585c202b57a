"""What `manage.py check --deploy` says of the certificate that letters are sealed with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.checks import Error, Tags, Warning, register  # noqa: A004  (the names that Django gives them)
from django.core.exceptions import ImproperlyConfigured

from reports.certificates import HOW, house_certificate

if TYPE_CHECKING:
    from django.core.checks import CheckMessage

SOON = timedelta(days=60)


@register(Tags.security, deploy=True)
def seal_is_real(**_given: Any) -> list[CheckMessage]:
    """A seal that anybody could have made proves nothing, and one that has run out is not believed."""
    try:
        certificate = house_certificate()
    except ImproperlyConfigured as wrong:
        return [Error(str(wrong), id="drietrap.E002")]
    if certificate.demo:
        return [Error("Letters would be sealed with the certificate of the demo.", hint=HOW, id="drietrap.E003")]
    first, last, at = certificate.own.not_valid_before_utc, certificate.own.not_valid_after_utc, datetime.now(UTC)
    if not first <= at <= last:
        return [Error(f"The certificate that letters are sealed with holds from {first:%Y-%m-%d} to {last:%Y-%m-%d}.", id="drietrap.E004")]
    if last - at < SOON:
        return [Warning(f"The certificate that letters are sealed with runs out on {last:%Y-%m-%d}.", hint=HOW, id="drietrap.W005")]
    return []
