"""The facts of the letters beside a decision and after it: withdrawn, put in default, an advance, payment that rests, a report judged."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings

from reports.letters.advance import AdvanceFacts
from reports.letters.default_noted import DefaultFacts
from reports.letters.facts import LetterFacts
from reports.letters.gathering import common, handed_in, objection, signer, signer_of
from reports.letters.merging import with_own_words
from reports.letters.recovery import PlanPart, RecoveryFacts
from reports.letters.report_judged import ReportFacts
from reports.letters.suspension import SuspensionFacts
from tender.calendar import amsterdam_day
from tender.enums import ApplicationState, Role
from tender.models import Application, DefaultNotice, Grant, Instalment, ProgressReport, Recovery
from tender.schemes.definition import Due, Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflows.models import Event

PARTY = ("application__organisation", "application__applicant", "stage__call__version", "decision")

THE_DAYS_ARE_OVER = Text("De periode waarin wij niets betaalden, is voorbij.", "The period in which we paid nothing is over.")


def granted(event: Event, kind: str, key: int, role: str | None) -> tuple[Grant, dict[str, Any]]:
    """A grant, and the head of a letter about it; signed by who took the step, in their ``role``."""
    grant = Grant.objects.select_related(*PARTY).get(pk=key)
    head = common(grant.application, grant.stage, event, kind)
    if role is not None:
        head["signer"] = signer(event.actor, role, grant.application.language)
    return grant, head


def own_words(facts: LetterFacts, grant: Grant) -> LetterFacts:
    """With the words of the scheme, or of an administrator."""
    return with_own_words(facts, grant.stage.rules, handed_in(grant.application, grant.stage), {})


def suspension(event: Event) -> LetterFacts:
    """Until when nothing is paid, and why."""
    grant, head = granted(event, "suspension", event.key, Role.CONTROLLER)
    facts = SuspensionFacts(
        **head,
        objection=objection(grant.stage, event, grant.application.language),
        reason=event.data["reason"],
        rests_until=date.fromisoformat(event.data["until"]),
    )
    return own_words(facts, grant)


def resumption(event: Event) -> LetterFacts:
    """That it is paid again, and why."""
    by_itself = event.kind == "grant.run_out"
    grant, head = granted(event, "resumption", event.key, None if by_itself else Role.CONTROLLER)
    reason = THE_DAYS_ARE_OVER.in_language(grant.application.language) if by_itself else event.data["reason"]
    return own_words(LetterFacts(**head, reason=reason), grant)


def advance(event: Event) -> LetterFacts | None:
    """Which advance is paid; None for what is no advance: the last payment, and what was settled with the award."""
    instalment = Instalment.objects.select_related("grant__stage__call__version").get(pk=event.key)
    if instalment.terms.due == Due.SETTLEMENT or instalment.grant.terms.directly_settled:
        return None
    grant, head = granted(event, "advance", instalment.grant_id, None)
    made_known = grant.decision.published_at
    facts = AdvanceFacts(
        **head,
        instalment=instalment.terms.label.in_language(grant.application.language),
        amount=Decimal(event.data["amount"]),
        paid_by=instalment.pay_by,
        iban_end=instalment.iban[-4:],
        awarded=grant.amount,
        awarded_on=amsterdam_day(made_known) if made_known else None,
    )
    return own_words(facts, grant)


def report_judged(event: Event) -> LetterFacts:
    """What became of a report, and why."""
    report = ProgressReport.objects.select_related("grant__stage__call__version").get(pk=event.key)
    kind = {"approve": "report_approved", "request_completion": "report_returned", "reject": "report_rejected"}[event.kind.split(".")[1]]
    grant, head = granted(event, kind, report.grant_id, None)
    facts = ReportFacts(
        **head,
        signer=signer_of(event, grant.application.language, otherwise=Role.OFFICER),
        report=report.terms.label.in_language(grant.application.language),
        report_by=report.due_on,
        handed_in_on=amsterdam_day(report.handed_in_at) if report.handed_in_at else None,
        final=report.terms.final,
        directly_settled=grant.terms.directly_settled,
        review=report.terms.review,
        conditions=event.data.get("conditions", ""),
        complete_by=date.fromisoformat(event.data["complete_by"]) if event.data.get("complete_by") else None,
        reason=event.data.get("reason") or event.data.get("judgement", ""),
    )
    return own_words(facts, grant)


def of_dossier(event: Event) -> Application:
    """The dossier an event of its own is about."""
    related = ("stage__call__version", "call__version", "organisation", "applicant")
    return Application.objects.select_related(*related).get(pk=event.key)


def withdrawn(event: Event) -> LetterFacts | None:
    """What was withdrawn; None for a draft, of which nobody had received anything."""
    application = of_dossier(event)
    if event.before == ApplicationState.DRAFT and application.submitted_at is None:
        return None
    stage = application.stage
    facts = LetterFacts(**common(application, stage, event, "withdrawn"), received_at=application.submitted_at)
    return with_own_words(facts, stage.rules, handed_in(application, stage), {})


def default_noted(event: Event) -> LetterFacts:
    """When we were put in default, and from when on it costs us money."""
    related = ("application__organisation", "application__applicant", "application__call__version", "stage__call__version")
    notice, said = DefaultNotice.objects.select_related(*related).get(pk=event.key), event.data
    application, stage = notice.application, notice.stage
    facts = DefaultFacts(
        **common(application, stage, event, "default_noted"),
        received_at=application.submitted_at,
        signer=signer(event.actor, Role.OFFICER, application.language),
        noted_for=date.fromisoformat(said["received"]),
        last_day=date.fromisoformat(said["last_day"]),
        penalty_from=date.fromisoformat(said["penalty_from"]),
        ended=date.fromisoformat(said["ended"]) if said["ended"] else None,
    )
    return with_own_words(facts, stage.rules, handed_in(application, stage), {})


def recovering(event: Event) -> LetterFacts:
    """What was paid too much: claimed, reminded of, or what became of it."""
    recovery = Recovery.objects.select_related("grant", "decision").get(pk=event.key)
    arrow, said = event.kind.split(".")[1], event.data
    kind, role = {"claim": ("recovery", Role.SIGNATORY), "remind": ("recovery_reminder", Role.OFFICER),
                  "serve": ("recovery_reminder", Role.CONTROLLER), "set_interest": ("recovery_change", Role.SIGNATORY)}.get(
        arrow, ("recovery_change", Role.CONTROLLER))  # fmt: skip
    if arrow == "write_off" and event.actor.has_role(Role.HEAD):
        role = Role.HEAD
    grant, head = granted(event, kind, recovery.grant_id, role)
    against = Instalment.objects.filter(pk=said.get("instalment") or 0).values_list("grant__application__reference", flat=True).first()
    until = said.get("pay_by") or said.get("until")
    facts = RecoveryFacts(
        **head,
        objection=None if kind == "recovery_reminder" else objection(grant.stage, event, grant.application.language),
        reason=said.get("reason", ""),
        what=arrow,
        received=Decimal(said.get("received", 0)),
        entitled=Decimal(said.get("entitled", 0)),
        apart=Decimal(said.get("apart", 0)),
        amount=Decimal(said.get("amount", recovery.amount)),
        interest=Decimal(said.get("interest", 0)),
        paid_by=date.fromisoformat(until) if until else None,
        iban=settings.PAY_BACK_IBAN,
        account_name=settings.PAY_BACK_NAME,
        against=against or "",
        plan=tuple(PlanPart(date.fromisoformat(on), Decimal(amount)) for on, amount in said.get("plan", [])),
    )
    return own_words(facts, grant)


RECOVERING = ("claim", "agree_plan", "refuse_plan", "set_off", "remind", "serve", "set_interest", "write_off")
"""The arrows of a recovery that a letter tells of."""
COMPOSERS: dict[str, Callable[[Event], LetterFacts | None]] = {
    "application.withdraw": withdrawn,
    "notice.note": default_noted,
    "grant.suspend": suspension,
    "grant.resume": resumption,
    "grant.run_out": resumption,
    "instalment.order": advance,
    "report.approve": report_judged,
    "report.request_completion": report_judged,
    "report.reject": report_judged,
    **{f"recovery.{name}": recovering for name in RECOVERING},
}
