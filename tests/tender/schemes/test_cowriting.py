"""Two who write in the same answers: what each changed is kept, and nothing of the other is overwritten unseen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tender.schemes.answers import canonical, clean_partial
from tender.schemes.cowriting import CHANGED, RowMarks, join, mark
from tender.schemes.loader import read
from tender.schemes.rows import ROW, marks, merge, named
from tests.tender.schemes.mending import WHOLE
from tests.tender.schemes.test_answers import GOOD

FORM = read(WHOLE).stage("idea").form
BUDGET = FORM.field("budget")


def line(name, item, amount="100.00"):
    return {ROW: name, "item": item, "sort": "labour", "amount": amount}


WAS = [line("a", "Licht"), line("b", "Hout"), line("c", "Verf")]
SEEN = marks(BUDGET, WAS)


def told(rows):
    return [(row[ROW], row["item"], row["amount"]) for row in rows]


def test_two_who_write_in_other_cells_both_keep_what_they_wrote():
    theirs = [line("a", "Lampen"), *WAS[1:]]
    mine = [line("a", "Licht", "250.00"), *WAS[1:]]
    merged = merge(BUDGET, theirs, mine, SEEN)
    assert not merged.met
    assert told(merged.rows) == [("a", "Lampen", "250.00"), ("b", "Hout", "100.00"), ("c", "Verf", "100.00")]


def test_two_who_write_in_one_cell_meet_there_and_nowhere_else():
    merged = merge(BUDGET, [line("a", "Lampen"), *WAS[1:]], [line("a", "Kaarsen", "5.00"), *WAS[1:]], SEEN)
    assert merged.cells == {"a": {"item": "Lampen"}}
    assert told(merged.rows)[0] == ("a", "Kaarsen", "5.00")


def test_rows_that_each_adds_stand_beside_each_other():
    merged = merge(BUDGET, [*WAS, line("x", "Van haar")], [*WAS, line("y", "Van hem")], SEEN)
    assert not merged.met
    assert [row[ROW] for row in merged.rows] == ["a", "b", "c", "x", "y"]


def test_a_row_that_one_took_away_stays_away_unless_the_other_wrote_in_it():
    assert [row[ROW] for row in merge(BUDGET, WAS[1:], WAS, SEEN).rows] == ["b", "c"]
    assert [row[ROW] for row in merge(BUDGET, WAS, WAS[1:], SEEN).rows] == ["b", "c"]
    gone = merge(BUDGET, WAS[1:], [line("a", "Anders"), *WAS[1:]], SEEN)
    assert (gone.gone, gone.back, gone.met) == (["a"], [], True)
    back = merge(BUDGET, [line("a", "Anders"), *WAS[1:]], WAS[1:], SEEN)
    assert (back.gone, back.back, back.met) == ([], ["a"], True)
    assert told(back.rows)[0] == ("a", "Anders", "100.00")


def test_two_new_rows_of_one_name_are_not_taken_for_the_same():
    merged = merge(BUDGET, [line("r3", "Van haar")], [line("r3", "Van hem")], {})
    assert merged.cells == {"r3": {"item": "Van haar"}}


def test_rows_without_a_good_name_are_called_by_their_place():
    rows = [{"item": "x"}, {ROW: "../x", "item": "y"}, {ROW: "r1", "item": "z"}]
    assert list(named(rows)) == ["r0", "r1", "r1-2"]


CELLS = st.sampled_from(["", "Licht", "Hout", "Verf"])
LINES = st.lists(st.builds(line, st.sampled_from("abcdef"), CELLS, CELLS), max_size=5, unique_by=lambda row: row[ROW])


@given(LINES, LINES, LINES)
def test_what_was_written_since_is_never_lost_unseen(was, theirs, mine):
    """Every cell that the other changed is in the outcome, or it is said that two wrote there."""
    seen = marks(BUDGET, was)
    merged, before = merge(BUDGET, theirs, mine, seen), {row[ROW]: row for row in was}
    outcome = {row[ROW]: row for row in merged.rows}
    for row in theirs:
        old = before.get(row[ROW], {})
        for cell in ("item", "amount"):
            if row[cell] != old.get(cell, ""):
                kept = outcome.get(row[ROW], {}).get(cell)
                assert kept == row[cell] or cell in merged.cells.get(row[ROW], {})
    assert merge(BUDGET, was, was, seen).rows == was


def seen_of(**answers):
    return {key: {CHANGED: mark(value)} for key, value in answers.items()}


def test_a_question_that_only_the_other_changed_stays_as_it_is():
    was = {**seen_of(title="Oud"), "summary": "Oud"}
    joined = join(FORM, {"title": "Van haar", "summary": "Oud"}, {"title": "Oud", "summary": "Nieuw"}, was)
    assert (joined.kept, joined.theirs) == ({"summary": "Nieuw"}, {})
    met = join(FORM, {"title": "Van haar"}, {"title": "Van hem"}, {"title": "Oud"})
    assert (met.kept, met.theirs) == ({}, {"title": "Van haar"})
    assert join(FORM, {"title": "Van haar"}, {"title": "Van hem"}, None).kept == {"title": "Van hem"}
    assert join(FORM, {"title": "Van haar"}, {"title": "Van haar"}, {"title": "Oud"}).kept == {"title": "Van haar"}


@pytest.mark.parametrize("was", [RowMarks(SEEN), WAS])
def test_rows_are_joined_by_what_the_page_showed_of_them(was):
    joined = join(FORM, {"budget": [line("a", "Lampen"), *WAS[1:]]}, {"budget": [line("a", "Licht", "5.00"), *WAS[1:]]}, {"budget": was})
    assert told(joined.kept["budget"])[0] == ("a", "Lampen", "5.00")
    met = join(FORM, {"budget": [line("a", "Lampen")]}, {"budget": [line("a", "Kaarsen")]}, {"budget": was})
    assert list(met.rows) == ["budget"]
    assert join(FORM, {"budget": []}, {"budget": None}, {"budget": None}).kept == {"budget": None}


def test_the_names_of_rows_are_of_the_draft_alone():
    typed = {"budget": [{**row, ROW: f"r{place}"} for place, row in enumerate(GOOD["budget"])]}
    kept, faults = clean_partial(FORM, typed)
    assert ([row[ROW] for row in kept["budget"]], faults) == (["r0", "r1"], {})
    assert clean_partial(FORM, kept) == (kept, {})
    assert canonical(FORM, {**GOOD, **kept}) == canonical(FORM, GOOD)


def test_a_cell_that_is_right_is_kept_clean_beside_one_that_is_not():
    kept, faults = clean_partial(FORM, {"budget": [{ROW: "a", "item": " Werk ", "sort": "labour", "amount": "veel"}]})
    assert kept["budget"] == [{ROW: "a", "item": "Werk", "sort": "labour", "amount": "veel"}]
    assert list(faults) == ["budget"]
