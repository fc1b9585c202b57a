"""The list the board signed: kept once, with its hash, from who may; and nothing else is taken for one."""

import hashlib

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext

from tender.models import BoardList, Document
from tests.factories import jpeg_file, open_call, pdf_file, publish
from workflows.commands import Refused
from workflows.commands.boarding import MOST_MEGABYTES, board_lists, keep_board_list

pytestmark = pytest.mark.django_db
PDF, JPEG = pdf_file("lijst"), jpeg_file()


@pytest.fixture
def game(db):
    return open_call(publish("crossover"))


def keep(game, actor, content):
    file, stage = SimpleUploadedFile("lijst", content), game.stage(3)
    said = {"rows": {}, "facts": {}, "made_by": game.house.officer, "made_at": game.at}
    drawn, _new = BoardList.objects.get_or_create(stage=stage, sha256="0" * 64, language="nl", defaults=said)
    return keep_board_list(stage=stage, file=file, signs=drawn, actor=actor, at=game.at)


def test_the_board_or_an_officer_adds_it(game):
    for stranger in ("reader", "controller", "signatory", "head", "auditor"):
        with pytest.raises(PermissionDenied):
            keep(game, getattr(game.house, stranger), PDF)
    assert not Document.objects.exists()
    first = keep(game, game.house.board, PDF)
    assert keep(game, game.house.officer, PDF) == first, "the same list again is the same document"
    other = keep(game, game.house.officer, JPEG)
    assert (first.content_type, first.size, first.sha256) == ("application/pdf", len(PDF), hashlib.sha256(PDF).hexdigest())
    with first.file.open() as kept:
        assert kept.read() == PDF
    assert {each.pk for each in board_lists(game.stage(3))} == {first.pk, other.pk}
    assert board_lists(game.stage(1)) == []
    assert {each.signs for each in board_lists(game.stage(3))} == {BoardList.objects.get()}


WRONG = ("We cannot take this kind of file, whatever its name says. Send one of these: %(kinds)s.", {"kinds": "PDF, PNG, JPEG"})
LARGE = ("This file is too large: at most %(most)d MB. Make it smaller, or choose another one.", {"most": MOST_MEGABYTES})


@pytest.mark.parametrize(
    ("content", "said"), [(b"<html>", WRONG), (b"MZ\x90", WRONG), (b"%PDF-" + bytes(MOST_MEGABYTES * 1024 * 1024), LARGE)]
)
def test_what_is_no_such_list_is_refused_in_words(game, content, said):
    with pytest.raises(Refused) as refused:
        keep(game, game.house.board, content)
    assert refused.value.reasons == (gettext(said[0]) % said[1],)
    assert not Document.objects.exists()
