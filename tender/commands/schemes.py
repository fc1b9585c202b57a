"""Publishing the rules of a scheme: written once, never changed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db import transaction

from tender.models import Scheme, SchemeVersion
from tender.schemes.loader import definition_of

if TYPE_CHECKING:
    from datetime import datetime


def publish_scheme(*, source: str, at: datetime) -> SchemeVersion:
    """The published version with exactly this text: the one there is, or a new one with the next number.

    Raises `SchemeFaults`, and publishes nothing, where the text is not a good scheme.
    """
    sha256 = hashlib.sha256(source.encode()).hexdigest()
    key = definition_of(sha256, source).key
    with transaction.atomic():
        Scheme.objects.get_or_create(key=key)
        scheme = Scheme.objects.select_for_update().get(key=key)
        same = scheme.versions.filter(sha256=sha256).first()
        if same is not None:
            return same
        number = 1 + max(scheme.versions.values_list("number", flat=True), default=0)
        return SchemeVersion.objects.create(scheme=scheme, number=number, source=source, sha256=sha256, published_at=at)
