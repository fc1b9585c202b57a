from __future__ import annotations

from typing import TYPE_CHECKING

from tender.enums import NOTHING
from tender.enums import PitchState as P
from tender.enums import SlotState as S
from tender.models import Pitch, PitchSlot
from tender.rules import any_of, is_clock, is_editor, reason_given
from workflows.machines.arrow import DossierMachine, Machine, arrow
from workflows.rules import (
    hearers_free,
    hearers_judge,
    hears,
    is_officer,
    pitch_has_begun,
    pitch_is_ahead,
    pitch_near,
    plans_pitches,
    presents_here,
    slot_has_place,
    slot_has_seat,
    slot_has_size,
    slot_in_term,
    slot_is_ahead,
    slot_is_offered,
    slot_is_other,
    slot_is_unbiased,
    still_judged,
)

if TYPE_CHECKING:
    from tender.step import Facts, Step

BOOKABLE = [slot_is_offered, slot_in_term, slot_has_seat, slot_is_unbiased]
CHANGES = ["slot", "sequence", "reminded_at"]


class SlotMachine(Machine, PitchSlot):
    """A moment at which makers can present."""

    noun = "slot"
    above = ("stage__call",)
    above_new = ("stage__call",)
    first = {"cancel": ("stage__call", "pitches__application")}  # a dossier is locked before the moment that it books
    along = ("stage__call__version",)

    class Meta:
        proxy = True

    @property
    def chain(self) -> str:
        """The call: a moment is of no dossier."""
        return f"call:{self.stage.call.reference}"

    @arrow(source=NOTHING, target=S.OFFERED, who=plans_pitches,
           when=[presents_here, slot_is_ahead, slot_has_size, slot_has_place, hearers_judge, hearers_free])  # fmt: skip
    def offer(self, step: Step) -> Facts:
        """Offer a moment to present."""
        return {
            "stage": self.stage.key, "starts_at": self.starts_at, "minutes": self.minutes, "seats": self.seats, "where": self.where,
            "hearers": step.data["hearers"],
        }  # fmt: skip

    @arrow(source=S.OFFERED, target=S.CANCELLED, who=any_of(plans_pitches, is_clock), when=[reason_given, slot_is_ahead])
    def cancel(self, step: Step) -> Facts:
        """Cancel a moment to present; who booked it chooses another one."""
        return {"starts_at": self.starts_at, "reason": step.data["reason"]}


class PitchMachine(DossierMachine, Pitch):
    """The pitch of one dossier."""

    noun = "pitch"
    along = ("application__stage__call__version", "stage__call__version", "slot")
    beside = {"book": ("slot", PitchSlot), "move": ("slot", PitchSlot)}

    class Meta:
        proxy = True

    @arrow(source=NOTHING, target=P.ASKED, who=is_clock, when=[presents_here])
    def ask(self, step: Step) -> Facts:
        """Ask the applicant to choose a moment to present."""
        return {"stage": self.stage.key}

    @arrow(source=P.ASKED, target=P.BOOKED, who=is_editor, when=BOOKABLE, writes=CHANGES)
    def book(self, step: Step) -> Facts:
        """Book a moment to present."""
        return self._take(step)

    @arrow(source=P.BOOKED, target=P.BOOKED, who=is_editor, when=[pitch_is_ahead, slot_is_other, *BOOKABLE], writes=CHANGES)
    def move(self, step: Step) -> Facts:
        """Choose another moment to present."""
        before = self._slot_facts()
        return {**self._take(step), "before": before}

    def _take(self, step: Step) -> Facts:
        self.slot = PitchSlot.objects.get(pk=step.data["slot"])
        self._changed()
        return {"slot": self.slot.pk, "starts_at": self.slot.starts_at, "where": self.slot.where}

    def _changed(self) -> None:
        """What stands in a calendar is no longer what it was."""
        self.sequence, self.reminded_at = self.sequence + 1, None

    @arrow(source=P.BOOKED, target=P.ASKED, who=is_editor, when=[pitch_is_ahead], writes=CHANGES)
    def cancel(self, step: Step) -> Facts:
        """Give the moment back; another one can be chosen."""
        self._changed()
        return self._slot_facts()

    @arrow(source=P.BOOKED, target=P.ASKED, who=is_clock, when=[reason_given], writes=CHANGES)
    def call_off(self, step: Step) -> Facts:
        """The moment was cancelled: the applicant chooses another one."""
        self._changed()
        return {**self._slot_facts(), "reason": step.data["reason"]}

    @arrow(source=P.BOOKED, target=P.BOOKED, who=is_clock, when=[pitch_near], writes=["reminded_at"])
    def remind(self, step: Step) -> Facts:
        """Remind of the pitch, the day before."""
        self.reminded_at = step.at
        return self._slot_facts()

    @arrow(source=P.BOOKED, target=P.HELD, who=any_of(is_officer, hears), when=[pitch_has_begun])
    def hold(self, step: Step) -> Facts:
        """Note that the maker presented."""
        return self._slot_facts()

    @arrow(source=P.BOOKED, target=P.MISSED, who=any_of(is_officer, hears), when=[pitch_has_begun])
    def miss(self, step: Step) -> Facts:
        """Note that the maker did not come."""
        return self._slot_facts()

    @arrow(source=[P.ASKED, P.BOOKED, P.MISSED], target=P.HELD, who=is_officer, when=[reason_given], writes=CHANGES)
    def note(self, step: Step) -> Facts:
        """Note that the maker presented at another time than was booked here."""
        self._changed()
        return {"reason": step.data["reason"]}

    @arrow(source=P.MISSED, target=P.ASKED, who=is_officer, when=[still_judged], writes=CHANGES)
    def invite_again(self, step: Step) -> Facts:
        """Let the maker choose another moment."""
        self._changed()
        return {}

    @arrow(source=[P.ASKED, P.BOOKED], target=P.DROPPED, who=is_clock, writes=CHANGES)
    def drop(self, step: Step) -> Facts:
        """No pitch is needed any more."""
        self._changed()
        return self._slot_facts() if self.state == P.BOOKED else {}

    def _slot_facts(self) -> Facts:
        return {"slot": self.slot.pk, "starts_at": self.slot.starts_at} if self.slot is not None else {}
