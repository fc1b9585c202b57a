"""What leaves the house: real types, formulas that add up, and never a formula that somebody else wrote."""

import csv
import io
from datetime import datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override
from openpyxl import load_workbook

from reports.commands.exporting import ask_export, make_export
from reports.exports.columns import Scope
from reports.exports.kinds import NotAvailable
from reports.exports.tables import TABLES, event_rows
from reports.exports.writing import FORMULA, plain, typed
from reports.models import Export, ExportStatus
from reports.tasks import sweep
from scoring.models import Mark, MarkChange
from tender.calendar import AMSTERDAM
from tender.models import Application
from tests.factories import asking, decide, open_call, person, publish
from tests.reports.conftest import Case

pytestmark = pytest.mark.django_db
EVIL = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\tTab", "\rReturn", " =1+1", "\uff1d1+1", "\ufeff=1"]


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def told(assessed):
    """A dossier with a published award."""
    assessed.decision = decide(assessed.propose(), assessed.house, assessed.at)
    return assessed


def book(tmp_path, *options, language="en"):
    out = tmp_path / "book.xlsx"
    call_command("export", "workbook", "--out", str(out), "--language", language, *options, stdout=io.StringIO())
    return load_workbook(out)


def column(sheet, head):
    number = next(cell.column for cell in sheet[1] if cell.value == head)
    return [sheet.cell(row, number) for row in range(2, sheet.max_row + 1)]


def test_the_workbook_has_its_sheets_in_both_languages(told, tmp_path):
    assert book(tmp_path).sheetnames == ["Applications", "Scores", "Decisions", "Ledger", "Payments", "State aid", "Events", "Definitions"]
    dutch = book(tmp_path, language="nl").sheetnames
    assert dutch == ["Aanvragen", "Scores", "Besluiten", "Grootboek", "Betalingen", "Staatssteun", "Gebeurtenissen", "Definities"]


def test_cells_have_real_types(told, tmp_path):
    sheet = book(tmp_path)["Applications"]
    case = Application.objects.get(pk=told.application.pk)
    asked, submitted, decide_by = (column(sheet, head)[0] for head in ("Asked", "Submitted", "Decide by"))
    assert (asked.data_type, asked.value) == ("n", 5000)
    assert "€" in asked.number_format
    assert isinstance(submitted.value, datetime)
    assert decide_by.value.date() == case.decide_by
    assert column(sheet, "Reference")[0].value == case.reference


def test_instants_are_as_the_clocks_say_in_amsterdam(told, tmp_path):
    case = Application.objects.get(pk=told.application.pk)
    there = case.submitted_at.astimezone(AMSTERDAM).replace(tzinfo=None, microsecond=0)
    assert column(book(tmp_path)["Applications"], "Submitted")[0].value == there


def test_every_sheet_is_fit_to_work_with(told, tmp_path):
    for sheet in book(tmp_path):
        assert sheet.freeze_panes in {"A2", "B2"}
        assert sheet.auto_filter.ref.startswith("A1:")
        assert all(dimension.width >= 8 for dimension in sheet.column_dimensions.values())
        assert all(cell.font.bold for cell in sheet[1])


def test_totals_are_formulas_over_the_rows(told, tmp_path):
    Case(told.game, day=2)
    sheet = book(tmp_path)["Applications"]
    last = column(sheet, "Asked")[-1]
    assert last.value == "=SUM(M2:M3)"
    assert last.data_type == "f"
    assert sheet.auto_filter.ref == "A1:O3", "the totals stay outside the filter"


def test_the_ledger_adds_up_to_nothing_and_its_pots_to_the_ceiling(told, tmp_path):
    sheet = book(tmp_path)["Ledger"]
    amounts = [Decimal(str(cell.value)) for cell in column(sheet, "Amount")[:-1]]
    names = [cell.value for cell in column(sheet, "Pot")[: len(amounts)]]
    assert sum(amounts) == 0
    made_available = sum(amount for amount, name in zip(amounts, names, strict=True) if name == "made available")
    assert made_available == -told.game.stage().ceiling
    assert {cell.value for cell in column(sheet, "Source")[: len(amounts)]} == {"own means"}
    assert {cell.value for cell in column(sheet, "Year")[: len(amounts)]} == {told.game.call.year}


def test_definitions_explain_every_column(told, tmp_path):
    sheet = book(tmp_path)["Definitions"]
    assert sheet.max_row - 1 == sum(len(table.columns) for table in TABLES.values())
    assert all(cell.value for row in sheet.iter_rows(min_row=2) for cell in row)


@pytest.mark.parametrize("evil", EVIL)
def test_no_text_of_an_applicant_is_a_formula(told, tmp_path, evil):
    Application.objects.filter(pk=told.application.pk).update(title=evil)
    cell = column(book(tmp_path)["Applications"], "Title")[0]
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert cell.value.strip() == evil.strip()
    assert plain(evil, "text") == f"'{evil}"
    assert FORMULA.match(evil)


def test_text_that_no_spreadsheet_can_hold_does_not_break_the_export(told, tmp_path):
    Application.objects.filter(pk=told.application.pk).update(title="bel\x07 🎭 שלום", summary="x")
    assert column(book(tmp_path)["Applications"], "Title")[0].value == "bel\ufffd 🎭 שלום"
    assert len(typed("x" * 40_000, "text")) == 32_767
    assert typed(None, "money") is None
    assert typed("", "text") is None


def test_csv_is_one_table(told, tmp_path):
    out = tmp_path / "decisions.csv"
    call_command("export", "decisions", "--format", "csv", "--out", str(out), "--language", "en", stdout=io.StringIO())
    with out.open(encoding="utf-8-sig", newline="") as text:
        (row,) = csv.DictReader(text)
    assert (row["Reference"], row["Amount"], row["Decision"]) == (told.application.reference, "5000.00", "award")
    assert row["Letter"] == told.decision.letters.get().sha256
    assert datetime.fromisoformat(row["Made known"]).tzinfo is not None


@pytest.mark.parametrize("kind", ["applications", "scores", "decisions", "ledger", "register"])
def test_every_kind_comes_in_both_formats(told, tmp_path, kind):
    for form in ("xlsx", "csv"):
        out = tmp_path / f"{kind}.{form}"
        call_command("export", kind, "--format", form, "--out", str(out), stdout=io.StringIO())
        assert out.stat().st_size > 0


def test_a_call_or_a_year_can_be_picked(told, tmp_path):
    reference = told.game.call.reference
    assert book(tmp_path, "--call", reference)["Applications"].max_row == 3
    assert book(tmp_path, "--year", "1999")["Applications"].max_row == 1
    assert book(tmp_path, "--year", "1999")["Events"].max_row == 1
    with pytest.raises(CommandError, match="no call"):
        book(tmp_path, "--call", "XX99")


@pytest.mark.parametrize(
    ("kind", "form", "says"),
    [
        ("register", "360giving", "not available yet"),
        ("register", "ocds", "not available yet"),
        ("audit", "xlsx", "not available yet"),
        ("workbook", "csv", "There is no"),
        ("nonsense", "xlsx", "There is no"),
    ],
)
def test_what_there_is_not_is_refused_with_what_there_is(db, tmp_path, kind, form, says):
    with pytest.raises(CommandError, match=says) as refused:
        call_command("export", kind, "--format", form, "--out", str(tmp_path / "x"))
    assert "ledger" in str(refused.value)
    assert not (tmp_path / "x").exists()


def test_a_file_that_cannot_be_written_is_said(db, tmp_path):
    with pytest.raises(CommandError, match="Cannot write"):
        call_command("export", "ledger", "--out", str(tmp_path / "no" / "where.xlsx"))


# ── in the background ─────────────────────────────────────────────────────────────────────────────────────────
def asked(at, **more):
    said = {"kind": "workbook", "form": "xlsx", "scope": Scope(), "actor": person("auditor", "auditor"), "at": at, **more}
    return ask_export(**said)


def test_an_export_is_made_with_its_hash_and_rows(told):
    made = make_export(pk=asked(told.at).pk)
    assert (made.status, made.progress) == (ExportStatus.DONE, 100)
    assert made.rows > 10
    assert len(made.sha256) == 64
    with override("nl"), made.file.open() as stored:
        assert load_workbook(io.BytesIO(stored.read())).sheetnames[0] == "Aanvragen"
    assert make_export(pk=made.pk).sha256 == made.sha256, "a second delivery changes nothing"


def test_an_export_that_stands_still_is_made_by_the_sweep(told):
    made = asked(told.at)
    Export.objects.filter(pk=made.pk).update(status=ExportStatus.RUNNING, progress=40)
    sweep()
    made.refresh_from_db()
    assert made.status == ExportStatus.DONE


def test_an_export_that_fails_says_how_and_is_not_tried_for_ever(told, monkeypatch):
    made = asked(told.at)

    def broken(*args, **kwargs):
        raise OSError("full")

    monkeypatch.setattr("reports.commands.exporting.write", broken)
    with pytest.raises(OSError, match="full"):
        make_export(pk=made.pk)
    made.refresh_from_db()
    assert (made.status, made.error) == (ExportStatus.FAILED, "OSError")
    assert make_export(pk=made.pk).status == ExportStatus.FAILED


def test_an_export_there_is_not_is_not_noted(told):
    with pytest.raises(NotAvailable):
        asked(told.at, kind="audit")
    assert not Export.objects.exists()


def test_a_mark_that_changed_stands_beside_the_independent_one_with_every_reason(told, tmp_path):
    changed, *_others = Mark.objects.filter(sheet__application=told.application).order_by("pk")
    for before, after, reason in ((changed.value, Decimal(0), "=Misread."), (Decimal(0), None, "Too far from my field.")):
        MarkChange.objects.create(mark=changed, before=before, after=after, reason=reason, at=told.at, event_id=uuid4())
    Mark.objects.filter(pk=changed.pk).update(value=None, unable=True)
    sheet = book(tmp_path)["Scores"]
    heads = ("Mark", "Independent mark", "Changed because", "Not able to judge")
    rows = list(zip(*([cell.value for cell in column(sheet, head)] for head in heads), strict=True))
    (row,) = [row for row in rows if row[2]]
    assert row == (None, changed.value, "=Misread.; Too far from my field.", "yes")
    assert all(mark == independent for mark, independent, why, _unable in rows if not why)


def test_who_asks_a_question_about_a_call_is_in_no_export(db):
    game = open_call(publish("minifund"))
    question = asking.ask(game.stage(), at=game.at)
    asking.answer(question, game.house.officer, game.at)
    by = {row[3]: row[4] for row in event_rows(Scope())}
    assert (by["question.ask"], by["question.answer_it"]) == ("", str(game.house.officer))
    assert question.asked_by.name not in by.values()
