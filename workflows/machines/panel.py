from __future__ import annotations

from typing import TYPE_CHECKING

from scoring.models import PanelMember, PracticeSheet
from scoring.rules import (
    extremes_explained,
    is_complete,
    is_own,
    is_practice,
    no_other_chair,
    not_begun_before,
    practice_goes_on,
    practises,
    terms_as_read,
)
from tender.enums import NOTHING, SheetState
from tender.enums import SeatState as S
from workflows.machines.arrow import Machine, arrow
from workflows.rules import composes_panels

if TYPE_CHECKING:
    from tender.step import Facts, Step


class SeatMachine(Machine, PanelMember):
    """One member of a panel, from the invitation on."""

    noun = "seat"
    above = ("panel",)
    above_new = ("panel",)

    class Meta:
        proxy = True

    @property
    def chain(self) -> str:
        """The panel."""
        return f"panel:{self.panel_id}"

    @arrow(source=NOTHING, target=S.INVITED, who=composes_panels, when=[no_other_chair])
    def invite(self, step: Step) -> Facts:
        """Ask a person to sit in the panel, in a part, for a network."""
        return {"user": self.user_id, "part": self.part, "network": self.network, "since": self.since, "until": self.until}

    @arrow(source=S.DECLINED, target=S.INVITED, who=composes_panels, when=[no_other_chair], writes=["answered_at"])
    def invite_again(self, step: Step) -> Facts:
        """Ask a person again who declined; the earlier answer stays in the trail."""
        self.answered_at = None
        return {"user": self.user_id, "part": self.part, "network": self.network, "since": self.since, "until": self.until}

    @arrow(source=S.INVITED, target=S.ACCEPTED, who=is_own, when=[terms_as_read], writes=["answered_at", "terms_sha256"])
    def accept(self, step: Step) -> Facts:
        """Sit in the panel, and promise secrecy and impartiality in the words that were shown."""
        self.answered_at, self.terms_sha256 = step.at, step.data["terms"]
        return {"terms_sha256": self.terms_sha256}

    @arrow(source=S.INVITED, target=S.DECLINED, who=is_own, writes=["answered_at"])
    def decline(self, step: Step) -> Facts:
        """Not sit in the panel."""
        self.answered_at = step.at
        return {"reason": step.data.get("reason", "")}


class PracticeMachine(Machine, PracticeSheet):
    """One member's form on a practice proposal."""

    noun = "practice"
    above = ("stage__seating__panel",)
    above_new = ("stage__seating__panel",)
    along = ("stage__seating", "stage__call__version")

    class Meta:
        proxy = True

    @property
    def chain(self) -> str:
        """The panel: it is about how its members mark, not about any dossier."""
        return f"panel:{self.stage.seating.panel_id}"

    @arrow(source=NOTHING, target=SheetState.STARTED, who=practises, when=[is_practice, practice_goes_on, not_begun_before])
    def begin(self, step: Step) -> Facts:
        """Begin to score a practice proposal."""
        return {"stage": self.stage.key, "practice": self.practice}

    @arrow(source=SheetState.STARTED, target=SheetState.SEALED, who=practises, when=[practice_goes_on, is_complete, extremes_explained],
           writes=["sealed_at"])  # fmt: skip
    def seal(self, step: Step) -> Facts:
        """Hand in the practice; one's marks lie beside the answer from then on, and count nowhere."""
        self.sealed_at = step.at
        return {"stage": self.stage.key, "practice": self.practice}
