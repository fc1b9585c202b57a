"""The page where anybody checks a letter: yes or no, and nothing of what it says."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories import decide, deliver
from tests.reading import content_of
from workflows.models import Letter

pytestmark = [pytest.mark.django_db, pytest.mark.prints]
PAGE = "/brief/controleren/"


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def asked(client, content):
    return client.post(PAGE, {"file": SimpleUploadedFile("brief.pdf", content)})


def test_a_letter_of_ours_is_known_and_nothing_of_it_is_told(client, assessed):
    deliver()
    letter = Letter.objects.get(kind="receipt")
    page = asked(client, content_of(letter))
    assert page.status_code == 200
    assert page.context["ours"]
    text = page.content.decode()
    assert letter.sha256 in text
    assert letter.application.reference not in text
    assert letter.application.title not in text
    assert "no-store" in page["Cache-Control"]


def test_another_byte_is_another_file(client, assessed):
    deliver()
    changed = content_of(Letter.objects.get(kind="receipt")) + b"\n"
    page = asked(client, changed)
    assert page.status_code == 200
    assert not page.context["ours"]
    assert hashlib.sha256(changed).hexdigest() in page.content.decode()


def test_a_letter_that_is_not_sent_yet_is_not_known(client, assessed):
    decision = decide(assessed.propose(), assessed.house, assessed.at, publish=False)
    letter = decision.letters.get()
    assert not asked(client, content_of(letter)).context["ours"]
    type(decision).objects.filter(pk=decision.pk).update(published_at=decision.signed_at)
    assert asked(client, content_of(letter)).context["ours"]


@pytest.mark.parametrize("given", [{}, {"file": "no file"}])
def test_without_a_file_it_says_so(client, given):
    page = client.post(PAGE, given)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["file"]


def test_an_empty_file_is_one_that_we_do_not_know(client):
    page = asked(client, b"")
    assert (page.status_code, page.context["ours"]) == (200, False)


def test_the_page_is_there_for_everybody(client):
    page = client.get(PAGE)
    assert page.status_code == 200
    assert not page.context["sha256"]
