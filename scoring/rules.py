"""Who and when, as far as the jury goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Max, Q

from scoring.sheets import question_names
from scoring.terms import terms_hash
from tender.calendar import amsterdam_day
from tender.enums import JURY_ROLES, ConflictState, Role, SeatState, StageState
from tender.rules import dossier_of, has_stake
from tender.schemes.definition import Assess

if TYPE_CHECKING:
    from scoring.models import Conflict, PanelMember, PracticeSheet, Scoresheet
    from tender.models import Application, Stage, User
    from tender.step import Step

PRACTISING = (StageState.DRAFT, StageState.PLANNED, StageState.OPEN, StageState.PAUSED, StageState.CLOSED, StageState.SCORING)
"""Until when the marks are tried."""


def is_own(case: Any, step: Step) -> bool:
    """Only the person it is about may do this."""
    owner = case.juror_id if hasattr(case, "juror_id") else case.user_id
    return bool(owner == step.actor.pk)


def seat_of(stage: Stage, step: Step) -> Any:
    """The actor's seat in the panel of a stage on the day of the step, or None."""
    from scoring.models import Seating

    return Seating.objects.seats(stage, on=amsterdam_day(step.at)).filter(user=step.actor).first()


def holds_seat(stage: Stage, step: Step, *parts: str) -> bool:
    """Whether the actor sits in the panel of a stage in one of these parts."""
    seat = seat_of(stage, step)
    return seat is not None and seat.part in parts


def is_chair(case: Any, step: Step) -> bool:
    """Only the chair of the panel may do this; the deputy where the chair has an interest. Nobody judges their own interest."""
    stage = stage_of(case)
    if kept_out(stage, step.actor) or recused_from(dossier_of(case), step.actor) or about(case) == step.actor.pk:
        return False
    if holds_seat(stage, step, Role.CHAIR):
        return True
    return holds_seat(stage, step, Role.DEPUTY) and (chair_is_conflicted(stage) or is_of_chair(case, stage))


def terms_as_read(seat: Any, step: Step) -> bool:
    """Read the terms of the panel again: they are not the ones you saw."""
    return step.data.get("terms") == terms_hash()


def no_other_chair(seat: PanelMember, step: Step) -> bool:
    """This panel has a chair already."""
    others = seat.panel.members.filter(part=Role.CHAIR).exclude(state=SeatState.DECLINED).exclude(pk=seat.pk)
    return seat.part != Role.CHAIR or not others.exists()


def advice_given(advice: Any, step: Step) -> bool:
    """The advice says nothing yet."""
    return any(words.strip() for words in (advice.text, *advice.parts.values()))


def advice_as_seen(advice: Any, step: Step) -> bool:
    """The advice has changed since you saw it; look again."""
    return bool(step.data.get("seen") == advice.seen_sha256)


def meeting_goes_on(sheet: Scoresheet, step: Step) -> bool:
    """Marks change in the meeting only, until its minutes are signed."""
    from scoring.models import Meeting

    return sheet.stage.state == StageState.MEETING and Meeting.objects.filter(stage=sheet.stage, signed_at=None).exists()


def is_in_the_room(sheet: Scoresheet, step: Step) -> bool:
    """You are not in the room for this application, so you cannot change a mark on it."""
    from scoring.models import MeetingItem

    return MeetingItem.objects.filter(meeting__stage=sheet.stage, application=sheet.application_id, present=sheet.juror_id).exists()


def mark_as_seen(sheet: Scoresheet, step: Step) -> bool:
    """This mark was changed since you saw it; look again."""
    mark = sheet.marks.filter(question=step.data.get("question", "")).annotate(last=Max("changes")).first()
    now, last = (None, None) if mark is None else (mark.value, mark.last)
    return bool(step.data.get("before") == now) and (step.data.get("last") or None) == last  # 3, then 4, then 3 again is not what was seen


def mark_changes(sheet: Scoresheet, step: Step) -> bool:
    """Give another mark of the scale, or “not able to judge”, on a question of this form."""
    rubric, value = sheet.stage.rules.rubric, step.data.get("value")
    if rubric is None or step.data.get("question") not in question_names(rubric) or value == step.data.get("before"):
        return False
    return value is None or rubric.has(value)


def recused_from(dossier: Application | None, user: User) -> bool:
    """Whether an interest keeps a person out of this dossier."""
    from scoring.models import Conflict

    return dossier is not None and Conflict.objects.filter(application=dossier, user=user, state=ConflictState.RECUSED).exists()


def is_secretary(case: Any, step: Step) -> bool:
    """Only the secretary of the panel may do this, without an interest in the round or the application."""
    stage = stage_of(case)
    if recused_from(dossier_of(case), step.actor):
        return False
    return holds_seat(stage, step, Role.SECRETARY) and not kept_out(stage, step.actor)


def about(case: Any) -> int | None:
    """Whose declaration a case is; None for anything else."""
    return case.user_id if hasattr(case, "explanation") else None


def is_of_chair(case: Any, stage: Stage) -> bool:
    """Whether a case is the chair's own declaration."""
    from scoring.models import Seating

    return Seating.objects.seats(stage).filter(part=Role.CHAIR, user=about(case)).exists()


def kept_out(stage: Stage, user: User) -> bool:
    """Whether an interest in one dossier of the round keeps this person out of the whole round, as the scheme has it by default.

    Dossiers that went on to a later stage still count: what was handed in here was a part of this round.
    """
    return user.pk in all_kept_out(stage, user=user)


def all_kept_out(stage: Stage, **only: Any) -> set[int]:
    """Everybody (or ``only`` this user) whom an interest keeps out of the whole round, by primary key."""
    from scoring.models import Conflict

    if stage.pk is None or not stage.call.definition.recuse_whole_round:
        return set()
    recused = Conflict.objects.filter(state=ConflictState.RECUSED, **only)
    here = recused.filter(Q(application__stage=stage.pk) | Q(application__submissions__stage=stage.pk))
    return set(here.values_list("user_id", flat=True))


def stage_of(case: Any) -> Stage:
    """The stage that a stage, sheet or declaration is about."""
    from tender.models import Stage

    if isinstance(case, Stage):
        return case
    return case.stage if hasattr(case, "stage_id") else case.application.stage  # type: ignore[no-any-return]


def chair_is_conflicted(stage: Stage) -> bool:
    """Whether the chair is recused from any application of the round."""
    from scoring.models import Conflict, Seating

    chairs = Seating.objects.seats(stage).filter(part=Role.CHAIR).values("user_id")
    return Conflict.objects.filter(application__stage=stage, user__in=chairs, state=ConflictState.RECUSED).exists()


def may_be_assigned(sheet: Scoresheet, step: Step) -> bool:
    """This person has not declared to be free of any interest in the application, or has one in the round."""
    from scoring.models import Conflict

    free = Conflict.objects.clear_for(sheet.application, sheet.juror) and not kept_out(sheet.stage, sheet.juror)
    return free and not has_stake(sheet.application, sheet.juror)


def may_score(sheet: Scoresheet, step: Step) -> bool:
    """Only a member of the panel, or an assessor where there is no panel, can be assigned."""
    from scoring.models import Seating

    if sheet.stage.rules.assess == Assess.JURY:
        return Seating.objects.seats(sheet.stage).filter(user=sheet.juror).exclude(part=Role.SECRETARY).exists()
    return sheet.juror.has_role(Role.ASSESSOR, Role.OFFICER, Role.READER)


def is_complete(sheet: Scoresheet | PracticeSheet, step: Step) -> bool:
    """Every question needs a mark, or “not able to judge”."""
    answered = {question for question, mark in sheet.given.items() if mark.unable or mark.value is not None}
    return set(question_names(sheet.stage.rules.rubric)) <= answered


def extremes_explained(sheet: Scoresheet | PracticeSheet, step: Step) -> bool:
    """A mark at the end of the scale needs a remark that says why."""
    rubric = sheet.stage.rules.rubric
    bare = {mark.value for mark in sheet.given.values() if not mark.comment.strip()}
    return rubric is None or bare.isdisjoint(rubric.extremes)


def practises(sheet: PracticeSheet, step: Step) -> bool:
    """Only a member of the panel who judges tries the marks, each on a form of their own."""
    return is_own(sheet, step) and holds_seat(sheet.stage, step, *JURY_ROLES)


def is_practice(sheet: PracticeSheet, step: Step) -> bool:
    """This stage has no such practice proposal."""
    return sheet.stage.rules.practice_called(sheet.practice) is not None


def not_begun_before(sheet: PracticeSheet, step: Step) -> bool:
    """You have a form on this practice proposal already; go on with that one."""
    return not type(sheet).objects.filter(stage=sheet.stage, juror=sheet.juror, practice=sheet.practice).exists()


def practice_goes_on(sheet: PracticeSheet, step: Step) -> bool:
    """Practising ends when the scoring does."""
    return sheet.stage.state in PRACTISING


def declared_on_earlier(conflict: Conflict, step: Step) -> bool:
    """The declaration is about what was handed in at this stage already."""
    handed_in = conflict.application.submission()
    return conflict.declared_at is not None and handed_in is not None and conflict.declared_at < handed_in.at


def no_stake(conflict: Conflict, step: Step) -> bool:
    """Whoever stands on the applicant's side of an application has an interest in it: declare that."""
    return not has_stake(conflict.application, conflict.user)


def still_interesting(conflict: Conflict, step: Step) -> bool:
    """After publication a declaration can no longer change."""
    # Who is asked only now, to look into an objection, still answers; and what comes to light by an objection counts.
    if conflict.state == ConflictState.ASKED or conflict.application.stage.published_at is None:
        return True
    return conflict.application.objections.open().exists()


def links_explained(conflict: Conflict, step: Step) -> bool:
    """The system found a link between you and this application: explain why it is no interest."""
    return bool(str(step.data.get("explanation", "")).strip()) or not conflict.links


def interest_explained(conflict: Conflict, step: Step) -> bool:
    """Say what the interest is."""
    return bool(str(step.data.get("kind", "")).strip()) and bool(str(step.data.get("explanation", "")).strip())


def sheets_in(application: Application, step: Step) -> bool:
    """Not every assessor has handed in a score."""
    sheets = application.sheets.counting().filter(stage=application.stage)
    done = sheets.done().count()
    needed = application.rules.assessors
    return done >= needed and done == sheets.count()


def quorum_reached(stage: Stage, step: Step) -> bool:
    """Some applications have too few sheets: accept the missing ones by name, with a reason."""
    from scoring.models import Scoresheet

    return not Scoresheet.objects.below_quorum(stage) or bool(str(step.data.get("reason", "")).strip())


def minutes_signed(stage: Stage, step: Step) -> bool:
    """The minutes of the meeting are not signed yet."""
    if not stage.rules.meeting:
        return True
    meeting = getattr(stage, "meeting", None)
    return meeting is not None and meeting.signed_at is not None


def everything_assigned(stage: Stage, step: Step) -> bool:
    """Not every eligible application has its assessors yet."""
    from scoring.models import Scoresheet

    return stage.rules.assess == Assess.NONE or not Scoresheet.objects.unassigned(stage).exists()


def everybody_declared(stage: Stage, step: Step) -> bool:
    """Some members have not declared yet whether they have an interest."""
    from scoring.models import Conflict, Seating
    from tender.enums import ApplicationState

    asked = Conflict.objects.filter(application__stage=stage, application__state=ApplicationState.ELIGIBLE)
    silent = asked.filter(state__in=[ConflictState.ASKED, ConflictState.DOUBTFUL], part__in=JURY_ROLES)
    return not silent.filter(user__in=Seating.objects.seats(stage).values("user")).exists()
