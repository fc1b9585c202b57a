"""Two at once around a question, with real connections: it is answered once, and nobody has more waiting than they may."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tender.clock import database_now
from tender.enums import QuestionState, Role
from tender.models import Question
from tests.factories import asking, open_call, person, publish
from tests.workflows.pages.house import sign_in
from tests.workflows.together import together
from workflows.models import Event
from workflows.rules.questions import MOST_OPEN

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def game():
    return open_call(publish("minifund"), at=database_now() - timedelta(days=2))


def test_two_officers_answer_one_question(game):
    """One answer is published; who came second is told, keeps what they typed, and has changed nothing."""
    question = asking.ask(game.stage(), at=game.at)
    url = reverse("workflows:question", args=[question.pk])
    said = {name: {**asking.PUBLISHED, "answer": f"Dat zegt {name}.", "seen": ""} for name in ("een", "twee")}

    def presses(user, name):
        client = sign_in(Client(), user)
        return lambda: client.post(url, said[name])

    given = together(presses(game.house.officer, "een"), presses(person("tweede", Role.OFFICER), "twee"))
    assert sorted(answer.status_code for answer in given) == [302, 409], given
    first = ("een", "twee")[[answer.status_code for answer in given].index(302)]
    second = "twee" if first == "een" else "een"
    late = next(answer for answer in given if answer.status_code == 409)
    assert late.context["form"].errors["__all__"]
    assert said[second]["answer"] in late.content.decode()
    kept = Question.objects.get()
    assert (kept.state, kept.answer, kept.changed_at) == (QuestionState.ANSWERED, said[first]["answer"], None)
    assert Event.objects.filter(noun="question", kind__in=["question.answer_it", "question.put_right"]).count() == 1


def test_of_two_questions_on_the_limit_one_is_taken(game):
    user = person("vrager")
    for number in range(MOST_OPEN - 1):
        asking.ask(game.stage(), at=game.at, user=user, body=f"Vraag {number}?")
    url = reverse("workflows:ask", args=[game.call.reference])

    def presses(body):
        client = sign_in(Client(), user)
        return lambda: client.post(url, {"body": body})

    given = together(presses("Mag dit?"), presses("Mag dat?"))
    assert sorted(answer.status_code for answer in given) == [302, 409], given
    late = next(answer for answer in given if answer.status_code == 409)
    assert late.context["form"].errors["__all__"]
    assert Question.objects.filter(asked_by=user, state=QuestionState.ASKED).count() == MOST_OPEN
