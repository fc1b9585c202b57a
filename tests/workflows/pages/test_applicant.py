"""The applicant's room, page by page: start, draft, check, hand in, receipt, follow."""

from datetime import timedelta
from decimal import Decimal
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tender.calendar import amsterdam_day
from tender.clock import database_now
from tender.enums import ApplicationState, Role
from tender.models import Application, Decision, Membership, Organisation, ProgressReport, Submission, User
from tender.reporting import form_of
from tender.schemes.definition import FieldKind
from tests.factories import (
    answers_for,
    applicant,
    decide,
    declare,
    deliver,
    dossier,
    open_call,
    pdf_file,
    person,
    png_file,
    publish,
    score,
    screen,
    submitted,
)
from tests.factories.awarded import award
from tests.tender.pages.filled import data_for
from workflows.commands import perform
from workflows.commands.proposing import propose_for
from workflows.models import ApplicationMachine, Event, GrantMachine

pytestmark = pytest.mark.django_db


@pytest.fixture
def game():
    """A three-stage call that is open today."""
    return open_call(publish("crossover"), at=database_now() - timedelta(days=2))


@pytest.fixture
def small():
    """A continuous call that is open today."""
    return open_call(publish("minifund"), at=database_now() - timedelta(days=2))


def signed_in(client, user):
    client.force_login(user)
    return client


def fill_in(client, case, **said):
    """Go through every section as a browser does, files included."""
    form = case.rules.form
    answers = answers_for(form, **said)
    for section in form.sections:
        files = {f"q-{f.key}": SimpleUploadedFile("plan.pdf", pdf_file()) for f in section.fields if f.kind == FieldKind.FILE}
        url = reverse("tender:section", args=[case.reference, section.key])
        response = client.post(url, {**data_for(section, answers), **files})
        assert response.status_code == 302, response.context["form"].errors


def test_from_nothing_to_the_receipt(client, game):
    user = person("fenna")
    signed_in(client, user)
    start = reverse("workflows:start", args=[game.call.reference])
    response = client.post(
        start, {"who": "other", "kvk": "1234 5678", "name": "Studio Noorderlicht", "city": "Groningen", "legal_form": "foundation"}
    )
    case = Application.objects.get()
    assert response.url == reverse("tender:draft", args=[case.reference])
    assert set(Membership.objects.values_list("role", flat=True)) == {Role.EDITOR, Role.SIGNER}

    fill_in(client, case)
    page = client.get(reverse("workflows:check", args=[case.reference]))
    assert page.context["gaps"] == []
    response = client.post(reverse("workflows:check", args=[case.reference]))
    assert response.url == reverse("workflows:receipt", args=[case.reference])
    case.refresh_from_db()
    assert case.state == ApplicationState.SUBMITTED
    receipt = client.get(response.url).content.decode()
    assert Submission.objects.get().sha256 in receipt
    page = client.get(reverse("workflows:dossier", args=[case.reference]))
    assert page.status_code == 200
    assert client.get(reverse("workflows:my_dossiers")).context["todos"] == []


def test_pressing_hand_in_twice_is_handing_in_once(client, game):
    case = dossier(game.call, at=game.at)
    signed_in(client, case.applicant)
    fill_in(client, case)
    url = reverse("workflows:check", args=[case.reference])
    first, second = client.post(url), client.post(url)
    assert first.url == second.url == reverse("workflows:receipt", args=[case.reference])
    assert Submission.objects.count() == 1


def test_pressing_start_twice_is_starting_once(client, game):
    user, organisation = applicant()
    signed_in(client, user)
    url = reverse("workflows:start", args=[game.call.reference])
    urls = {client.post(url, {"who": organisation.pk}).url for _ in range(2)}
    assert len(urls) == 1
    assert Application.objects.count() == 1


def test_an_organisation_of_others_lets_nobody_in(client, game):
    _owner, organisation = applicant()
    user = person("stranger")
    signed_in(client, user)
    url = reverse("workflows:start", args=[game.call.reference])
    response = client.post(url, {"who": "other", "kvk": organisation.kvk, "name": "Anders", "legal_form": "foundation"})
    assert response.status_code == 422
    assert response.context["form"]["name"].value() == "Anders"
    assert not Application.objects.exists()
    assert not user.memberships.exists()
    assert Organisation.objects.count() == 1


def test_an_organisation_of_others_cannot_be_picked(client, game):
    _owner, organisation = applicant()
    signed_in(client, person("stranger"))
    url = reverse("workflows:start", args=[game.call.reference])
    assert client.post(url, {"who": organisation.pk}).status_code == 422
    assert not Application.objects.exists()


def test_a_person_applies_where_the_scheme_takes_persons(client, small, game):
    user = person("maker")
    signed_in(client, user)
    assert client.post(reverse("workflows:start", args=[game.call.reference]), {"who": "myself"}).status_code == 422
    response = client.post(reverse("workflows:start", args=[small.call.reference]), {"who": "myself"})
    assert response.status_code == 302
    assert Application.objects.get().organisation is None


def test_staff_cannot_apply(client, game):
    signed_in(client, game.house.officer)
    url = reverse("workflows:start", args=[game.call.reference])
    assert client.get(url).status_code == 403
    assert client.post(url, {"who": "other", "kvk": "12345678", "name": "X"}).status_code == 403
    assert not Application.objects.exists()


def test_the_check_lists_every_gap_and_hands_nothing_in(client, game):
    case = dossier(game.call, at=game.at)
    signed_in(client, case.applicant)
    url = reverse("workflows:check", args=[case.reference])
    page = client.get(url)
    required = [field.key for field in case.rules.form.fields() if field.required and not field.shown_when]
    assert len(page.context["gaps"]) == len(required)
    assert client.post(url).status_code == 409
    assert not Submission.objects.exists()


def test_the_check_warns_of_a_condition_that_is_not_met(client, game):
    case = dossier(game.call, at=game.at)
    signed_in(client, case.applicant)
    fill_in(client, case, province="elsewhere")
    page = client.get(reverse("workflows:check", args=[case.reference]))
    assert len(page.context["grounds"]) == 1
    assert page.context["gaps"] == []


def test_an_editor_who_may_not_sign_cannot_hand_in(client, game):
    user, organisation = applicant()
    editor = person("editor")
    Membership.objects.create(organisation=organisation, user=editor, role=Role.EDITOR)
    case = dossier(game.call, user=user, organisation=organisation, at=game.at)
    signed_in(client, editor)
    fill_in(client, case)
    url = reverse("workflows:check", args=[case.reference])
    assert client.get(url).context["signers"] == [str(user)]
    assert client.post(url).status_code == 403
    case.refresh_from_db()
    assert case.state == ApplicationState.DRAFT


@pytest.mark.parametrize("name", ["workflows:dossier", "workflows:check", "workflows:receipt", "tender:draft"])
def test_another_applicant_knows_of_nothing(client, game, name):
    case = submitted(game.call, at=game.at)
    stranger, _organisation = applicant()
    assert signed_in(client, stranger).get(reverse(name, args=[case.reference])).status_code == 404


def test_a_visitor_is_asked_to_sign_in(client, game):
    case = submitted(game.call, at=game.at)
    url = reverse("workflows:dossier", args=[case.reference])
    assert client.get(url).url == f"{reverse('account_login')}?next={url}"


def test_formal_gaps_are_mended_and_nothing_else(client, game):
    case = submitted(game.call, at=game.at)
    declare(case, game.house.officer, at=game.at)
    gaps = [{"field": "iban", "words": "Stuur een ander rekeningnummer."}]
    perform(ApplicationMachine, "request_completion", pk=case.pk, actor=game.house.officer, at=database_now(), gaps=gaps)
    signed_in(client, case.applicant)
    page = client.get(reverse("workflows:my_dossiers"))
    assert len(page.context["todos"]) == 1
    sections = [task["label"] for task in client.get(reverse("tender:draft", args=[case.reference])).context["tasks"]]
    assert len(sections) == 1
    url = reverse("tender:section", args=[case.reference, "consortium"])
    response = client.post(url, {"q-iban": "NL20INGB0001234567", "q-agreed": "no"})
    assert response.status_code == 302
    case.refresh_from_db()
    assert (case.draft["iban"], case.draft["agreed"]) == ("NL20INGB0001234567", "yes")
    response = client.post(reverse("workflows:check", args=[case.reference]))
    assert response.status_code == 302
    case.refresh_from_db()
    assert case.state == ApplicationState.SUBMITTED
    assert case.submission().version == 2


def test_staff_declare_before_a_dossier_opens(client, game):
    case = submitted(game.call, at=game.at)
    signed_in(client, game.house.reader)
    url = reverse("workflows:dossier", args=[case.reference])
    declare = reverse("workflows:declare", args=[case.reference])
    assert client.get(url).url == declare
    assert case.draft["question"] not in client.get(declare).content.decode()
    assert client.post(declare, {"says": "declare_doubt"}).status_code == 422
    assert client.post(declare, {"says": "declare_none"}).url == url
    assert client.get(url).status_code == 200
    assert client.get(declare).url == url


def test_an_interest_keeps_a_dossier_closed(client, game):
    case = submitted(game.call, at=game.at)
    signed_in(client, game.house.reader)
    declare = reverse("workflows:declare", args=[case.reference])
    said = {"says": "declare_interest", "kind": "family", "explanation": "Mijn zus."}
    client.post(declare, said)
    assert client.get(reverse("workflows:dossier", args=[case.reference])).url == declare
    assert client.get(declare).status_code == 403


def test_staff_know_nothing_of_a_draft(client, game):
    case = dossier(game.call, at=game.at)
    signed_in(client, game.house.officer)
    assert client.get(reverse("workflows:dossier", args=[case.reference])).status_code == 404
    assert client.get(reverse("workflows:declare", args=[case.reference])).status_code == 404


def test_a_ranking_is_not_told_before_it_is_published(client, small):
    case = submitted(small.call, at=small.at)
    screen(case, small.house, small.at)
    for assessor in small.house.assessors:
        score(case, assessor, small.at, officer=small.house.officer)
    case.refresh_from_db()
    assert case.state == ApplicationState.RANKED
    signed_in(client, case.applicant)
    page = client.get(reverse("workflows:dossier", args=[case.reference]))
    assert page.context["state"] == ApplicationState.IN_REVIEW
    told = {event.title for event in page.context["timeline"]}
    assert len(told) < Event.objects.filter(chain=f"dossier:{case.reference}").count()
    assert not page.context["decisions"]


@pytest.fixture
def granted(small):
    """A dossier with a grant, its letter printed and its report due."""
    case = submitted(small.call, at=small.at)
    screen(case, small.house, small.at)
    for assessor in small.house.assessors:
        score(case, assessor, small.at, officer=small.house.officer)
    case.refresh_from_db()
    proposed = propose_for(pk=case.pk, kind="award", ground="", amount=Decimal(1000), reasons="", actor=small.house.officer, at=small.at)
    decide(Decision.objects.get(pk=proposed.pk), small.house, small.at)
    deliver()
    return case


def test_a_letter_is_handed_over_and_its_reading_noted(client, granted):
    signed_in(client, granted.applicant)
    letter = client.get(reverse("workflows:dossier", args=[granted.reference])).context["letters"][0].letter
    sent = client.get(reverse("workflows:letter", args=[letter.pk]))
    assert sent["Content-Disposition"].startswith("attachment")
    assert sent["X-Content-Type-Options"] == "nosniff"
    assert b"".join(sent.streaming_content).startswith(b"%PDF")
    letter.refresh_from_db()
    assert letter.read_at is not None
    stranger, _organisation = applicant()
    assert signed_in(client, stranger).get(reverse("workflows:letter", args=[letter.pk])).status_code == 404


def file_for(field):
    """A file that a question takes."""
    return SimpleUploadedFile("bijlage", pdf_file() if "pdf" in field.file_types else png_file())


def test_a_report_is_begun_written_and_handed_in(client, granted):
    signed_in(client, granted.applicant)
    (grant,) = client.get(reverse("workflows:dossier", args=[granted.reference])).context["grants"]
    report = grant["reports"][0]["report"]
    url = reverse("workflows:report", args=[granted.reference, report.pk])
    assert client.get(url).status_code == 200
    assert client.post(url).url == url
    form = form_of(report)
    files = {f"q-{field.key}": file_for(field) for field in form.fields() if field.kind == FieldKind.FILE}
    response = client.post(url, {**data_for(form.sections[0], answers_for(form)), **files})
    assert response.url == reverse("workflows:report_check", args=[granted.reference, report.pk])
    assert client.get(response.url).context["gaps"] == []
    assert client.post(response.url).url == reverse("workflows:dossier", args=[granted.reference])
    report.refresh_from_db()
    assert report.state == "handed_in"
    assert client.get(url).context["actions"] == []


def test_a_late_report_says_so_and_is_still_welcome(client, granted):
    signed_in(client, granted.applicant)
    report = granted.grants.get().reports.earliest("due_on")
    url = reverse("workflows:report", args=[granted.reference, report.pk])
    client.post(url)
    assert "Dien in vóór" in client.get(url).content.decode()
    type(report).objects.filter(pk=report.pk).update(due_on=amsterdam_day(database_now()))
    assert "Dien de rapportage alsnog in." in client.get(url).content.decode()


def test_my_dossiers_costs_the_same_for_many(client, game, django_assert_num_queries):
    user, organisation = applicant()
    signed_in(client, user)
    for _each in range(2):
        submitted(game.call, user=user, organisation=organisation, at=game.at)
    url = reverse("workflows:my_dossiers")
    client.get(url)
    with django_assert_num_queries(11):
        client.get(url)
    for _each in range(4):
        dossier(game.call, user=user, organisation=organisation, at=game.at)
    with django_assert_num_queries(11):
        assert len(client.get(url).context["rows"]) == 6


def test_after_the_window_the_check_says_so(client, game):
    case = dossier(game.call, at=game.at)
    signed_in(client, case.applicant)
    fill_in(client, case)
    stage = game.stage(1)
    stage.closes_at = database_now() - timedelta(minutes=1)
    stage.save(update_fields=["closes_at"])
    url = reverse("workflows:check", args=[case.reference])
    assert client.get(url).context["unmet"]
    assert client.post(url).status_code == 409
    assert not Submission.objects.exists()


def test_a_name_is_asked_before_the_first_dossier(client, game):
    client.force_login(User.objects.create_user("nieuw@drietrap.example"))
    url = reverse("workflows:start", args=[game.call.reference])
    asked = client.get(url)
    assert asked.url == f"{reverse('tender:profile')}?next={quote(url, safe='')}"
    assert client.post(reverse("tender:profile"), {"name": "Nynke", "language": "nl", "next": url}).url == url
    form = client.get(url).context["form"]
    assert form.no_choice
    assert client.post(url, {"who": "other", "kvk": "12345678", "name": "Studio", "legal_form": "foundation"}).status_code == 302


def test_the_case_page_says_who_has_the_turn(client, game):
    user, organisation = applicant()
    case = dossier(game.call, user=user, organisation=organisation, at=game.at)
    url = reverse("workflows:dossier", args=[case.reference])
    client.force_login(user)
    client.post(reverse("tender:section", args=[case.reference, "idea"]), {"q-title": "Licht op de vaart"})
    page = client.get(url)
    assert page.context["writing"]
    assert "Licht op de vaart" in page.content.decode()
    submitted(game.call, case=case, at=game.at)
    page = client.get(url)
    assert (page.context["writing"], page.context["actions"]) == (False, [])
    assert str(page.context["waiting"]) in page.content.decode()


def test_only_the_reports_of_now_are_asked(client):
    got = award(1, years="3")
    grant, today = got.grants[0], amsterdam_day(database_now())
    case = grant.application
    perform(GrantMachine, "accept", pk=grant.pk, actor=case.applicant, at=got.at)
    reports = list(grant.reports.order_by("due_on"))
    days = [today + timedelta(days=each) for each in (-3, 60, 200)]
    for report, day in zip(reports, days, strict=True):
        ProgressReport.objects.filter(pk=report.pk).update(due_on=day)
    client.force_login(case.applicant)
    todos = client.get(reverse("workflows:my_dossiers")).context["todos"]
    assert [(each["todo"].day, each["todo"].late) for each in todos] == [(days[0], True), (days[1], False)]
    shown = client.get(reverse("workflows:dossier", args=[case.reference])).context
    now = {reverse("workflows:report", args=[case.reference, report.pk]) for report in reports[:2]}
    assert {action.url for action in shown["actions"]} == now
    asked = [each for each in [*shown["timeline"], *shown["earlier"]] if each.title == "Er wordt u een rapportage gevraagd"]
    assert len(asked) == 1, "asked at one moment, told once"
