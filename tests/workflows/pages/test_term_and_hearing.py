"""The term as the applicant is told it, and the hearing on the applicant's own pages."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from tender.calendar import add_working_days, amsterdam_day, set_aside_deadline
from tender.clock import database_now
from tender.commands.drafting import save_draft
from tender.enums import Role
from tender.models import Application, CaseRole
from tests.factories import declare, open_call, person, publish, submitted
from tests.workflows.machines.test_corresponding import IBAN
from tests.workflows.pages.house import sign_in
from tests.workflows.refusals.test_hearing import WHY, refusing, take
from workflows.commands import perform
from workflows.models import ApplicationMachine
from workflows.term import term_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(client):
    client.cookies["django_language"] = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def game():
    """A fund that is open all year, with a dossier that was handed in; its officer declared."""
    made = open_call(publish("minifund"), at=database_now() - timedelta(days=2))
    made.case = submitted(made.call, at=made.at)
    declare(made.case, made.house.officer, made.house.coach, at=made.at)
    return made


def page_of(name, case):
    return reverse(f"workflows:{name}", args=[case.reference])


# ── the term ──────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_case_page_tells_the_promise_and_the_law(client, game):
    case = game.case
    sign_in(client, case.applicant)
    page = client.get(page_of("dossier", case))
    term = page.context["term"]
    assert term.promised == add_working_days(amsterdam_day(case.completed_at), 10)
    assert term.by == case.decide_by
    assert "We promised a decision by" in page.content.decode()


def test_while_the_term_stands_still_the_page_says_since_when_why_and_until_when(client, game):
    case, officer = game.case, game.house.officer
    by = case.decide_by
    gaps = [{"field": "iban", "words": "Welke rekening?"}]
    now = database_now()
    perform(ApplicationMachine, "request_completion", pk=case.pk, actor=officer, at=now, gaps=gaps)
    case = Application.objects.with_rules().get(pk=case.pk)
    sign_in(client, case.applicant)
    page = client.get(page_of("dossier", case)).content.decode()
    assert "The term stands still" in page
    term = term_of(case, now)
    assert term.since == amsterdam_day(now) + timedelta(days=1)
    assert term.missing == (str(case.rules.form.field("iban").label),)
    assert term.latest > by
    moved = case.repair_until - timedelta(seconds=1)
    save_draft(pk=case.pk, actor=case.applicant, at=moved, typed={"iban": IBAN})
    perform(ApplicationMachine, "complete", pk=case.pk, actor=case.applicant, at=moved)
    done = Application.objects.with_rules().get(pk=case.pk)
    assert done.decide_by == term.latest, "what was told is what came"
    assert term_of(done, moved).stood_still == done.suspended_days > 0


def test_once_the_term_for_completing_is_over_the_page_says_what_is_next(game):
    case = game.case
    perform(ApplicationMachine, "request_completion", pk=case.pk, actor=game.house.officer, at=game.at,
            gaps=[{"field": "iban", "words": "Welke rekening?"}])  # fmt: skip
    case = Application.objects.with_rules().get(pk=case.pk)
    term = term_of(case, case.repair_until)
    assert (term.since, term.set_aside_by) == (None, set_aside_deadline(amsterdam_day(case.repair_until)))
    perform(ApplicationMachine, "withdraw", pk=case.pk, actor=case.applicant, at=game.at)
    assert term_of(Application.objects.with_rules().get(pk=case.pk), game.at) is None


# ── the hearing ───────────────────────────────────────────────────────────────────────────────────────────────
def test_who_only_writes_is_led_to_the_dossier_not_to_a_step_that_is_not_theirs(client):
    game, decision, at = refusing()
    case, writer = decision.application, person("writer")
    CaseRole.objects.create(application=case, user=writer, role=Role.EDITOR, since=at)
    take("announce_intent", decision, game.house.officer, at)
    sign_in(client, writer)
    (todo,) = [each["todo"] for each in client.get(reverse("workflows:my_dossiers")).context["todos"]]
    assert todo.url == page_of("dossier", case)
    assert client.get(todo.url).status_code == 200


def test_the_party_responds_on_its_own_pages(client):
    game, decision, at = refusing()
    case = decision.application
    take("announce_intent", decision, game.house.officer, at)
    type(decision).objects.filter(pk=decision.pk).update(respond_until=database_now() + timedelta(days=3))
    sign_in(client, case.applicant)
    (todo,) = [each["todo"] for each in client.get(reverse("workflows:my_dossiers")).context["todos"]]
    assert todo.until is not None
    page = client.get(page_of("dossier", case))
    assert todo.url in {action.url for action in page.context["actions"]}
    assert any("espond" in str(row["label"]) for row in page.context["deadlines"])
    assert WHY in client.get(todo.url).content.decode()
    assert client.post(todo.url, {"response": ""}).status_code == 422
    assert client.post(todo.url, {"response": "Wij zijn verhuisd."}).url == page_of("dossier", case)
    assert client.post(todo.url, {"response": "Wij zijn verhuisd."}).status_code == 409, "it is on the desk again"
    sign_in(client, game.house.officer)
    shown = client.get(reverse("workflows:decision", args=[decision.pk])).content.decode()
    assert "Wij zijn verhuisd." in shown
