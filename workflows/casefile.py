"""The parts of a case page: what each viewer may see of a dossier, ready for the template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tender.calendar import amsterdam_day
from tender.commands.submitting import lawful_day
from tender.enums import APPLICANT_ROLES, ApplicationState, DecisionState, GrantState, ReportState
from tender.enums import ApplicationState as A
from tender.models import Decision, Grant, Instalment, ProgressReport, Recovery
from tender.queries import judges_only
from tender.readout import readout
from tender.rules import has_part
from tender.step import Step
from tender.templatetags.drietrap import euro
from workflows.agenda import TO_WRITE, to_write_now
from workflows.labels import LABELS
from workflows.machines.arrow import admits, arrow_named
from workflows.models import MACHINES, Correction, Letter
from workflows.paper import deliveries
from workflows.report_facts import offered, waiting_for
from workflows.rules.lateness import in_default
from workflows.steps import open_steps

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from django.utils.functional import Promise

    from tender.models import Application, User
    from workflows.paper import Delivery
    from workflows.steps import OpenStep

OUTSIDE, JURY, INSIDE = "outside", "jury", "inside"
ON_THE_FORM = {"application.submit", "application.complete", "application.revise"}
ON_ITS_PANEL = {"pitch.book", "pitch.move", "pitch.cancel"}
"""Steps that the case page has a panel of its own for."""
DANGER = {"application.withdraw", "stage.cancel", "decision.discard", "report.reject"}
LATER = {"application.postpone", "notice.ask_drop", "notice.drop", "application.judge_anyway", "conflict.declare_interest", "pitch.note",
         "grant.report_aid", "report.ask_more_time",
         "recovery.ask_write_off", "recovery.write_off", "recovery.ask_set_off", "recovery.set_off"}  # fmt: skip
"""Steps that are possible but not asked for: shown apart."""
WRITING = {"start", "hand_in"}
"""Steps of a report that are taken by writing it."""


@dataclass(frozen=True, slots=True)
class Action:
    """One button of a case page."""

    label: str
    url: str
    about: str = ""
    post: bool = False
    unmet: tuple[str, ...] = ()
    danger: bool = False
    confirm: str | Promise = ""
    apart: bool = False


def viewer(application: Application, user: User) -> str:
    """From where somebody looks at a dossier: the applicant's side, the jury, or inside the house."""
    if has_part(application, user, *APPLICANT_ROLES):
        return OUTSIDE
    return JURY if judges_only(application, user) else INSIDE


def submissions(application: Application, *, blind: bool = False, judging: bool = False) -> list[dict[str, Any]]:
    """What was handed in, the newest first, each read out; of an earlier version only that there was one. Who judges sees this stage."""
    rows = application.submissions.select_related("stage__call__version", "by", "receipt").order_by("-stage__number", "-version")
    if judging:
        rows = rows.filter(stage=application.stage)
    found, latest = list(rows), set()
    shown: list[dict[str, Any]] = []
    for number, sent in enumerate(found, start=1):
        newest = sent.stage_id not in latest
        latest.add(sent.stage_id)
        blocks = readout(sent.stage.rules.form, sent.answers, files=sent.documents, blind=blind, judging=judging)
        before = found[number] if number < len(found) and found[number].stage_id == sent.stage_id else None
        shown.append({
            "sent": sent, "label": sent.stage.label, "newest": newest, "blocks": blocks, "signed": getattr(sent, "receipt", None),
            "frozen": sent.frozen_sha256, "same_as": before if before and before.frozen_sha256 == sent.frozen_sha256 else None,
        })  # fmt: skip
    return shown


def grants(application: Application, user: User, at: datetime) -> list[dict[str, Any]]:
    """The grants of a dossier with their payments and reports, the latest first."""
    found = Grant.objects.visible_to(user).filter(application=application).select_related("stage__call__version")
    day, parts = amsterdam_day(at), ("instalments", "reports")
    return [_grant(application, grant, day) for grant in found.order_by("-stage__number").prefetch_related(*parts)]


def _grant(application: Application, grant: Grant, day: date) -> dict[str, Any]:
    for part in (*grant.instalments.all(), *grant.reports.all()):
        part.grant = grant
    waiting = waiting_for(grant, day)
    reports = [
        {"report": report, "label": report.terms.label, "url": reverse("workflows:report", args=[application.reference, report.pk]),
         "waiting": waiting[report.pk]}
        for report in grant.reports.all()
    ]  # fmt: skip
    payments = [{"payment": payment, "label": payment.terms.label} for payment in grant.instalments.all()]
    return {
        "grant": grant, "label": grant.stage.label, "reports": reports, "payments": payments,
        "obligations": grant.terms.obligations, "offered": grant.state == GrantState.OFFERED,
        "over": grant.state in {GrantState.LAPSED, GrantState.WITHDRAWN, GrantState.CLOSED},
    }  # fmt: skip


def deadlines(application: Application, user: User) -> list[dict[str, Any]]:
    """The dates that count now, soonest first: instants and days."""
    rows: list[dict[str, Any]] = []
    if application.state == ApplicationState.DRAFT:
        rows.append({"label": _("Hand in before"), "at": application.personal_until or application.stage.closes_at})
    if application.state == ApplicationState.INCOMPLETE:
        rows.append({"label": _("Mend what is missing before"), "at": application.repair_until})
    if application.state == ApplicationState.RESERVED:
        rows.append({"label": _("Your place on the reserve list is valid until"), "day": application.reserve_until})
    rows += _deadlines_of_grants(application, user)
    return [row for row in rows if row.get("at") or row.get("day")]


def _deadlines_of_grants(application: Application, user: User) -> Iterator[dict[str, Any]]:
    for grant in Grant.objects.visible_to(user).filter(application=application, state=GrantState.OFFERED):
        yield {"label": _("Accept the grant before"), "at": grant.accept_until}
    open_reports = ProgressReport.objects.visible_to(user).filter(
        grant__application=application, state__in=[ReportState.ASKED, ReportState.DRAFT, ReportState.INCOMPLETE]
    )
    for report in open_reports.select_related("grant__stage__call__version").order_by("due_on")[:3]:
        yield {"label": _("Report “%(label)s” before") % {"label": report.terms.label}, "day": report.due_on}
    for decision in Decision.objects.visible_to(user).filter(application=application, state__in=["published", "hearing"]):
        if decision.state == DecisionState.HEARING:
            yield {"label": _("Respond to what we intend before"), "at": decision.respond_until}
        else:
            court = decision.supersedes_id is not None
            yield {"label": _("You can go to the court until") if court else _("You can object until"), "day": decision.objection_until}


def letters(application: Application, user: User) -> list[Delivery]:
    """The letters this person may read, newest first, each with what is on record of it."""
    found = Letter.objects.visible_to(user).filter(application=application).select_related("event")
    return deliveries(list(found.order_by("-event__at", "-pk")))


def actions(application: Application, user: User, at: datetime) -> list[Action]:
    """Everything this person may do in the dossier now, on the dossier itself and on what hangs under it."""
    found = []
    waiting = ProgressReport.objects.visible_to(user).filter(grant__application=application, state__in=TO_WRITE)
    later = {each.pk for each in waiting} - {each.pk for each in to_write_now(waiting, amsterdam_day(at))}
    for case, about in _cases(application, user):
        steps = open_steps(case, actor=user, at=at)
        steps = [step for step in steps if f"{step.noun}.{step.name}" not in ON_ITS_PANEL and asked_for(application, step)]
        steps = [step for step in steps if step.noun != "report" or offered(case, step.name, user, amsterdam_day(at))]
        found += [action_of(application, step, about) for step in steps if step.noun != "report" or step.pk not in later]
    last = lawful_day(application)
    if last is not None and amsterdam_day(at) > last and notes_default(application, user, at) and not in_default(application):
        found.append(Action(str(LABELS["notice.note"]), reverse("workflows:note_default", args=[application.reference]), apart=True))
    return found


def notes_default(application: Application, user: User, at: datetime) -> bool:
    """Whether this person may note that the party put us in default."""
    case = MACHINES["notice"](application=application)  # type: ignore[call-arg]
    return admits(arrow_named(case, "note"), case, Step(actor=user, at=at))


def asked_for(application: Application, step: OpenStep) -> bool:
    """A revision is offered only where one was asked: there is nothing on the form to hand in before. Nor is more time, where the scheme
    gives none."""
    kind = f"{step.noun}.{step.name}"
    if kind == "application.postpone":
        return application.rules.terms.postpone_weeks > 0
    return kind != "application.revise" or bool(application.revision_asked)


def judging(report: ProgressReport, user: User, at: datetime) -> list[Action]:
    """What this person may do with a report that was handed in, where they read it."""
    steps = open_steps(MACHINES["report"].objects.get(pk=report.pk), actor=user, at=at)  # type: ignore[attr-defined]
    return [action_of(report.grant.application, step, "") for step in steps
            if step.name not in WRITING and offered(report, step.name, user, amsterdam_day(at))]  # fmt: skip


WAITING: dict[str, Promise] = {
    A.SUBMITTED: gettext_lazy("We look whether your application is complete. If something formal is missing, we ask you for it here."),
    A.ELIGIBLE: gettext_lazy("Your application meets the conditions. It will be assessed."),
    A.IN_REVIEW: gettext_lazy("Your application is being assessed. When there is a decision, you get a mail and the letter stands here."),
    A.ADMITTED: gettext_lazy("You are chosen for the next stage. As soon as it opens, its form stands here."),
    A.RESERVED: gettext_lazy("You are on the reserve list. If money comes free before your place expires, we let you know."),
    A.REFUSED: gettext_lazy("Why, and how you can object, is in the letter."),
    A.SET_ASIDE: gettext_lazy("Why, and how you can object, is in the letter."),
    A.INELIGIBLE: gettext_lazy("Why, and how you can object, is in the letter."),
    A.AWARDED: gettext_lazy("What is still to come, you find below at your grant."),
}
"""What the applicant's side waits for where it has nothing to do itself, by the state as it is told."""


def _cases(application: Application, user: User) -> Iterator[tuple[Any, str]]:
    yield MACHINES["application"].objects.get(pk=application.pk), ""  # type: ignore[attr-defined]
    if application.rules.pitch:
        yield from _each("pitch", application.pitches.filter(stage=application.stage), lambda _case: _("Pitch"))
    decisions = Decision.objects.visible_to(user).filter(application=application)
    yield from _each("decision", decisions, about_decision)
    held = Grant.objects.visible_to(user).filter(application=application)
    yield from _each("grant", held, lambda case: _("Grant: %(label)s") % {"label": case.stage.label})
    parts = Instalment.objects.visible_to(user).filter(grant__application=application)
    yield from _each("instalment", parts, lambda case: _("Payment: %(label)s") % {"label": case.terms.label})
    reports = ProgressReport.objects.visible_to(user).filter(grant__application=application)
    back = Recovery.objects.visible_to(user).filter(grant__application=application)
    yield from _each("recovery", back, lambda case: _("Paid too much: %(amount)s") % {"amount": euro(case.amount)})
    yield from _each("report", reports, lambda case: _("Report: %(label)s") % {"label": case.terms.label})
    yield from _each("notice", application.default_notices.unfixed(), lambda _case: _("Put in default"))
    mended = Correction.objects.asked().visible_to(user).filter(application=application)
    yield from _each("correction", mended, lambda case: _("Mends: %(label)s") % {"label": case.letter.subject})
    yield from _each("conflict", application.conflicts.filter(user=user), lambda _case: "")


def about_decision(decision: Decision) -> str:
    """What a button of a decision is about; while the party is heard nothing is decided, and the page does not say so either."""
    words = {"label": decision.get_kind_display()}
    return _("Intended: %(label)s") % words if decision.state == DecisionState.HEARING else _("Decision: %(label)s") % words


def _each(noun: str, cases: Any, about: Any) -> Iterator[tuple[Any, str]]:
    machine: Any = MACHINES[noun]
    for case in machine.objects.filter(pk__in=cases.values("pk")).order_by("pk"):
        yield case, about(case)


def action_of(application: Application, step: OpenStep, about: str) -> Action:
    """A step as a button or a link."""
    kind, here = f"{step.noun}.{step.name}", application.reference
    if kind in ON_THE_FORM:
        return Action(_("Check and hand in"), reverse("workflows:check", args=[here]), about)
    if step.noun == "report" and step.name in WRITING:
        return Action(step.label, reverse("workflows:report", args=[here, step.pk]), about)
    url = reverse("workflows:step", args=[step.noun, step.pk, step.name])
    confirm = "" if step.needs_form else _("%(step)s: are you sure?") % {"step": step.label}
    return Action(
        step.label, url, about, post=not step.needs_form, unmet=step.unmet, danger=kind in DANGER, confirm=confirm,
        apart=kind in DANGER | LATER,
    )  # fmt: skip
