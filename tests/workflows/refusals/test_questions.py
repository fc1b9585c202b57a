"""What stops a question about a call, or its answer."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.factories import applicant, asking, open_call, person, variant
from tests.workflows.refusals.saying import refused, refused_new
from workflows.commands import create
from workflows.models import QuestionMachine
from workflows.rules.questions import MOST_OPEN

pytestmark = pytest.mark.django_db
WEEK_BEFORE = ("[stages.terms]", "[stages.terms]\nquestion_days = 7")


def test_questions_are_taken_from_the_announcement_until_some_days_before_the_closing():
    game = open_call(variant("pressure_cooker", WEEK_BEFORE))
    stage, user = game.stage(), person("vrager")
    until, of = stage.closes_at - timedelta(days=7), {"stage": stage}
    assert asking.ask(stage, user=user, at=until - timedelta(microseconds=1)).state == "asked"
    refused_new("time_to_ask", QuestionMachine, "ask", of, user, until, body=asking.BODY)
    token = uuid4()
    create(QuestionMachine, "ask", of=of, actor=person("eerder"), at=game.at, body=asking.BODY, token=token)
    refused_new("not_asked_before", QuestionMachine, "ask", of, user, game.at, body=asking.BODY, token=token)
    refused_new("question_written", QuestionMachine, "ask", of, user, game.at, body="  ")
    for _each in range(MOST_OPEN - 1):
        asking.ask(stage, user=user, at=game.at)
    refused_new("few_open", QuestionMachine, "ask", of, user, game.at, body=asking.BODY)
    asking.ask(stage, at=game.at)
    type(stage).objects.filter(pk=stage.pk).update(state="draft")
    refused_new("time_to_ask", QuestionMachine, "ask", {"stage": game.stage()}, person("ander"), game.at, body=asking.BODY)


def test_what_is_published_is_whole_and_tells_nobody_s_name():
    game = open_call(variant("minifund"))
    officer, (user, organisation) = game.house.officer, applicant(name="jannie oosterhuis")
    question = asking.ask(game.stage(), user=user, at=game.at)
    refused("answer_written", QuestionMachine, "answer_it", question, officer, game.at, **{**asking.PUBLISHED, "answer": " "})
    told = [f"Wij van {organisation.name.upper()} vragen:", "Groet, Jannie, Oosterhuis", "mevrouw oosterhuis", f"KvK {organisation.kvk}",
            user.email, "bel 06-1234 5678", "+31 50 123 45 67", "mail naar iemand@anders.example"]  # fmt: skip
    for words in told:
        refused("nobody_named", QuestionMachine, "answer_it", question, officer, game.at, **{**asking.PUBLISHED, "question": words})
    refused("nobody_named", QuestionMachine, "answer_it", question, officer, game.at, **{**asking.PUBLISHED, "answer": "Beste Oosterhuis"})
    published = asking.answer(question, officer, game.at, answer="Bel 050 123 45 67 of mail loket@creatiefnoord.example.")
    refused("answer_as_seen", QuestionMachine, "put_right", published, officer, game.at, **asking.PUBLISHED, seen="0" * 64)
    refused("reason_given", QuestionMachine, "take_down", published, officer, game.at, reason=" ")
