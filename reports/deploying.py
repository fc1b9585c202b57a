"""What is said of the certificate that letters are sealed with: by `manage.py check --deploy`, and in the log of every process that starts.

One that has ended stops no process: who applies must get in before a closing, and the clock must go on. It seals nothing (`SealFault`).
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.checks import Error, Tags, Warning, register  # noqa: A004  (the names that Django gives them)
from django.core.exceptions import ImproperlyConfigured

from reports.certificates import AGAIN, HOW, SealFault, holding, house_certificate

if TYPE_CHECKING:
    from django.core.checks import CheckMessage

SOON = timedelta(days=60)
AT_START = ("drietrap.E004", "drietrap.W005")
"""What every process says when it starts. The rest keeps production from starting at all (`settings/production.py`)."""
log = logging.getLogger(__name__)


@register(Tags.security, deploy=True)
def seal_is_real(**_given: Any) -> list[CheckMessage]:
    """A seal that anybody could have made proves nothing, and one that has run out is not believed."""
    try:
        certificate = house_certificate()
    except ImproperlyConfigured as wrong:
        return [Error(str(wrong), id="drietrap.E002")]
    if certificate.demo:
        return [Error("Letters would be sealed with the certificate of the demo.", hint=HOW, id="drietrap.E003")]
    at = datetime.now(UTC)
    try:
        last = holding(certificate, at).own.not_valid_after_utc
    except SealFault as wrong:
        return [Error(str(wrong), id="drietrap.E004")]
    if last - at < SOON:
        return [Warning(f"The certificate that letters are sealed with runs out on {last:%Y-%m-%d}.", hint=AGAIN, id="drietrap.W005")]
    return []


def tell_at_start() -> None:
    """Log that letters cannot be sealed, or soon cannot: what nobody looks for is found there."""
    for message in seal_is_real():
        if message.id in AT_START:
            log.log(message.level, "%s", message.msg)
