"""By when there must be a decision on one dossier: what was promised, and what the law says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tender.calendar import add_working_days, amsterdam_day

if TYPE_CHECKING:
    from datetime import date, datetime

    from tender.models import Application


def promised(application: Application) -> date | None:
    """The last working day of what we promised beside the statutory term, counted from complete receipt; a postponement takes it back,
    and after a founded objection it is over."""
    days = application.rules.terms.promise_working_days
    if days is None or application.completed_at is None or application.postponed_to is not None or application.reconsider_by:
        return None
    return add_working_days(amsterdam_day(application.completed_at), days)


def decide_by(application: Application) -> date | None:
    """By when there must be a decision: what was promised, or the statutory term where that comes first or nothing was."""
    known = [day for day in (promised(application), application.decide_by) if day is not None]
    return min(known, default=None)


def present_by(application: Application, at: datetime) -> date | None:
    """The last day to present: within what was promised; where that day is over already, within the statutory term. None: no term."""
    first = decide_by(application)
    return first if first is None or amsterdam_day(at) <= first else application.decide_by
