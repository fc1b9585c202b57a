"""When: the round of a stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F

from scoring.models import Scoresheet, Seating
from scoring.rules import quorum_reached
from tender.calendar import amsterdam_day
from tender.enums import AdviceState, ApplicationState, DecisionState, Role, SheetState, StageState
from tender.models import people_of_their_own
from tender.rules import takes_at
from tender.schemes.definition import Assess, Intake
from workflows.queue import money_left_for, used_up

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tender.models import Application, Stage
    from tender.step import Step


def ceiling_set(stage: Stage, step: Step) -> bool:
    """A stage that gives money needs a ceiling."""
    return stage.rules.grant.amount == "none" or stage.ceiling > 0


def windows_in_order(stage: Stage, step: Step) -> bool:
    """The window must close after it opens, and the stages of a call may not overlap."""
    if stage.rules.intake == Intake.WINDOW and (stage.closes_at is None or stage.closes_at <= stage.opens_at):
        return False
    before = stage.previous
    return before is None or before.closes_at is None or before.closes_at <= stage.opens_at


def lottery_committed(stage: Stage, step: Step) -> bool:
    """The lottery seed must be committed before the stage is announced."""
    return bool(stage.lottery_commitment)


def people_suffice(stage: Stage, step: Step) -> bool:
    """There are not enough people in the roles of this stage's approval chain for everybody to act once."""
    chain = stage.rules.chain
    everyone = {user.pk for role in chain for user in people_of_their_own([role])}
    return all(people_of_their_own([role]).exists() for role in chain) and len(everyone) >= len(chain)


def panel_seated(stage: Stage, step: Step) -> bool:
    """No panel is seated here whose chair has accepted the seat: without a chair nobody can judge this stage."""
    if stage.rules.assess != Assess.JURY:
        return True
    return Seating.objects.seats(stage, on=amsterdam_day(step.at)).filter(part=Role.CHAIR).exists()


def has_opened(stage: Stage, step: Step) -> bool:
    """The opening instant has not come yet."""
    return step.at >= stage.opens_at


def has_closed(stage: Stage, step: Step) -> bool:
    """The closing instant has not come yet."""
    return stage.closes_at is not None and step.at >= stage.closes_at


def stage_takes_no_more(application: Application, step: Step) -> bool:
    """The stage still takes applications."""
    stage = application.stage
    personal = application.personal_until is not None and step.at < application.personal_until
    may_resume = stage.state == StageState.PAUSED and (stage.closes_at is None or step.at < stage.closes_at)
    return not personal and not takes_at(stage, step.at) and not may_resume


def later_and_told(stage: Stage, step: Step) -> bool:
    """A window can only be made longer, to an instant that still has to come and not beyond the opening of the next stage."""
    until, following = step.data.get("closes_at"), stage.next
    if until is None or stage.closes_at is None or until <= max(step.at, stage.closes_at):
        return False
    return following is None or until <= following.opens_at


def is_continuous(stage: Stage, step: Step) -> bool:
    """Only a stage that is open all year pauses."""
    return bool(stage.rules.intake == Intake.CONTINUOUS)


def money_used_up(stage: Stage, step: Step) -> bool:
    """There is money left under the ceiling."""
    return used_up(stage)


def money_freed(stage: Stage, step: Step) -> bool:
    """No money is free beyond what the waiting applications ask."""
    return money_left_for(stage) > 0


def nothing_unscreened(stage: Stage, step: Step) -> bool:
    """Some applications are still to be screened or completed."""
    waiting = [ApplicationState.DRAFT, ApplicationState.SUBMITTED, ApplicationState.INCOMPLETE]
    return not stage.applications.filter(state__in=waiting).exists()


def has_panel(stage: Stage, step: Step) -> bool:
    """No panel judges this stage."""
    return stage.rules.assess == Assess.JURY


def number_in_bounds(stage: Stage, step: Step) -> bool:
    """The meeting fixes a number within the bounds of the scheme."""
    bounds = stage.rules.selection.meeting_fixes
    number = step.data.get("number")
    return bounds is None or (number is not None and bounds[0] <= number <= bounds[1])


def minutes_written(stage: Stage, step: Step) -> bool:
    """The secretary has not written the minutes yet."""
    meeting = getattr(stage, "meeting", None)
    return meeting is not None and bool(meeting.minutes)


def advice_signed(stage: Stage, step: Step) -> bool:
    """The chair has not signed the advice on every application yet."""
    if not stage.rules.meeting:
        return True
    return not stage.rankings.latest().advices.exclude(state=AdviceState.SIGNED).exists()


def meets_if_due(stage: Stage, step: Step) -> bool:
    """This stage is ranked after a meeting of the panel."""
    return not stage.rules.meeting or stage.state == StageState.MEETING


def sheets_suffice(stage: Stage, step: Step) -> bool:
    """Some applications have too few sheets to be ranked."""
    if stage.rules.assess == Assess.NONE or stage.state == StageState.MEETING:  # the chair accepted what was missing when it was convened
        return True
    return quorum_reached(stage, step)


def ranking_stands(stage: Stage, step: Step) -> bool:
    """Someone whose scores count in the ranking has declared an interest since: the round must be ranked again first."""
    counted = {(reference, juror) for reference, juror, _question, _value in stage.rankings.latest().inputs["marks"]}
    sheets = Scoresheet.objects.filter(stage=stage, application__state=ApplicationState.RANKED)
    rows = list(sheets.values_list("application__reference", "juror_id", "state"))
    stands = {(reference, juror) for reference, juror, state in rows if state != SheetState.VOID}  # taken back, and given again
    fallen = {(reference, juror) for reference, juror, _state in rows} - stands
    return not any((reference, f"juror-{juror}") in counted for reference, juror in fallen)


def lacks_proposals(stage: Stage, step: Step) -> bool:
    """Every ranked application has its proposed decision already."""
    return stage.state == StageState.RANKED or undecided(stage).exists()


def undecided(stage: Stage) -> QuerySet[Application]:
    """The ranked applications of a stage without an open decision."""
    return stage.applications.filter(state=ApplicationState.RANKED).exclude(decisions__in=stage.decisions.open())


def everything_decided(stage: Stage, step: Step) -> bool:
    """Every application needs a signed decision before the round is published."""
    return not undecided(stage).exists() and not stage.decisions.open().exclude(state=DecisionState.SIGNED).exists()


def every_letter_ready(stage: Stage, step: Step) -> bool:
    """Some letters are not printed yet; try again in a moment."""
    signed = stage.decisions.filter(state=DecisionState.SIGNED)
    printed = signed.filter(letters__event__kind="decision.sign", letters__event__at=F("signed_at"))
    return not signed.exclude(pk__in=printed.values("pk")).exists()


def terms_over(stage: Stage, step: Step) -> bool:
    """The terms for objecting still run, or cases are still open."""
    day = amsterdam_day(step.at)
    running = [ApplicationState.DRAFT, ApplicationState.SUBMITTED, ApplicationState.INCOMPLETE, ApplicationState.ELIGIBLE,
               ApplicationState.IN_REVIEW, ApplicationState.RANKED]  # fmt: skip
    if stage.decisions.open().exists() or stage.applications.filter(state__in=running).exists():
        return False
    return not stage.decisions.filter(objection_until__gte=day).exists()


def sheet_of_open_round(sheet: Scoresheet, step: Step) -> bool:
    """The scores of this round are fixed."""
    application = sheet.application
    if sheet.stage.published_at is not None:  # judged again, after an objection
        return application.state == ApplicationState.IN_REVIEW and application.stage_id == sheet.stage_id
    return sheet.stage.state in {StageState.CLOSED, StageState.SCORING, StageState.OPEN, StageState.PAUSED}
