"""Who and when, as far as the dossier itself can tell. Each docstring is what a refused user reads (translated)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tender.calendar import amsterdam_day, days_later
from tender.enums import APPLICANT_ROLES, ApplicationState, Role, StageState
from tender.schemes.answers import AnswerFault, canonical, gaps
from tender.schemes.definition import Cosign, Intake
from tender.together import cosigned_by, draft_digest, without_consent

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tender.models import Application, Stage, User
    from tender.step import Step

    Rule = Callable[[Any, Step], bool]


def any_of(*rules: Rule) -> Rule:
    """One of these people."""

    def one_of_them(case: Any, step: Step) -> bool:
        return any(rule(case, step) for rule in rules)

    one_of_them.__doc__ = " / ".join(rule.__doc__ or rule.__name__ for rule in rules)
    one_of_them.parts = rules  # type: ignore[attr-defined]
    return one_of_them


def dossier_of(case: Any) -> Application | None:
    """The application that a case belongs to; None for a stage."""
    from tender.models import Application, Grant, Stage

    if isinstance(case, Stage):
        return None
    if isinstance(case, Application):
        return case
    holder: Any = case if hasattr(case, "application_id") else getattr(case, "grant", None)  # a seat in a panel has neither
    dossier = holder.application if isinstance(holder, Grant) or hasattr(holder, "application") else None
    return dossier  # noqa: RET504


def is_clock(case: Any, step: Step) -> bool:
    """Only the clock does this."""
    return step.actor.has_role(Role.CLOCK)


def has_part(application: Application | None, user: User, *roles: str) -> bool:
    """Whether a person now has one of these parts in a dossier."""
    return application is not None and application.case_roles.open().filter(user=user, role__in=roles).exists()


def has_stake(application: Application, user: User) -> bool:
    """Whether a person stands on the applicant's side of a dossier: by a part in it now or before, or by acting for its organisation.

    Who was only invited does not: else an applicant could keep any juror away with a mail.
    """
    if application.applicant_id == user.pk or application.case_roles.filter(user=user, role__in=APPLICANT_ROLES).exists():
        return True
    return application.organisation is not None and application.organisation.memberships.filter(user=user).exists()


def is_signer(case: Any, step: Step) -> bool:
    """Only someone who may sign for the applicant may do this."""
    return has_part(dossier_of(case), step.actor, Role.SIGNER)


def is_editor(case: Any, step: Step) -> bool:
    """Only someone who writes for the applicant may do this."""
    return has_part(dossier_of(case), step.actor, Role.EDITOR)


def may_apply(application: Application, step: Step) -> bool:
    """You may apply for an organisation that you write or sign for, or for yourself; not as a member of staff."""
    user = step.actor
    if not user.is_active or user.roles:
        return False
    if application.organisation is None:
        return True
    return application.organisation.memberships.filter(user=user, role__in=[Role.EDITOR, Role.SIGNER]).exists()


def has_applicant_kind(application: Application, step: Step) -> bool:
    """This scheme is for organisations: choose the organisation you apply for."""
    return application.organisation is not None or application.call.definition.natural_persons


def none_yet(application: Application, step: Step) -> bool:
    """You already have an application in this call; each applicant may hand in one."""
    if not application.call.definition.one_per_applicant:
        return True
    over = [ApplicationState.WITHDRAWN, ApplicationState.LAPSED, ApplicationState.CANCELLED, ApplicationState.CLOSED]
    others = application.call.applications.exclude(state__in=over)
    if application.organisation is not None:
        return not others.filter(organisation=application.organisation).exists()
    return not others.filter(applicant=step.actor, organisation=None).exists()


def is_first_stage(application: Application, step: Step) -> bool:
    """A dossier begins at the first stage of a call."""
    return application.stage.previous is None


def takes_at(stage: Stage, at: datetime) -> bool:
    """Whether a stage takes applications at an instant: from opening up to, not including, closing. Judged by instants, not by state."""
    if stage.state in {StageState.DRAFT, StageState.CANCELLED} or at < stage.opens_at:
        return False
    if stage.rules.intake == Intake.CONTINUOUS and stage.paused_at is not None and at >= stage.paused_at:
        return False
    return stage.closes_at is None or at < stage.closes_at


def questions_until(stage: Stage) -> datetime | None:
    """Until when questions about a stage may be asked; None where it has no closing."""
    return None if stage.closes_at is None else days_later(stage.closes_at, -stage.rules.terms.question_days)


def takes_questions(stage: Stage, at: datetime) -> bool:
    """Whether a stage takes questions at an instant: from its announcement until some days before its closing, as the scheme says."""
    if stage.state not in {StageState.PLANNED, StageState.OPEN, StageState.PAUSED}:
        return False
    until = questions_until(stage)
    return until is None or at < until


def in_window(application: Application, step: Step) -> bool:
    """The window for handing in is not open: it has not opened yet, has closed, or is paused because the money is used up."""
    if application.personal_until is not None and step.at < application.personal_until:
        return True
    return takes_at(application.stage, step.at)


def written_too_late(application: Application, at: datetime) -> bool:
    """Whether nothing may be written any more: the closing, or the term for completing, is over. What counts as handed in by then must have
    been written by then. Before the opening, and while a stage is paused, one may write.
    """
    if application.state == ApplicationState.INCOMPLETE:
        return application.repair_until is not None and at >= application.repair_until
    ends = application.stage.closes_at
    if application.state != ApplicationState.DRAFT or ends is None:
        return False
    return at >= max(ends, application.personal_until or ends)


def closing(application: Application, at: datetime) -> datetime | None:
    """Until when the applicant can hand in what waits for them: of the term for completing, or the last of the window of the stage and their
    own; None where nothing can be handed in.
    """
    if application.state == ApplicationState.INCOMPLETE:
        return application.repair_until
    window = application.stage.closes_at if takes_at(application.stage, at) else None
    return last_of(application.personal_until, window, after=at)


def last_of(*ends: datetime | None, after: datetime) -> datetime | None:
    """The last of some instants that are still to come."""
    return max((end for end in ends if end is not None and end > after), default=None)


def form_complete(application: Application, step: Step) -> bool:
    """The form has gaps: the check page lists each with a link."""
    rules = application.rules
    return not gaps(rules.form, application.draft, rules.consortium)


def partners_consent(application: Application, step: Step) -> bool:
    """Not every partner has consented yet to what it is named for: ask them on the page about partners."""
    return not without_consent(application)


def cosigned(application: Application, step: Step) -> bool:
    """Somebody else who may sign must sign this text of the form first."""
    return application.rules.cosign != Cosign.SECOND_SIGNER or bool(cosigned_by(application) - {step.actor.pk})


def asks_cosignature(application: Application, step: Step) -> bool:
    """This stage asks no second signature."""
    return application.rules.cosign == Cosign.SECOND_SIGNER


def awaits_plan(application: Application, step: Step) -> bool:
    """Nothing can be handed in now: the window is not open, or no revised plan was asked for."""
    return in_window(application, step) if application.state == ApplicationState.DRAFT else revision_was_asked(application, step)


def signs_what_stands(application: Application, step: Step) -> bool:
    """The form was changed since you opened this page: read it again before you sign."""
    return bool(step.data.get("seen") == draft_digest(application))


def repair_in_time(application: Application, step: Step) -> bool:
    """The term for completing the application is over."""
    return application.repair_until is not None and step.at < application.repair_until


def repair_term_over(application: Application, step: Step) -> bool:
    """The term for completing the application still runs."""
    return application.repair_until is not None and step.at >= application.repair_until


def repair_term_left(application: Application, step: Step) -> bool:
    """The term for completing, the same for everyone in this round, ends today or is over: nothing more can be asked."""
    until = application.stage.common_term
    return until is None or amsterdam_day(step.at) < amsterdam_day(until)


def repairable(application: Application) -> frozenset[str]:
    """The questions that may be mended: the formal ones we asked for, and the formal ones that hang on those."""
    asked = {gap["field"] for gap in application.gaps}
    formal = [field for field in application.rules.form.fields() if field.formal]
    hanging = {field.key for field in formal if field.shown_when is not None and field.shown_when.field in asked}
    return frozenset(field.key for field in formal if field.key in asked | hanging)


def scored_content_unchanged(application: Application, step: Step) -> bool:
    """Only the formal points that we asked for may be mended; the judged content stays as you handed it in."""
    sent = application.submission()
    try:
        now = canonical(application.rules.form, application.draft)
    except AnswerFault:
        return False
    fixed = {field.key for field in application.rules.form.fields()} - repairable(application)
    return sent is not None and all(now.get(key) == sent.answers.get(key) for key in fixed)


def gaps_are_formal(application: Application, step: Step) -> bool:
    """Name at least one gap; only formal gaps may be asked for, the judged content is frozen."""
    asked = step.data.get("gaps", [])
    formal = {field.key for field in application.rules.form.fields() if field.formal}
    return bool(asked) and all(gap["field"] in formal for gap in asked)


def reason_given(case: Any, step: Step) -> bool:
    """Give a reason."""
    return bool(str(step.data.get("reason", "")).strip())


def checklist_done(application: Application, step: Step) -> bool:
    """Every point of the checklist must be ticked."""
    ticked = step.data.get("checklist", application.checklist)
    return all(ticked.get(check.key) for check in application.rules.checklist)


def intake_done(application: Application, step: Step) -> bool:
    """The innovation coach has not yet noted the intake."""
    return not application.rules.coach_intake or application.intake_serious is not None


def has_coach_intake(application: Application, step: Step) -> bool:
    """This stage has no intake by a coach."""
    return application.rules.coach_intake


def revision_was_asked(application: Application, step: Step) -> bool:
    """The officer has not asked for a revision, or this stage is judged by a jury."""
    return bool(application.revision_asked) and application.rules.assess == "none"
