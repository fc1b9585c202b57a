"""The auditor's room and the letters: who may come in, what they see, and in how many queries."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from reports.commands.exporting import ask_export
from reports.exports.columns import Scope
from reports.models import Export, ExportStatus
from reports.queries import find
from settings.celery import app
from tender.clock import database_now
from tender.models import Application
from tests.factories import decide, deliver, person
from tests.reports.conftest import Case
from workflows.commands import perform
from workflows.models import DecisionMachine, Event, Letter

pytestmark = pytest.mark.django_db
PAGES = ["dashboard", "search", "check_all", "exports"]


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def as_user(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def auditor(db):
    return as_user(person("auditor", "auditor"))


# ── who may come in ───────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("page", PAGES)
def test_nobody_comes_in_without_signing_in(client, page):
    response = client.get(reverse(f"reports:{page}"))
    assert response.status_code == 302
    assert "account" in response["Location"]


@pytest.mark.parametrize("role", ["", "officer", "reader", "signatory", "board", "juror", "secretary", "coach", "controller", "head"])
@pytest.mark.parametrize("page", ["dashboard", "search", "check_all"])
def test_only_an_auditor_comes_in(db, page, role):
    user = person("somebody", *([role] if role else []))
    assert as_user(user).get(reverse(f"reports:{page}")).status_code == 403


@pytest.mark.parametrize(("role", "status"), [("auditor", 200), ("controller", 200), ("head", 200), ("officer", 403), ("juror", 403)])
def test_who_may_take_records_out(db, role, status):
    client = as_user(person("somebody", role))
    assert client.get(reverse("reports:exports")).status_code == status
    posted = client.post(reverse("reports:exports"), {"kind": "ledger", "form": "csv"})
    assert posted.status_code == (302 if status == 200 else 403)
    assert Export.objects.exists() is (status == 200)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_stands_empty(auditor, page):
    assert auditor.get(reverse(f"reports:{page}")).status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_the_room_is_read_only(auditor, method):
    assert getattr(auditor, method)(reverse("reports:dashboard")).status_code == 405


# ── what it shows ─────────────────────────────────────────────────────────────────────────────────────────────
def test_the_dashboard_counts_dossiers_and_money(auditor, assessed):
    decide(assessed.propose(), assessed.house, assessed.at)
    text = auditor.get(reverse("reports:dashboard"), headers={"accept-language": "nl"}).content.decode().replace("\xa0", " ")
    assert assessed.game.call.reference in text
    assert "€ 95.000,00" in text
    assert "€ 5.000,00" in text


def test_a_dossier_shows_its_whole_trail(auditor, assessed):
    decide(assessed.propose(), assessed.house, assessed.at)
    reference = assessed.application.reference
    text = auditor.get(reverse("reports:dossier", args=[reference])).content.decode()
    events = Event.objects.filter(chain=f"dossier:{reference}")
    for event in events:
        assert event.hash[:12] in text
        assert event.kind in text
    assert Letter.objects.get(kind="award").sha256[:12] in text
    assert auditor.get(reverse("reports:dossier", args=["ZZ99-0001"])).status_code == 404


def test_the_check_tells_what_it_found(auditor, assessed):
    reference = assessed.application.reference
    where = reverse("reports:check", args=["dossier", reference])
    whole = auditor.get(where, headers={"accept-language": "en"})
    assert "Nothing was changed" in whole.content.decode()
    Event.objects.filter(chain=f"dossier:{reference}", seq=2).update(after="awarded")
    part = auditor.get(where, headers={"hx-request": "true", "accept-language": "en"}).content.decode()
    assert "The trail is broken" in part
    assert f"dossier:{reference} #2" in part
    assert "<html" not in part


def test_the_trail_of_a_call(auditor, minifund):
    text = auditor.get(reverse("reports:call", args=[minifund.call.reference])).content.decode()
    assert "stage.announce" in text


def test_search_finds_by_reference_person_title_and_euro(assessed):
    case = Application.objects.get(pk=assessed.application.pk)
    other = Case(assessed.game, day=2, amount="4321.50").application
    for text in (case.reference, case.reference.lower(), case.applicant.name, case.applicant.email):
        assert case in find(text)
    assert list(find("4.321,50")) == [other]
    assert list(find("€ 4.321,50")) == [other]
    assert set(find("")) == set()
    assert list(find("no such thing")) == []
    Application.objects.filter(pk=case.pk).update(awarded=Decimal(777))
    assert list(find("777")) == [case]


def test_search_shows_what_it_found(auditor, assessed):
    page = auditor.get(reverse("reports:search"), {"q": assessed.application.reference}).content.decode()
    assert reverse("reports:dossier", args=[assessed.application.reference]) in page
    assert auditor.get(reverse("reports:search"), {"q": "x" * 500, "page": "none"}).status_code == 200


# ── in how many queries ───────────────────────────────────────────────────────────────────────────────────────
def queries_of(django_assert_max_num_queries, client, url):
    with django_assert_max_num_queries(50) as context:
        assert client.get(url).status_code == 200
    return len(context.captured_queries)


@pytest.mark.parametrize("page", ["dashboard", "search", "dossier"])
def test_a_list_costs_the_same_however_long(auditor, minifund, django_assert_max_num_queries, page):
    first = Case(minifund).application
    urls = {
        "dashboard": reverse("reports:dashboard"),
        "search": reverse("reports:search") + "?q=" + minifund.call.reference,
        "dossier": reverse("reports:dossier", args=[first.reference]),
    }
    few = queries_of(django_assert_max_num_queries, auditor, urls[page])
    for day in (2, 3, 4):
        Case(minifund, day=day)
    assert queries_of(django_assert_max_num_queries, auditor, urls[page]) == few
    assert few <= 12


def test_the_history_of_exports_costs_the_same_however_long(auditor, db, django_assert_max_num_queries):
    def ask():
        user = person("controller", "controller")
        ask_export(kind="ledger", form="csv", scope=Scope(), actor=user, at=database_now())

    ask()
    few = queries_of(django_assert_max_num_queries, auditor, reverse("reports:exports"))
    for _ in range(4):
        ask()
    assert queries_of(django_assert_max_num_queries, auditor, reverse("reports:exports")) == few


# ── exports ───────────────────────────────────────────────────────────────────────────────────────────────────
def test_an_export_is_asked_made_and_fetched(auditor, assessed, django_capture_on_commit_callbacks):
    app.conf.task_always_eager = True
    try:
        with django_capture_on_commit_callbacks(execute=True):
            auditor.post(reverse("reports:exports"), {"kind": "workbook", "form": "xlsx", "call": assessed.game.call.reference})
    finally:
        app.conf.task_always_eager = False
    made = Export.objects.get()
    assert made.status == ExportStatus.DONE
    response = auditor.get(reverse("reports:export", args=[made.pk]))
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response)[:2] == b"PK"
    row = auditor.get(reverse("reports:export_progress", args=[made.pk])).content.decode()
    assert "hx-trigger" not in row, "what is made is not asked for again"


def test_an_export_underway_is_polled_and_not_there_yet(auditor, minifund):
    made = ask_export(kind="ledger", form="csv", scope=Scope(), actor=person("head", "head"), at=minifund.at)
    row = auditor.get(reverse("reports:export_progress", args=[made.pk])).content.decode()
    assert reverse("reports:export_progress", args=[made.pk]) in row
    assert auditor.get(reverse("reports:export", args=[made.pk])).status_code == 404


@pytest.mark.parametrize("said", [{"kind": "workbook", "form": "csv"}, {"kind": "x", "form": "xlsx"}, {"kind": "ledger", "form": "pdf"}, {}])
def test_what_cannot_be_asked_is_said_on_the_form(auditor, said):
    response = auditor.post(reverse("reports:exports"), said)
    assert response.status_code == 422
    assert not Export.objects.exists()


# ── letters ───────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_letter_is_read_by_the_applicant_and_that_is_noted_once(minifund):
    case = Case(minifund).application
    deliver()
    letter = Letter.objects.get()
    client = as_user(case.applicant)
    response = client.get(reverse("workflows:letter", args=[letter.pk]))
    assert b"".join(response).startswith(b"%PDF")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{case.reference}-receipt.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    letter.refresh_from_db()
    first = letter.read_at
    assert first is not None
    b"".join(client.get(reverse("workflows:letter", args=[letter.pk])))
    letter.refresh_from_db()
    assert letter.read_at == first


def test_an_auditor_reading_a_letter_is_not_the_applicant_reading_it(auditor, minifund):
    Case(minifund)
    deliver()
    letter = Letter.objects.get()
    b"".join(auditor.get(reverse("workflows:letter", args=[letter.pk])))
    letter.refresh_from_db()
    assert letter.read_at is None


def test_another_applicant_does_not_get_a_letter(minifund):
    Case(minifund)
    deliver()
    other = Case(minifund, day=2).application.applicant
    where = reverse("workflows:letter", args=[Letter.objects.get().pk])
    assert as_user(other).get(where).status_code == 404
    assert Client().get(where).status_code == 302
    assert Letter.objects.get().read_at is None


def test_a_decision_cannot_be_read_before_it_is_made_known(assessed):
    decision = decide(assessed.propose(), assessed.house, assessed.at, publish=False)
    where = reverse("workflows:letter", args=[decision.letters.get().pk])
    client = as_user(assessed.application.applicant)
    assert client.get(where).status_code == 404
    perform(DecisionMachine, "publish", pk=decision.pk, actor=assessed.house.signatory, at=assessed.at)
    response = client.get(where)
    b"".join(response)
    assert response.status_code == 200


def test_staff_look_at_a_letter_beside_its_facts_before_it_is_signed(assessed):
    decision = assessed.propose()
    client = as_user(assessed.house.officer)
    text = client.get(reverse("reports:letter_preview", args=[decision.pk])).content.decode().replace("\xa0", " ")
    assert "Wij verlenen u € 5.000,00" in text
    assert "objection.until" in text
    pdf = client.get(reverse("reports:letter_preview_pdf", args=[decision.pk]))
    assert pdf.content.startswith(b"%PDF")
    assert not Letter.objects.filter(decision=decision).exists(), "nothing is stored"


def test_an_applicant_never_sees_a_preview(assessed):
    decision = assessed.propose()
    client = as_user(assessed.application.applicant)
    for name in ("letter_preview", "letter_preview_pdf"):
        assert client.get(reverse(f"reports:{name}", args=[decision.pk])).status_code == 403
    stranger = as_user(person("officer", "officer"))
    assert stranger.get(reverse("reports:letter_preview", args=[decision.pk])).status_code == 404, "who did not declare sees nothing"
