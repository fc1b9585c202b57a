"""Drafts: saved as typed, never lost, never silently overwritten; files by what is in them."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tender.clock import database_now
from tender.enums import Role
from tender.models import Document, Membership
from tender.pages import drafting
from tender.schemes.answers import gaps
from tender.schemes.cleaning import clean
from tests.factories import answers_for, applicant, declare, dossier, open_call, pdf_file, person, publish, submitted
from tests.tender.pages.filled import data_for

pytestmark = pytest.mark.django_db
PDF = pdf_file()
AUTOSAVE = {"HX-Request": "true", "HX-Trigger": "answers"}


@pytest.fixture
def game():
    return open_call(publish("crossover"), at=database_now() - timedelta(days=2))


@pytest.fixture
def case(client, game):
    """A draft, with its applicant signed in."""
    made = dossier(game.call, at=game.at)
    client.force_login(made.applicant)
    return made


def page_of(case, section="idea"):
    return reverse("tender:section", args=[case.reference, section])


def seen_on(client, url):
    return client.get(url).context["seen"]


def test_what_is_wrong_is_kept_and_told(client, case):
    long = "woord " * 400
    response = client.post(page_of(case), {"q-title": "Licht", "q-summary": long})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"summary"}
    case.refresh_from_db()
    assert case.draft["title"] == "Licht"
    assert case.draft["summary"] == long
    again = client.get(page_of(case))
    assert again.context["form"]["summary"].value() == long
    assert again.context["form"].errors


@pytest.mark.parametrize("name", ["crossover", "minifund", "pressure_cooker", "hub_support"])
def test_every_kind_of_field_is_kept_as_it_was_answered(client, name):
    game = open_call(publish(name), at=database_now() - timedelta(days=2))
    case = dossier(game.call, at=game.at)
    client.force_login(case.applicant)
    form = case.rules.form
    files = {field.key for field in form.fields() if field.kind == "file"}
    answers = {key: value for key, value in answers_for(form).items() if key not in files}
    for section in form.sections:
        response = client.post(page_of(case, section.key), data_for(section, answers))
        assert response.status_code == 302, response.context["form"].errors
        assert client.get(page_of(case, section.key)).status_code == 200
    case.refresh_from_db()
    assert {key: value for key, value in case.draft.items() if value is not None} == {
        key: clean(form.field(key), value) for key, value in answers.items()
    }


def test_what_was_begun_on_one_device_goes_on_on_another(client, case):
    client.post(page_of(case), {"q-title": "Licht", "seen": seen_on(client, page_of(case))}, headers=AUTOSAVE)
    phone = Client()
    phone.force_login(case.applicant)
    there = phone.get(page_of(case))
    assert there.context["form"]["title"].value() == "Licht"
    phone.post(page_of(case), {"q-title": "Licht en donker", "seen": there.context["seen"]}, headers=AUTOSAVE)
    assert client.get(page_of(case)).context["form"]["title"].value() == "Licht en donker"


def test_saving_by_itself_keeps_quiet_and_remembers(client, case):
    url = page_of(case)
    seen = seen_on(client, url)
    for text in ("L", "Li", "Licht"):
        response = client.post(url, {"q-title": text, "seen": seen}, headers=AUTOSAVE)
        assert response.status_code == 200
        seen = re.search(r'name="seen" value="([^"]*)"', response.content.decode())[1]
    case.refresh_from_db()
    assert case.draft["title"] == "Licht"


def test_a_page_on_which_nothing_is_typed_saves_itself_too(client, case):
    url = page_of(case)
    assert client.post(url, {"q-title": "", "seen": seen_on(client, url)}, headers=AUTOSAVE).status_code == 200
    case.refresh_from_db()
    assert not case.draft.get("title")


@pytest.fixture
def overtaken(client, game):
    """Somebody opened a page; then a colleague wrote in the same question. What the first page showed comes with it."""
    user, organisation = applicant()
    other = person("other")
    Membership.objects.create(organisation=organisation, user=other, role=Role.EDITOR)
    case = dossier(game.call, user=user, organisation=organisation, at=game.at)
    client.force_login(user)
    seen = seen_on(client, page_of(case))
    client.force_login(other)
    client.post(page_of(case), {"q-title": "Van de ander", "seen": seen})
    client.force_login(user)
    return case, {"q-title": "Van mij", "seen": seen}


def test_two_writers_see_both_texts_and_nothing_is_lost(client, overtaken):
    case, typed = overtaken
    assert client.post(page_of(case), typed, headers=AUTOSAVE).status_code == 409
    response = client.post(page_of(case), typed)
    assert response.status_code == 409
    assert "Van de ander" in response.content.decode()
    assert response.context["form"]["title"].value() == "Van mij"
    case.refresh_from_db()
    assert case.draft["title"] == "Van de ander"


def test_a_file_sent_from_a_window_left_behind_does_not_pass_for_having_seen_both(client, overtaken):
    case, typed = overtaken
    response = client.post(page_of(case), {**typed, "q-sketch": SimpleUploadedFile("plan.pdf", PDF)}, headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Reswap"]) == (409, "none")
    assert b'id="overtaken"' in response.content
    assert b'name="seen"' not in response.content
    assert case.documents.count() == 1, "the file itself is nobody else's text"


def test_who_saw_both_texts_may_put_the_own_in_its_place(client, overtaken):
    case, typed = overtaken
    seen = client.post(page_of(case), typed).context["seen"]
    assert client.post(page_of(case), {**typed, "seen": seen}).status_code == 302
    case.refresh_from_db()
    assert case.draft["title"] == "Van mij"


def test_two_writers_in_two_questions_do_not_meet(client, case):
    url = page_of(case)
    seen = seen_on(client, url)
    client.post(url, {"q-title": "Een", "seen": seen})
    assert client.post(url, {"q-makers": "Twee", "seen": seen}).status_code == 302
    case.refresh_from_db()
    assert (case.draft["title"], case.draft["makers"]) == ("Een", "Twee")


def test_a_question_that_comes_up_keeps_one_on_the_page(client, case):
    url = page_of(case, "aid")
    hidden = client.get(url).context["hidden"]
    assert hidden == "aid_received"
    response = client.post(url, {"q-aid_before": "yes", "q-aid_received": "", "hidden": hidden})
    assert response.url.startswith(url)
    assert client.get(url).context["hidden"] == ""


def test_a_row_is_removed_by_its_box_or_by_emptying_it(client, case):
    url = page_of(case, "consortium")
    rows = {f"q-partners-{place}-name": name for place, name in enumerate(["Een", "", "Drie"])}
    client.post(url, {**rows, "q-partners-2-DELETE": "on"})
    case.refresh_from_db()
    assert [row["name"] for row in case.draft["partners"]] == ["Een"]


def upload(client, case, content=PDF, name="plan.pdf", **extra):
    return client.post(page_of(case), {"q-sketch": SimpleUploadedFile(name, content), **extra})


def test_a_file_goes_along_and_comes_back_only_to_who_may_read(client, case):
    assert upload(client, case, name="../../mijn <plan>.exe").status_code == 302
    document = Document.objects.get()
    case.refresh_from_db()
    assert case.draft["sketch"] == str(document.pk)
    assert document.name == "mijn plan.pdf"
    assert "plan" not in document.file.name
    url = reverse("tender:document", args=[document.pk])
    sent = client.get(url)
    assert b"".join(sent.streaming_content) == PDF
    assert sent["Content-Disposition"].startswith("attachment")
    assert sent["X-Content-Type-Options"] == "nosniff"
    client.force_login(person("stranger"))
    assert client.get(url).status_code == 404
    client.logout()
    assert client.get(url).status_code == 302


NOT_TAKEN = {
    "a program": (b"MZ\x90\x00\x03" + b"\0" * 60, "plan.pdf"),
    "nothing": (b"", "plan.pdf"),
    "a page with a script": (b"<html><script>", "plan.png"),
    "an archive": (b"PK\x03\x04" + b"\0" * 40, "plan.pdf"),
}


@pytest.mark.parametrize(("content", "name"), NOT_TAKEN.values(), ids=NOT_TAKEN)
def test_a_file_is_judged_by_what_is_in_it(client, case, content, name):
    response = upload(client, case, content=content, name=name, **{"q-title": "Blijft"})
    assert response.status_code == 422
    assert "sketch" in response.context["form"].errors
    assert not Document.objects.exists()
    case.refresh_from_db()
    assert case.draft["title"] == "Blijft"


def test_a_file_may_not_be_too_large(client, case):
    response = upload(client, case, content=PDF + b"0" * (10 * 1024 * 1024))
    assert response.status_code == 422
    assert not Document.objects.exists()


def test_another_file_takes_the_place_and_removing_empties_it(client, case):
    upload(client, case)
    upload(client, case, content=pdf_file("2"))
    assert Document.objects.filter(removed_at=None).count() == 1
    response = client.post(page_of(case), {"remove": "sketch", "q-title": "Blijft"})
    assert response.status_code == 302
    case.refresh_from_db()
    assert case.draft["sketch"] is None
    assert case.draft["title"] == "Blijft"
    assert not Document.objects.filter(removed_at=None).exists()


def test_nobody_points_at_the_file_of_another(client, case, game):
    other = dossier(game.call, at=game.at)
    client.force_login(other.applicant)
    upload(client, other)
    theirs = Document.objects.get()
    client.force_login(case.applicant)
    client.post(page_of(case), {"q-sketch": str(theirs.pk), "q-title": "x"})
    case.refresh_from_db()
    assert not case.draft.get("sketch")


def test_staff_read_what_was_handed_in_and_not_what_is_still_written(client, game):
    case = dossier(game.call, at=game.at)
    client.force_login(case.applicant)
    upload(client, case)
    document = Document.objects.get()
    case = submitted(game.call, at=game.at, case=case, sketch=str(document.pk))
    client.force_login(game.house.officer)
    url = reverse("tender:document", args=[document.pk])
    assert client.get(url).status_code == 404
    declare(case, game.house.officer, at=game.at)
    response = client.get(url)
    assert response.status_code == 200
    assert b"".join(response.streaming_content)
    Document.objects.filter(pk=document.pk).update(removed_at=database_now())
    assert b"".join(client.get(url).streaming_content)


def test_what_was_handed_in_is_closed_to_writing(client, game):
    case = submitted(game.call, at=game.at)
    client.force_login(case.applicant)
    before = case.draft
    response = client.post(page_of(case), {"q-title": "Anders"})
    assert response.url == reverse("workflows:dossier", args=[case.reference])
    case.refresh_from_db()
    assert case.draft == before


def test_a_viewer_cannot_write(client, game):
    user, organisation = applicant()
    viewer = person("viewer")
    Membership.objects.create(organisation=organisation, user=viewer, role=Role.VIEWER)
    case = dossier(game.call, user=user, organisation=organisation, at=game.at)
    client.force_login(viewer)
    assert client.post(page_of(case), {"q-title": "x"}).status_code == 302
    case.refresh_from_db()
    assert "title" not in case.draft


def test_too_much_text_at_once_says_so(client, case):
    response = client.post(page_of(case), {"q-title": "x" * (10 * 1024 * 1024)})
    assert response.status_code == 413
    assert "tender/too_large.html" in {template.name for template in response.templates}
    case.refresh_from_db()
    assert "title" not in case.draft


def test_a_little_too_much_text_says_by_how_much(client, case):
    response = client.post(page_of(case), {"q-makers": "x" * 100_000})
    assert response.status_code == 422
    assert response.context["form"]["makers"].value() == "x" * 100_000


def test_a_section_that_is_not_there(client, case):
    assert client.get(page_of(case, "nowhere")).status_code == 404


def test_the_cell_that_is_wrong_is_marked(client, case):
    answers = answers_for(case.rules.form)
    rows = [answers["partners"][0], {**answers["partners"][1], "kvk": "1234"}]
    section = next(each for each in case.rules.form.sections if each.key == "consortium")
    page = client.post(page_of(case, "consortium"), data_for(section, {**answers, "partners": rows}))
    (question,) = [each for each in page.context["questions"] if each.field.key == "partners"]
    assert [cell.name for row in question.rows for cell in row if cell.wrong] == ["q-partners-1-kvk"]
    assert "Partner 2: " in question.bound.errors[0]
    assert page.content.decode().count('aria-describedby="id_q-partners_error ') == 1


def test_sums_that_differ_are_told_in_euros():
    form = publish("minifund").definition.stages[0].form
    answers = answers_for(form, own_money="0", crowdfunding=None, **{form.amount: "5000.00"})
    rows = [{**answers["costs"][0], "amount": "1250.50"}]
    (gap,) = [each for each in gaps(form, {**answers, "costs": rows}) if each.field == "costs"]
    assert "€\u00a01.250,50" in gap.message
    assert "€\u00a05.000" in gap.message


def test_a_section_that_another_took_out_of_the_form_meanwhile_still_tells_what_is_wrong(client, case, monkeypatch):
    looked, every = [], drafting.open_sections

    def fewer_after_the_first_look(application):
        looked.append(application)
        return every(application)[0 if len(looked) == 1 else 1 :]

    monkeypatch.setattr(drafting, "open_sections", fewer_after_the_first_look)
    page = client.post(page_of(case), {"q-summary": "woord " * 400})
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"summary"}
