"""Questions about a call, through the door."""

from tests.factories.people import person
from workflows.commands import create, perform
from workflows.models import QuestionMachine

BODY = "Mag ik ook zelf drukwerk inkopen?"
PUBLISHED = {"question": "Mag een aanvrager zelf drukwerk inkopen?", "answer": "Ja, dat mag (artikel 6)."}


def ask(stage, *, at, user=None, body=BODY):
    """A question at a stage."""
    user = user or person("vrager")
    return create(QuestionMachine, "ask", of={"stage": stage}, actor=user, at=at, body=body)


def answer(question, officer, at, **said):
    """Its answer, for everybody."""
    perform(QuestionMachine, "answer_it", pk=question.pk, actor=officer, at=at, **{**PUBLISHED, **said})
    return QuestionMachine.objects.get(pk=question.pk)
