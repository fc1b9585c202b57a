"""That a letter was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.models import Letter

if TYPE_CHECKING:
    from datetime import datetime


def note_read(*, pk: int, at: datetime) -> bool:
    """Note when the applicant's side first opened a letter; says whether this was the first time."""
    return bool(Letter.objects.filter(pk=pk, read_at=None).update(read_at=at))
