"""Who and when, for a question about a call: asked in private, answered for everybody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scoring.rules import kept_out
from tender.enums import QuestionState, Role
from tender.rules import takes_questions
from tender.schemes.facets import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tender.models import Question, User
    from tender.step import Step

MOST_OPEN = 5
"""So many questions somebody may have waiting in one call: an inbox is no place to flood."""
ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]{2,}")
TELEPHONE = re.compile(r"(?:\+31|0031|\b0)[\s().-]*(?:[0-9][\s().-]*){8,9}(?![0-9])")
SHORTEST = 4
"""Letters that a part of a name has at the least to be looked for by itself: a shorter one stands in too many words."""


def asks_freely(question: Question, step: Step) -> bool:
    """Anybody who is signed in may ask, but not people of the house."""
    return step.actor.is_active and not step.actor.roles


def is_asker(question: Question, step: Step) -> bool:
    """Only who asked the question may do this."""
    return question.asked_by_id == step.actor.pk


def answers_questions(question: Question, step: Step) -> bool:
    """Only a case officer without an interest may do this."""
    return step.actor.has_role(Role.OFFICER) and not kept_out(question.stage, step.actor)


def time_to_ask(question: Question, step: Step) -> bool:
    """No questions can be asked about this stage now: it is not announced yet, or the time for asking is over."""
    return takes_questions(question.stage, step.at)


def few_open(question: Question, step: Step) -> bool:
    """Five questions of yours about this call wait for an answer already. Wait for those first, or withdraw one."""
    waiting = question.stage.questions.model.objects.filter(
        stage__call=question.stage.call_id, asked_by=step.actor, state=QuestionState.ASKED
    )
    return waiting.count() < MOST_OPEN


def question_written(question: Question, step: Step) -> bool:
    """Write your question."""
    return bool(str(step.data.get("body", "")).strip())


def not_asked_before(question: Question, step: Step) -> bool:
    """This question was sent before."""
    token = step.data.get("token")
    return token is None or not type(question).objects.filter(token=token).exists()


def answer_written(question: Question, step: Step) -> bool:
    """Write both the question as everybody may read it and the answer."""
    return all(str(step.data.get(name, "")).strip() for name in ("question", "answer"))


def answer_as_seen(question: Question, step: Step) -> bool:
    """Somebody changed this answer in the meantime. Look at it again before you change it."""
    return step.data.get("seen") == question.seen_sha256


def nobody_named(question: Question, step: Step) -> bool:
    """Take out what tells who asked: their name or organisation, an e-mail address of theirs, a telephone number."""
    published = f"{step.data.get('question', '')}\n{step.data.get('answer', '')}"
    if TELEPHONE.search(step.data.get("question", "")) or ADDRESS.search(step.data.get("question", "")):
        return False
    text = f" {plain(published)} "
    return not any(f" {plain(name)} " in text for name in names_of(question.asked_by) if plain(name))


def plain(text: str) -> str:
    """A text of bare words, so that commas, capitals and accents hide no name."""
    return " ".join(re.findall(r"\w+", folded(text)))


def names_of(user: User) -> Iterator[str]:
    """What somebody is known by: name, last name, e-mail address, and the organisations they act for."""
    yield from (user.name, user.email, user.organisation_name)
    last = user.name.split()[-1:]
    yield from (part for part in last if len(part) >= SHORTEST)
    for membership in user.memberships.select_related("organisation"):
        yield from (membership.organisation.name, membership.organisation.kvk)
