"""The list the board signed: kept once, with its hash, from who may; and nothing else is taken for one."""

import hashlib

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext

from tender.models import Document
from tests.factories import open_call, publish
from workflows.commands import Refused
from workflows.commands.boarding import MOST_BYTES, board_lists, keep_board_list

pytestmark = pytest.mark.django_db
PDF, JPEG = b"%PDF-1.7 lijst", b"\xff\xd8\xff\xe0 lijst"


@pytest.fixture
def game(db):
    return open_call(publish("crossover"))


def keep(game, actor, content):
    file = SimpleUploadedFile("lijst", content)
    return keep_board_list(stage=game.stage(3), file=file, actor=actor, at=game.at)


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


@pytest.mark.parametrize("content", [b"<html>", b"MZ\x90", b"%PDF-" + bytes(MOST_BYTES)])
def test_what_is_no_such_list_is_refused_in_words(game, content):
    with pytest.raises(Refused) as said:
        keep(game, game.house.board, content)
    assert said.value.reasons == (gettext("Add the signed list as a PDF, PNG or JPEG of at most 20 MB."),)
    assert not Document.objects.exists()
