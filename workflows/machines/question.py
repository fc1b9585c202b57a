from __future__ import annotations

from typing import TYPE_CHECKING

from tender.calendar import add_working_days, amsterdam_day
from tender.canonical import digest
from tender.enums import NOTHING
from tender.enums import QuestionState as S
from tender.models import Question
from tender.rules import reason_given
from workflows.machines.arrow import Machine, arrow
from workflows.rules import (
    answer_as_seen,
    answer_written,
    answers_questions,
    asks_freely,
    few_open,
    is_asker,
    nobody_named,
    not_asked_before,
    question_written,
    time_to_ask,
)

if TYPE_CHECKING:
    from tender.step import Facts, Step


class QuestionMachine(Machine, Question):
    """A question about a call, from one person to everybody."""

    noun = "question"
    above = ("stage__call",)
    above_new = ("stage__call",)
    along = ("stage__call__version", "asked_by")

    class Meta:
        proxy = True

    @property
    def chain(self) -> str:
        """The call."""
        return f"call:{self.stage.call.reference}"

    @arrow(source=NOTHING, target=S.ASKED, who=asks_freely, when=[time_to_ask, question_written, not_asked_before, few_open])
    def ask(self, step: Step) -> Facts:
        """Ask a question; the trail holds its fingerprint, since it may tell who asked."""
        self.asked_by, self.asked_at = step.actor, step.at
        self.token = step.data.get("token")
        self.body, self.language = step.data["body"], step.data.get("language", step.actor.language)
        self.answer_by = add_working_days(amsterdam_day(step.at), self.stage.rules.terms.answer_working_days)
        return {"stage": self.stage.key, "sha256": digest(self.body), "answer_by": self.answer_by}

    @arrow(source=S.ASKED, target=S.ANSWERED, who=answers_questions, when=[answer_written, nobody_named],
           writes=["public_body", "answer", "answered_at"])  # fmt: skip
    def answer_it(self, step: Step) -> Facts:
        """Answer for everybody, in words that do not tell who asked."""
        self.public_body, self.answer, self.answered_at = step.data["question"], step.data["answer"], step.at
        return {"question": self.public_body, "answer": self.answer}

    @arrow(source=S.ANSWERED, target=S.ANSWERED, who=answers_questions, when=[answer_written, nobody_named, answer_as_seen],
           writes=["public_body", "answer", "changed_at"])  # fmt: skip
    def put_right(self, step: Step) -> Facts:
        """Put a published answer right; everybody sees that it changed, and when."""
        before = {"question": self.public_body, "answer": self.answer}
        self.public_body, self.answer, self.changed_at = step.data["question"], step.data["answer"], step.at
        return {"before": before, "question": self.public_body, "answer": self.answer}

    @arrow(source=S.ASKED, target=S.DECLINED, who=answers_questions, when=[reason_given], writes=["answer", "answered_at"])
    def decline(self, step: Step) -> Facts:
        """Not answer a question; only who asked reads why."""
        self.answer, self.answered_at = step.data["reason"], step.at
        return {"reason_sha256": digest(self.answer)}

    @arrow(source=S.ASKED, target=S.WITHDRAWN, who=is_asker)
    def withdraw(self, step: Step) -> Facts:
        """Withdraw one's question before it is answered."""
        return {}

    @arrow(source=S.ANSWERED, target=S.WITHDRAWN, who=answers_questions, when=[reason_given])
    def take_down(self, step: Step) -> Facts:
        """Take a published answer down; question, answer and reason stay in the trail."""
        return {"reason": step.data["reason"]}
