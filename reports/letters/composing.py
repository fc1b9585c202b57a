"""From an event to the facts of its letter. Everything that is read here is frozen; nothing is read again when it is
printed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse

from reports.letters.afterwards import COMPOSERS as AFTERWARDS
from reports.letters.cancellation import KIND as CANCELLATION
from reports.letters.completion import CompletionFacts
from reports.letters.correction import CorrectionFacts
from reports.letters.deciding import decision_facts, instant, number
from reports.letters.facts import DecisionFacts, File, LetterFacts
from reports.letters.gathering import common, gap_words, handed_in, objection, signer, who_cancelled
from reports.letters.intent import IntentFacts
from reports.letters.merging import with_own_words
from reports.letters.objecting import COMPOSERS as OBJECTIONS
from reports.letters.penalty import PenaltyFacts
from reports.letters.postponement import PostponementFacts
from reports.letters.receipt import ReceiptFacts
from reports.letters.report_due import ReportDueFacts
from reports.letters.showing import copy_of
from tender.calendar import amsterdam_day, decision_deadline, objection_deadline, payment_deadline
from tender.enums import AFTER_AWARD, NOTHING, ApplicationState, ObjectionTerm, Role
from tender.models import Application, Decision, DefaultNotice, ProgressReport, iban_of
from tender.schemes.definition import Intake
from workflows.models import Correction

if TYPE_CHECKING:
    from collections.abc import Callable

    from tender.models import Stage
    from workflows.models import Event

FULL = ("stage__call__version", "call__version", "organisation", "applicant")


def compose(event: Event) -> LetterFacts | None:
    """The facts of the letter that follows from ``event``; None where none does (any more)."""
    return COMPOSERS[event.kind](event)


def dossier(event: Event) -> Application:
    """The dossier an event of its own is about."""
    return Application.objects.select_related(*FULL).get(pk=event.key)


def receipt(event: Event) -> LetterFacts:
    """What came in, word for word, out of the event that sealed it."""
    application = dossier(event)
    stage: Stage = application.call.stages.get(key=event.data["stage"])
    answers, language = event.data["answers"], application.language
    facts = ReceiptFacts(
        **common(application, stage, event, "receipt"),
        received_at=event.at,
        decide_by=decides_by(application, stage, event),
        version=event.data["version"],
        submission_sha256=event.data["sha256"],
        **signed(event),
        copy=copy_of(stage.rules.form, answers, language),
        files=tuple(File(each["name"], each["size"], each["sha256"]) for each in event.data["files"]),
    )
    return with_own_words(facts, stage.rules, answers, {})


def signed(event: Event) -> dict[str, Any]:
    """The signature, and where it is checked; nothing where the event is of before receipts were signed."""
    if "receipt" not in event.data:
        return {}
    page = settings.SITE_URL + reverse("tender:check_receipt")
    return {**event.data["receipt"], "frozen_sha256": event.data["frozen_sha256"], "check_at": page}


def decides_by(application: Application, stage: Stage, event: Event) -> date:
    """The last day to decide: as the dossier says, or reckoned anew where it has moved on since."""
    if application.stage_id == stage.pk and application.decide_by is not None:
        return application.decide_by
    first = event.at if stage.rules.intake == Intake.CONTINUOUS else (stage.closes_at or event.at)
    return decision_deadline(amsterdam_day(first), stage.rules.terms.decision_weeks, application.suspended_days)


def completion(event: Event) -> LetterFacts:
    """What the officer asked to complete, and until when."""
    application = dossier(event)
    stage = application.stage
    gaps, said = gap_words(stage, event.data["gaps"], application.language)
    facts = CompletionFacts(
        **common(application, stage, event, "completion"),
        received_at=application.submitted_at,
        signer=signer(event.actor, Role.OFFICER, application.language),
        gaps=gaps,
        said=said,
        until=datetime.fromisoformat(event.data["until"]),
    )
    return with_own_words(facts, stage.rules, handed_in(application, stage), {})


def postponement(event: Event) -> LetterFacts:
    """Until when we need more time, and why."""
    application, said = dossier(event), event.data
    stage = application.stage
    facts = PostponementFacts(
        **common(application, stage, event, "postponement"),
        received_at=application.submitted_at,
        signer=signer(event.actor, Role.OFFICER, application.language),
        reason=said["reason"],
        before=date.fromisoformat(said["from"]),
        decide_by=date.fromisoformat(said["until"]),
        late_after=date.fromisoformat(said["late_after"]),
    )
    return with_own_words(facts, stage.rules, handed_in(application, stage), {})


def penalty(event: Event) -> LetterFacts:
    """What being late cost, or why it costs nothing."""
    related = ("application__organisation", "application__applicant", "application__call__version", "stage__call__version")
    notice, said = DefaultNotice.objects.select_related(*related).get(pk=event.key), event.data
    application, stage = notice.application, notice.stage
    last, came, starts, ends = (date.fromisoformat(said[name]) for name in ("last_day", "received", "from", "until"))
    facts = PenaltyFacts(
        **common(application, stage, event, "penalty"),
        received_at=application.submitted_at,
        signer=signer(event.actor, Role.SIGNATORY, application.language),
        objection=objection(stage, event, application.language),
        reason=said["reason"],
        last_day=last, came_on=came, starts_on=starts, ends_on=ends,
        amount=Decimal(said["amount"]),
        because=said["because"],
        paid_by=payment_deadline(amsterdam_day(event.at)) if said["amount"] else None,
        iban_end=iban_of(application)[-4:],
    )  # fmt: skip
    return with_own_words(facts, stage.rules, handed_in(application, stage), {})


def cancellation(event: Event) -> LetterFacts:
    """The round was cancelled. Who had not handed in anything gets no decision, so no clause either."""
    application = dossier(event)
    stage, language = application.stage, application.language
    by = who_cancelled(stage)
    decided = event.before != ApplicationState.DRAFT
    facts = DecisionFacts(
        **common(application, stage, event, CANCELLATION.name),
        received_at=application.submitted_at,
        signer=signer(by, Role.SIGNATORY, language) if by else None,
        objection=objection(stage, event, language) if decided else None,
        reason=event.data["reason"],
    )
    return with_own_words(facts, stage.rules, handed_in(application, stage), {})


def decided(event: Event) -> LetterFacts | None:
    """The letter of a signed decision; none where it was sent back since, and this signature no longer stands."""
    decision = Decision.objects.select_related("application__organisation", "application__applicant", "stage__call__version").get(
        pk=event.key
    )
    if decision.signed_at != event.at:
        return None
    data = event.data
    return draft(
        decision,
        event,
        {name: data[name] for name in ("kind", "ground", "amount", "facts", "reasons")} | {"state_aid": data.get("state_aid")},
        signed=True,
    )


def draft(decision: Decision, event: Event, said: dict[str, Any], *, signed: bool) -> LetterFacts:
    """The letter as it would be, from what a decision says."""
    application, stage = decision.application, decision.stage
    head = common(application, stage, event, NOTHING)
    facts = decision_facts(decision, said, head, known_on=amsterdam_day(event.at))
    facts = replace(facts, objection=objection(stage, event, application.language, appeal=decision.supersedes_id is not None))
    if signed:
        facts = replace(facts, signer=signer(event.actor, Role.SIGNATORY, application.language))
    return with_own_words(facts, stage.rules, handed_in(application, stage), {})


def intent(event: Event) -> LetterFacts:
    """What we intend to decide, why, and until when the party may respond."""
    related = ("application__organisation", "application__applicant", "stage__call__version")
    decision = Decision.objects.select_related(*related).get(pk=event.key)
    application, stage, said = decision.application, decision.stage, event.data
    settles = said["kind"] in AFTER_AWARD
    facts = IntentFacts(
        **common(application, stage, event, "intent"),
        received_at=instant(said["facts"].get("received_at")),
        signer=signer(event.actor, Role.OFFICER, application.language),
        reason="\n\n".join(filter(None, (said["reasons"], said["facts"].get("departure", "")))),
        until=datetime.fromisoformat(said["until"]),
        amount=number(said["amount"]) if settles else None,
        awarded=number(said["facts"].get("came_to") or said["facts"].get("awarded")) if settles else None,
        decides=said["kind"] if settles else "",
        ground=said["ground"] if settles else "",
        weighing=said["facts"].get("weighing", ""),
    )
    return with_own_words(facts, stage.rules, handed_in(application, stage), {})


def correction(event: Event) -> LetterFacts:
    """Which letter is mended, what was wrong in it, and what it must be: as it was signed."""
    related = (
        "application__organisation",
        "application__applicant",
        "application__stage__call__version",
        "letter__event",
        "letter__decision",
    )
    case = Correction.objects.select_related(*related, "letter__decision__stage__call__version").get(pk=event.key)
    application, letter, said = case.application, case.letter, event.data
    decision = letter.decision
    stage = decision.stage if decision is not None else application.stage
    facts = CorrectionFacts(
        **common(application, stage, event, "correction"),
        received_at=application.submitted_at,
        signer=signer(event.actor, Role.SIGNATORY, application.language),
        reason=said["reason"],
        text=said["text"],
        mended_subject=letter.subject,
        mended_on=date.fromisoformat(letter.facts["on"]),
        mended_sha256=said["letter_sha256"],
        term=said["term"],
        until=until_after(event, said["term"], decision),
        court=decision is not None and decision.supersedes_id is not None,
    )
    return with_own_words(facts, stage.rules, handed_in(application, stage), {})


def until_after(event: Event, term: str, decision: Decision | None) -> date | None:
    """The last day for objecting once a letter was mended; None where there is nothing to object to."""
    if term == ObjectionTerm.ANEW:
        return objection_deadline(amsterdam_day(event.at))
    return decision.objection_until if term == ObjectionTerm.RUNS and decision is not None else None


def report_due(event: Event) -> LetterFacts:
    """The reminder of a report that is due soon."""
    report = ProgressReport.objects.select_related("grant__application__organisation", "grant__stage__call__version").get(pk=event.key)
    application, stage = report.grant.application, report.grant.stage
    facts = ReportDueFacts(
        **common(application, stage, event, "report_due"),
        report=report.terms.label.in_language(application.language),
        report_by=report.due_on,
    )
    return with_own_words(facts, stage.rules, handed_in(application, stage), {})


COMPOSERS: dict[str, Callable[[Event], LetterFacts | None]] = {
    "application.submit": receipt,
    "application.complete": receipt,
    "application.revise": receipt,
    "application.request_completion": completion,
    "application.postpone": postponement,
    "application.cancel": cancellation,
    "notice.fix": penalty,
    "correction.sign": correction,
    "decision.announce_intent": intent,
    "decision.sign": decided,
    "report.remind": report_due,
    **OBJECTIONS,
    **AFTERWARDS,
}
