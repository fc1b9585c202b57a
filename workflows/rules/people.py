"""Who: the people of the house, and two of them where two must act. Separation of duties is visible here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scoring.models import Conflict
from scoring.rules import kept_out
from tender.enums import CASE_STAFF_ROLES, Role
from tender.models import Application
from tender.rules import dossier_of
from tender.schemes.definition import Assess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tender.models import Decision, User
    from tender.step import Step


def cleared(case: Any, step: Step) -> bool:
    """Whether the actor declared to have no interest in the dossier and may read it (for a stage: has none declared), nor has an interest in
    the round. Who handed a dossier over declared once, and reads it no more: they take no step in it either."""
    dossier = dossier_of(case)
    if dossier is None:
        return not kept_out(case, step.actor)
    clear = step.recall(("clear", dossier.pk), lambda: reads_clear([dossier.pk], step.actor) == {dossier.pk})
    return bool(clear) and not step.recall(("kept out", dossier.stage_id), lambda: kept_out(dossier.stage, step.actor))


def reads_clear(dossiers: Iterable[int], user: User) -> set[int]:
    """Of these dossiers by number, those on which this person declared to have no interest, and that are open to them now. One query."""
    readable = Application.objects.visible_to(user)
    declared = Conflict.objects.clear().filter(user=user, application__in=list(dossiers))
    return set(declared.filter(application__in=readable).values_list("application_id", flat=True))


def staff(role: str, says: str) -> Callable[[Any, Step], bool]:
    """People of the house with this role who declared to have no interest."""

    def holder(case: Any, step: Step) -> bool:
        return step.actor.has_role(role) and cleared(case, step)

    holder.__doc__ = says
    holder.__name__ = f"is_{role}"
    return holder


is_officer = staff(Role.OFFICER, "Only a case officer without an interest may do this.")
is_reader = staff(Role.READER, "Only a second reader without an interest may do this.")
is_controller = staff(Role.CONTROLLER, "Only a controller without an interest may do this.")
is_board = staff(Role.BOARD, "Only the board without an interest may do this.")
is_signatory = staff(Role.SIGNATORY, "Only a signatory without an interest may do this.")
is_head = staff(Role.HEAD, "Only the head without an interest may do this.")
is_house_secretary = staff(Role.SECRETARY, "Only a secretary of the house without an interest may do this.")
is_coach = staff(Role.COACH, "Only an innovation coach without an interest may do this.")


def without_panel(rule: Callable[[Any, Step], bool]) -> Callable[[Any, Step], bool]:
    """This person, where no panel judges the stage: a panel has its own."""

    def holder(stage: Any, step: Step) -> bool:
        return stage.rules.assess != Assess.JURY and rule(stage, step)

    holder.__doc__, holder.__name__ = rule.__doc__, rule.__name__
    return holder


def is_case_staff(case: Any, step: Step) -> bool:
    """Only someone of the house may do this."""
    return step.actor.has_role(*CASE_STAFF_ROLES, Role.ASSESSOR, Role.OBJECTION_HANDLER)


def asked_by_another(case: Any, step: Step) -> bool:
    """Someone else must have asked for exactly this first."""
    return step.asked is not None and step.asked.actor_id != step.actor.pk and step.asked.data_hash == step.data_hash


OFFICERS_ARROWS = ("propose", "edit", "depart", "announce_intent", "note_response", "submit_for_check")


def chain_link(arrow: str, link: str) -> str:
    """The link a hand stands for: drafting, editing, announcing and offering a decision are all the officer's."""
    return link or ("officer" if arrow in OFFICERS_ARROWS else "")


def own_link(decision: Decision, step: Step) -> bool:
    """It is not your turn: this link of the chain belongs to another role, and nobody may act twice in one chain."""
    link = decision.link
    if not step.actor.has_role(link) or not cleared(decision, step):
        return False
    before = {chain_link(hand.arrow, hand.link) for hand in step.hands if hand.actor_id == step.actor.pk} - {""}
    return before <= {link}


def other_person(case: Any, step: Step) -> bool:
    """Someone else must do this: you approved it."""
    return all(hand.actor_id != step.actor.pk for hand in step.hands if hand.arrow == "approve")


def composes_panels(case: Any, step: Step) -> bool:
    """Only a case officer or the secretary of the house puts a panel together."""
    return step.actor.has_role(Role.OFFICER, Role.SECRETARY)
