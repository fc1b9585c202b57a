"""Asking about a call and answering for everybody, over HTTP: nobody but the trail knows who asked."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from tender.clock import database_now
from tender.models import Question
from tests.factories import applicant, asking, deliver, open_call, person, publish
from tests.workflows.pages.house import sign_in, where
from workflows.models import Event, Notification

pytestmark = pytest.mark.django_db


@pytest.fixture
def game():
    return open_call(publish("minifund"), at=database_now() - timedelta(days=2))


def test_from_a_private_question_to_an_answer_for_everybody(client, game, django_capture_on_commit_callbacks):
    (user, organisation), call = applicant(name="jannie oosterhuis"), game.call
    url, listed = reverse("workflows:ask", args=[call.reference]), reverse("tender:answers", args=[call.reference])
    assert client.get(reverse("tender:call", args=[call.reference])).context["ask_url"] == url
    assert client.post(url, {"body": "x"}).status_code == 302, "who is not signed in signs in first"
    assert not Question.objects.exists()
    sign_in(client, user)
    assert client.post(url, {"body": " "}).status_code == 422
    assert client.post(url, {"body": "a\x00b"}).status_code == 422
    asked = client.post(url, {"body": f"Mogen wij van {organisation.name} ook drukwerk inkopen?"}, follow=True)
    question = Question.objects.get()
    assert [row["question"] for row in asked.context["mine"]] == [question]
    # Nobody else sees it yet; the officer has it in the inbox, on the round and on a page of its own.
    sign_in(client, person("ander"))
    assert organisation.name not in client.get(listed).content.decode()
    officer = sign_in(client, game.house.officer)
    assert [(row["number"], row["first"]) for row in officer.get(reverse("workflows:inbox")).context["questions"]] == [
        (1, question.answer_by)
    ]
    tasks = {task["url"]: task["status"] for task in officer.get(where("stage", game.stage())).context["work"]}
    assert tasks[where("questions", game.stage())] == "busy"
    page = officer.get(reverse("workflows:question", args=[question.pk]))
    assert page.context["form"].initial["question"] == question.body
    assert user.name not in page.content.decode()
    assert user.email not in page.content.decode()
    # The name of the organisation stops it, beside what was typed.
    answer = {"question": question.body, "answer": "Ja, dat mag.", "seen": ""}
    stopped = officer.post(reverse("workflows:question", args=[question.pk]), answer)
    assert (stopped.status_code, "Ja, dat mag." in stopped.content.decode()) == (409, True)
    assert Question.objects.get().state == "asked"
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        officer.post(reverse("workflows:question", args=[question.pk]), {**answer, **asking.PUBLISHED})
        deliver()
    assert [(one.to, call.reference in one.subject, asking.PUBLISHED["answer"] in one.body) for one in mail.outbox] == [
        ([user.email], True, False)
    ]
    assert list(Notification.objects.filter(event__noun="question").values_list("user", flat=True)) == [user.pk]
    client.logout()
    for address in (listed, reverse("tender:call", args=[call.reference])):
        body = client.get(address).content.decode()
        assert asking.PUBLISHED["answer"] in body
        assert not [word for word in (user.name, user.email, organisation.name) if word in body]


def test_who_may_not_ask_or_answer_changes_nothing(client, game):
    question = asking.ask(game.stage(), at=game.at)
    ask, one, all_of_them = (
        reverse("workflows:ask", args=[game.call.reference]),
        reverse("workflows:question", args=[question.pk]),
        where("questions", game.stage()),
    )
    before = Event.objects.count()
    for user, answers in [
        (game.house.officer, {ask: 403}), (game.house.head, {ask: 403, one: 403, all_of_them: 200}),
        (game.house.auditor, {ask: 403, one: 403, all_of_them: 200}), (game.house.coach, {one: 403, all_of_them: 403}),
        (person("buiten"), {one: 403, all_of_them: 403}),
    ]:  # fmt: skip
        sign_in(client, user)
        for url, status in answers.items():
            assert client.get(url).status_code == status, (user, url)
            if status == 403:
                assert client.post(url, {"body": "x", **asking.PUBLISHED}).status_code == 403, (user, url)
    assert Event.objects.count() == before
    assert Question.objects.get().state == "asked"
    assert client.get(reverse("workflows:ask", args=["nowhere"])).status_code == 404
    assert client.get(reverse("tender:answers", args=["nowhere"])).status_code == 404
    # Who asked withdraws it on the page of the step; another may not.
    step = reverse("workflows:step", args=["question", question.pk, "withdraw"])
    assert client.post(step).status_code == 403
    sign_in(client, question.asked_by)
    assert client.get(step).status_code == 200
    assert client.post(step).url == reverse("tender:answers", args=[game.call.reference])
    assert Question.objects.get().state == "withdrawn"
    sign_in(client, game.house.officer)
    assert client.get(one).context["form"] is None
    assert client.post(one, asking.PUBLISHED).status_code == 409


def test_the_same_form_sent_twice_is_one_question(client, game):
    sign_in(client, applicant()[0])
    url = reverse("workflows:ask", args=[game.call.reference])
    form = {"body": "Mag het ook met drukwerk?", "token": str(client.get(url).context["form"]["token"].value())}
    assert [client.post(url, form).status_code for _press in range(2)] == [302, 302]
    assert Question.objects.count() == 1
    sign_in(client, person("ander"))
    assert client.post(url, form).status_code == 409, "somebody else's form gives nobody their question"
    assert Question.objects.count() == 1


def test_an_answer_is_put_right_and_two_officers_do_not_overwrite_each_other(client, game):
    question = asking.answer(asking.ask(game.stage(), at=game.at), game.house.officer, game.at)
    url = reverse("workflows:question", args=[question.pk])
    sign_in(client, game.house.officer)
    seen = client.get(url).context["form"].initial["seen"]
    changed = {**asking.PUBLISHED, "answer": "Ja, tot 500 euro.", "seen": seen}
    assert client.post(url, changed).status_code == 302
    late = client.post(url, {**changed, "answer": "Nee."})
    assert (late.status_code, "Nee." in late.content.decode()) == (409, True)
    assert Question.objects.get().answer == "Ja, tot 500 euro."
    assert "verbeterd" not in late.content.decode()
    page = client.get(where("questions", game.stage()))
    assert [each.pk for each in page.context["page"]] == [question.pk]


def test_many_questions_cost_as_much_as_one(client, game, django_assert_num_queries):
    listed = reverse("tender:answers", args=[game.call.reference])
    asking.answer(asking.ask(game.stage(), at=game.at), game.house.officer, game.at)
    asking.ask(game.stage(), at=game.at)
    with django_assert_num_queries(5):
        client.get(listed)
    sign_in(client, game.house.officer)
    with django_assert_num_queries(18) as captured:
        client.get(reverse("workflows:inbox"))
    for _each in range(3):
        asking.answer(asking.ask(game.stage(), at=game.at), game.house.officer, game.at)
        asking.ask(game.stage(), at=game.at)
    with django_assert_num_queries(len(captured)):
        client.get(reverse("workflows:inbox"))
    client.logout()
    with django_assert_num_queries(5):
        assert len(client.get(listed).context["page"]) == 4
    assert client.get(reverse("tender:call", args=[game.call.reference])).context["more_answers"]
    game.stage().__class__.objects.update(state="closed")
    assert client.get(listed).context["ask_url"] == ""
