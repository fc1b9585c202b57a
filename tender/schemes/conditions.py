"""Which questions are asked, given the other answers; and which conditions of entry the answers do not meet."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tender.schemes.cleaning import clean
from tender.schemes.figures import AnswerFault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tender.schemes.definition import Eligibility, Field, Form, Section, Text

    Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Unmet:
    """A condition of entry that an answer does not meet."""

    field: str
    eligibility: Eligibility

    @property
    def ground(self) -> Text:
        """The article and the reason that a refusal names."""
        return self.eligibility.ground


def shown(field: Field, answers: Answers) -> bool:
    """Whether ``field`` is asked, given the other answers."""
    condition = field.shown_when
    if condition is None:
        return True
    answer = answers.get(condition.field)
    given = answer if isinstance(answer, list | tuple) else [answer]
    return any(value in given for value in condition.values)


def asked(form: Form, answers: Answers) -> Iterator[tuple[Section, Field]]:
    """Every field that is asked, given the answers; what hangs on a question that is not asked is not asked either."""
    hidden: set[str] = set()
    for section in form.sections:
        for field in section.fields:
            if shown(field, answers) and not (field.shown_when and field.shown_when.field in hidden):
                yield section, field
            else:
                hidden.add(field.key)


def cleaned(field: Field, answers: Answers) -> Any:
    """The clean answer to ``field``; None where there is none, or none that is right."""
    try:
        return clean(field, answers.get(field.key))
    except AnswerFault:
        return None


def unmet_eligibility(form: Form, answers: Answers) -> list[Unmet]:
    """The conditions of entry that these answers do not meet; a missing or wrong answer is a gap, not a ground."""
    return [
        Unmet(field.key, field.eligibility)
        for _section, field in asked(form, answers)
        if field.eligibility is not None and not meets(field.eligibility, cleaned(field, answers))
    ]


def meets(test: Eligibility, value: Any) -> bool:
    if value is None:
        return True
    if test.values:
        given = value if isinstance(value, list) else [value]
        return any(each in test.values for each in given)
    figure = Decimal(value)
    return (test.at_least is None or figure >= test.at_least) and (test.at_most is None or figure <= test.at_most)
