"""The demo at the prompt: a bar per chapter, what came of the story, and what there is to look at."""

import os
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from openpyxl import load_workbook

from reports.management.commands import demo
from tender.models import Application
from tests.factories import deliver, submitted
from tests.workflows.refusals.test_grants import small_grant
from workflows.models import Event, Letter

pytestmark = pytest.mark.django_db


def short_story(now, start, advance):
    """Two chapters in the place of the long ones."""
    start("A grant", 2)
    game, _grant = small_grant()
    advance(1)
    start("An application", 1)
    submitted(game.call, at=game.at)
    advance(1)
    deliver()


@pytest.fixture
def tell(monkeypatch, settings, tmp_path, capsys):
    """Tells a story; gives what was printed, and the shelf."""

    def run(story, *options):
        monkeypatch.setattr(demo, "play", story)
        call_command("demo", *options)
        return capsys.readouterr().out, tmp_path / "to-look-at"

    settings.MEDIA_ROOT = tmp_path / "files"
    monkeypatch.setenv("COLUMNS", "160")
    return run


def test_it_says_what_happened_and_leaves_one_letter_of_each_kind(tell):
    said, shelf = tell(short_story, "--no-serve")
    for bar in ("A grant", "An application"):
        (line,) = [line for line in said.splitlines() if line.startswith(bar)]
        assert {"A grant": "2/2", "An application": "1/1"}[bar] in line, "a chapter that is over has a full bar"
    call = Application.objects.first().call
    (row,) = [line for line in said.splitlines() if call.reference in line and "│" in line]
    assert [cell.strip() for cell in row.strip("│ ").split("│")][1:] == ["1 awarded, 1 submitted", "95,000.00", "5,000.00", "0.00"]
    assert f"2 dossiers, {Event.objects.count()} events, {Letter.objects.count()} letters." in said
    kinds = set(Letter.objects.values_list("kind", flat=True))
    letters = {path.name for path in shelf.glob("*.pdf")}
    assert Letter.objects.filter(kind="receipt").count() == 2
    assert {name.removesuffix(".pdf").split("-", 2)[-1] for name in letters} == kinds
    assert len(letters) == len(kinds)
    assert all(path.read_bytes().startswith(b"%PDF-") for path in shelf.glob("*.pdf"))
    assert load_workbook(shelf / "workbook.xlsx").sheetnames


def test_it_opens_the_doors_unless_told_not(tell, monkeypatch, settings):
    started = []
    monkeypatch.setattr(os, "execv", lambda program, words: started.append((program, words)))
    for options, begun in ((["--no-serve"], 0), (["--serve"], 1), ([], 2)):
        said, _shelf = tell(lambda now, start, advance: None, *options)
        assert "0 dossiers, 0 events, 0 letters." in said
        assert started == [(sys.executable, [sys.executable, str(Path(settings.BASE_DIR) / "bin" / "serve.py")])] * begun
