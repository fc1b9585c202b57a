"""Files of a draft over HTTP: what is hostile or too much is told beside its question, what was typed stays, and nothing is lost unseen."""

import re
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import PurePath

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from PIL import Image

from tender import uploads
from tender.clock import database_now
from tender.enums import Role
from tender.inspecting import inspect
from tender.models import Document, Membership
from tender.opening import Fault
from tender.scanning import NoAnswer
from tender.schemes.figures import AnswerFault
from tests.factories import applicant, dossier, film_file, jpeg_file, open_call, pdf_file, person, png_file, publish
from tests.factories.files import WEBM
from tests.tender.pages.test_drafting import page_of
from tests.tender.test_opening import HOSTILE, bomb
from tests.tender.test_scanning import clamd

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def apart(settings, tmp_path):
    """Files of one test alone, so that what lies there can be counted; and words in English."""
    settings.MEDIA_ROOT = tmp_path
    with translation.override("en"):
        yield


@pytest.fixture
def case(client):
    """A draft, with its applicant signed in and reading English."""
    game = open_call(publish("crossover"), at=database_now() - timedelta(days=2))
    made = dossier(game.call, at=game.at)
    return sign_in(client, made, made.applicant)


def sign_in(client, case, user):
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return case


def send(client, case, content, name="plan.pdf", **extra):
    return client.post(page_of(case), {"q-sketch": SimpleUploadedFile(name, content), **extra})


def kept():
    """Rows, and what lies in the store."""
    lies = default_storage.listdir("documents")[1] if default_storage.exists("documents") else []
    return list(Document.objects.values_list("pk", "removed_at")), lies


def office_file(inside):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr(inside, bytes(1024 * 1024))
    return out.getvalue()


SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
TOLD = {
    "a zip bomb": (office_file("veel.bin"), "plan.pdf", "We cannot take this kind of file"),
    "a document with macros": (office_file("word/vbaProject.bin"), "plan.docm", "We cannot take this kind of file"),
    "a drawing with a script": (SCRIPT, "logo.png", "We cannot take this kind of file"),
    "a film where none is asked": (film_file(), "film.mp4", "Send one of these: PDF, PNG, JPEG"),
    "a picture bomb": (bomb(20_000, 20_000), "foto.png", "too large: at most 50 million pixels"),
    "eleven bytes": (HOSTILE["eleven bytes"][0], "plan.pdf", "This file does not open"),
    "a PDF with JavaScript": (HOSTILE["a script on opening"][0], "plan.pdf", "This PDF holds a program (JavaScript"),
    "a locked PDF": (HOSTILE["a password"][0], "plan.pdf", "This PDF is locked with a password"),
    "a PDF with macros inside": (HOSTILE["a file inside"][0], "plan.pdf", "There are other files inside this PDF"),
    "nothing": (b"", "plan.pdf", "This file is empty"),
}


@pytest.mark.parametrize(("content", "name", "said"), TOLD.values(), ids=TOLD)
def test_what_is_not_taken_is_told_beside_its_question(client, case, content, name, said):
    response = send(client, case, content, name, **{"q-title": "Blijft"})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"sketch"}
    (fault,) = response.context["form"].errors["sketch"]
    assert said in fault
    question = response.content.decode().partition('id="question-q-sketch"')[2]
    assert said in re.sub(r"&#x27;", "'", question)
    case.refresh_from_db()
    assert (case.draft["title"], case.draft.get("sketch")) == ("Blijft", None)
    assert kept() == ([], [])


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault.MEDIA, "There is film, sound or 3D inside this PDF"),
        (Fault.NO_PAGES, "There are no pages in this PDF"),
        (Fault.MANY_PAGES, "This PDF has too many pages: at most 500"),
        (Fault.BOMB, "This file unpacks to far more than it is"),
        (Fault.SLOW, "It takes too long to look through this file"),
    ],
)
def test_every_fault_has_its_words(monkeypatch, fault, said):
    monkeypatch.setattr("tender.confined.fault_in", lambda kind, content: fault)
    with pytest.raises(AnswerFault) as told:
        inspect("pdf", BytesIO(pdf_file()))
    assert told.value.message.startswith(said)


def test_only_one_file_stands_at_a_question(client, case):
    two = [SimpleUploadedFile("een.pdf", pdf_file()), SimpleUploadedFile("twee.pdf", pdf_file("2"))]
    response = client.post(page_of(case), {"q-sketch": two, "q-title": "Blijft"})
    assert response.context["form"].errors["sketch"] == ["Only one file can be kept here; you sent 2. Put them together in one file."]
    assert kept() == ([], [])


def test_a_dossier_takes_so_many_files_and_so_much_together(client, case, monkeypatch):
    monkeypatch.setattr("tender.commands.uploading.MOST_FILES", 2)
    for text in ("1", "2"):
        assert send(client, case, pdf_file(text)).status_code == 302
    before = kept()
    response = send(client, case, pdf_file("3"))
    assert "This dossier has taken 2 files, and can take no more" in response.context["form"].errors["sketch"][0]
    monkeypatch.setattr("tender.commands.uploading.MOST_FILES", 200)
    monkeypatch.setattr("tender.commands.uploading.MOST_TOGETHER", 0)
    assert send(client, case, pdf_file("3")).status_code == 422
    assert kept() == before


def test_a_request_larger_than_any_of_ours_is_not_read(client, case):
    response = client.post(page_of(case), {"q-title": "x"}, CONTENT_LENGTH=str(500 * 1024 * 1024))
    assert response.status_code == 413
    case.refresh_from_db()
    assert "title" not in case.draft


def test_a_form_of_1400_inputs_reaches_its_page(client, case):
    parts = ("name", "kvk", "helix", "sector", "contribution", "contact", "email")
    rows = {f"q-partners-{row}-{part}": "x" for row in range(200) for part in parts}
    assert client.post(page_of(case, "consortium"), rows).status_code == 422


# ------------------------------------------------------------------------------------------------------ two at one question
@pytest.fixture
def two(client):
    """A draft of two writers, each with the page open on which the question is still empty."""
    game = open_call(publish("crossover"), at=database_now() - timedelta(days=2))
    user, organisation = applicant()
    other = person("other")
    Membership.objects.create(organisation=organisation, user=other, role=Role.EDITOR)
    return dossier(game.call, user=user, organisation=organisation, at=game.at), user, other


def shown(client, case):
    """Which file the page shows at the question."""
    return re.search(r'name="was-sketch" value="(\d*)"', client.get(page_of(case)).content.decode())[1]


def test_of_two_files_at_one_question_the_second_is_told_and_the_first_stays(client, two):
    case, user, other = two
    sign_in(client, case, user)
    seen = shown(client, case)
    assert seen == ""
    sign_in(client, case, other)
    assert send(client, case, pdf_file("van de ander"), "hun plan.pdf", **{"was-sketch": seen}).status_code == 302
    sign_in(client, case, user)
    before = kept()
    response = send(client, case, pdf_file("van mij"), **{"was-sketch": seen, "q-title": "Blijft"})
    assert response.status_code == 422
    (fault,) = response.context["form"].errors["sketch"]
    assert "put “hun plan.pdf” here" in fault
    assert "Other" in fault
    assert kept() == before
    case.refresh_from_db()
    assert case.draft["title"] == "Blijft"
    again = send(client, case, pdf_file("van mij"), **{"was-sketch": shown(client, case)})
    assert again.status_code == 302, "who saw it may put the own in its place"
    assert Document.objects.get(removed_at=None).name == "plan.pdf"


def test_nobody_takes_away_a_file_that_was_not_seen(client, two):
    case, user, other = two
    sign_in(client, case, user)
    send(client, case, pdf_file("1"))
    seen = shown(client, case)
    sign_in(client, case, other)
    send(client, case, pdf_file("2"), **{"was-sketch": seen})
    sign_in(client, case, user)
    before = kept()
    response = client.post(page_of(case), {"remove": "sketch", "was-sketch": seen})
    assert "While this page was open" in response.context["form"].errors["sketch"][0]
    assert kept() == before
    assert client.post(page_of(case), {"remove": "sketch", "was-sketch": shown(client, case)}).status_code == 302
    assert not Document.objects.filter(removed_at=None).exists()
    gone = send(client, case, pdf_file("3"), **{"was-sketch": seen})
    assert "was taken away while this page was open" in gone.context["form"].errors["sketch"][0]


def test_the_same_file_once_more_over_a_bad_line_is_no_conflict(client, case):
    assert send(client, case, pdf_file(), **{"was-sketch": ""}).status_code == 302
    assert send(client, case, pdf_file(), **{"was-sketch": ""}).status_code == 302
    assert Document.objects.filter(removed_at=None).count() == 1


# ------------------------------------------------------------------------------------------------------------- the scanner
def test_a_clean_file_is_kept_with_the_moment_it_was_looked_at(client, case, settings):
    assert "Files are not checked for viruses here." in client.get(page_of(case)).content.decode()
    with clamd(b"stream: OK\0", settings) as scanner:
        assert "We check each file for viruses." in client.get(page_of(case)).content.decode()
        assert send(client, case, pdf_file()).status_code == 302
    assert scanner.taken == pdf_file()
    assert Document.objects.get().scanned_at is not None


def test_without_a_scanner_nothing_is_said_to_be_clean(client, case):
    assert send(client, case, pdf_file()).status_code == 302
    assert Document.objects.get().scanned_at is None


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"stream: Eicar-Test-Signature FOUND\0", "There is a virus in this file (Eicar-Test-Signature)"),
        (b"INSTREAM size limit exceeded. ERROR\0", "We cannot check files for viruses now"),
    ],
)
def test_a_virus_or_no_answer_is_told_and_nothing_is_kept(client, case, settings, answer, said):
    with clamd(answer, settings):
        response = send(client, case, pdf_file(), **{"q-title": "Blijft"})
    assert response.status_code == 422
    assert said in response.context["form"].errors["sketch"][0]
    assert kept() == ([], [])
    case.refresh_from_db()
    assert case.draft["title"] == "Blijft"


def test_a_scanner_that_is_down_lets_nothing_pass(client, case, monkeypatch, settings):
    settings.CLAMD_URL = "unix:///nowhere/clamd.ctl"
    assert "Try again in a few minutes" in send(client, case, pdf_file()).context["form"].errors["sketch"][0]
    monkeypatch.setattr("tender.scanning.virus_in", lambda file: (_ for _ in ()).throw(NoAnswer("slow")))
    assert send(client, case, pdf_file()).status_code == 422
    assert kept() == ([], [])


# ------------------------------------------------------------------------------------------------------------ to look at
def preview_of(client, document):
    return client.get(reverse("tender:document_preview", args=[document.pk]))


@pytest.mark.parametrize("content", [pdf_file(), png_file(800, 400), jpeg_file(800, 400)], ids=["pdf", "png", "jpeg"])
def test_a_file_is_shown_small_to_who_may_read_it(client, case, content):
    send(client, case, content)
    document = Document.objects.get()
    assert reverse("tender:document_preview", args=[document.pk]) in client.get(page_of(case)).content.decode()
    response = preview_of(client, document)
    assert (response.status_code, response["Content-Type"], response["X-Content-Type-Options"]) == (200, "image/png", "nosniff")
    assert "no-store" in response["Cache-Control"]
    with Image.open(BytesIO(response.content)) as picture:
        assert max(picture.size) <= 640
    client.force_login(person("stranger"))
    assert preview_of(client, document).status_code == 404
    client.logout()
    assert preview_of(client, document).status_code == 302


def test_a_small_picture_is_made_once_also_where_there_is_none(client, case, monkeypatch):
    send(client, case, pdf_file())
    document, asked = Document.objects.get(), []
    monkeypatch.setattr("tender.confined.preview_of", lambda kind, content: asked.append(kind) or b"")
    for _time in range(2):
        assert preview_of(client, document).url.endswith("no-preview.svg")
    assert asked == ["pdf"]


def test_a_picture_that_was_not_made_in_time_is_asked_for_again_and_one_of_two_at_once_stays(client, case, monkeypatch):
    send(client, case, pdf_file())
    document, made = Document.objects.get(), [None, png_file(), png_file()]
    before = set(files_in("previews"))

    def make(_kind, _content):
        if len(made) == 2:
            made.pop()
            preview_of(client, document)  # another asks for it in between
        return made.pop(0) if made else png_file()

    monkeypatch.setattr("tender.confined.preview_of", make)
    assert preview_of(client, document).url.endswith("no-preview.svg")
    assert set(files_in("previews")) == before, "a busy machine says nothing of the file"
    assert preview_of(client, document).content == png_file()
    assert set(files_in("previews")) - before == {PurePath(document.file.name).name}


def files_in(folder):
    return default_storage.listdir(folder)[1] if default_storage.exists(folder) else []


# ------------------------------------------------------------------------------------------------------------ short films
@pytest.fixture
def film(client):
    """A film in a draft whose form asks for one."""
    small = open_call(publish("minifund"), at=database_now() - timedelta(days=2))
    case = dossier(small.call, at=small.at)
    sign_in(client, case, case.applicant)
    return case, page_of(case, next(s.key for s in case.rules.form.sections if any(f.key == "picture" for f in s.fields)))


@pytest.mark.parametrize(("content", "kind"), [(film_file(), "video/mp4"), (film_file(b"qt  "), "video/quicktime"), (WEBM, "video/webm")])
def test_a_film_is_kept_and_never_shown_but_as_a_film(client, film, content, kind):
    case, url = film
    client.post(url, {"q-picture": SimpleUploadedFile("proef.exe", content)})
    document = case.documents.get()
    assert document.content_type == kind
    assert "<video" in client.get(url).content.decode()
    sent = client.get(reverse("tender:document", args=[document.pk]))
    assert b"".join(sent.streaming_content) == content
    assert sent["Content-Disposition"].startswith("attachment")
    assert (sent["X-Content-Type-Options"], sent["Accept-Ranges"]) == ("nosniff", "bytes")
    assert "media-src 'self'" in sent["Content-Security-Policy"]


def test_a_film_comes_in_the_parts_that_are_asked_for(client, film):
    case, url = film
    content = film_file(size=5000)
    client.post(url, {"q-picture": SimpleUploadedFile("proef.mp4", content)})
    address = reverse("tender:document", args=[case.documents.get().pk])

    def part(asked):
        return client.get(address, headers={"Range": asked})

    assert (part("bytes=0-99").status_code, part("bytes=0-99").content) == (206, content[:100])
    rest = part("bytes=100-")
    assert (rest.content, rest["Content-Range"]) == (content[100:], f"bytes 100-{len(content) - 1}/{len(content)}")
    assert part("bytes=0-999999").content == content
    assert part("bytes=999999-").status_code == 416
    assert b"".join(part("bytes=0-1,5-6")) == content, "several parts at once: the whole"
    for no_part in ("bytes=5-2", f"bytes={'9' * 5000}-", f"bytes=0-{'9' * 5000}", "bytes=٣-"):
        whole = part(no_part)
        assert (whole.status_code, b"".join(whole)) == (200, content), no_part[:20]
    client.force_login(person("stranger"))
    assert part("bytes=0-99").status_code == 404


def test_a_film_may_be_larger_than_a_document_beside_it(client, film, monkeypatch):
    case, url = film
    monkeypatch.setattr(uploads, "MEGABYTE", 1024)  # 20 and 50 kB, so that no test sends megabytes
    page = client.get(url).content.decode()
    assert "PDF, PNG, JPEG, at most 20 MB; MP4, WEBM, MOV, at most 50 MB" in page
    for content, status in ((film_file(size=45 * 1024), 302), (film_file(size=60 * 1024), 422), (pdf_file() + bytes(25 * 1024), 422)):
        assert client.post(url, {"q-picture": SimpleUploadedFile("x", content)}).status_code == status
    assert case.documents.count() == 1


def test_a_film_that_is_cut_short_is_told(client, film):
    case, url = film
    response = client.post(url, {"q-picture": SimpleUploadedFile("proef.mp4", film_file()[:-1])})
    assert "This file does not open" in response.context["form"].errors["picture"][0]
    assert not case.documents.exists()
