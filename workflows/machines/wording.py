from __future__ import annotations

from typing import TYPE_CHECKING

from tender.enums import NOTHING
from tender.enums import WordingState as S
from tender.models import Wording
from tender.models.wording import PARTS
from tender.rules import is_clock, reason_given
from tender.schemes.own_texts import tidied
from workflows.machines.arrow import Machine, arrow
from workflows.machines.stage import asked
from workflows.rules import (
    asked_by_another,
    begun_on_what_stands,
    letter_known,
    no_other_draft,
    other_pen,
    reads_wordings,
    reason_short,
    something_written,
    still_fits,
    text_as_seen,
    text_fits,
    words_letters,
)

if TYPE_CHECKING:
    from tender.step import Facts, Step

GOOD = [letter_known, something_written, reason_short, text_fits]


class WordingMachine(Machine, Wording):
    """One version of the text of a kind of letter, from the first draft until another takes its place."""

    noun = "wording"
    above = ("scheme",)
    above_new = ("scheme",)
    along = ("scheme",)
    looks_back = True

    class Meta:
        proxy = True

    @property
    def chain(self) -> str:
        """The scheme."""
        return f"scheme:{self.scheme.key}"

    def put_down(self, step: Step) -> Facts:
        """Keep what was typed, tidied, with who, when and why; the trail holds it word for word."""
        for name in PARTS:
            setattr(self, name, tidied(str(step.data.get(name, ""))))
        self.reason, self.written_by, self.written_at = str(step.data["reason"]).strip(), step.actor, step.at
        return {**self.place._asdict(), "number": self.number, **self.parts, "reason": self.reason, "sha256": self.sha256}

    @arrow(source=NOTHING, target=S.DRAFTED, who=words_letters, when=[*GOOD, no_other_draft, begun_on_what_stands])
    def write(self, step: Step) -> Facts:
        """Begin a new version of a text."""
        numbers = Wording.objects.at(self.place).values_list("number", flat=True)
        self.number = 1 + (numbers.first() or 0)
        return self.put_down(step)

    @arrow(source=S.DRAFTED, target=S.DRAFTED, who=words_letters, when=[*GOOD, text_as_seen],
           writes=[*PARTS, "reason", "written_by", "written_at"])  # fmt: skip
    def rewrite(self, step: Step) -> Facts:
        """Change a draft; whoever was asked to read it is asked anew."""
        return self.put_down(step)

    @arrow(source=S.DRAFTED, target=S.DRAFTED, who=words_letters, when=[text_as_seen, still_fits])
    def ask_adopt(self, step: Step) -> Facts:
        """Ask somebody else to read the draft and put it in force."""
        return asked(step)

    @arrow(source=S.DRAFTED, target=S.IN_FORCE, who=reads_wordings, when=[asked_by_another, other_pen, text_as_seen, still_fits],
           writes=["adopted_by", "adopted_at"])  # fmt: skip
    def adopt(self, step: Step) -> Facts:
        """Put the text in force, as somebody who did not write it: letters are made with it from now on."""
        self.adopted_by, self.adopted_at = step.actor, step.at
        return {"number": self.number, "sha256": self.sha256}

    @arrow(source=S.DRAFTED, target=S.DISCARDED, who=words_letters, when=[text_as_seen], writes=["ended_at"])
    def discard(self, step: Step) -> Facts:
        """Throw a draft away; it stays in the history."""
        self.ended_at = step.at
        return {"number": self.number}

    @arrow(source=S.IN_FORCE, target=S.IN_FORCE, who=words_letters, when=[text_as_seen, reason_given])
    def ask_end(self, step: Step) -> Facts:
        """Ask somebody else to go back to the words of the scheme and the house."""
        return asked(step)

    @arrow(source=S.IN_FORCE, target=S.ENDED, who=reads_wordings, when=[asked_by_another, text_as_seen, reason_given], writes=["ended_at"])
    def end(self, step: Step) -> Facts:
        """Go back to the words of the scheme and the house, as the second person."""
        self.ended_at = step.at
        return {"number": self.number, "reason": step.data["reason"]}

    @arrow(source=S.IN_FORCE, target=S.REPLACED, who=is_clock, writes=["ended_at"])
    def give_way(self, step: Step) -> Facts:
        """A newer version takes its place."""
        self.ended_at = step.at
        return {"number": self.number, "by": step.data["by"]}
