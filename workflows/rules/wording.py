"""Who and when, for the texts of letters: a scheme manager writes, somebody else reads, and only then letters are made with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tender.enums import Role, WordingState
from tender.models import Wording
from tender.models.wording import PARTS
from tender.schemes.own_texts import LANGUAGES, can_go_out, tidied
from tender.wordings import faults_at, stages_in_use

if TYPE_CHECKING:
    from tender.step import Step


def words_letters(wording: Wording, step: Step) -> bool:
    """Only a scheme manager may do this."""
    return step.actor.has_role(Role.SCHEME_MANAGER)


def reads_wordings(wording: Wording, step: Step) -> bool:
    """Only a scheme manager or the head may do this."""
    return step.actor.has_role(Role.SCHEME_MANAGER, Role.HEAD)


def letter_known(wording: Wording, step: Step) -> bool:
    """This scheme sends no letters of this kind here."""
    rules = stages_in_use(wording.scheme_id).get(wording.stage, [])
    return wording.language in LANGUAGES and any(can_go_out(stage, wording.kind) for stage in rules)


def something_written(wording: Wording, step: Step) -> bool:
    """Write something in at least one of the parts."""
    return any(str(step.data.get(name, "")).strip() for name in PARTS)


def reason_short(wording: Wording, step: Step) -> bool:
    """Say in at most 500 characters why you write this."""
    return 0 < len(str(step.data.get("reason", "")).strip()) <= 500  # noqa: PLR2004


def text_fits(wording: Wording, step: Step) -> bool:
    """The text holds something that a letter cannot say. Look at what stands beside its parts."""
    return not faults_at(wording.place, {name: tidied(str(step.data.get(name, ""))) for name in PARTS})


def still_fits(wording: Wording, step: Step) -> bool:
    """The scheme has changed, and this text no longer fits it. Write it anew."""
    return not faults_at(wording.place, wording.parts)


def no_other_draft(wording: Wording, step: Step) -> bool:
    """Somebody began a draft of this text already. Look at theirs first."""
    return not Wording.objects.at(wording.place).filter(state=WordingState.DRAFTED).exists()


def begun_on_what_stands(wording: Wording, step: Step) -> bool:
    """This text was changed since you opened it. Look at it as it is now; what you typed is still here."""
    now = Wording.objects.at(wording.place).standing().first()
    return step.data.get("seen") == (now.sha256 if now else "")


def text_as_seen(wording: Wording, step: Step) -> bool:
    """Somebody changed this text since you opened it. Look at it as it is now; what you typed is still here."""
    return step.data.get("seen") == wording.sha256


def other_pen(wording: Wording, step: Step) -> bool:
    """Someone else must put it in force: you wrote in it."""
    return all(hand.actor_id != step.actor.pk for hand in step.hands if hand.arrow in {"write", "rewrite"})
