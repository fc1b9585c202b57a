"""The dates of calls that everybody may put in a calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from tender.ical import Entry, sequence_of
from tender.rules import questions_until

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from tender.models import Call, Stage


def absolute(path: str) -> str:
    """An address of ours as somebody elsewhere follows it."""
    return f"{settings.SITE_URL.rstrip('/')}{path}"


def dates_of_call(call: Call, stages: Iterable[Stage], at: datetime) -> Iterator[Entry]:
    """When each stage opens and closes, and until when questions are taken where that ends earlier."""
    stages = list(stages)
    url = absolute(reverse("tender:call", args=[call.reference]))
    for stage in stages:
        name = call.title if len(stages) == 1 else f"{call.title}, {stage.label}"
        moments = [("opens", _("%(call)s opens"), stage.opens_at), ("closes", _("%(call)s closes"), stage.closes_at)]
        if stage.rules.terms.question_days:
            moments.append(("questions", _("%(call)s: last moment for questions"), questions_until(stage)))
        for what, words, moment in moments:
            if moment is not None:
                uid = f"call-{call.reference}-{stage.key}-{what}"
                yield Entry(uid, words % {"call": name}, moment, at, sequence=sequence_of(moment), url=url)
