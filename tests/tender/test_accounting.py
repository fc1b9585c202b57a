"""Budget against actual, to the cent: what a line was planned at, what was spent, and what must be explained."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tender.accounting import COSTS, INCOME, INDICATORS, begun_with, held, indicators_of, lacking, lines_of, questions, unexplained
from tender.schemes.answers import gaps, report_form
from tender.schemes.definition import Column, Field, FieldKind, Indicator, Option, ReportTerm, Text

T = Text("x", "x")
BUDGET = Field("budget", FieldKind.TABLE, T, years=3, columns=(
    Column("item", FieldKind.SHORT_TEXT, T), Column("kind", FieldKind.CHOICE, T, options=(Option("people", Text("Mensen", "People")),)),
))  # fmt: skip
ROWS = [
    {"item": "Ontwerper", "kind": "people", "year_1": "1000.00", "year_2": "500.50", "year_3": "0.01"},
    {"item": "", "kind": "", "year_1": "", "year_2": "100.00"},
]


def basis(until=1, threshold="0.2", **more):
    return {"lines": lines_of(BUDGET, ROWS, ["item", "kind"], until), "dated": True, "threshold": threshold, **more}


def rows(*amounts, why=""):
    return {COSTS: [{"line": f"l{number}", "spent": amount, "why": why} for number, amount in enumerate(amounts, start=1)]}


def test_lines_are_those_of_the_application_until_the_year_of_the_report():
    first, second = lines_of(BUDGET, ROWS, ["item", "kind"], 2)
    assert first == {"key": "l1", "nl": "Ontwerper, Mensen", "en": "Ontwerper, People", "total": "1500.51", "planned": "1500.50"}
    assert (second["nl"], second["planned"]) == ("–", "100.00")
    assert [line["planned"] for line in basis(1)["lines"]] == ["1000.00", "0.00"]


@pytest.mark.parametrize(
    ("spent", "before", "off"),
    [("1200.00", None, False), ("1200.01", None, True), ("800.00", None, False), ("799.99", None, True), ("600.00", "600.01", True),
     ("600.00", "600.00", False), ("geen", None, True)],
)  # fmt: skip
def test_a_deviation_above_the_threshold_is_to_be_explained_to_the_cent(spent, before, off):
    earlier = [rows(before)] if before else []
    line, other = held(basis(), "lines", rows(spent, "0"), earlier, "nl")
    assert (line.off, other.off) == (off, False)
    assert len(list(unexplained([line], Decimal("0.2")))) == off
    assert not list(unexplained([replace(line, why="Later begonnen.")], Decimal("0.2")))


def test_what_was_never_planned_is_to_be_explained_and_less_is_not_where_nobody_said_when():
    assert [line.off for line in held(basis(), "lines", rows("1000", "0.01"), [], "en")] == [False, True]
    assert [line.off for line in held({**basis(), "dated": False}, "lines", rows("1", "0"), [], "en")] == [False, False]
    (line, _other) = held(basis(), "lines", rows("400", "0"), [rows("300.25")], "nl")
    assert (line.before, line.together, line.deviation) == (Decimal("300.25"), Decimal("700.25"), Decimal("-299.75"))


def test_a_report_asks_each_line_once_and_its_sum_to_the_cent():
    asked = questions(basis(income=lines_of(BUDGET, ROWS, ["item"], 1), indicators=[
        {"key": "makers", "nl": "Makers", "en": "Makers", "target": "5"},
        {"key": "days", "nl": "Dagen", "en": "Days", "target": None},
    ]))  # fmt: skip
    assert [field.key for field in asked] == [COSTS, "actual_total", INCOME, INDICATORS]
    form = report_form(ReportTerm("r", T, 12, final=False, form=()), asked)
    answers = {**rows("1000.00", "0.00"), "actual_total": "1000.01"}
    assert [gap.field for gap in gaps(form, answers)] == [COSTS, INCOME, INDICATORS]
    good = {**answers, "actual_total": "1000.00"}
    assert [gap.field for gap in gaps(form, good)] == [INCOME, INDICATORS]
    costs = asked[0]
    assert not list(lacking(costs, good[COSTS]))
    for wrong in (None, good[COSTS][:1], [*good[COSTS], good[COSTS][0]]):
        assert [gap.field for gap in lacking(costs, wrong)] == [COSTS]
    kept = costs.with_all([{"line": "l9", "spent": "1"}, {"line": "l2", "spent": "5"}, {"line": "l2", "spent": "6"}])
    assert [(row["line"], row.get("spent")) for row in kept] == [("l1", None), ("l2", "5")]
    assert str(asked[-1].columns[0].options[0].label) == "Makers (doel 5)"
    assert not questions({})


def test_a_report_begins_with_its_lines_and_the_indicators_of_the_one_before():
    told = indicators_of([Indicator("makers", T, target=Decimal(5)), Indicator("days", T, target_from="days")], {"days": "12"})
    assert [each["target"] for each in told] == ["5", "12"]
    before = {INDICATORS: [{"line": "makers", "now": "3"}, {"line": "days", "now": None}]}
    begun = begun_with(basis(indicators=told), before)
    assert [row.get("now") for row in begun[INDICATORS]] == ["3", None]
    assert [row["line"] for row in begun[COSTS]] == ["l1", "l2"]
    assert INDICATORS not in begun_with(basis(), before)
    assert begun_with({}, {}) == {}
