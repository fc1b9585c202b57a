"""From an event of an objection to the facts of its letter."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.dateparse import parse_datetime

from reports.letters.gathering import common, objection, signer, signer_of
from reports.letters.merging import with_own_words
from reports.letters.objection_completion import ObjectionCompletionFacts
from reports.letters.objection_decided import ObjectionDecidedFacts
from reports.letters.objection_received import ObjectionReceivedFacts
from tender.calendar import amsterdam_day, file_open_from, papers_until
from tender.enums import Role
from tender.models import Objection

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from reports.letters.facts import LetterFacts
    from workflows.models import Event

FULL = ("application__organisation", "application__applicant", "decision__stage__call__version")


def found(event: Event) -> Objection:
    """The objection an event is about."""
    return Objection.objects.select_related(*FULL).get(pk=event.key)


def head(case: Objection, event: Event, kind: str) -> dict[str, Any]:
    """What each of these letters says of itself."""
    sent = case.application.submission(case.decision.stage)
    return {**common(case.application, case.decision.stage, event, kind), "received_at": sent.at if sent else None}


def decided_on(case: Objection) -> date | None:
    """The day on which the decision was made known."""
    return amsterdam_day(case.decision.published_at) if case.decision.published_at else None


def finished(facts: LetterFacts, case: Objection) -> LetterFacts:
    """With the scheme's own words, if it has any."""
    sent = case.application.submission(case.decision.stage)
    return with_own_words(facts, case.decision.stage.rules, sent.answers if sent else {}, {})


def received(event: Event) -> LetterFacts:
    """In time or not, the hearing as the event has it, and until when we decide."""
    case, said = found(event), event.data
    hearing = parse_datetime(said["hearing_at"]) if said["hearing_at"] else None
    facts = ObjectionReceivedFacts(
        **head(case, event, "objection_received"),
        signer=signer(event.actor, Role.OBJECTION_HANDLER, case.application.language),
        decided_on=decided_on(case),
        came_on=case.received_on,
        last_day=case.decision.objection_until,
        in_time=said["in_time"],
        decide_by=date.fromisoformat(said["decide_by"]),
        hearing_at=hearing,
        hearing_place=said["hearing_place"],
        papers_until=time_for_papers(hearing, event) if hearing else None,
        file_from=max(file_open_from(amsterdam_day(hearing)), amsterdam_day(event.at)) if hearing else None,
    )
    return finished(facts, case)


def time_for_papers(hearing: datetime, event: Event) -> date | None:
    """The last day to send papers before a hearing; None where it is over when the party hears of it, as it agreed to."""
    last = papers_until(amsterdam_day(hearing))
    return last if last > amsterdam_day(event.at) else None


def completion(event: Event) -> LetterFacts:
    """What is missing, and until when it can be sent."""
    case = found(event)
    facts = ObjectionCompletionFacts(
        **head(case, event, "objection_completion"),
        signer=signer(event.actor, Role.OBJECTION_HANDLER, case.application.language),
        gaps=event.data["gaps"],
        until=date.fromisoformat(event.data["until"]),
    )
    return finished(facts, case)


def decided(event: Event) -> LetterFacts:
    """What was decided, signed under mandate; with the clause on the court."""
    case, said = found(event), event.data
    language = case.application.language
    facts = ObjectionDecidedFacts(
        **head(case, event, "objection_decided"),
        signer=signer_of(event, language, otherwise=Role.SIGNATORY),
        objection=objection(case.decision.stage, event, language, appeal=True),
        outcome=said["outcome"],
        ground=said["inadmissible"],
        follows=said["follows"],
        reason=said["reasons"],
        decided_on=decided_on(case),
        came_on=case.received_on,
        last_day=case.decision.objection_until,
        heard_at=case.heard_at,
        no_hearing=case.no_hearing,
        departs=said["advised"] != said["outcome"],
    )
    return finished(facts, case)


COMPOSERS: dict[str, Callable[[Event], LetterFacts | None]] = {
    "objection.acknowledge": received,
    "objection.ask_completion": completion,
    "objection.decide": decided,
}
"""Per event its letter."""
