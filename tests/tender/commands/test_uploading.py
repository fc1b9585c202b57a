"""Files of a draft: where a question takes one, by who may write, while they may."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from tender.commands import uploading
from tender.commands.uploading import attach, detach
from tender.models import Application, Document
from tests.factories import dossier, open_call, person, png_file, publish, submitted
from tests.tender.commands.test_reporting import Reporting

pytestmark = pytest.mark.django_db
PNG = png_file()


@pytest.fixture
def game(db):
    return open_call(publish("minifund"))


def put(case, key="picture", actor=None):
    return attach(pk=case.pk, key=key, upload=SimpleUploadedFile("foto.png", PNG), actor=actor or case.applicant, at=case.draft_saved_at)


def take_out(case, key="picture", actor=None):
    detach(pk=case.pk, key=key, actor=actor or case.applicant, at=case.draft_saved_at)


def stored():
    return list(Document.objects.values()), list(Application.objects.order_by("pk").values())


def test_a_file_lies_only_where_a_question_takes_one_and_only_who_writes_lays_it_there(game):
    case, sent = dossier(game.call, at=game.at), submitted(game.call, at=game.at)
    put(case)
    for about in ((case, "title"), (case, "invented"), (case, "picture", person("stranger")), (case, "picture", sent.applicant), (sent,)):
        for attempt in (put, take_out):
            before = stored()
            with pytest.raises(PermissionDenied):
                attempt(*about)
            assert stored() == before


def test_taking_a_file_out_empties_the_answer_and_keeps_what_was_handed_in(game):
    case = dossier(game.call, at=game.at)
    picture = put(case)
    assert Application.objects.get(pk=case.pk).draft["picture"] == str(picture.pk)
    take_out(case)
    assert Application.objects.get(pk=case.pk).draft["picture"] is None
    assert Document.objects.get(pk=picture.pk).removed_at == case.draft_saved_at


@pytest.mark.django_db(transaction=True)
def test_a_file_is_looked_at_before_anything_is_locked(monkeypatch):
    """Nothing runs around these commands in a request: PostgreSQL refuses a lock outside a transaction, so both must open one themselves."""
    game = open_call(publish("minifund"))
    case = dossier(game.call, at=game.at)
    outside, looked = [], uploading.check

    def look(*about):
        outside.append(not connection.in_atomic_block)
        return looked(*about)

    monkeypatch.setattr(uploading, "check", look)
    assert put(case).name == "foto.png"
    reporting = Reporting()
    reporting.take("start")
    assert reporting.attach().name == "foto.png"
    assert outside == [True, True]
