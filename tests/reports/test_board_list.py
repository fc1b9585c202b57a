"""The list for the board as a file: what was frozen, once per list, sealed, in the language of who drew it up."""

import hashlib

import pytest

from reports.board import print_board_list
from reports.commands.boarding import keep_printed_list
from tender.models import BoardList, Document
from tests.factories import declare
from tests.reading import words_of
from tests.workflows.refusals.test_decisions import agree, take, whole
from tests.workflows.refusals.test_departing import AWARD, WHY, proposed
from workflows.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.prints]
BOARD = ('chain = ["officer", "signatory"]', 'chain = ["officer", "board", "signatory"]')


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def laid_before():
    """Two decisions before the board, of which one departs from the advice."""
    game, (best, weak), at = proposed(5, 1, changes=[BOARD])
    for each in (best, weak):
        declare(each.application, game.house.board, at=at)
    weak = take("depart", weak, game.house.officer, at, **AWARD)
    for each in (best, weak):
        agree("submit_for_check", each, game.house.officer, at)
    return game, at, (best, weak)


def test_the_list_is_printed_once_sealed_and_says_what_was_frozen(laid_before):
    game, at, (best, weak) = laid_before
    whole("draw_up", game, game.house.board, at)
    event = Event.objects.get(kind="stage.draw_up")
    document = keep_printed_list(event=event)
    assert keep_printed_list(event=event) == document
    drawn = BoardList.objects.get()
    assert drawn.printed == document
    with document.file.open() as file:
        pdf = file.read()
    assert hashlib.sha256(pdf).hexdigest() == document.sha256
    assert pdf.startswith(print_board_list(drawn)), "the seal stands behind it"
    said = words_of(pdf)
    for word in (best.application.reference, weak.application.reference, WHY, drawn.code, "20.000,00", "100.000,00", "80.000,00", "(*)"):
        assert word in said, word
    assert "Het advies: afwijzing" in said
    assert drawn.sha256 in said.replace(" ", "")


def test_the_list_in_english_and_without_a_departure(laid_before):
    game, at, (_best, weak) = laid_before
    take("send_back", weak, game.house.officer, at, reason="Toch niet.")
    type(game.house.officer).objects.filter(pk=game.house.officer.pk).update(language="en")
    whole("draw_up", game, type(game.house.officer).objects.get(pk=game.house.officer.pk), at)
    said = words_of(print_board_list(BoardList.objects.get()))
    assert "List for the board" in said
    assert "Otherwise than advised" not in said
    assert "10,000.00" in said
    assert not Document.objects.exists()
