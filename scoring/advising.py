"""What an advice says before anybody edited it: what the jurors wrote on their sheets, criterion by criterion."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scoring.models import Scoresheet

if TYPE_CHECKING:
    from tender.models import Stage


@dataclass(slots=True)
class Words:
    """Of one application: the remarks by criterion, and those on the whole."""

    parts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    whole: list[str] = field(default_factory=list)

    def as_advice(self) -> dict[str, object]:
        """The fields of an advice: one remark a line."""
        return {"parts": {key: in_no_order(said) for key, said in self.parts.items()}, "text": in_no_order(self.whole)}


def in_no_order(said: list[str]) -> str:
    """Remarks a line each, each once, by what they say: the same juror first every time would tell who wrote what."""
    return "\n".join(sorted({words.casefold(): words for words in said}.values(), key=str.casefold))


def words_of_sheets(stage: Stage) -> dict[int, Words]:
    """By application, what the sheets that are in say; each juror's remarks in the order of the rubric."""
    rubric = stage.rules.rubric
    order = [f"{c.key}.{q.key}" for c in rubric.criteria for q in c.questions] if rubric else []
    found: dict[int, Words] = defaultdict(Words)
    sheets = Scoresheet.objects.done().filter(stage=stage).prefetch_related("marks").order_by("application_id", "juror_id")
    for sheet in sheets:
        said, marks = found[sheet.application_id], {mark.question: mark for mark in sheet.marks.all()}
        for question in order:
            if question in marks and marks[question].comment.strip():
                said.parts[question.split(".")[0]].append(marks[question].comment.strip())
        if sheet.comment.strip():
            said.whole.append(sheet.comment.strip())
    return found
