"""When there is a decision at the latest, in days that a page can tell: the statutory term with its suspension, and what was promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tender.calendar import amsterdam_day, set_aside_deadline
from tender.commands.submitting import due_day, last_day, standstill, was_over
from tender.enums import ApplicationState as A
from workflows.flows.terms import promised

if TYPE_CHECKING:
    from datetime import date, datetime

    from tender.models import Application

UNDECIDED = (A.SUBMITTED, A.INCOMPLETE, A.ELIGIBLE, A.IN_REVIEW, A.RANKED)


@dataclass(frozen=True, slots=True)
class Term:
    """``by``: the last day by law, as it stands. ``promised``: what was promised beside it.

    While the term stands still: ``since`` which day (None: it was over when we asked, and does not),
    ``missing`` what, ``until`` when it may be mended, and ``latest`` the last day if it
    is mended at the last moment. ``set_aside_by``: where nothing came in time. ``stood_still``: how many days it did before.
    ``postponed_from``: until when the term ran before we took more time, and ``because`` of what.
    """

    by: date | None
    promised: date | None = None
    since: date | None = None
    until: datetime | None = None
    latest: date | None = None
    missing: tuple[str, ...] = ()
    set_aside_by: date | None = None
    stood_still: int = 0
    postponed_from: date | None = None
    because: str = ""


def term_of(application: Application, at: datetime) -> Term | None:
    """The term of a dossier that was handed in and is not decided; None for any other."""
    if application.state not in UNDECIDED or application.decide_by is None:
        return None
    asked, until = application.repair_asked_at, application.repair_until
    if application.state != A.INCOMPLETE or asked is None or until is None:
        return Term(
            application.decide_by, promised(application), stood_still=application.suspended_days, because=application.postponed_because,
            postponed_from=due_day(application, suspended=application.suspended_days) if application.postponed_to else None,
        )  # fmt: skip
    last = amsterdam_day(until)
    stood = application.suspended_days + standstill(application, ended=last)
    latest = last_day(application, suspended=stood)
    if at >= until:
        return Term(latest, set_aside_by=set_aside_deadline(last), stood_still=stood)
    first = amsterdam_day(asked)
    labels = {field.key: str(field.label) for field in application.rules.form.fields()}
    return Term(
        application.decide_by, since=None if was_over(application) else first + timedelta(days=1), until=until,
        latest=latest,
        missing=tuple(labels.get(gap["field"], gap["field"]) for gap in application.gaps),
    )  # fmt: skip
