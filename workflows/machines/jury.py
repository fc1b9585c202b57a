from __future__ import annotations

from typing import TYPE_CHECKING

from scoring.commands.meeting import amend_mark
from scoring.models import Advice, Conflict, Scoresheet
from scoring.rules import (
    advice_as_seen,
    advice_given,
    declared_on_earlier,
    extremes_explained,
    interest_explained,
    is_chair,
    is_complete,
    is_in_the_room,
    is_own,
    is_secretary,
    links_explained,
    mark_as_seen,
    mark_changes,
    may_be_assigned,
    may_score,
    meeting_goes_on,
    no_stake,
    still_interesting,
)
from tender.enums import NOTHING
from tender.enums import AdviceState as A
from tender.enums import ConflictState as C
from tender.enums import SheetState as S
from tender.rules import any_of, is_clock, reason_given
from workflows.machines.arrow import DossierMachine, arrow
from workflows.rules import is_case_staff, is_officer, sheet_of_open_round

if TYPE_CHECKING:
    from tender.step import Facts, Step


class ConflictMachine(DossierMachine, Conflict):
    """What one person declares about one application."""

    noun = "conflict"
    # The call before the stage: moments to present, which an interest may cancel, are in the chain of the call.
    first = dict.fromkeys(("declare_interest", "recuse"), ("application__stage__call", "application__stage"))

    class Meta:
        proxy = True

    @arrow(source=NOTHING, target=C.ASKED, who=any_of(is_clock, is_case_staff))
    def ask(self, step: Step) -> Facts:
        """Ask a person to declare whether they have an interest."""
        return {"user": self.user_id, "part": self.part}

    @arrow(source=[C.NONE, C.CLEARED], target=C.ASKED, who=is_clock, when=[declared_on_earlier])
    def ask_again(self, step: Step) -> Facts:
        """The next stage brings other parties and partners: ask again."""
        return {"user": self.user_id, "part": self.part}

    @arrow(source=C.ASKED, target=C.NONE, who=is_own, when=[no_stake, links_explained],
           writes=["declared_at", "kind", "explanation"])  # fmt: skip
    def declare_none(self, step: Step) -> Facts:
        """Declare to have no interest; the content opens."""
        said = str(step.data.get("explanation", "")).strip()
        self.declared_at, self.kind, self.explanation = step.at, "", said
        return {"part": self.part, **({"explanation": said} if said else {}), **self._found()}

    @arrow(source=C.ASKED, target=C.DOUBTFUL, who=is_own, when=[interest_explained],
           writes=["declared_at", "kind", "explanation"])  # fmt: skip
    def declare_doubt(self, step: Step) -> Facts:
        """Ask the chair whether this is an interest."""
        return self._declare(step)

    @arrow(source=[C.ASKED, C.NONE, C.DOUBTFUL, C.CLEARED], target=C.RECUSED, who=is_own,
           when=[interest_explained, still_interesting], writes=["declared_at", "kind", "explanation"])  # fmt: skip
    def declare_interest(self, step: Step) -> Facts:
        """Declare an interest; everything of this application closes to you."""
        return self._declare(step)

    def _declare(self, step: Step) -> Facts:
        self.declared_at = step.at
        self.kind, self.explanation = step.data["kind"], step.data["explanation"]
        return {"kind": self.kind, "explanation": self.explanation, **self._found()}

    def _found(self) -> Facts:
        """The links that the person was told of, for the trail."""
        return {"links": [link.facts() for link in self.links]} if self.links else {}

    @arrow(source=C.DOUBTFUL, target=C.CLEARED, who=is_chair, when=[no_stake, reason_given])
    def clear(self, step: Step) -> Facts:
        """The chair judges that this is no interest."""
        return {"reason": step.data["reason"]}

    @arrow(source=[C.ASKED, C.DOUBTFUL, C.NONE, C.CLEARED], target=C.RECUSED, who=any_of(is_chair, is_clock),
           when=[reason_given])  # fmt: skip
    def recuse(self, step: Step) -> Facts:
        """Keep this person out."""
        return {"reason": step.data["reason"]}


class ScoresheetMachine(DossierMachine, Scoresheet):
    """One juror's form."""

    noun = "scoresheet"
    first = {"amend": ("stage",)}  # the order of the round is not fixed while a mark in it changes
    along = ("application", "stage__call__version")

    class Meta:
        proxy = True

    @arrow(source=NOTHING, target=S.ASSIGNED, who=any_of(is_officer, is_secretary, is_clock), when=[may_score, may_be_assigned])
    def assign(self, step: Step) -> Facts:
        """Assign an application to someone who judges."""
        without = step.data.get("without", [])
        return {"juror": self.juror_id, "stage": self.stage.key, **({"without": without} if without else {})}

    @arrow(source=S.ASSIGNED, target=S.VOID, who=any_of(is_officer, is_secretary), when=[reason_given, sheet_of_open_round])
    def take_back(self, step: Step) -> Facts:
        """Take the application back from someone who has not started on it."""
        return {"juror": self.juror_id, "reason": step.data["reason"]}

    @arrow(source=S.ASSIGNED, target=S.STARTED, who=is_own, when=[sheet_of_open_round])
    def start(self, step: Step) -> Facts:
        """Open the form."""
        return {}

    @arrow(source=S.STARTED, target=S.SEALED, who=is_own, when=[sheet_of_open_round, is_complete, extremes_explained],
           writes=["sealed_at"])  # fmt: skip
    def seal(self, step: Step) -> Facts:
        """Submit the scores: they are fixed until the meeting."""
        self.sealed_at = step.at
        rows = self.marks.order_by("question").values_list("question", "value", "unable", "comment")
        return {"marks": [[key, value, unable, comment] for key, value, unable, comment in rows], "comment": self.comment}

    @arrow(source=S.SEALED, target=S.STARTED, who=is_chair, when=[reason_given, sheet_of_open_round], writes=["sealed_at"])
    def reopen(self, step: Step) -> Facts:
        """Give the form back to the juror, with a reason."""
        self.sealed_at = None
        return {"reason": step.data["reason"]}

    @arrow(source=S.SEALED, target=S.CONFIRMED, who=any_of(is_chair, is_clock))
    def confirm(self, step: Step) -> Facts:
        """The scores stand in the meeting."""
        return {}

    @arrow(source=S.CONFIRMED, target=S.CONFIRMED, who=is_own,
           when=[meeting_goes_on, is_in_the_room, mark_as_seen, mark_changes, reason_given])  # fmt: skip
    def amend(self, step: Step) -> Facts:
        """Change a mark in the meeting, with a reason; the independent one stays on record."""
        return amend_mark(self, step=step)

    @arrow(source=[S.ASSIGNED, S.STARTED, S.SEALED, S.CONFIRMED], target=S.VOID, who=is_clock, when=[reason_given])
    def void(self, step: Step) -> Facts:
        """The sheet no longer counts."""
        return {"reason": step.data["reason"]}


class AdviceMachine(DossierMachine, Advice):
    """What the panel advises on one application."""

    noun = "advice"

    class Meta:
        proxy = True

    @arrow(source=NOTHING, target=A.DRAFTED, who=is_clock)
    def draft(self, step: Step) -> Facts:
        """The advice drafts itself from the sheets."""
        return {"ranking": self.ranking.version, "parts": self.parts, "text": self.text}

    @arrow(source=[A.DRAFTED, A.EDITED], target=A.EDITED, who=is_secretary, when=[advice_as_seen], writes=["parts", "text"])
    def edit(self, step: Step) -> Facts:
        """Write the advice in the words of the panel."""
        self.parts, self.text = step.data["parts"], step.data["text"]
        return {"parts": self.parts, "text": self.text}

    @arrow(source=[A.DRAFTED, A.EDITED], target=A.SIGNED, who=is_chair, when=[advice_given, advice_as_seen],
           writes=["signed_by", "signed_at"])  # fmt: skip
    def sign(self, step: Step) -> Facts:
        """Sign the advice as it is; it never changes after."""
        self.signed_by, self.signed_at = step.actor, step.at
        return {"parts": self.parts, "text": self.text}
